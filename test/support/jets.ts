/**
 * Taylor polynomials of order 3 in double-double arithmetic: the value and the first three derivatives of
 * a function of one variable from its closed form alone, good to about 25 digits. A jet holds the
 * coefficients f^(k)/k!; functions compose by Horner's scheme in u − u(0).
 */
import * as dd from './double-double.ts';
import type { DoubleDouble } from './double-double.ts';

export type Jet = readonly [DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble];

/** The variable itself at t. */
export function variable(t: number): Jet {
  return [dd.dd(t), dd.one, dd.zero, dd.zero];
}

export function constant(value: number | DoubleDouble): Jet {
  return [typeof value === 'number' ? dd.dd(value) : value, dd.zero, dd.zero, dd.zero];
}

function jet(coefficient: (k: 0 | 1 | 2 | 3) => DoubleDouble): Jet {
  return [coefficient(0), coefficient(1), coefficient(2), coefficient(3)];
}

const asJet = (a: Jet | number): Jet => (typeof a === 'number' ? constant(a) : a);

/** The order-th derivative. */
export function derivative(a: Jet, order: 0 | 1 | 2 | 3): number {
  return dd.toNumber(dd.multiply(dd.dd([1, 1, 2, 6][order] as number), a[order]));
}

export function add(a: Jet | number, b: Jet | number): Jet {
  return jet((k) => dd.add(asJet(a)[k], asJet(b)[k]));
}

export function negate(a: Jet): Jet {
  return jet((k) => dd.negate(a[k]));
}

export function subtract(a: Jet | number, b: Jet | number): Jet {
  return add(a, negate(asJet(b)));
}

export function multiply(a: Jet | number, b: Jet | number): Jet {
  const [p, q] = [asJet(a), asJet(b)];
  return jet((k) => {
    let sum = dd.zero;
    for (let i = 0; i <= k; i++) {
      sum = dd.add(sum, dd.multiply(p[i as 0 | 1 | 2 | 3], q[(k - i) as 0 | 1 | 2 | 3]));
    }
    return sum;
  });
}

export function divide(a: Jet | number, b: Jet | number): Jet {
  return multiply(a, reciprocal(asJet(b)));
}

/** f(u) from the Taylor coefficients of f at u(0). */
function compose(
  u: Jet,
  coefficients: readonly [DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble],
): Jet {
  const moved: Jet = [dd.zero, u[1], u[2], u[3]];
  let result = constant(coefficients[3]);
  for (const k of [2, 1, 0] as const) result = add(multiply(result, moved), constant(coefficients[k]));
  return result;
}

function over(a: DoubleDouble, divisor: number): DoubleDouble {
  return dd.divide(a, dd.dd(divisor));
}

export function reciprocal(u: Jet): Jet {
  const r = dd.divide(dd.one, u[0]);
  const square = dd.multiply(r, r);
  return compose(u, [r, dd.negate(square), dd.multiply(square, r), dd.negate(dd.multiply(square, square))]);
}

export function exp(u: Jet): Jet {
  const e = dd.exp(u[0]);
  return compose(u, [e, e, over(e, 2), over(e, 6)]);
}

export function expm1(u: Jet): Jet {
  const e = dd.exp(u[0]);
  return compose(u, [dd.expm1(u[0]), e, over(e, 2), over(e, 6)]);
}

export function log(u: Jet): Jet {
  const r = dd.divide(dd.one, u[0]);
  const square = dd.multiply(r, r);
  return compose(u, [dd.log(u[0]), r, over(square, -2), over(dd.multiply(square, r), 3)]);
}

/** ln(1 + u) without cancellation near 0. */
export function log1p(u: Jet): Jet {
  const r = dd.divide(dd.one, dd.add(dd.one, u[0]));
  const square = dd.multiply(r, r);
  return compose(u, [dd.log1p(u[0]), r, over(square, -2), over(dd.multiply(square, r), 3)]);
}

export function sin(u: Jet): Jet {
  const [s, c] = [dd.sin(u[0]), dd.cos(u[0])];
  return compose(u, [s, c, over(s, -2), over(c, -6)]);
}

export function cos(u: Jet): Jet {
  const [s, c] = [dd.sin(u[0]), dd.cos(u[0])];
  return compose(u, [c, dd.negate(s), over(c, -2), over(s, 6)]);
}

export function atan(u: Jet): Jet {
  const square = dd.multiply(u[0], u[0]);
  const d = dd.divide(dd.one, dd.add(dd.one, square));
  const d2 = dd.multiply(d, d);
  const third = dd.multiply(dd.subtract(square, over(dd.one, 3)), dd.multiply(d2, d));
  return compose(u, [dd.atan(u[0]), d, dd.negate(dd.multiply(u[0], d2)), third]);
}

export function erf(u: Jet): Jet {
  const square = dd.multiply(u[0], u[0]);
  const e = dd.multiply(dd.twoOverRootPi, dd.exp(dd.negate(square)));
  const third = over(dd.subtract(dd.multiply(dd.dd(2), square), dd.one), 3);
  return compose(u, [dd.erf(u[0]), e, dd.negate(dd.multiply(u[0], e)), dd.multiply(third, e)]);
}

/** u^exponent; u must be positive unless the exponent is a whole number. */
export function power(u: Jet, exponent: number): Jet {
  const raised = (p: number): DoubleDouble => {
    if (!Number.isInteger(p)) return dd.power(u[0], dd.dd(p));
    let product = dd.one;
    for (let k = Math.abs(p); k > 0; k--) product = dd.multiply(product, u[0]);
    return p < 0 ? dd.divide(dd.one, product) : product;
  };
  let factor = dd.one;
  const coefficients = [0, 1, 2, 3].map((k) => {
    if (k > 0) factor = over(dd.multiply(factor, dd.subtract(dd.dd(exponent), dd.dd(k - 1))), k);
    return factor.hi === 0 ? dd.zero : dd.multiply(factor, raised(exponent - k));
  });
  return compose(u, coefficients as [DoubleDouble, DoubleDouble, DoubleDouble, DoubleDouble]);
}

export function sqrt(u: Jet): Jet {
  const root = dd.sqrt(u[0]);
  const r = dd.divide(dd.one, root);
  const cube = dd.multiply(r, dd.multiply(r, r));
  const fifth = dd.multiply(cube, dd.multiply(r, r));
  return compose(u, [root, over(r, 2), over(cube, -8), over(fifth, 16)]);
}

/** The larger of two; where they are equal its derivatives mean nothing. */
export function maximum(a: Jet | number, b: Jet | number): Jet {
  const [p, q] = [asJet(a), asJet(b)];
  return dd.compare(p[0], q[0]) >= 0 ? p : q;
}

export function minimum(a: Jet | number, b: Jet | number): Jet {
  return negate(maximum(negate(asJet(a)), negate(asJet(b))));
}

export function absolute(a: Jet): Jet {
  return maximum(a, negate(a));
}
