/**
 * The formulas of constants, and the typed expressions in them, as one would write them on paper:
 * `2 λ_min(XᵀX)/n + 2 min exp(λ)`. The same notation as for the text of a file.
 */
import type { SliceRange } from '../../atoms/atom.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { unshaped } from '../../atoms/formula-text.ts';
import { numberOf } from '../../atoms/formula.ts';
import { readable } from '../../atoms/readable-formula.ts';
import { formatNumber } from '../../atoms/formula-text.ts';
import type { Dimension } from '../../base/dimension.ts';
import { formatDimension } from '../../base/dimension.ts';
import type { Mathematics } from '../../protocol/mathematics.ts';
import {
  Binding,
  applied,
  atom,
  binary,
  bracketed,
  fence,
  indexed,
  italic,
  joined,
  nameMath,
  negated,
  numberMath,
  operator,
  option,
  row,
  scripts,
  transposed,
  upright,
} from './notation.ts';
import type { Notation } from './notation.ts';

export function formulaMath(formula: Formula): Mathematics {
  return notationOfFormula(readable(formula)).math;
}

export function typedMath(expression: Expression): Mathematics {
  return notationOfExpression(expression).math;
}

function notationOfFormula(formula: Formula): Notation {
  switch (formula.kind) {
    case 'number':
      return shortNumber(formula.value);
    case 'radius':
      return atom(italic('ε'), 0);
    case 'functional':
      return notationOfFunctional(formula.functional, formula.args);
    case 'operation':
      return notationOfOperation(formula.operation, formula.args);
    case 'over': {
      const sign = { maximum: 'max', minimum: 'min', sum: '∑' }[formula.reduce];
      return reduced(sign, italic(formula.index), notationOfFormula(formula.body));
    }
  }
}

/** A large operator with its index below, and what it takes. */
function reduced(sign: string, below: Mathematics, body: Notation): Notation {
  const math = row(
    { kind: 'limits', operator: sign, below },
    operator('', 'thin'),
    bracketed(body, Binding.product),
  );
  return { math, binding: Binding.sum, rank: body.rank };
}

function shortNumber(value: number): Notation {
  return numberMath(value, formatNumber(value));
}

function notationOfOperation(
  operation: (Formula & { kind: 'operation' })['operation'],
  args: readonly Formula[],
): Notation {
  const parts = args.map(notationOfFormula);
  const [first, second] = parts as [Notation, Notation];
  switch (operation) {
    case 'add':
      return parts.slice(1).reduce((sum, part) => joinTerm(sum, part), first);
    case 'multiply':
      return parts.slice(1).reduce((product, part) => binary('*', product, part), first);
    case 'divide':
      return binary('/', first, second);
    case 'negate':
      return negated(first);
    case 'maximum':
    case 'minimum':
      return applied(operation === 'maximum' ? 'max' : 'min', parts);
    case 'sqrt':
      return applied('sqrt', [first]);
    case 'exp':
      return applied('exp', [first]);
    case 'log':
      return applied('ln', [first]);
    case 'power':
      return binary('^', first, shortNumber(numberOf(args[1] as Formula) ?? 1));
  }
}

/** `a` and `−b` join to `a − b`. */
function joinTerm(sum: Notation, term: Notation): Notation {
  const parts = term.math.kind === 'row' ? term.math.parts : [];
  const [sign, ...rest] = parts;
  if (sign?.kind !== 'operator' || sign.text !== '−') return binary('+', sum, term);
  return { math: row(sum.math, operator('−', 'binary'), ...rest), binding: Binding.sum, rank: 0 };
}

