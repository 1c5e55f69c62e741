/**
 * Upper bounds of the derivatives D_x^i D_theta^j of any expression (i <= 3, j <= 1), as formulas, by
 * structure: norms of linear maps, chain rule over set partitions (Faà di Bruno), Leibniz for
 * products, Hölder for the norms (holder.ts). A derivative is a multilinear map on unit vectors of
 * all lower and all upper unknowns; its norm is taken over the entries of the result.
 * Region `everywhere`: for all x at the current theta. Region `ball`: for x in B(x~, eps); ranges
 * there are values at x~ plus eps times a bound of the first derivative (mean value theorem).
 * Anything without a rule is infinite, which is always true.
 */
import { accuracyChange } from '../../atoms/accuracy.ts';
import type { LinearNorms } from '../../atoms/atom.ts';
import { isLastAxis, reducedAway, sumNorms } from '../../atoms/axis.ts';
import { definitionOf } from '../../atoms/definition.ts';
import type { ApplyTerm, ComprehensionTerm, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { over } from '../../atoms/formula-over.ts';
import {
  add,
  divide,
  infinity,
  isInfinite,
  isZero,
  largest,
  largestAbsolute,
  largestRowNorm,
  maximum,
  minimum,
  multiply,
  negate,
  norm,
  number,
  power,
  radius,
  smallest,
  spectralNorm,
  squareRoot,
  subtract,
  sumAbsolute,
  zero,
} from '../../atoms/formula.ts';
import { axisOf } from '../../atoms/shape-rules.ts';
import { sizeOf, sizeOfDimension } from '../../atoms/size.ts';
import type { Shape } from '../../base/dimension.ts';
import { Dependence } from '../../graph/primitive.ts';
import {
  asQuadraticForm,
  asRootOfSquares,
  asSquare,
  asSumOfSquares,
  degreeOf,
  isFixed,
  rangeOf,
} from '../curvature.ts';
import { leastAbsolute, productOf, symmetrisedOf, transposeOf } from './expressions.ts';
import { boundOfInverse, boundOfLogDet, boundOfSolution } from './definite.ts';
import { bilinearConvolution, convolutionNorms } from './convolutions.ts';
import type { Operand, Order } from './derivative-rules.ts';
import { chain, leibniz, normOfOnes, product, spread, T, X } from './derivative-rules.ts';
import type { Factor, NormKind } from './holder.ts';
import { productNorm } from './holder.ts';
import type { LinearMap } from './linear-map.ts';
import { linearMapOf, mapNorms, soleMatrix } from './linear-map.ts';
import { localised, mostMeeting } from './localise.ts';
import { boundOfProduct } from './level-products.ts';
import { oneVariableOf } from './one-variable.ts';
import { boundOfRoot, hasDataOnly } from './root-of-squares.ts';
import { largestScaledRow } from './scaled-rows.ts';
import { derivativeOverAll, lowerNames } from './terms.ts';

export type Region = 'everywhere' | 'ball';

/**
 * Bounds of the derivatives of softmax of a row: of logsumexp one order higher. The fourth is a
 * fourth cumulant of a variable on an interval of length sqrt 2: between -2 var² >= -1/2 and
 * 2 var - 3 var² <= 1/3; a symmetric form has its norm on the diagonal.
 */
const softmaxBounds: readonly number[] = [1 / 2, 0.27217, 1 / 2];

export class Calculus {
  readonly region: Region;
  private readonly known = new Map<Expression, Map<string, Formula>>();

  private readonly only: string | undefined;
  private readonly leavesKinksOut: boolean;

  /**
   * @param only the lower unknown that derivatives in x are in; absent: all of them
   * @param leavesKinksOut derivatives that an atom has not everywhere count as 0, so that what is found is a
   *   bound only as long as x crosses no kink, and of the curvature of a norm not at all: for estimates
   */
  constructor(
    region: Region,
    { only, leavesKinksOut = false }: { readonly only?: string; readonly leavesKinksOut?: boolean } = {},
  ) {
    this.region = region;
    this.only = only;
    this.leavesKinksOut = leavesKinksOut;
  }

  /** An upper bound of the norm of the derivative of this order, over the region. */
  bound(e: Expression, order: Order, kind: NormKind = 'sum'): Formula {
    if (this.vanishes(e, order)) return zero;
    const measured = e.shape.length === 0 || (e.shape.length === 1 && kind === 'rows') ? 'euclid' : kind;
    const key = `${order.x},${order.theta},${measured}`;
    let found = this.known.get(e);
    if (found === undefined) this.known.set(e, (found = new Map()));
    let bound = found.get(key);
    if (bound === undefined) {
      bound = this.compute(e, order, measured);
      if (measured === 'largest' && order.x + order.theta === 1) {
        const rows = largestScaledRow(this, e, order);
        if (rows !== undefined) bound = minimum(bound, rows);
      }
      found.set(key, bound);
    }
    return bound;
  }

  /** An interval that holds every entry over the region. */
  range(e: Expression): { readonly lower: Formula; readonly upper: Formula } {
    if (isFixed(e)) return { lower: smallest(e), upper: largest(e) };
    const { lower, upper } = rangeOf(e);
    const reach = this.reach(e, 'largest');
    if (isInfinite(reach)) return { lower: number(lower), upper: number(upper) };
    return {
      lower: maximum(number(lower), subtract(smallest(e), reach)),
      upper: minimum(number(upper), add(largest(e), reach)),
    };
  }

  private vanishes(e: Expression, order: Order): boolean {
    return this.isFree(e, order) || order.x > degreeOf(e);
  }

  /** True when the unknowns of one of the derivatives do not occur, so that functions of e have none either. */
  private isFree(e: Expression, { x, theta }: Order): boolean {
    const isStill = isFixed(e) || (this.only !== undefined && !lowerNames(e).has(this.only));
    return (x > 0 && isStill) || (theta > 0 && (e.dependence & Dependence.upper) === 0);
  }

  /** How far the entries can move from their values at the centre. */
  private reach(e: Expression, kind: NormKind): Formula {
    return this.region === 'ball' ? multiply(radius, this.bound(e, X, kind)) : infinity;
  }

  private compute(e: Expression, order: Order, kind: NormKind): Formula {
    const { x, theta } = order;
    if (x === 0 && theta === 0) return this.valueBound(e, kind);
    if (e.kind === 'symbol') return x + theta === 1 ? this.identityNorm(e, kind) : zero;
    if (e.kind === 'comprehension') return this.comprehension(e, order, kind);
    if (e.kind !== 'apply') return infinity;
    if (x + theta === 1) {
      const map = linearMapOf(e, x === 1 ? 'lower' : 'upper');
      if (map !== undefined) {
        const norms = mapNorms(x === 1 ? this.inOwn(map) : map);
        return kind === 'sum' ? multiply(squareRoot(sizeOf(e.shape)), norms.euclid) : norms[kind];
      }
    }
    return this.application(e, order, kind);
  }

  /** The part of a map that moves with the unknown asked for. */
  private inOwn(map: LinearMap): LinearMap {
    if (this.only === undefined) return map;
    return { ...map, parts: map.parts.filter(({ symbol }) => symbol.name === this.only) };
  }

  private comprehension(e: ComprehensionTerm, order: Order, kind: NormKind): Formula {
    const { operation, index, dimension, shape } = e;
    const body = localised(e);
    const size = sizeOfDimension(dimension);
    const reduce = (how: 'maximum' | 'sum', each: Formula): Formula =>
      over(how, index, dimension, size, each);
    if (operation !== 'stack') {
      const bound = this.bound(body, order, kind);
      const sum = shape.length === 0 ? derivativeOverAll([e], body, order, bound) : reduce('sum', bound);
      return operation === 'mean' ? divide(sum, size) : sum;
    }
    switch (kind) {
      case 'largest':
        return reduce('maximum', this.bound(body, order, kind));
      case 'rows':
        return reduce('maximum', this.bound(body, order, kind));
      case 'sum':
        return derivativeOverAll([e], body, order, this.bound(body, order, kind));
      case 'euclid': {
        // The entries of the stack are those of all bodies: ‖(D_i[x, …])_i‖ <= max c_i √m ‖x‖ where m of them meet
        // in an entry of x, and √(sum c_i²) in any case.
        const bound = this.bound(body, order, kind);
        const meeting = [
          order.x > 0 ? mostMeeting(body, 'lower', index) : undefined,
          order.theta > 0 ? mostMeeting(body, 'upper', index) : undefined,
        ].map((each) => each ?? Infinity);
        const fewest = Math.min(...meeting);
        if (fewest === 1) return reduce('maximum', bound);
        const whole = squareRoot(reduce('sum', power(bound, 2)));
        if (fewest === Infinity) return whole;
        return minimum(whole, multiply(squareRoot(number(fewest)), reduce('maximum', bound)));
      }
    }
  }

  private identityNorm(e: Expression, kind: NormKind): Formula {
    return kind === 'sum' ? squareRoot(sizeOf(e.shape)) : number(1);
  }

  private valueBound(e: Expression, kind: NormKind): Formula {
    const value = {
      sum: sumAbsolute,
      euclid: norm,
      largest: largestAbsolute,
      rows: (array: Expression) => largestRowNorm([array]),
    }[kind](e);
    if (isFixed(e)) return value;
    const { lower, upper } = rangeOf(e);
    const most = Math.max(-lower, upper);
    if (Number.isFinite(most)) {
      return multiply(number(most), normOfOnes(e.shape, kind));
    }
    return add(value, this.reach(e, kind));
  }

  private application(e: ApplyTerm, order: Order, kind: NormKind): Formula {
    const bound = this.ofOneVariable(e, order, kind);
    const mixed = order.x > 0 && order.theta > 0 ? boundOfProduct(this, e, order, kind) : infinity;
    return isInfinite(mixed) ? bound : minimum(bound, mixed);
  }

  private ofOneVariable(e: ApplyTerm, order: Order, kind: NormKind): Formula {
    const composed = oneVariableOf(e);
    if (composed !== undefined) {
      const { inner, bounds } = composed;
      const together = this.compose((k) => number(bounds[k - 1] as number), inner, order, kind, 'largest');
      // On a ball the functions one by one may know more of where they are.
      if (this.region === 'everywhere' && !isInfinite(together)) return together;
      return minimum(together, this.byRules(e, order, kind));
    }
    return this.byRules(e, order, kind);
  }

  private byRules(e: ApplyTerm, order: Order, kind: NormKind): Formula {
    const { atom, args, shape, parameters } = e;
    const [a, b] = args as readonly [Expression, Expression];
    const squared = asSquare(e);
    if (squared !== undefined) return this.square(squared, order, kind);
    const summed = asSumOfSquares(e);
    if (summed !== undefined) return this.square(summed, order, 'sum');
    const form = asQuadraticForm(e);
    if (form !== undefined) return this.quadraticForm(form.inner, form.matrices, order);
    const root = asRootOfSquares(e);
    if (root !== undefined && (order.theta === 0 || hasDataOnly(root)))
      return boundOfRoot(this, e, root, order, kind);
    const definition = definitionOf(e);
    if (definition !== undefined) return this.bound(definition, order, kind);
    switch (atom.name) {
      case 'add':
      case 'subtract':
        return add(...[a, b].map((part) => spread(this.operand(part), shape, order, kind)));
      case 'negate':
      case 'transpose':
      case 'reshape':
      case 'index':
      case 'diag':
        // The same entries, or some of them, in other rows.
        return this.bound(a, order, kind === 'rows' ? 'euclid' : kind);
      case 'concat':
      case 'stack':
        return this.concatenation(e, order, kind);
      case 'sum':
      case 'mean': {
        const count = atom.name === 'mean' ? sizeOf(reducedAway(a.shape, parameters)) : number(1);
        if (shape.length === 0) return divide(this.bound(a, order, 'sum'), count);
        const norms = sumNorms(a.shape, parameters);
        // The sum of a row of k entries is at most √k times its 2-norm.
        const sums =
          kind === 'largest' && isLastAxis(a.shape, parameters)
            ? multiply(norms.euclid, this.bound(a, order, 'rows'))
            : this.linear(norms, a, order, kind);
        return divide(sums, count);
      }
      case 'trace':
        return multiply(squareRoot(sizeOf(a.shape.slice(0, 1))), this.bound(a, order, 'euclid'));
      case 'sumsq_rows':
        return this.squareOfRows(a, order, kind);
      case 'dot':
        return leibniz(order, (p, q) => productNorm('sum', [this.factor(a, p), this.factor(b, q)]));
      case 'multiply':
        return product(this.operand(a), this.operand(b), shape, order, kind);
      case 'divide':
        return this.quotient(a, b, shape, order, kind);
      case 'matmul':
        if (a.shape.length === 0 || b.shape.length === 0) {
          return product(this.operand(a), this.operand(b), shape, order, kind);
        }
        return this.matrixProduct(a, b, shape, order, kind);
      case 'conv1d':
      case 'conv2d':
        return this.convolution(e, order, kind);
      case 'norm2':
      case 'max':
      case 'min': {
        // They move by no more than their argument does, and have kinks: nothing is known of the second order.
        if (order.x + order.theta > 1 && !this.leavesKinksOut) return infinity;
        const each = atom.name !== 'norm2' && kind === 'largest' ? 'largest' : 'euclid';
        const moved = this.bound(a, order, shape.length === 0 && atom.name !== 'norm2' ? 'largest' : each);
        return kind === 'sum' ? multiply(squareRoot(sizeOf(shape)), moved) : moved;
      }
      case 'accuracy':
        // Rows change one by one, so that the share has no bound far away and no second derivative.
        if (order.x !== 1 || order.theta !== 0 || this.region !== 'ball') return infinity;
        return accuracyChange(e, this.bound(a, X, 'rows'));
      case 'softmax': {
        // A row of k entries has a sum of at most √k times its 2-norm.
        const bound = this.compose((k) => number(softmaxBounds[k - 1] as number), a, order, kind, 'rows');
        return kind === 'sum' ? multiply(squareRoot(sizeOf(shape.slice(-1))), bound) : bound;
      }
      case 'inv':
        return boundOfInverse(this, e, order, kind);
      case 'log_det':
      case 'log_abs_det':
        return boundOfLogDet(this, e, order);
      case 'solve':
        return boundOfSolution(this, e, order, kind);
      default: {
        const norms = atom.linear?.(a.shape, parameters);
        return norms === undefined ? this.function(e, order, kind) : this.linear(norms, a, order, kind);
      }
    }
  }

  /** phi of each entry, or psi of each row, by the atom's own bounds. */
  private function(e: ApplyTerm, order: Order, kind: NormKind): Formula {
    const { atom, args, parameters } = e;
    const { derivativeBound, rowwise } = atom;
    if (rowwise !== undefined) {
      const argument = args[rowwise.argument] as Expression;
      const others = args.filter((other) => other !== argument);
      if (others.some((other) => !this.vanishes(other, { x: 1, theta: 0 }) || !this.vanishes(other, T)))
        return infinity;
      return this.compose((k) => number(rowwise.bounds[k - 1] as number), argument, order, kind, 'rows');
    }
    const [argument] = args;
    if (derivativeBound === undefined || argument === undefined || args.length !== 1) return infinity;
    let ends: { readonly lower: Formula; readonly upper: Formula } | undefined;
    return this.compose(
      (k) => {
        ends ??= this.range(argument);
        return derivativeBound(k as 1 | 2 | 3, ends.lower, ends.upper, parameters);
      },
      argument,
      order,
      kind,
      'largest',
    );
  }

  /** Chain rule; `weakest` is how the inner derivative is measured where phi sees one entry or one row. */
  private compose(
    phi: (order: number) => Formula,
    inner: Expression,
    order: Order,
    kind: NormKind,
    weakest: 'largest' | 'rows',
  ): Formula {
    const known = (k: number): Formula => {
      const bound = phi(k);
      return this.leavesKinksOut && isInfinite(bound) ? zero : bound;
    };
    return chain(known, (block) => this.factor(inner, block), order, kind, weakest);
  }

  private factor(e: Expression, order: Order): Factor {
    return { order: order.x + order.theta, fixed: isFixed(e), norm: (kind) => this.bound(e, order, kind) };
  }

  private operand(e: Expression): Operand {
    return { shape: e.shape, fixed: isFixed(e), bound: (order, kind) => this.bound(e, order, kind) };
  }

  /** Entrywise v .* v under any norm: 2 (v v_ij + …); `sum` of D_x D_theta uses ‖D_x' D_theta‖. */
  private square(v: Expression, order: Order, kind: NormKind): Formula {
    if (order.x === 1 && order.theta === 1 && kind === 'sum') {
      const joint = this.jointGram(v);
      if (joint !== undefined) return multiply(number(2), joint);
    }
    return leibniz(order, (p, q) => productNorm(kind, [this.factor(v, p), this.factor(v, q)]));
  }

  /** ‖D_x v' D_theta v‖ for v affine in both levels without products of them; exact. */
  private jointGram(v: Expression): Formula | undefined {
    if (!isZero(this.bound(v, { x: 1, theta: 1 }, 'euclid'))) return undefined;
    const lower = linearMapOf(v, 'lower');
    const upper = linearMapOf(v, 'upper');
    const [left, right] = [lower && soleMatrix(lower), upper && soleMatrix(upper)];
    if (left?.matrix === undefined || right === undefined) return undefined;
    const transposed = transposeOf(left.matrix);
    const matrix = right.matrix === undefined ? transposed : productOf(transposed, right.matrix);
    return multiply(left.factor, right.factor, spectralNorm([matrix]));
  }

  private squareOfRows(a: Expression, order: Order, kind: NormKind): Formula {
    // A row of the result is ⟨v_i, w_i⟩ for the rows of two derivatives.
    const measured = kind === 'rows' ? 'euclid' : kind;
    return leibniz(order, (p, q) => productNorm(measured, [this.factor(a, p), this.factor(a, q)], 'rows'));
  }

  /** a / b = a times 1/b; the derivatives of 1/t are k!/|t|^(k+1). */
  private quotient(a: Expression, b: Expression, shape: Shape, order: Order, kind: NormKind): Formula {
    const fixed = isFixed(b) && (order.theta === 0 || this.vanishes(b, T));
    const numerator = this.operand(a);
    if (fixed) return divide(spread(numerator, shape, order, kind), leastAbsolute(b));
    const { lower, upper } = this.range(b);
    const distance = maximum(lower, negate(upper), zero);
    const derivative = (k: number): Formula =>
      divide(number([1, 1, 2, 6][k] as number), power(distance, k + 1));
    const reciprocal: Operand = {
      shape: b.shape,
      fixed: isFixed(b),
      bound: (part, measured) => {
        if (part.x + part.theta > 0)
          return this.isFree(b, part) ? zero : this.compose(derivative, b, part, measured, 'largest');
        return multiply(normOfOnes(b.shape, measured), derivative(0));
      },
    };
    return product(numerator, reciprocal, shape, order, kind);
  }

  /** A B with ‖A B‖_F <= ‖A‖ ‖B‖_F; a fixed factor counts by its spectral norm. */
  private matrixProduct(a: Expression, b: Expression, shape: Shape, order: Order, kind: NormKind): Formula {
    if (shape.length === 0) {
      return leibniz(order, (p, q) => productNorm('sum', [this.factor(a, p), this.factor(b, q)]));
    }
    const operator = (e: Expression, part: Order): Formula =>
      part.x + part.theta === 0 && isFixed(e) ? spectralNorm([e]) : this.bound(e, part, 'euclid');
    return leibniz(order, (p, q) => {
      const whole = minimum(
        multiply(operator(a, p), this.bound(b, q, 'euclid')),
        multiply(this.bound(a, p, 'euclid'), operator(b, q)),
      );
      if (kind === 'sum') return multiply(squareRoot(sizeOf(shape)), whole);
      if (kind === 'euclid' || a.shape.length === 1) return whole;
      // Row i of A B is row i of A times B.
      return multiply(this.bound(a, p, 'rows'), operator(b, q));
    });
  }

  /** e' P e = e' S e with S = (P + P')/2, shared out among S, e and e; S moves at most as P does. */
  private quadraticForm(e: Expression, matrices: readonly Expression[], order: Order): Formula {
    const half = divide(spectralNorm([symmetrisedOf(matrices)]), number(2));
    const p = matrices.reduce(productOf);
    return leibniz(order, (ofMatrix, rest) => {
      const matrix = ofMatrix.x + ofMatrix.theta === 0 ? half : this.bound(p, ofMatrix, 'euclid');
      if (isZero(matrix)) return zero;
      const pair = (first: Order, second: Order): Formula =>
        multiply(this.bound(e, first, 'euclid'), this.bound(e, second, 'euclid'));
      return multiply(matrix, leibniz(rest, pair));
    });
  }

  /** A fixed linear map of a. */
  private linear(norms: LinearNorms, a: Expression, order: Order, kind: NormKind): Formula {
    if (kind === 'sum') return multiply(norms.columnSum, this.bound(a, order, 'sum'));
    const bySize = multiply(norms[kind], this.bound(a, order, 'euclid'));
    return kind === 'largest'
      ? minimum(bySize, multiply(norms.rowSum, this.bound(a, order, 'largest')))
      : bySize;
  }

  /** Fixed filters, or a fixed array, count by the norms of their convolution. */
  private convolution(e: ApplyTerm, order: Order, kind: NormKind): Formula {
    const [x, k] = e.args as readonly [Expression, Expression];
    return leibniz(order, (p, q) => {
      if (q.x + q.theta === 0 && isFixed(k)) return this.linear(convolutionNorms(e, 0), x, p, kind);
      if (p.x + p.theta === 0 && isFixed(x)) return this.linear(convolutionNorms(e, 1), k, q, kind);
      return bilinearConvolution(
        e,
        kind,
        (measured) => this.bound(x, p, measured),
        (measured) => this.bound(k, q, measured),
      );
    });
  }

  /** Arrays end to end, or stacked: along the last axis they share the rows, along others they have their own. */
  private concatenation({ args, shape, parameters }: ApplyTerm, order: Order, kind: NormKind): Formula {
    const bounds = args.map((argument) => this.bound(argument, order, kind));
    if (kind === 'sum') return add(...bounds);
    const sharesRows = axisOf(parameters, shape.length, 'first') === shape.length - 1;
    if (kind === 'largest' || (kind === 'rows' && !sharesRows)) return maximum(...bounds);
    return squareRoot(add(...bounds.map((bound) => power(bound, 2))));
  }
}
