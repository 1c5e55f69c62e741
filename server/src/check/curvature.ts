/**
 * Ranges by interval arithmetic and curvature in the lower unknowns by the composition rules of
 * disciplined convex programming (Grant, Boyd & Ye 2006): phi(u) is convex when phi is convex and in
 * each argument either u is affine, or phi is increasing and u convex, or phi is decreasing and u
 * concave. When the rules fail, the smallest subexpression that broke one is named. The rules are
 * sufficient, not necessary. Facts are kept per expression object, which never changes.
 */
import type { ArgumentFacts, AtomCurvature, Monotonicity } from '../atoms/atom.ts';
import { isLastAxis } from '../atoms/axis.ts';
import { applied, definitionOf } from '../atoms/definition.ts';
import { formOf } from '../atoms/definite.ts';
import type { MatrixForm } from '../graph/primitive.ts';
import type { ApplyTerm, Expression, Interval } from '../atoms/expression.ts';
import { wholeLine } from '../atoms/expression.ts';
import { expressionKey } from '../atoms/formula-key.ts';
import { formatExpression } from '../atoms/formula-text.ts';
import { squareInterval, sumInterval } from '../atoms/interval.ts';
import { inv } from '../atoms/inv.ts';
import { constantDimension, sameShape } from '../base/dimension.ts';
import { Dependence } from '../graph/primitive.ts';

export type Curvature = 'constant' | 'affine' | 'convex' | 'concave' | 'none';

/** The smallest subexpression that broke a rule, and the rule in words. */
export interface Offence {
  readonly expression: Expression;
  readonly rule: string;
  /** What the rules around it ask of the expression. */
  readonly wanted: 'affine' | 'convex' | 'concave';
  /** What to do about it, where the rule tells. */
  readonly remedy?: string;
}

/** True when no lower unknown occurs. */
export function isFixed(expression: Expression): boolean {
  return (expression.dependence & Dependence.lower) === 0;
}

/** True when neither an upper nor a lower unknown occurs. */
export function isData(expression: Expression): boolean {
  return (expression.dependence & (Dependence.lower | Dependence.upper)) === 0;
}

const ranges = new WeakMap<Expression, Interval>();

/** An interval that holds every entry, over the declared sets and any data. */
export function rangeOf(expression: Expression): Interval {
  let range = ranges.get(expression);
  if (range === undefined) {
    range = computeRange(expression);
    if (Number.isNaN(range.lower) || Number.isNaN(range.upper)) range = wholeLine;
    ranges.set(expression, range);
  }
  return range;
}

function computeRange(expression: Expression): Interval {
  switch (expression.kind) {
    case 'number':
      return { lower: expression.value, upper: expression.value };
    case 'dimension':
      return { lower: 1, upper: Infinity };
    case 'symbol':
      return expression.symbol.range;
    case 'source':
      return expression.range;
    case 'apply': {
      const square = asSquare(expression);
      if (square !== undefined) return squareInterval(rangeOf(square));
      return expression.atom.range(argumentFacts(expression), expression.parameters);
    }
    case 'comprehension': {
      const { operation, dimension, body } = expression;
      return operation === 'sum' ? sumInterval(rangeOf(body), constantDimension(dimension)) : rangeOf(body);
    }
  }
}

export function argumentFacts(term: ApplyTerm): readonly ArgumentFacts[] {
  return term.args.map((argument) => ({
    shape: argument.shape,
    range: rangeOf(argument),
    fixed: isFixed(argument),
  }));
}

/**
 * v when the expression is the entrywise square of v: `v .^ 2`, `v .* v`, `square(v)`; undefined
 * otherwise. For sums of squares see `asSumOfSquares`.
 */
export function asSquare(expression: Expression): Expression | undefined {
  if (expression.kind !== 'apply') return undefined;
  const { atom, args, parameters } = expression;
  const [first, second] = args;
  if (atom.name === 'square') return first;
  if (atom.name === 'power' && second === undefined && parameters['exponent'] === 2) return first;
  if (atom.name === 'multiply' && first !== undefined && second !== undefined) {
    return expressionKey(first) === expressionKey(second) ? first : undefined;
  }
  return undefined;
}

