/**
 * Typed expressions from syntax: lets inlined, every operator an atom, every shape known. An
 * expression with a mistake becomes `undefined` (poisoned) and makes no further mistakes above it.
 * Invariant: names are resolved before; only shapes, arguments and places are judged here.
 */
import type { Dimension, Shape } from '../../base/dimension.ts';
import { formatShape, namedDimension } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import type { Atom } from '../../atoms/atom.ts';
import { functionNamed } from '../../atoms/index.ts';
import type { ArraySymbol, DataSource, Expression } from '../../atoms/expression.ts';
import { comprehensionOperations, wholeLine } from '../../atoms/expression.ts';
import { Dependence } from '../../graph/primitive.ts';
import type {
  BinaryExpression,
  CallExpression,
  ComprehensionExpression,
  Expression as Syntax,
  IndexExpression,
  ListExpression,
  Name,
} from '../../syntax/tree.ts';
import { Application } from './application.ts';
import { countWords, isChoice, splitArguments } from './arguments.ts';
import { readSource } from '../blocks/data-source.ts';
import { sourceFormats } from '../blocks/source-formats.ts';
import type { Environment, HeaderAnswer } from '../environment.ts';
import { filledWith } from './filled.ts';
import { powerOfMatrix } from './operator-remedies.ts';
import { isNumberLike, knownShape } from './expected-shape.ts';
import * as report from '../diagnostics.ts';
import type { Dimensions } from './dimensions.ts';
import type { Findings } from '../facts.ts';
import { foldNumber } from './fold.ts';
import type { IndexScope } from './index-scope.ts';
import { isOwnIndex, noIndices, withIndex } from './index-scope.ts';
import { nearNames } from '../../base/near-names.ts';
import { CheckMemory } from '../memory/check-memory.ts';
import { isFunction } from '../names/kinds.ts';
import type { DeclaredName } from '../names/resolve.ts';
import { productOf } from './product.ts';
import { readSubscripts } from './subscripts.ts';
import { TypedLets } from '../memory/typed-lets.ts';
import { dimensionOf, dimensionWritten } from './written-dimension.ts';
import { WatchedMap } from '../memory/watched-map.ts';

/** Where an expression stands: what it may use, and what tells the shape of generated data. */
export interface Place {
  /** Sources and functions of data are allowed. */
  readonly data: boolean;
  /** The shape that entry-by-entry operands are expected to have. */
  readonly expected?: Shape | undefined;
  /** Indices and one problem's unknowns around the expression. */
  readonly scope?: IndexScope;
  /** Arguments of the `let` being inlined; undefined values are poisoned. */
  readonly local?: ReadonlyMap<string, Expression | undefined>;
}

export const objectivePlace: Place = { data: false };

/** Expressions inside expressions, through definitions too: what the default stack holds twice. */
const deepestPlaced = 1000;

export class Typist {
  /** The arrays of the file; a name that is missing here was poisoned by its declaration. */
  readonly symbols = new WatchedMap<ArraySymbol>();
  readonly names: WatchedMap<DeclaredName>;
  readonly dimensions: Dimensions;
  readonly findings: Findings;
  readonly environment: Environment;
  /** Every index that the file declares, in whatever place. */
  readonly indexNames: WatchedMap<true>;
  readonly application: Application;
  /** What stands in the place of arrays and results of the file (`report … with`), and of sizes. */
  readonly replacements = new Map<string, Expression | undefined>();
  readonly renamed = new Map<string, Dimension>();
  private readonly lets: TypedLets;
  /** How many expressions are open around the one that is being typed. */
  private depth = 0;
  private readonly memory: CheckMemory;

  constructor(
    names: WatchedMap<DeclaredName>,
    dimensions: Dimensions,
    findings: Findings,
    environment: Environment,
    indexNames = new WatchedMap<true>(),
    memory: CheckMemory = new CheckMemory(),
  ) {
    this.memory = memory;
    this.names = names;
    this.indexNames = indexNames;
    this.dimensions = dimensions;
    this.findings = findings;
    this.environment = environment;
    this.application = new Application(dimensions, findings);
    this.lets = new TypedLets(this, memory);
  }