function notationOfFunctional(
  name: (Formula & { kind: 'functional' })['functional'],
  args: readonly Expression[],
): Notation {
  const inner = args.map(notationOfExpression);
  const first = inner[0] ?? atom(upright('□'));
  const matrix = inner.length === 1 ? first : atom(fence('[', joined(inner.map(({ math }) => math)), ']'), 2);
  const lambda = scripts(italic('λ'), upright('min'));
  const absolute = fence('|', first.math, '|');
  switch (name) {
    case 'largest':
      return prefixed('max', first);
    case 'smallest':
      return prefixed('min', first);
    case 'largest_absolute':
      return args[0]?.shape.length === 0 ? atom(absolute, 0) : prefixed('max', atom(absolute));
    case 'sum_absolute':
      return applied('norm1', [first]);
    case 'norm':
      return applied('norm2', [first]);
    case 'value':
      return first;
    case 'largest_row_norm':
      return atom(
        row(
          { kind: 'limits', operator: 'max', below: italic('i') },
          operator('', 'thin'),
          fence('‖', scripts(bracketed(matrix, Binding.atom), italic('i')), '‖'),
        ),
        0,
      );
    case 'spectral_norm':
      return applied((matrix.rank ?? 2) > 1 ? 'spectral_norm' : 'norm2', [matrix]);
    case 'convolution_norm':
      return atom(
        fence(
          '‖',
          row(notationOfExpression(unshaped(args[0] as Expression)).math, operator('∗', 'thin')),
          '‖',
        ),
        0,
      );
    case 'smallest_eigenvalue':
      return atom(row(lambda, fence('(', first.math, ')')), 0);
    case 'smallest_curvature':
      return atom(
        row(
          lambda,
          fence(
            '(',
            row(scripts(upright('∇'), undefined, shortNumber(2).math), fence('(', first.math, ')')),
            ')',
          ),
        ),
        0,
      );
    case 'smallest_gram_eigenvalue':
      return atom(row(lambda, fence('(', binary('*', transposed(matrix), matrix).math, ')')), 0);
  }
}

function prefixed(name: string, { math, binding }: Notation): Notation {
  const inner = binding === Binding.atom && math.kind !== 'row' ? math : fence('(', math, ')');
  const space = inner.kind === 'fence' ? [] : [operator('', 'thin')];
  return { math: row(upright(name), ...space, inner), binding: Binding.power, rank: 0 };
}

function notationOfExpression(expression: Expression): Notation {
  return { ...untyped(expression), rank: expression.shape.length };
}

function untyped(expression: Expression): Notation {
  switch (expression.kind) {
    case 'number':
      return shortNumber(expression.value);
    case 'dimension':
      return atom(nameMath(expression.name));
    case 'symbol':
      return slicedMath(expression.symbol);
    case 'source':
      return applied(expression.source.format, [atom(upright('…'))]);
    case 'apply': {
      const { atom: applying, args, parameters } = expression;
      const inner = args.map(notationOfExpression);
      const [first, second] = inner;
      const { notation } = applying;
      if (notation === undefined || first === undefined) {
        const given = (applying.constants ?? []).filter((constant) => {
          const value = parameters[constant.name];
          return typeof value === 'number' && value !== constant.default;
        });
        const constants = given.map(({ name, named }) => {
          const number = shortNumber(parameters[name] as number);
          return named === true ? option(name, number) : number;
        });
        return applied(applying.name, [...inner, ...constants]);
      }
      if (notation === "'") return transposed(first);
      if (notation === '-' && second === undefined) return negated(first);
      const slices = Object.values(parameters).find((entry) => Array.isArray(entry)) as
        | readonly SliceRange[]
        | undefined;
      if (second === undefined && slices !== undefined) return indexed(first, slices.map(sliceMath));
      const exponent = parameters['exponent'];
      const right = second ?? (typeof exponent === 'number' ? shortNumber(exponent) : atom(upright('□')));
      return binary(notation, first, right);
    }
    case 'comprehension': {
      const { operation, index, dimension, body } = expression;
      const below = row(italic(index), operator('∈', 'binary'), dimensionMath(dimension));
      return reduced(operation === 'sum' ? '∑' : operation, below, notationOfExpression(body));
    }
  }
}

function slicedMath({ name, slice }: ArraySymbol): Notation {
  return slice === undefined ? atom(nameMath(name)) : indexed(atom(nameMath(name)), [italic(slice.index)]);
}

function sliceMath(slice: SliceRange): Mathematics {
  if (slice.kind === 'all') return operator(':', 'none');
  if (slice.kind === 'entry') return dimensionMath(slice.at);
  return row(dimensionMath(slice.from), operator('…', 'none'), dimensionMath(slice.to));
}

function dimensionMath(dimension: Dimension): Mathematics {
  return italic(formatDimension(dimension));
}
