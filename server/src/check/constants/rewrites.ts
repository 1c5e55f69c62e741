/**
 * Rewrites that mend a diagnostic of curvature or smoothness, as quick fixes: a function for a composition that
 * means the same (`softplus`, `sumsq`), a root that is smooth at 0, `exp` around a factor that may be
 * negative. Each is tried on the typed objective, and offered only when the diagnostics of the
 * rewritten objective are those of the old one without the mended one.
 */
import type { Atom } from '../../atoms/atom.ts';
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import { atomNamed } from '../../atoms/index.ts';
import { isShapeProblem } from '../../atoms/shape-rules.ts';
import type { Diagnostic, Fix } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { Dependence } from '../../graph/primitive.ts';
import { asSumOfSquares, isData, isFixed, rangeOf } from '../curvature.ts';

export interface Objectives {
  readonly lower: Expression;
  readonly upper: Expression;
}

export interface Rewriting {
  readonly objectives: Objectives;
  /** The text of the file, of which spans are places. */
  readonly text: string;
  /** The diagnostics of curvature and smoothness of other objectives. */
  readonly diagnose: (objectives: Objectives) => readonly Diagnostic[];
}

interface Candidate {
  /** What is replaced, and by what. */
  readonly target: Expression;
  readonly by: Expression;
  readonly written: string;
}

/** The diagnostics with the rewrites that mend them; the first one is the remedy too. */
export function withRewrites(
  diagnostics: readonly Diagnostic[],
  rewriting: Rewriting,
): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const rewrites = verifiedRewrites(diagnostic, diagnostics, rewriting);
    const [first] = rewrites;
    if (first === undefined) return diagnostic;
    const { title, replacement } = first;
    const { remedy = '' } = diagnostic;
    const said = remedy.includes(`\`${replacement}\``);
    const words = said ? remedy : title.slice(0, 1).toLowerCase() + title.slice(1);
    return { ...diagnostic, remedy: words, fixes: rewrites };
  });
}

function verifiedRewrites(
  diagnostic: Diagnostic,
  diagnostics: readonly Diagnostic[],
  { objectives, text, diagnose }: Rewriting,
): readonly Fix[] {
  if (!mended.has(diagnostic.code)) return [];
  const others = new Set(diagnostics.filter((each) => each !== diagnostic).map(keyOf));
  const found = findAt(objectives.lower, diagnostic.span);
  if (found === undefined) return [];
  return candidatesFor(found.term, found.parent, text).flatMap(({ target, by, written }) => {
    const replaced = { ...objectives, lower: substitute(objectives.lower, target, by) };
    const left = diagnose(replaced).filter(({ severity }) => severity !== 'hint');
    if (!left.every((each) => others.has(keyOf(each)))) return [];
    const shown = written.length > 50 ? `${written.slice(0, 49)}…` : written;
    return [{ title: `Write \`${shown}\``, span: target.span, replacement: written }];
  });
}

const mended: ReadonlySet<string> = new Set(['not-convex', 'not-smooth']);

function keyOf({ code, span }: Diagnostic): string {
  return `${code} ${span.start} ${span.end}`;
}

