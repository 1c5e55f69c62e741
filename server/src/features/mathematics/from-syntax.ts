/**
 * What is written in a file, as one would write it on paper: expressions with the author's own names and `let`s,
 * declarations as memberships, objectives as `x*(θ) = argmin …`. Works on broken text: what is missing is a box.
 */
import type { Mathematics } from '../../protocol/mathematics.ts';
import type { Span } from '../../base/span.ts';
import type {
  Declaration,
  Expression,
  LetDefinition,
  LevelBlock,
  Objective,
  Subscript,
  TypeExpression,
} from '../../syntax/tree.ts';
import {
  Binding,
  applied,
  call,
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
  space,
  summed,
  transposed,
  upright,
} from './notation.ts';
import type { Notation } from './notation.ts';

/** What the checker knows of the text. */
export interface Known {
  /** Number of axes of the expression written there, where it is known. */
  readonly rankOf: (span: Span) => number | undefined;
  /** Whether the file has a function of this name, which then has no notation of the language's. */
  readonly isOwn: (name: string) => boolean;
}
const nothing: Known = { rankOf: () => undefined, isOwn: () => false };

export function expressionMath(expression: Expression, known: Known = nothing): Mathematics {
  return notationOf(expression, known).math;
}

function notationOf(expression: Expression, known: Known): Notation {
  const inner = (each: Expression): Notation => notationOf(each, known);
  const found = withoutRank(expression, inner, known);
  const rank = known.rankOf(expression.span);
  return rank === undefined ? found : { ...found, rank };
}

function withoutRank(expression: Expression, inner: (each: Expression) => Notation, known: Known): Notation {
  switch (expression.kind) {
    case 'number':
      return numberMath(expression.value, expression.text);
    case 'string':
      return atom(upright(`“${expression.value}”`));
    case 'name':
      return atom(nameMath(expression.text));
    case 'missing':
      return atom(upright('□'));
    case 'group':
      return inner(expression.inner);
    case 'unary':
      return expression.operator === '-' ? negated(inner(expression.operand)) : inner(expression.operand);
    case 'binary':
      return binary(expression.operator, inner(expression.left), inner(expression.right));
    case 'range':
      return binary('..', inner(expression.from), inner(expression.to));
    case 'transpose':
      return transposed(inner(expression.operand));
    case 'index':
      return indexed(
        inner(expression.base),
        expression.subscripts.map((subscript) => subscriptMath(subscript, inner)),
      );
    case 'list':
      return atom(fence('[', joined(expression.items.map((item) => inner(item).math)), ']'));
    case 'call':
      return (known.isOwn(expression.callee.text) ? call : applied)(
        expression.callee.text,
        expression.arguments.map(({ name, value }) =>
          name === undefined ? inner(value) : option(name.text, inner(value)),
        ),
      );
    case 'comprehension': {
      const size = nameMath(expression.dimension.text);
      const sum = summed({ index: expression.index.text, size }, inner(expression.body));
      if (expression.callee.text === 'sum') return sum;
      const one: Mathematics = { kind: 'fraction', above: upright('1'), below: size };
      return expression.callee.text === 'mean'
        ? { ...sum, math: row(one, sum.math), binding: Binding.prefix }
        : applied(expression.callee.text, [sum]);
    }
  }
}

function subscriptMath(subscript: Subscript, inner: (each: Expression) => Notation): Mathematics {
  return subscript.kind === 'all' ? operator(':', 'none') : inner(subscript.value).math;
}

/** `w ∈ ℝᵈ`, `λ ∈ [−8, 4]ᵈ`, `y ∈ {0, …, k − 1}ⁿ` */
export function declarationMath({ name, type, set }: Declaration): Mathematics {
  const own = nameMath(name.text);
  if (type === undefined) return own;
  const found = set === undefined || set.kind === 'missing' ? typeMath(type) : setMath(set, type);
  return row(own, operator('∈', 'relation'), found);
}

function typeMath({ name, dimensions }: TypeExpression): Mathematics {
  const sizes = dimensions.map(sizeMath);
  if (name.text !== 'labels') return space(sizes);
  const classes = dimensions.at(-1);
  const last =
    classes === undefined
      ? upright('□')
      : classes.kind === 'number'
        ? numberMath(classes.value - 1).math
        : binary('-', notationOf(classes, nothing), numberMath(1)).math;
  const indices = fence('{', joined([upright('0'), upright('…'), last]), '}');
  return space(sizes.slice(0, -1), indices);
}

