/**
 * Folding of literals, only where the result is exact. A literal stands for a real number without error;
 * where an operation would round, it stays in the graph as a node over literals, evaluated once, so that
 * the running error analysis sees its rounding. Exactness of sums and products is decided by error-free
 * transformations (Knuth 1969, Dekker 1971).
 */
import type { BinaryFunction, UnaryFunction } from './primitive.ts';
import { largestProductExponent, unaryFunctions } from './scalar-functions.ts';

/** Within these the parts of Dekker's product neither overflow nor underflow. */
const largestSafe = 2 ** 480;
const smallestSafe = 2 ** -480;

export function exactUnary(fn: UnaryFunction, t: number): number | undefined {
  switch (fn) {
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'step':
      return unaryFunctions[fn](t);
    case 'reciprocal':
      return exactQuotient(1, t);
    case 'sqrt': {
      const root = Math.sqrt(t);
      return exactProduct(root, root) === t ? root : undefined;
    }
    case 'exp':
    case 'expm1':
    case 'log1p':
    case 'sin':
    case 'atan':
    case 'tanh':
    case 'sigmoid':
    case 'cos':
    case 'erf':
      return t === 0 ? unaryFunctions[fn](t) : undefined;
    case 'log':
      return t === 1 ? 0 : undefined;
    case 'xlogx':
      return t === 0 || t === 1 ? 0 : undefined;
    case 'softplus':
      return undefined;
  }
}

export function exactBinary(fn: BinaryFunction, s: number, t: number): number | undefined {
  switch (fn) {
    case 'add':
      return exactSum(s, t);
    case 'subtract':
      return exactSum(s, -t);
    case 'multiply':
      return exactProduct(s, t);
    case 'divide':
      return exactQuotient(s, t);
    case 'power':
      return exactPower(s, t);
    case 'maximum':
      return Math.max(s, t);
    case 'minimum':
      return Math.min(s, t);
  }
}

export function exactPower(t: number, exponent: number): number | undefined {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > largestProductExponent) return undefined;
  let product: number | undefined = 1;
  for (let k = Math.abs(exponent); k > 0 && product !== undefined; k--) product = exactProduct(product, t);
  return product === undefined || exponent >= 0 ? product : exactQuotient(1, product);
}

function exactSum(s: number, t: number): number | undefined {
  const sum = s + t;
  if (!Number.isFinite(sum)) return undefined;
  const part = sum - s;
  return s - (sum - part) + (t - part) === 0 ? sum : undefined;
}

function exactProduct(s: number, t: number): number | undefined {
  const product = s * t;
  if (s === 0 || t === 0) return Number.isFinite(s) && Number.isFinite(t) ? product : undefined;
  if (![s, t, product].every(isSafe)) return undefined;
  const [highS, lowS] = split(s);
  const [highT, lowT] = split(t);
  const error = lowS * lowT - (product - highS * highT - lowS * highT - highS * lowT);
  return error === 0 ? product : undefined;
}

function exactQuotient(s: number, t: number): number | undefined {
  const quotient = s / t;
  if (!Number.isFinite(quotient)) return undefined;
  if (s === 0) return quotient;
  return exactProduct(quotient, t) === s ? quotient : undefined;
}

/** The upper 26 bits and the rest. */
function split(t: number): [number, number] {
  const c = (2 ** 27 + 1) * t;
  const high = c - (c - t);
  return [high, t - high];
}

function isSafe(t: number): boolean {
  const size = Math.abs(t);
  return size >= smallestSafe && size <= largestSafe;
}
