/**
 * The derivative of an expression that is affine in the unknowns of one level, kept as a structured
 * linear map so that its norms are sharp: A x, X W + b (that is [X, 1] acting on each column of
 * W over b), c .* w, and sums, multiples and broadcasts of those. Norms are over all unknowns of
 * the level end to end. What has no structure keeps only bounds of its norms.
 */
import type { LinearNorms } from '../../atoms/atom.ts';
import { formOf } from '../../atoms/definite.ts';
import { definitionOf } from '../../atoms/definition.ts';
import type { ApplyTerm, ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  divide,
  largestAbsolute,
  largestRowNorm,
  minimum,
  multiply,
  norm,
  one,
  power,
  smallestGramEigenvalue,
  spectralNorm,
  squareRoot,
  zero,
} from '../../atoms/formula.ts';
import { formulaKey } from '../../atoms/formula-key.ts';
import { sizeOf, sizeOfDimension } from '../../atoms/size.ts';
import type { Shape } from '../../base/dimension.ts';
import { sameDimension, sameShape } from '../../base/dimension.ts';
import { Dependence } from '../../graph/primitive.ts';
import { inverseOf, isData, isFixed } from '../curvature.ts';
import { leastAbsolute, onesColumn, productOf, scaleColumns, scaleRows, transposeOf } from './expressions.ts';
import { convolutionNorms } from './convolutions.ts';
import type { Piece } from './pieces.ts';
import { areDisjoint, pieceOf } from './pieces.ts';

export type Role = 'lower' | 'upper';

/** Norms of one linear map v -> D v, an array of the expression's shape. */
export interface MapNorms {
  /** ‖D‖ from the 2-norm to the 2-norm of all entries. */
  readonly euclid: Formula;
  /** max over entries k of ‖row k of D‖. */
  readonly largest: Formula;
  /** max over rows i (last axis) of ‖D_i‖; a vector is one row. */
  readonly rows: Formula;
  /** A lower bound of lambda_min(D'D). */
  readonly gram: Formula;
}

type Form =
  /** Entry k is x_k, or c_k x_k. */
  | { readonly kind: 'diagonal'; readonly entries?: Expression }
  /** A x for vectors, A X for matrices: A acts on each column. A scalar A is a repeated row x. */
  | { readonly kind: 'columns'; readonly columns: Expression }
  | ({ readonly kind: 'bounded' } & MapNorms);

interface Part {
  readonly symbol: ArraySymbol;
  /** The entries that the part moves with; its form acts on these, and `gram` is over these. */
  readonly piece: Piece;
  /** Upper and lower bounds of the absolute value of the multiple in front. */
  readonly factor: Formula;
  readonly least: Formula;
  readonly form: Form;
}

export interface LinearMap {
  readonly parts: readonly Part[];
  readonly shape: Shape;
}

/** The derivative of `e` in the unknowns of `role`; undefined when e is not seen to be affine in them. */
export function linearMapOf(e: Expression, role: Role): LinearMap | undefined {
  const bit = role === 'lower' ? Dependence.lower : Dependence.upper;
  if ((e.dependence & bit) === 0) return { parts: [], shape: e.shape };
  if (e.kind === 'symbol') {
    return {
      parts: [identity({ symbol: e.symbol })],
      shape: e.shape,
    };
  }
  return e.kind === 'apply' ? ofApplication(e, role) : undefined;
}

function identity(piece: Piece): Part {
  return { symbol: piece.symbol, piece, factor: one, least: one, form: { kind: 'diagonal' } };
}