/** The innermost application written at a place, and the one around it. */
function findAt(
  expression: Expression,
  span: Span,
  parent?: ApplyTerm,
): { readonly term: ApplyTerm; readonly parent: ApplyTerm | undefined } | undefined {
  const own = expression.kind === 'apply' ? expression : undefined;
  for (const part of partsOf(expression)) {
    const found = findAt(part, span, own);
    if (found !== undefined) return found;
  }
  if (own !== undefined && sameSpan(own.span, span)) return { term: own, parent };
  return undefined;
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

/** The expression with another in the place of `target`, wherever that is written. */
function substitute(expression: Expression, target: Expression, by: Expression): Expression {
  const isTarget = expression.kind === target.kind && sameSpan(expression.span, target.span);
  if (isTarget && (expression.kind !== 'apply' || expression.atom === (target as ApplyTerm).atom)) return by;
  if (expression.kind === 'comprehension') {
    return { ...expression, body: substitute(expression.body, target, by) };
  }
  if (expression.kind !== 'apply') return expression;
  return { ...expression, args: expression.args.map((argument) => substitute(argument, target, by)) };
}

/** What may stand in the place of an application, or of the one around it. */
function candidatesFor(term: ApplyTerm, parent: ApplyTerm | undefined, text: string): readonly Candidate[] {
  const writer = new Writer(text);
  const [first, second] = term.args as readonly [Expression, Expression | undefined];
  switch (term.atom.name) {
    case 'log':
      return writer.ofLogarithm(term, first);
    case 'log1p':
      return first.kind === 'apply' && first.atom.name === 'exp'
        ? writer.call(term, 'softplus', first.args[0] as Expression)
        : [];
    case 'sqrt': {
      const squares = asSumOfSquares(first);
      return squares === undefined ? [] : writer.root(term, squares);
    }
    case 'norm2': {
      const squared =
        parent?.atom.name === 'square' ||
        (parent?.atom.name === 'power' && parent.parameters['exponent'] === 2);
      return squared && parent !== undefined ? writer.call(parent, 'sumsq', first) : [];
    }
    case 'multiply':
    case 'matmul':
    case 'divide':
      return second === undefined ? [] : writer.positiveFactor(term);
    default:
      return [];
  }
}

/** Makes candidates, as typed expressions and as text; none where a part is not written inside the whole. */
class Writer {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  private written(part: Expression, whole: Expression): string | undefined {
    const inside = whole.span.start <= part.span.start && part.span.end <= whole.span.end;
    return inside ? this.text.slice(part.span.start, part.span.end) : undefined;
  }

  /** `name(inner)` in the place of `target`. */
  call(target: Expression, name: string, inner: Expression): readonly Candidate[] {
    const written = this.written(inner, target);
    const by = applied(name, [inner], target.span);
    return written === undefined || by === undefined ? [] : [{ target, by, written: `${name}(${written})` }];
  }

  /** `sqrt(sumsq(v) + 0.0001)`. */
  root(target: Expression, inner: Expression): readonly Candidate[] {
    const written = this.written(inner, target);
    const squares = applied('sumsq', [inner], target.span);
    const raised = squares && applied('add', [squares, numberTerm(0.0001, target.span)], target.span);
    const by = raised && applied('sqrt', [raised], target.span);
    return written === undefined || by === undefined
      ? []
      : [{ target, by, written: `sqrt(sumsq(${written}) + 0.0001)` }];
  }

  /** `log(1 + exp(v))` is `softplus(v)`. */
  ofLogarithm(target: ApplyTerm, inner: Expression): readonly Candidate[] {
    if (inner.kind !== 'apply') return [];
    const exponentOf = (e: Expression | undefined): Expression | undefined =>
      e?.kind === 'apply' && e.atom.name === 'exp' ? e.args[0] : undefined;
    const [a, b] = inner.args;
    if (inner.atom.name !== 'add') return [];
    const isOne = (e: Expression | undefined): boolean => e?.kind === 'number' && e.value === 1;
    const exponent = isOne(a) ? exponentOf(b) : isOne(b) ? exponentOf(a) : undefined;
    return exponent === undefined ? [] : this.call(target, 'softplus', exponent);
  }

  /** `exp(factor)` for a factor that may be negative, `abs(factor)` where it is data. */
  positiveFactor(term: ApplyTerm): readonly Candidate[] {
    const factor = term.args.find((argument) => isFixed(argument) && rangeOf(argument).lower < 0);
    if (factor === undefined || !term.args.some((argument) => !isFixed(argument))) return [];
    // exp(log(t)) is t again.
    if (factor.kind === 'apply' && factor.atom.name === 'log') return [];
    const written = this.written(factor, term);
    const name = isData(factor) ? 'abs' : 'exp';
    const by = applied(name, [factor], factor.span);
    return written === undefined || by === undefined
      ? []
      : [{ target: factor, by, written: `${name}(${written})` }];
  }
}

function numberTerm(value: number, span: Span): Expression {
  return { kind: 'number', value, shape: [], dependence: Dependence.none, span };
}

/** The application of an atom by its name; undefined where its arguments do not fit. */
function applied(name: string, args: readonly Expression[], span: Span): ApplyTerm | undefined {
  const atom = atomNamed(name) as Atom;
  const shapes = args.map((argument) => argument.shape);
  const shape = atom.shape(shapes, {});
  if (isShapeProblem(shape)) return undefined;
  const parameters = atom.attributes?.(shapes, args) ?? {};
  const dependence = args.reduce((union, argument) => union | argument.dependence, 0);
  return { kind: 'apply', atom, args, parameters, shape, dependence, span };
}