  /** The number of an expression that must be known before any data is read. */
  number(syntax: Syntax, local?: Place['local']): number | undefined {
    const expression = this.infer(
      syntax,
      local === undefined ? objectivePlace : { ...objectivePlace, local },
    );
    return expression === undefined ? undefined : foldNumber(expression, this.dimensions.values);
  }

  infer(syntax: Syntax, place: Place): Expression | undefined {
    if (this.depth >= deepestPlaced) {
      this.findings.add(report.nestedTooDeep(syntax.span, deepestPlaced, 'operations'));
      return undefined;
    }
    this.depth++;
    const expression = this.typed(syntax, place);
    this.depth--;
    if (expression !== undefined) this.findings.addExpression(syntax.span, expression);
    return expression;
  }

  private typed(syntax: Syntax, place: Place): Expression | undefined {
    switch (syntax.kind) {
      case 'number':
        return {
          kind: 'number',
          value: syntax.value,
          shape: [],
          dependence: Dependence.none,
          span: syntax.span,
        };
      case 'group':
        return this.infer(syntax.inner, place);
      case 'missing':
        return undefined;
      case 'name':
        return this.name(syntax.text, syntax.span, place);
      case 'unary':
        return this.unary(syntax.operator, syntax.operand, syntax.span, place);
      case 'binary':
        return this.binary(syntax, place);
      case 'transpose': {
        const operand = this.infer(syntax.operand, { ...place, expected: undefined });
        return operand && this.application.apply('transpose', [operand], {}, syntax.span);
      }
      case 'index':
        return this.index(syntax, place);
      case 'call':
        return this.call(syntax, place);
      case 'string':
        return this.refuse(syntax.span, 'a text', 'texts name files and columns in data sources');
      case 'range':
        return this.refuse(
          syntax.span,
          'a range',
          'ranges stand in subscripts, as in `A[1..3, :]`, and in `rows = 1..300`',
        );
      case 'list':
        return this.list(syntax, place);
      case 'comprehension':
        return this.comprehension(syntax, place);
    }
  }

  /** `[a, b, c]` is `stack(a, b, c)`: numbers make a vector, lists of one length the rows of a matrix. */
  private list({ items, span }: ListExpression, place: Place): Expression | undefined {
    if (items.length === 0) return this.refuse(span, 'an empty list', 'write what is in it, as in `[1, 2]`');
    const values = items.map((item) => this.infer(item, { ...place, expected: undefined }));
    const whole = values.filter((value) => value !== undefined);
    return whole.length < values.length ? undefined : this.application.apply('stack', whole, {}, span);
  }

  private comprehension(syntax: ComprehensionExpression, place: Place): Expression | undefined {
    const { callee, index, span } = syntax;
    const operation = comprehensionOperations.find((name) => name === callee.text);
    if (operation === undefined) {
      this.findings.add(report.notOverAnIndex(callee.span, callee.text, index.text));
      return undefined;
    }
    const dimension = this.indexDimension(index, syntax.dimension, place.local);
    if (dimension === undefined || index.text === '') return undefined;
    const inside = withIndex(place.scope ?? noIndices, index.text, dimension);
    const body = this.infer(syntax.body, { ...place, expected: undefined, scope: inside.scope });
    if (body === undefined) return undefined;
    const shape = operation === 'stack' ? [dimension, ...body.shape] : body.shape;
    const { dependence } = body;
    return {
      kind: 'comprehension',
      operation,
      index: inside.index,
      dimension,
      body,
      shape,
      dependence,
      span,
    };
  }

  /** What the index of a comprehension or of `lower each` runs to; a name, as in `i in s`. */
  indexDimension(index: Name, { text, span }: Name, local?: Place['local']): Dimension | undefined {
    if (text === '') return undefined;
    const dimension = local?.has(text) === true ? dimensionOf(local.get(text)) : this.namedSize(text);
    // A reversed `s in i` was reported with the names.
    if (dimension === undefined && (this.names.has(text) || !this.names.has(index.text))) {
      const known = [...this.names.all.values()]
        .filter(({ kind }) => kind === 'dimension')
        .map(({ name }) => name);
      this.findings.add(report.notADimension(span, text, nearNames(text, known)));
    }
    return dimension;
  }