function ofApplication(e: ApplyTerm, role: Role): LinearMap | undefined {
  const { atom, args, shape } = e;
  const [a, b] = args as readonly [Expression, Expression];
  switch (atom.name) {
    case 'add':
    case 'subtract': {
      const left = linearMapOf(a, role);
      const right = linearMapOf(b, role);
      if (left === undefined || right === undefined) return undefined;
      return { parts: [...broadcast(left, shape), ...broadcast(right, shape)], shape };
    }
    case 'negate':
      return linearMapOf(a, role);
    case 'divide': {
      const map = linearMapOf(a, role);
      if (map === undefined || !isCoefficient(b, role)) return undefined;
      const parts = broadcast(map, shape).map((part) => ({
        ...part,
        factor: divide(part.factor, leastAbsolute(b)),
        least: divide(part.least, largestAbsolute(b)),
      }));
      return { parts, shape };
    }
    case 'multiply':
    case 'matmul': {
      const leftFixed = isCoefficient(a, role);
      if (!leftFixed && !isCoefficient(b, role)) return undefined;
      const map = linearMapOf(leftFixed ? b : a, role);
      if (map === undefined) return undefined;
      const coefficient = leftFixed ? a : b;
      const isScaling = atom.name === 'multiply' || a.shape.length === 0 || b.shape.length === 0;
      if (isScaling) {
        return { parts: broadcast(map, shape).map((part) => scalePart(part, coefficient, shape)), shape };
      }
      const parts = map.parts.map((part) =>
        leftFixed
          ? multiplyFromLeft(a, part, map.shape, shape)
          : multiplyFromRight(part, b, map.shape, shape),
      );
      return { parts, shape };
    }
    case 'solve': {
      if (!isCoefficient(a, role)) return undefined;
      // A⁻¹ b, a product with a matrix that is known.
      const product = productOf(inverseOf(a, formOf(e.parameters)), b);
      return sameShape(product.shape, shape) ? linearMapOf(product, role) : undefined;
    }
    case 'transpose': {
      const map = linearMapOf(a, role);
      return map && { parts: map.parts.map((part) => rearranged(part, map.shape, true)), shape };
    }
    case 'index':
    case 'reshape': {
      const piece = pieceOf(e);
      if (piece !== undefined) return { parts: [identity(piece)], shape };
      const map = linearMapOf(a, role);
      // An index that leaves as many entries as there were, such as the only column, leaves all of them.
      const whole = atom.name === 'reshape' || formulaKey(sizeOf(a.shape)) === formulaKey(sizeOf(shape));
      return map && { parts: map.parts.map((part) => rearranged(part, map.shape, whole)), shape };
    }
    case 'conv1d':
    case 'conv2d': {
      const moving = isCoefficient(b, role) ? 0 : 1;
      if (moving === 1 && !isCoefficient(a, role)) return undefined;
      const map = linearMapOf(args[moving] as Expression, role);
      if (map === undefined) return undefined;
      const norms = convolutionNorms(e, moving);
      return { parts: map.parts.map((part) => applied(norms, part, map.shape)), shape };
    }
    default: {
      const definition = definitionOf(e);
      if (definition !== undefined) return linearMapOf(definition, role);
      const map = atom.linear === undefined ? undefined : linearMapOf(a, role);
      const norms = atom.linear?.(a.shape, e.parameters);
      if (map === undefined || norms === undefined) return undefined;
      return { parts: map.parts.map((part) => applied(norms, part, map.shape)), shape };
    }
  }
}

/** A coefficient may depend on the other level only where that level's point is fixed: on theta. */
function isCoefficient(e: Expression, role: Role): boolean {
  return role === 'lower' ? isFixed(e) : isData(e);
}

/** The norms of one part without the others; its multiple is left out. */
function formNorms(form: Form, shape: Shape): MapNorms {
  if (form.kind === 'bounded') return form;
  if (form.kind === 'diagonal') {
    const { entries } = form;
    if (entries === undefined) return { euclid: one, largest: one, rows: one, gram: one };
    const most = largestAbsolute(entries);
    return { euclid: most, largest: most, rows: most, gram: power(leastAbsolute(entries), 2) };
  }
  const { columns } = form;
  if (columns.shape.length === 0) {
    const [rows] = shape;
    const count = rows === undefined ? one : sizeOfDimension(rows);
    const entry = largestAbsolute(columns);
    const euclid = multiply(entry, squareRoot(count));
    // [n] from a scalar: one row of n entries; [n, k] from a vector [k]: n rows, each x itself.
    const perRow = shape.length < 2 ? euclid : entry;
    return { euclid, largest: entry, rows: perRow, gram: multiply(power(entry, 2), count) };
  }
  const euclid = spectralNorm([columns]);
  const largest = largestRowNorm([columns]);
  return {
    euclid,
    largest,
    rows: shape.length < 2 ? euclid : largest,
    gram: smallestGramEigenvalue([columns]),
  };
}

/**
 * Norms of the sum of the parts. Parts of different unknowns act on different coordinates, so
 * ‖[D1, D2]‖² <= ‖D1‖² + ‖D2‖²; of equal unknowns they add; equal multiples of column maps are
 * put side by side, which is exact.
 */