/** v when the scalar expression is the sum of the squares of v: `sumsq(v)`, `dot(v, v)`, `v' * v`. */
export function asSumOfSquares(expression: Expression): Expression | undefined {
  if (expression.kind !== 'apply' || expression.shape.length > 0) return undefined;
  const { atom, args } = expression;
  const [first, second] = args;
  if (atom.name === 'sumsq') return first;
  if (first === undefined || second === undefined) return undefined;
  if (atom.name === 'dot') return expressionKey(first) === expressionKey(second) ? first : undefined;
  if (atom.name === 'matmul' && first.kind === 'apply' && first.atom.name === 'transpose') {
    const [inner] = first.args;
    if (inner?.shape.length === 1 && expressionKey(inner) === expressionKey(second)) return inner;
  }
  return undefined;
}

const inverses = {
  definite: new WeakMap<Expression, Expression>(),
  general: new WeakMap<Expression, Expression>(),
};

/** A⁻¹, the same expression for the same A taken in the same way. */
export function inverseOf(matrix: Expression, form: MatrixForm): Expression {
  let inverse = inverses[form].get(matrix);
  if (inverse === undefined) {
    inverse = applied(inv, [matrix], matrix.span, { form });
    inverses[form].set(matrix, inverse);
  }
  return inverse;
}

/** v' P v with a fixed square matrix P, which need not be symmetric; of a matrix v the trace. */
export interface QuadraticForm {
  readonly inner: Expression;
  /** P = P1 P2 …, in this order. */
  readonly matrices: readonly Expression[];
}

/** `quad_form(v, P)`, `v' * P * v` (also with P written as a product), `dot(v, P * v)`; P fixed. */
export function asQuadraticForm(expression: Expression): QuadraticForm | undefined {
  if (expression.kind !== 'apply' || expression.shape.length > 0 || isFixed(expression)) return undefined;
  const { atom, args } = expression;
  const [first, second] = args as readonly [Expression, Expression];
  if (atom.name === 'quad_form') return isFixed(second) ? { inner: first, matrices: [second] } : undefined;
  if (atom.name === 'matrix_frac') {
    const isForm = isFixed(second) && first.shape.length > 0;
    return isForm ? { inner: first, matrices: [inverseOf(second, 'definite')] } : undefined;
  }
  let factors: readonly Expression[];
  if (atom.name === 'matmul') {
    const [row, ...others] = matrixFactors(expression);
    if (row?.kind !== 'apply' || row.atom.name !== 'transpose') return undefined;
    factors = [row.args[0] as Expression, ...others];
  } else if (atom.name === 'dot') {
    const [left, right] = [matrixFactors(first), matrixFactors(second)];
    factors = left.length === 1 ? [first, ...right] : [second, ...left];
  } else return undefined;
  const [inner, last, matrices] = [factors[0], factors.at(-1), factors.slice(1, -1)];
  if (inner?.shape.length !== 1 || last === undefined || matrices.length === 0) return undefined;
  if (!matrices.every((matrix) => matrix.shape.length === 2 && isFixed(matrix))) return undefined;
  return expressionKey(inner) === expressionKey(last) ? { inner, matrices } : undefined;
}

/** A B C … from products of arrays, however they are bracketed. */
function matrixFactors(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'apply') return [expression];
  const { atom, args } = expression;
  const [a, b] = args as readonly [Expression, Expression];
  if (atom.name === 'solve' && isFixed(a))
    return [inverseOf(a, formOf(expression.parameters)), ...matrixFactors(b)];
  if (atom.name !== 'matmul') return [expression];
  return args.some((argument) => argument.shape.length === 0) ? [expression] : args.flatMap(matrixFactors);
}

/** One array of squares below a root, and the fixed multiples in front of it. */
interface Squares {
  readonly inner: Expression;
  readonly multiples: readonly { readonly by: Expression; readonly divides: boolean }[];
}

/** √(c + m1 ‖v1‖² + m2 ‖v2‖² + …), entry by entry, row by row or of whole arrays. */
export interface RootOfSquares {
  readonly constants: readonly Expression[];
  readonly squares: readonly Squares[];
  /** What one entry of the root is the norm of. */
  readonly norms: 'entries' | 'rows' | 'arrays';
}

/**
 * `sqrt(c + sumsq(v))`, `sqrt(c + v .^ 2 + w .^ 2)`, `sqrt(c + sumsq_rows(V))` with fixed c >= 0 and
 * multiples >= 0. Without a c the root has a kink at 0, as `norm2` has, and is none of these.
 */
export function asRootOfSquares(expression: Expression): RootOfSquares | undefined {
  const root = squaresBelowRoot(expression);
  return root?.constants.length === 0 ? undefined : root;
}