  private refuse(span: Span, what: string, instead: string): undefined {
    this.findings.add(report.notAValue(span, what, instead));
  }

  private name(text: string, span: Span, place: Place): Expression | undefined {
    if (place.local?.has(text) === true) return place.local.get(text);
    const index = place.scope?.called.get(text);
    if (index !== undefined)
      return { kind: 'dimension', name: index, shape: [], dependence: Dependence.none, span };
    if (this.replacements.has(text)) return this.replacements.get(text);
    const symbol = place.scope?.slices.get(text) ?? this.symbols.get(text);
    if (symbol !== undefined) {
      const dependence = Dependence[symbol.role];
      return { kind: 'symbol', symbol, shape: symbol.shape, dependence, span };
    }
    const declared = this.names.get(text);
    if (declared === undefined) {
      if (this.indexNames.has(text)) this.findings.add(report.indexOutside(span, text));
      return undefined;
    }
    const renamed = this.renamed.get(text);
    if (renamed !== undefined) return this.application.size(renamed, span);
    // A `let` that serves as a size is that size in expressions too, as rows that are counted by it need it.
    const isSize = declared.kind === 'let' && this.dimensions.values.get(text) !== undefined;
    if (declared.kind === 'let' && !isSize) return this.inline(declared, [], span, place);
    if (declared.kind !== 'dimension' && !isSize) return undefined;
    return { kind: 'dimension', name: text, shape: [], dependence: Dependence.none, span };
  }

  /** A `let` in the place of its name; the body keeps its own spans, so its mistakes show there. */
  private inline(
    declared: DeclaredName,
    args: readonly (Expression | undefined)[],
    span: Span,
    place: Place,
  ): Expression | undefined {
    const { definition } = declared;
    if (definition === undefined || declared.recursive === true) return undefined;
    const parameters = definition.parameters ?? [];
    const set = this.environment.settings?.get(declared.name);
    if (set !== undefined && definition.parameters === undefined) {
      return { kind: 'number', value: set, shape: [], dependence: Dependence.none, span };
    }
    if (
      parameters.length !== args.length ||
      (definition.parameters !== undefined && args.length === 0 && parameters.length > 0)
    ) {
      const signature = `${declared.name}(${parameters.map((each) => each.text).join(', ')})`;
      this.findings.add(
        report.argumentCount(
          span,
          declared.name,
          countWords(parameters.length, parameters.length),
          args.length,
          signature,
        ),
      );
      return undefined;
    }
    if (parameters.length === 0) return this.lets.type(declared.name, definition, span, place);
    if (!this.lets.count(span)) return undefined;
    const local = new Map(parameters.map((parameter, position) => [parameter.text, args[position]]));
    return this.infer(definition.value, { ...place, local });
  }

  /** Declares an array; the symbol is that of the version before when it is the same. */
  declare(symbol: ArraySymbol): ArraySymbol {
    const kept = this.memory.symbol(symbol);
    this.symbols.set(symbol.name, kept);
    return kept;
  }

  /** A piece of work on a node of the tree, done or taken over from the version before. */
  once<Result>(node: object, what: string, given: readonly unknown[], work: () => Result): Result {
    return this.lets.once(node, what, given, work);
  }

  /** What the header of a data file says. */
  header(source: DataSource): HeaderAnswer | undefined {
    return this.lets.header(source);
  }

  private unary(operator: '-' | '+', operand: Syntax, span: Span, place: Place): Expression | undefined {
    const inner = this.infer(operand, place);
    if (inner === undefined || operator === '+') return inner;
    if (inner.kind === 'number') return { ...inner, value: -inner.value, span };
    return this.application.apply('negate', [inner], {}, span);
  }