export function mapNorms({ parts, shape }: LinearMap): MapNorms {
  const [first] = parts;
  if (first === undefined) return { euclid: zero, largest: zero, rows: zero, gram: zero };
  if (parts.length === 1) return scaledNorms(first, shape);
  const joint = sideBySide(parts);
  if (joint !== undefined) {
    const factor = first.factor;
    const euclid = multiply(factor, spectralNorm(joint));
    const largest = multiply(factor, largestRowNorm(joint));
    const least = power(minimum(...parts.map((part) => part.least)), 2);
    return {
      euclid,
      largest,
      rows: shape.length < 2 ? euclid : largest,
      gram: multiply(least, smallestGramEigenvalue(joint)),
    };
  }
  const bySymbol = Map.groupBy(parts, (part) => part.symbol.name);
  const combine = (pick: (norms: MapNorms) => Formula): Formula => {
    const blocks = [...bySymbol.values()].map((group) =>
      add(...group.map((part) => pick(scaledNorms(part, shape)))),
    );
    return blocks.length === 1
      ? (blocks[0] as Formula)
      : squareRoot(add(...blocks.map((block) => power(block, 2))));
  };
  const gram = jointGram(parts);
  return {
    euclid: combine((norms) => norms.euclid),
    largest: combine((norms) => norms.largest),
    rows: combine((norms) => norms.rows),
    gram,
  };
}

function scaledNorms(part: Part, shape: Shape): MapNorms {
  const { euclid, largest, rows, gram } = formNorms(part.form, shape);
  return {
    euclid: multiply(part.factor, euclid),
    largest: multiply(part.factor, largest),
    rows: multiply(part.factor, rows),
    gram: multiply(power(part.least, 2), gram),
  };
}

function columnsOf(parts: readonly Part[]): readonly Expression[] | undefined {
  const columns = parts.flatMap(({ form }) => (form.kind === 'columns' ? [form.columns] : []));
  const distinct = parts.every((part, at) =>
    parts.slice(0, at).every((other) => areDisjoint(part.piece, other.piece)),
  );
  const hasRows = columns.some((column) => column.shape.length > 0);
  return columns.length === parts.length && distinct && hasRows ? columns : undefined;
}

function sideBySide(parts: readonly Part[]): readonly Expression[] | undefined {
  const equal = new Set(parts.map((part) => formulaKey(part.factor))).size === 1;
  return equal ? columnsOf(parts) : undefined;
}

/** [f1 A1, f2 A2]'[f1 A1, f2 A2] >= min f² lambda_min([A1, A2]'[A1, A2]). */
function jointGram(parts: readonly Part[]): Formula {
  const columns = columnsOf(parts);
  if (columns === undefined) return zero;
  return multiply(power(minimum(...parts.map((part) => part.least)), 2), smallestGramEigenvalue(columns));
}

/** The matrix A when the map is a known scalar multiple of v -> A v of one unknown; else undefined. */
export function soleMatrix(
  map: LinearMap,
): { readonly factor: Formula; readonly matrix?: Expression } | undefined {
  const [part, ...others] = map.parts;
  if (part === undefined || others.length > 0 || map.shape.length !== 1) return undefined;
  const { factor, form } = part;
  if (form.kind === 'columns' && form.columns.shape.length === 2) return { factor, matrix: form.columns };
  if (form.kind === 'diagonal' && form.entries === undefined) return { factor };
  return undefined;
}

/** True for a multiple of one unknown, all of it. */
export function isIdentity({ parts }: LinearMap): boolean {
  const [part, ...others] = parts;
  if (part === undefined || others.length > 0 || part.piece.box !== undefined) return false;
  return part.form.kind === 'diagonal' && part.form.entries === undefined;
}

/** The pieces of the unknowns that the map moves with; `gram` is over the entries of these. */
export function piecesOf(map: LinearMap): readonly Piece[] {
  return map.parts.map((part) => part.piece);
}

function bounded(part: Part, norms: MapNorms): Part {
  return { ...part, form: { kind: 'bounded', ...norms } };
}

function broadcast(map: LinearMap, shape: Shape): readonly Part[] {
  return sameShape(map.shape, shape)
    ? map.parts
    : map.parts.map((part) => broadcastPart(part, map.shape, shape));
}

function broadcastPart(part: Part, from: Shape, to: Shape): Part {
  const { form } = part;
  const last = to.at(-1);
  const sameLast = from.length > 0 && last !== undefined && sameDimension(from.at(-1) as typeof last, last);
  if (form.kind === 'diagonal' && form.entries === undefined) {
    const repeatsScalar = from.length === 0 && to.length === 1;
    const repeatsRow = from.length === 1 && to.length === 2 && sameLast;
    if (repeatsScalar || repeatsRow) return { ...part, form: { kind: 'columns', columns: onesColumn } };
  }
  const { euclid, largest, rows, gram } = formNorms(form, from);
  const copies = divide(sizeOf(to), sizeOf(from));
  const grown = multiply(squareRoot(copies), euclid);
  const wholeRow = sameLast
    ? rows
    : from.length === 0
      ? multiply(squareRoot(sizeOf(to.slice(-1))), largest)
      : grown;
  return bounded(part, {
    euclid: grown,
    largest,
    rows: to.length < 2 ? grown : wholeRow,
    gram: multiply(copies, gram),
  });
}