function squaresBelowRoot(expression: Expression): RootOfSquares | undefined {
  if (expression.kind !== 'apply' || isFixed(expression)) return undefined;
  const { atom, args, parameters, shape } = expression;
  const [below] = args;
  const isRoot = atom.name === 'sqrt' || (atom.name === 'power' && parameters['exponent'] === 0.5);
  if (!isRoot || below === undefined) return undefined;
  const constants: Expression[] = [];
  const squares: Squares[] = [];
  const kinds = new Set<RootOfSquares['norms']>();
  const collect = (e: Expression, multiples: Squares['multiples']): boolean => {
    if (isFixed(e)) {
      constants.push(e);
      return multiples.length === 0 && rangeOf(e).lower >= 0;
    }
    if (e.kind !== 'apply') return false;
    const [a, b] = e.args as readonly [Expression, Expression];
    const take = (inner: Expression, kind: RootOfSquares['norms']): boolean => {
      squares.push({ inner, multiples });
      kinds.add(kind);
      return sameShape(e.shape, shape);
    };
    const square = asSquare(e);
    if (square !== undefined) return take(square, shape.length === 0 ? 'arrays' : 'entries');
    const summed = asSumOfSquares(e) ?? (e.atom.name === 'sum' ? asSquare(a) : undefined);
    if (summed !== undefined && e.shape.length === 0) return take(summed, 'arrays');
    if (summed !== undefined && isLastAxis(summed.shape, e.parameters)) return take(summed, 'rows');
    const definition = definitionOf(e);
    if (definition !== undefined) return collect(definition, multiples);
    if (e.atom.name === 'sumsq_rows') return take(a, 'rows');
    if (e.atom.name === 'add') return collect(a, multiples) && collect(b, multiples);
    const scales = (by: Expression): boolean =>
      isFixed(by) && by.shape.length === 0 && rangeOf(by).lower >= 0;
    if (e.atom.name === 'divide') {
      return scales(b) && collect(a, [...multiples, { by: b, divides: true }]);
    }
    if (e.atom.name !== 'multiply' && e.atom.name !== 'matmul') return false;
    if (scales(a)) return collect(b, [...multiples, { by: a, divides: false }]);
    return scales(b) && collect(a, [...multiples, { by: b, divides: false }]);
  };
  if (!collect(below, []) || kinds.size !== 1) return undefined;
  const [norms] = kinds;
  return norms === undefined ? undefined : { constants, squares, norms };
}

const curvatures = new WeakMap<Expression, Curvature>();

export function curvatureOf(expression: Expression): Curvature {
  let curvature = curvatures.get(expression);
  if (curvature === undefined) {
    curvature = computeCurvature(expression);
    curvatures.set(expression, curvature);
  }
  return curvature;
}

function computeCurvature(expression: Expression): Curvature {
  if (isFixed(expression)) return 'constant';
  if (expression.kind === 'comprehension') return curvatureOf(expression.body);
  if (expression.kind !== 'apply') return 'affine';
  const square = asSquare(expression) ?? asSumOfSquares(expression);
  if (square !== undefined) return curvatureOfSquare(square);
  // A norm of (√c, |v1|, |v2|, …) is increasing in each of these: convex where their squares are.
  const root = asRootOfSquares(expression);
  if (root?.squares.every(({ inner }) => curvatureOfSquare(inner) === 'convex') === true) return 'convex';
  for (const wanted of ['affine', 'convex', 'concave'] as const) {
    if (composes(expression, wanted)) return wanted;
  }
  const definition = definitionOf(expression);
  return definition === undefined ? 'none' : curvatureOf(definition);
}

/** t² is increasing for t >= 0 and decreasing for t <= 0. */
function curvatureOfSquare(inner: Expression): Curvature {
  const curvature = curvatureOf(inner);
  const { lower, upper } = rangeOf(inner);
  if (curvature === 'affine') return 'convex';
  if (curvature === 'convex' && lower >= 0) return 'convex';
  return curvature === 'concave' && upper <= 0 ? 'convex' : 'none';
}

type Wanted = 'affine' | 'convex' | 'concave';

function composes(term: ApplyTerm, wanted: Wanted): boolean {
  const facts = argumentFacts(term);
  if (!meets(term.atom.curvature(facts, term.parameters), wanted)) return false;
  const moves = term.atom.monotonicity(facts, term.parameters);
  return term.args.every((argument, index) => meets(curvatureOf(argument), needed(wanted, moves[index])));
}

function meets(curvature: Curvature | AtomCurvature, wanted: Wanted): boolean {
  return curvature === 'constant' || curvature === 'affine' || curvature === wanted;
}