  private binary(syntax: BinaryExpression, place: Place): Expression | undefined {
    const { operator, operatorSpan, span } = syntax;
    if (operator === '&') return this.refuse(span, 'an intersection', '`&` joins sets after `in`');
    if (operator === '^' || operator === '.^') return this.power(syntax, place);
    const scaled = operator === '*' || operator === '/';
    const [leftPlace, rightPlace] = scaled ? this.scaled(syntax, place) : [place, place];
    const left = this.infer(syntax.left, leftPlace);
    const right = this.infer(syntax.right, rightPlace);
    if (left === undefined || right === undefined) return undefined;
    switch (operator) {
      case '+':
        return this.application.apply('add', [left, right], {}, span);
      case '-':
        return this.application.apply('subtract', [left, right], {}, span);
      case '.*':
        return this.application.apply('multiply', [left, right], {}, span);
      case '*':
        return productOf(this.application, left, right, span, operatorSpan);
      case '/':
      case './':
        if (operator === '/' && right.shape.length > 0) {
          this.findings.add(
            report.elementwiseDivision(syntax.right.span, formatShape(right.shape), operatorSpan),
          );
          return undefined;
        }
        if (foldNumber(right, this.dimensions.values) === 0) {
          this.findings.add(report.divisionByZero(syntax.right.span));
          return undefined;
        }
        return this.application.apply('divide', [left, right], {}, span);
    }
  }

  /** `2 * normal(0, 1)` and `idx(…) / 255`: the operand that is no number has the expected shape. */
  private scaled(syntax: BinaryExpression, place: Place): readonly [Place, Place] {
    const none: Place = { ...place, expected: undefined };
    if (!place.data || place.expected === undefined) return [none, none];
    if (syntax.operator === '/') return [place, none];
    return isNumberLike(syntax.left)
      ? [none, place]
      : isNumberLike(syntax.right)
        ? [place, none]
        : [none, none];
  }

  private power(syntax: BinaryExpression, place: Place): Expression | undefined {
    const base = this.infer(syntax.left, place);
    const exponent = this.infer(syntax.right, { ...place, expected: undefined });
    if (base === undefined || exponent === undefined) return undefined;
    const array = [base, exponent].find(({ shape }) => shape.length > 0);
    if (syntax.operator === '^' && array !== undefined) {
      const matrix = powerOfMatrix(base.shape, foldNumber(exponent, this.dimensions.values));
      const shape = formatShape(array.shape);
      this.findings.add(report.elementwisePower(syntax.span, shape, syntax.operatorSpan, matrix));
      return undefined;
    }
    const value = foldNumber(exponent, this.dimensions.values);
    return value === undefined || !Number.isFinite(value)
      ? this.application.exponential(base, exponent, syntax.span)
      : this.application.apply('power', [base], { exponent: value }, syntax.span);
  }

  private index(syntax: IndexExpression, place: Place): Expression | undefined {
    const base = this.infer(syntax.base, { ...place, expected: undefined });
    const subscripts = readSubscripts(syntax.subscripts, base, place, this);
    if (base === undefined || subscripts === undefined) return undefined;
    const { indices } = place.scope ?? noIndices;
    if (base.kind === 'symbol' && isOwnIndex(base.symbol, subscripts))
      this.findings.add(report.indexOfSlice(syntax.span, base.symbol.name, base.symbol.slice?.index ?? ''));
    return this.application.applyIndex(base, subscripts, indices, syntax.span);
  }

  /** See dimensionWritten; `local`: what stands for the parameters of the `let` that is being inlined. */
  dimension(syntax: Syntax, scope: IndexScope = noIndices, local?: Place['local']): Dimension | undefined {
    return dimensionWritten(syntax, {
      name: (text) => {
        if (local?.has(text) === true) return dimensionOf(local.get(text));
        const index = scope.called.get(text);
        return index === undefined ? this.namedSize(text) : namedDimension(index);
      },
      value: (dimension) => this.dimensions.evaluate(dimension),
    });
  }