/** In an exponent a product needs no space. */
function sizeMath(expression: Expression): Mathematics {
  return notationOf(expression, nothing).math;
}

function setMath(set: Expression, type: TypeExpression): Mathematics {
  const sizes = type.dimensions.map(sizeMath);
  switch (set.kind) {
    case 'group':
      return setMath(set.inner, type);
    case 'list':
      return space(sizes, expressionMath(set));
    case 'binary':
      return set.operator === '&'
        ? row(setMath(set.left, type), operator('∩', 'binary'), setMath(set.right, type))
        : expressionMath(set);
    case 'name':
      if (set.text === 'nonneg') {
        const half = scripts(upright('ℝ'), upright('≥ 0'));
        return sizes.length === 0
          ? half
          : ({ ...half, above: (space(sizes) as { above: Mathematics }).above } as Mathematics);
      }
      if (set.text === 'symmetric' || set.text === 'psd') {
        return scripts(upright('S'), set.text === 'psd' ? upright('+') : undefined, sizes[0]);
      }
      if (set.text === 'simplex') return scripts(upright('Δ'), undefined, row(...sizes));
      return upright(set.text);
    case 'call': {
      const [radius] = set.arguments;
      if ((set.callee.text === 'ball' || set.callee.text === 'spectral_ball') && radius !== undefined) {
        const mark = set.callee.text === 'ball' ? [] : [upright('2')];
        const dot = upright('·');
        const norm = fence('‖', dot, '‖');
        const limit = row(
          mark.length === 0 ? norm : scripts(norm, mark[0]),
          operator('≤', 'relation'),
          expressionMath(radius.value),
        );
        return row(space(sizes), operator(',', 'after'), limit);
      }
      if (set.callee.text === 'psd' && radius !== undefined) {
        const least = row(
          scripts(italic('λ'), upright('min')),
          operator('≥', 'relation'),
          expressionMath(radius.value),
        );
        return row(scripts(upright('S'), undefined, sizes[0]), operator(',', 'after'), least);
      }
      return expressionMath(set);
    }
    default:
      return expressionMath(set);
  }
}

export function letMath({ name, parameters, value }: LetDefinition, known?: Known): Mathematics {
  const own = nameMath(name.text);
  const head =
    parameters === undefined
      ? own
      : row(own, fence('(', joined(parameters.map(({ text }) => nameMath(text))), ')'));
  return row(head, operator('=', 'relation'), expressionMath(value, known));
}

/** What the level asks for: `w*(λ) = argmin_w …` below, `min_λ …` above, `z = …` for a fixed point. */
export function objectiveMath(
  level: LevelBlock,
  objective: Objective,
  upperNames: readonly string[],
  known?: Known,
): Mathematics {
  const names = joined(level.unknowns.map(({ name }) => nameMath(name.text)));
  const body = bracketed(notationOf(objective.expression, known ?? nothing), Binding.sum);
  if (objective.kind === 'fixed_point') {
    const target = objective.target === undefined ? names : nameMath(objective.target.text);
    return row(target, operator('=', 'relation'), body);
  }
  const extremum = objective.kind === 'minimize' ? 'min' : 'max';
  if (level.kind === 'upper') {
    return row({ kind: 'limits', operator: extremum, below: names }, operator('', 'thin'), body);
  }
  const theta = upperNames.length === 0 ? [] : [fence('(', joined(upperNames.map(nameMath)), ')')];
  const single = level.unknowns.length === 1;
  const solution = single
    ? withStar(names)
    : fence('(', joined(level.unknowns.map(({ name }) => withStar(nameMath(name.text)))), ')');
  return row(
    solution,
    ...theta,
    operator('=', 'relation'),
    { kind: 'limits', operator: `arg ${extremum}`, below: names },
    operator('', 'thin'),
    body,
    ...(level.each === undefined ? [] : eachMath(level.each)),
  );
}

/** `, i = 1, …, s` */
function eachMath({ index, dimension }: NonNullable<LevelBlock['each']>): readonly Mathematics[] {
  const values = joined([upright('1'), upright('…'), nameMath(dimension.text)]);
  return [operator(',', 'after'), italic(index.text), operator('=', 'relation'), values];
}

function withStar(name: Mathematics): Mathematics {
  const star = upright('∗');
  return name.kind === 'scripts' ? { ...name, above: star } : scripts(name, undefined, star);
}