function needed(wanted: Wanted, move: Monotonicity | undefined): Wanted {
  if (wanted === 'affine' || move === undefined || move === 'none') return 'affine';
  if (move === 'increasing') return wanted;
  return wanted === 'convex' ? 'concave' : 'convex';
}

/**
 * Why the rules do not show the expression to be convex; undefined when they do. Quadratic forms
 * among its terms are left out: their eigenvalues are asked of the data.
 */
export function whyNotConvex(expression: Expression): Offence | undefined {
  return explain(withoutQuadraticForms(expression), 'convex');
}

/** The sum with 0 in place of its quadratic forms in affine arguments, whose multiples have a known sign. */
function withoutQuadraticForms(e: Expression): Expression {
  if (e.kind === 'comprehension') {
    const body = withoutQuadraticForms(e.body);
    return body === e.body ? e : { ...e, body };
  }
  if (e.kind !== 'apply' || isFixed(e)) return e;
  const form = asQuadraticForm(e);
  if (form !== undefined) {
    const none: Expression = { kind: 'number', value: 0, shape: [], dependence: 0, span: e.span };
    return curvatureOf(e) === 'none' && curvatureOf(form.inner) === 'affine' ? none : e;
  }
  const scales = (factor: Expression | undefined): boolean =>
    factor !== undefined && factor.shape.length === 0 && isFixed(factor) && hasOneSign(factor);
  const [a, b] = e.args;
  const goesOn =
    { add: true, subtract: true, negate: true, divide: scales(b) }[e.atom.name] ??
    ((e.atom.name === 'multiply' || e.atom.name === 'matmul') && (scales(a) || scales(b)));
  if (!goesOn) return e;
  const args = e.args.map(withoutQuadraticForms);
  return args.every((argument, at) => argument === e.args[at]) ? e : { ...e, args };
}

function hasOneSign(e: Expression): boolean {
  const { lower, upper } = rangeOf(e);
  return lower >= 0 || upper <= 0;
}

/** `why` says for what reason something else than convexity is wanted. */
function explain(expression: Expression, wanted: Wanted, why = ''): Offence | undefined {
  if (expression.kind === 'comprehension') return explain(expression.body, wanted, why);
  if (meets(curvatureOf(expression), wanted) || expression.kind !== 'apply') return undefined;
  const square = asSquare(expression) ?? asSumOfSquares(expression);
  if (square !== undefined) return explainSquare(expression, square, wanted, why);
  const { atom, args } = expression;
  const facts = argumentFacts(expression);
  const own = atom.curvature(facts, expression.parameters);
  const name = atom.notation ?? atom.name;
  if (wanted === 'convex' && squaresBelowRoot(expression)?.constants.length === 0) {
    return {
      expression,
      wanted,
      rule: `\`${name}\` of squares has a kink where they are 0; with a positive number among them, as in \`sqrt(0.0001 + …)\`, it is smooth and convex`,
    };
  }
  if (!meets(own, wanted)) {
    const broken = args.map((argument) => brokenInside(argument)).find((offence) => offence !== undefined);
    if (broken !== undefined) return broken;
    const free = args.filter((argument) => !isFixed(argument));
    if (own === 'none' && free.length > 1) {
      const factors = free.map((argument) => `\`${formatExpression(argument)}\``).join(' and ');
      return {
        expression,
        wanted,
        rule: `${factors} both depend on lower unknowns, and \`${name}\` of two of them is neither convex nor concave`,
        remedy: 'let one of the two depend on upper unknowns and data only',
      };
    }
    const what = own === 'none' ? 'neither convex nor concave' : own;
    return {
      expression,
      wanted,
      rule: `\`${name}\` is ${what} on the range of its argument, where ${aKind(wanted)} is needed${why}`,
      ...(own === 'convex' && why === subtracted ? { remedy: addInstead } : {}),
    };
  }
  const moves = atom.monotonicity(facts, expression.parameters);
  for (const [index, argument] of args.entries()) {
    const move = moves[index];
    const need = needed(wanted, move);
    const found = curvatureOf(argument);
    if (meets(found, need)) continue;
    // A factor of unknown sign spoils a convex argument: the product is to blame, not the argument.
    const form = asQuadraticForm(argument);
    const signless = own === 'affine' && move === 'none' && (found !== 'none' || form !== undefined);
    const deeper =
      !signless && (found === 'none' || need !== 'affine' || own === 'affine')
        ? explain(argument, need, need === 'concave' ? whyConcave(expression, move, why) : '')
        : undefined;
    if (deeper !== undefined) return deeper;
    const factor = args.find((other) => other !== argument && isFixed(other));
    if (signless && factor !== undefined) {
      return {
        expression,
        wanted,
        rule: `\`${formatExpression(argument)}\` is ${found === 'none' ? 'a quadratic form' : found}, but the sign of its factor \`${formatExpression(factor)}\` is not known`,
      };
    }
    const moving = move === 'none' || move === undefined ? 'not monotone' : move;
    return {
      expression,
      wanted,
      rule: `\`${name}\` is ${own} and ${moving} here, so its argument must be ${need}, but \`${formatExpression(argument)}\` is ${inWords(found)}`,
    };
  }
  return undefined;
}