  private namedSize(name: string): Dimension | undefined {
    const renamed = this.renamed.get(name);
    if (renamed !== undefined) return renamed;
    const declared = this.names.get(name);
    if (declared?.kind === 'dimension') return this.dimensions.resolve(namedDimension(name));
    const definition = declared?.definition;
    if (declared === undefined || definition === undefined || definition.parameters !== undefined)
      return undefined;
    if (declared.recursive === true) return undefined;
    const value = this.environment.settings?.get(name) ?? this.number(definition.value);
    if (value === undefined || !Number.isInteger(value) || value < 1) return undefined;
    this.dimensions.bindValue(name, value, declared.declared, `\`let ${name}\``);
    return namedDimension(name);
  }

  private call(syntax: CallExpression, place: Place): Expression | undefined {
    const { callee } = syntax;
    const declared = this.names.get(callee.text);
    if (isFunction(declared)) {
      this.findings.addCall(callee.span, { kind: 'let', name: callee.text });
      const args = syntax.arguments.map((argument) =>
        this.infer(argument.value, { ...place, expected: undefined }),
      );
      return this.inline(declared, args, syntax.span, place);
    }
    if (sourceFormats.has(callee.text)) return this.source(syntax, place);
    const atom = functionNamed(callee.text);
    if (atom === undefined) {
      // Of a function that is none nothing is known, not even whether it would take a text.
      for (const { value } of syntax.arguments)
        if (value.kind !== 'string') this.infer(value, { ...place, expected: undefined });
      return undefined;
    }
    this.findings.addCall(callee.span, { kind: 'atom', atom });
    return this.applyFunction(atom, syntax, place);
  }

  private source(syntax: CallExpression, place: Place): Expression | undefined {
    const { callee } = syntax;
    this.findings.addCall(callee.span, { kind: 'source', name: callee.text });
    const isFilled = ['eye', 'zeros', 'ones'].includes(callee.text);
    if (!place.data && !isFilled) {
      this.findings.add(report.sourceOutsideData(syntax.span, callee.text));
      return undefined;
    }
    const source = readSource(syntax, this);
    if (source === undefined) return undefined;
    const filled = place.data ? undefined : filledWith(callee.text, source.shape, syntax.span);
    if (filled !== undefined) return filled;
    this.findings.addSource(syntax.span, source.source);
    const axes = place.expected?.length ?? 1;
    if (callee.text === 'linspace' && axes > 1) {
      const remedy = 'declare a vector, and make the larger array of it with `reshape` or `outer`';
      this.findings.add(report.sourceArgument(syntax.span, '`linspace` makes a vector', remedy, []));
      return undefined;
    }
    const shape = knownShape(source.shape, place.expected);
    if (shape === undefined) {
      if (source.source.path === undefined) {
        this.findings.add(report.sourceShapeUnknown(syntax.span, callee.text));
      }
      return undefined;
    }
    const { range = wholeLine } = source;
    const { span } = syntax;
    return { kind: 'source', source: source.source, shape, range, dependence: Dependence.data, span };
  }

  private applyFunction(atom: Atom, syntax: CallExpression, place: Place): Expression | undefined {
    if (atom.dataOnly === true && !place.data) {
      this.findings.add(report.dataOnlyFunction(syntax.span, atom.name));
      return undefined;
    }
    const split = splitArguments(atom, syntax, place, this);
    const expected =
      atom.derivativeBound !== undefined || atom.dataOnly === true ? place.expected : undefined;
    const args: Expression[] = [];
    let whole = split !== undefined;
    // An option that is a choice is a text, and reported as such; it is no value.
    for (const [position, argument] of (
      split?.arrays ?? syntax.arguments.filter((each) => !isChoice(atom, each)).map((each) => each.value)
    ).entries()) {
      const typed = this.infer(argument, { ...place, expected: position === 0 ? expected : undefined });
      if (typed === undefined) whole = false;
      else args.push(typed);
    }
    if (split === undefined || !whole) return undefined;
    if (!this.application.checkLabels(atom, args)) return undefined;
    return this.application.apply(atom.name, args, split.parameters, syntax.span);
  }
}