/** c .* (the part), where c is a scalar or broadcasts to the part's shape. */
function scalePart(part: Part, c: Expression, shape: Shape): Part {
  const { form } = part;
  if (c.shape.length > 0 && isData(c)) {
    const fits = sameShape(c.shape, shape);
    if (form.kind === 'columns' && shape.length === 1 && fits) {
      return { ...part, form: { kind: 'columns', columns: scaleRows(c, form.columns) } };
    }
    if (form.kind === 'diagonal' && fits) {
      const entries = form.entries === undefined ? c : scaleColumns(form.entries, c);
      return { ...part, form: { kind: 'diagonal', entries } };
    }
  }
  return {
    ...part,
    factor: multiply(largestAbsolute(c), part.factor),
    least: multiply(leastAbsolute(c), part.least),
  };
}

/** A times the part, which is a vector or a matrix of shape `inner`. */
function multiplyFromLeft(a: Expression, part: Part, inner: Shape, shape: Shape): Part {
  const { form } = part;
  if (a.shape.length === 2) {
    if (form.kind === 'diagonal' && form.entries === undefined)
      return { ...part, form: { kind: 'columns', columns: a } };
    if (form.kind === 'diagonal' && form.entries !== undefined && inner.length === 1) {
      return { ...part, form: { kind: 'columns', columns: scaleColumns(a, form.entries) } };
    }
    // A product with a 1 x 1 result would turn into a scalar, which reads as a repeated row.
    if (form.kind === 'columns' && form.columns.shape.length === 2) {
      const columns = productOf(a, form.columns);
      if (columns.shape.length === 2) return { ...part, form: { kind: 'columns', columns } };
    }
  }
  const { euclid, gram } = formNorms(form, inner);
  const grown = multiply(spectralNorm([a]), euclid);
  const perRow = multiply(rowNormOf(a), euclid);
  return bounded(part, {
    euclid: grown,
    largest: perRow,
    rows: shape.length < 2 ? grown : perRow,
    gram: multiply(smallestGramEigenvalue([a]), gram),
  });
}

/** The part, a matrix or a row of shape `inner`, times B. */
function multiplyFromRight(part: Part, b: Expression, inner: Shape, shape: Shape): Part {
  const norms = formNorms(part.form, inner);
  const whole = spectralNorm([b]);
  // Before the product a vector is a column with rows of one entry each.
  const rows = inner.length === 1 ? norms.largest : norms.rows;
  const euclid = multiply(norms.euclid, whole);
  const columnNorm = b.shape.length === 1 ? norm(b) : rowNormOf(transposeOf(b));
  return bounded(part, {
    euclid,
    largest: multiply(rows, columnNorm),
    rows: shape.length < 2 ? euclid : multiply(rows, whole),
    gram: b.shape.length === 2 ? multiply(norms.gram, smallestGramEigenvalue([transposeOf(b)])) : zero,
  });
}

/** A fixed map after the part: one entry of the result is a row of the map times the part. */
function applied(norms: LinearNorms, part: Part, inner: Shape): Part {
  const { euclid, largest, gram } = formNorms(part.form, inner);
  const byRow = multiply(norms.largest, euclid);
  const bySum = multiply(norms.rowSum, largest);
  return bounded(part, {
    euclid: multiply(norms.euclid, euclid),
    // A row's 2-norm is at most its sum, so where the two norms of the part agree the first is the smaller one.
    largest: formulaKey(euclid) === formulaKey(largest) ? byRow : minimum(byRow, bySum),
    rows: multiply(norms.rows, euclid),
    gram: multiply(norms.gram, gram),
  });
}

function rowNormOf(a: Expression): Formula {
  return a.shape.length === 2 ? largestRowNorm([a]) : largestAbsolute(a);
}

/** The same entries in another order (`whole`), or some of them. */
function rearranged(part: Part, from: Shape, whole: boolean): Part {
  const { euclid, largest, gram } = formNorms(part.form, from);
  return bounded(part, { euclid, largest, rows: euclid, gram: whole ? gram : zero });
}
