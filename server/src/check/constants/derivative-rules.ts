/**
 * The rules by which derivatives of compositions and products are bounded, as functions of bounds of
 * the parts: the chain rule over set partitions (Faà di Bruno), Leibniz' rule, and what broadcasting
 * does to norms. A derivative is taken `x` times in the lower and `theta` times in the upper unknowns.
 */
import type { Formula } from '../../atoms/formula.ts';
import { add, divide, isZero, multiply, number, squareRoot, zero } from '../../atoms/formula.ts';
import { sizeOf } from '../../atoms/size.ts';
import type { Shape } from '../../base/dimension.ts';
import { sameDimension, sameShape } from '../../base/dimension.ts';
import type { Factor, NormKind } from './holder.ts';
import { productNorm } from './holder.ts';

/** How often differentiated in x and in theta. */
export interface Order {
  readonly x: number;
  readonly theta: number;
}

/** One block of a partition of the derivatives, and how many partitions look like it. */
interface Partition {
  readonly count: number;
  readonly blocks: readonly Order[];
}

export const X: Order = { x: 1, theta: 0 };
export const T: Order = { x: 0, theta: 1 };

/** Partitions of i derivatives in x and j in theta: D(phi o u) is the sum of phi^(blocks) times the blocks of u. */
const partitions: Readonly<Record<string, readonly Partition[]>> = {
  '1,0': [{ count: 1, blocks: [X] }],
  '0,1': [{ count: 1, blocks: [T] }],
  '2,0': [
    { count: 1, blocks: [X, X] },
    { count: 1, blocks: [{ x: 2, theta: 0 }] },
  ],
  '3,0': [
    { count: 1, blocks: [X, X, X] },
    { count: 3, blocks: [X, { x: 2, theta: 0 }] },
    { count: 1, blocks: [{ x: 3, theta: 0 }] },
  ],
  '1,1': [
    { count: 1, blocks: [X, T] },
    { count: 1, blocks: [{ x: 1, theta: 1 }] },
  ],
  '2,1': [
    { count: 1, blocks: [X, X, T] },
    { count: 2, blocks: [X, { x: 1, theta: 1 }] },
    { count: 1, blocks: [{ x: 2, theta: 0 }, T] },
    { count: 1, blocks: [{ x: 2, theta: 1 }] },
  ],
};

/** The norm of an array of ones. */
export function normOfOnes(shape: Shape, kind: NormKind): Formula {
  if (kind === 'largest') return number(1);
  if (kind === 'sum') return sizeOf(shape);
  return squareRoot(sizeOf(kind === 'rows' ? shape.slice(-1) : shape));
}

/** An operand of a product: its derivatives and, of an array, its place in the result's shape. */
export interface Operand {
  readonly shape: Shape;
  readonly fixed: boolean;
  readonly bound: (order: Order, kind: NormKind) => Formula;
}

/** Chain rule; `weakest` is how the inner derivative is measured where phi sees one entry or one row. */
export function chain(
  phi: (order: number) => Formula,
  factorOf: (block: Order) => Factor,
  order: Order,
  kind: NormKind,
  weakest: 'largest' | 'rows',
): Formula {
  const terms = partitions[`${order.x},${order.theta}`] ?? [];
  return add(
    ...terms.map(({ count, blocks }) => {
      const factors = blocks.map(factorOf);
      const whole = productNorm(kind, factors, weakest);
      return isZero(whole) ? zero : multiply(number(count), phi(blocks.length), whole);
    }),
  );
}

/** The sum over all ways to share the derivatives among two factors. */
export function leibniz(order: Order, pair: (p: Order, q: Order) => Formula): Formula {
  const binomial = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1]] as const;
  const terms: Formula[] = [];
  for (let x = 0; x <= order.x; x++) {
    for (let theta = 0; theta <= order.theta; theta++) {
      const count = binomial[order.x]?.[x] ?? 1;
      terms.push(multiply(number(count), pair({ x, theta }, { x: order.x - x, theta: order.theta - theta })));
    }
  }
  return add(...terms);
}

/** Entrywise product with broadcasting. */
export function product(p: Operand, q: Operand, shape: Shape, order: Order, kind: NormKind): Formula {
  return leibniz(order, (first, second) => {
    if (p.shape.length === 0) return multiply(p.bound(first, 'euclid'), spread(q, shape, second, kind));
    if (q.shape.length === 0) return multiply(q.bound(second, 'euclid'), spread(p, shape, first, kind));
    const factorOf = (operand: Operand, part: Order): Factor => ({
      order: part.x + part.theta,
      fixed: operand.fixed,
      norm: (measured) => spread(operand, shape, part, measured),
    });
    return productNorm(kind, [factorOf(p, first), factorOf(q, second)]);
  });
}

/** The norm after broadcasting: every entry occurs size(to)/size(from) times. */
export function spread(operand: Operand, to: Shape, order: Order, kind: NormKind): Formula {
  const { shape: from, bound } = operand;
  if (sameShape(from, to) || kind === 'largest') return bound(order, kind);
  const copies = divide(sizeOf(to), sizeOf(from));
  if (kind === 'sum') return multiply(copies, bound(order, 'sum'));
  if (kind === 'euclid') return multiply(squareRoot(copies), bound(order, 'euclid'));
  const [last, lastFrom] = [to.at(-1), from.at(-1)];
  if (last !== undefined && lastFrom !== undefined && sameDimension(last, lastFrom))
    return bound(order, 'rows');
  return multiply(squareRoot(sizeOf(to.slice(-1))), bound(order, 'largest'));
}