const subtracted = ', because it is subtracted';
const addInstead = 'add the term instead of subtracting it';

/** What turned the wish for convexity round: a minus, a negative factor, a decreasing function. */
function whyConcave({ atom, args, span }: ApplyTerm, move: Monotonicity | undefined, outer: string): string {
  if (move !== 'decreasing') return outer;
  // The minus of what is maximised is not written.
  if (atom.name === 'negate' && args[0]?.span.start === span.start) return '';
  if (atom.name === 'subtract' || atom.name === 'negate') return subtracted;
  if (['multiply', 'matmul', 'divide'].includes(atom.name)) return ', because its factor is negative';
  return `, because it stands in the decreasing \`${atom.notation ?? atom.name}\``;
}

function explainSquare(expression: ApplyTerm, inner: Expression, wanted: Wanted, why: string): Offence {
  if (wanted !== 'convex' && curvatureOf(expression) === 'convex') {
    return {
      expression,
      wanted,
      rule: `a square is convex, where ${aKind(wanted)} is needed${why}`,
      ...(why === subtracted ? { remedy: addInstead } : {}),
    };
  }
  const broken = brokenInside(inner);
  if (broken !== undefined) return broken;
  return {
    expression,
    wanted,
    rule: `a square is not monotone on this range, so its argument must be affine, but \`${formatExpression(inner)}\` is ${inWords(curvatureOf(inner))}`,
    remedy: 'square what is affine in the lower unknowns, or what is convex and never negative',
  };
}

/** An offence inside an expression that is neither convex nor concave. */
function brokenInside(expression: Expression): Offence | undefined {
  return curvatureOf(expression) === 'none' ? explain(expression, 'convex') : undefined;
}

function inWords(curvature: Curvature): string {
  return curvature === 'none' ? 'neither convex nor concave' : curvature;
}

function aKind(wanted: Wanted): string {
  return wanted === 'affine' ? 'an affine expression' : `a ${wanted} one`;
}

const degrees = new WeakMap<Expression, number>();

/** Degree of the expression as a polynomial in the lower unknowns; Infinity when it is none. */
export function degreeOf(expression: Expression): number {
  let degree = degrees.get(expression);
  if (degree === undefined) {
    degree = computeDegree(expression);
    degrees.set(expression, degree);
  }
  return degree;
}

function computeDegree(expression: Expression): number {
  if (isFixed(expression)) return 0;
  if (expression.kind === 'comprehension') return degreeOf(expression.body);
  if (expression.kind !== 'apply') return 1;
  const { atom, args, parameters } = expression;
  const inner = args.map(degreeOf);
  const largest = Math.max(...inner);
  const exponent = parameters['exponent'];
  const definition = definitionOf(expression);
  if (definition !== undefined) return degreeOf(definition);
  switch (atom.name) {
    case 'square':
    case 'sumsq':
    case 'sumsq_rows':
      return 2 * largest;
    case 'power':
      if (typeof exponent !== 'number' || !Number.isInteger(exponent) || exponent < 0) return Infinity;
      return exponent === 0 ? 0 : exponent * largest;
    case 'multiply':
    case 'matmul':
    case 'dot':
    case 'outer':
    case 'conv1d':
    case 'conv2d':
      return inner.reduce((sum, degree) => sum + degree, 0);
    case 'quad_form':
      return 2 * (inner[0] ?? 0) + (inner[1] ?? 0);
    case 'divide':
      return (inner[1] ?? 0) === 0 ? (inner[0] ?? 0) : Infinity;
    default:
      // An atom that is affine in the arguments that move is affine in polynomials too.
      return atom.curvature(argumentFacts(expression), parameters) === 'affine' ? largest : Infinity;
  }
}

/** True exactly when the expression, as written, is a polynomial of degree at most 2 in x. */
export function isQuadraticInLower(expression: Expression): boolean {
  return degreeOf(expression) <= 2;
}
