/**
 * Pieces of the lower unknowns: a whole unknown, or the entries in a box of index ranges of it. A
 * bound that holds on a piece S, such as Hessian >= a P_S with P_S the projector on its entries, is
 * added up cell by cell: the ends of all boxes cut each unknown into cells, and a piece covers a cell
 * or has no entry of it. Ends are numbers; a range that ends where the axis does has the end Infinity.
 */
import { subscriptsOf } from '../../atoms/indexing.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, isZero } from '../../atoms/formula.ts';
import type { Dimension } from '../../base/dimension.ts';
import { constantDimension, formatDimension, sameDimension } from '../../base/dimension.ts';
import { isFixed } from '../curvature.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A box of entries of one unknown, a range an axis; without a box all of them. */
export interface Piece {
  readonly symbol: ArraySymbol;
  readonly box?: readonly Range[];
}

/** More cells than this of one unknown, and bounds on boxes are not added up there. */
const mostCells = 512;

/** The entries that an index of an unknown takes; undefined when they are not known as numbers. */
export function pieceOf(e: Expression): Piece | undefined {
  if (e.kind === 'symbol') return { symbol: e.symbol };
  if (e.kind !== 'apply' || e.atom.name !== 'index') return undefined;
  const [array] = e.args;
  if (array?.kind !== 'symbol') return undefined;
  const subscripts = subscriptsOf(e.parameters);
  const box: Range[] = [];
  for (const [axis, size] of array.shape.entries()) {
    const subscript = subscripts[axis] ?? { kind: 'all' };
    if (subscript.kind === 'all') {
      box.push({ from: 1, to: Infinity });
      continue;
    }
    const [first, last] =
      subscript.kind === 'entry' ? [subscript.at, subscript.at] : [subscript.from, subscript.to];
    const { numbers } = subscript;
    const from = numbers?.from ?? constantDimension(first);
    const end = numbers?.to ?? constantDimension(last);
    const length = numbers?.size ?? constantDimension(size);
    const to = sameDimension(last, size) || (end !== undefined && end === length) ? Infinity : end;
    if (from === undefined || to === undefined || !(from >= 1 && from <= to)) return undefined;
    box.push({ from, to });
  }
  const whole = box.every(({ from, to }) => from === 1 && to === Infinity);
  return whole ? { symbol: array.symbol } : { symbol: array.symbol, box };
}

/** The pieces of the lower unknowns that an expression moves with. */
export function lowerPieces(e: Expression): readonly Piece[] {
  if (isFixed(e)) return [];
  const piece = pieceOf(e);
  if (piece !== undefined) return [piece];
  const pieces = partsOf(e).flatMap(lowerPieces);
  return [...new Map(pieces.map((each) => [pieceText(each), each])).values()];
}

/** True when no entry is in both. */
export function areDisjoint(a: Piece, b: Piece): boolean {
  if (a.symbol.name !== b.symbol.name) return true;
  const [own, others] = [boxIn(a, b.symbol), boxIn(b, a.symbol)];
  return (
    own?.some(({ from, to }, axis) => {
      const other = others?.[axis];
      return other !== undefined && (to < other.from || other.to < from);
    }) === true
  );
}

function covers(piece: Piece, cell: Piece): boolean {
  if (piece.symbol.name !== cell.symbol.name) return false;
  return (
    piece.box === undefined ||
    boxIn(piece, cell.symbol)?.every(({ from, to }, axis) => {
      const part = cell.box?.[axis];
      return part !== undefined && from <= part.from && part.to <= to;
    }) === true
  );
}

/** The box of a piece among the entries of `symbol`: of a slice, the same for every value of the index. */
function boxIn({ box, symbol: own }: Piece, symbol: ArraySymbol): readonly Range[] | undefined {
  const lifted = own.slice !== undefined && symbol.slice === undefined;
  return box !== undefined && lifted ? [{ from: 1, to: Infinity }, ...box] : box;
}

/** False when an end of the box is that of an axis whose size is not a number, which may come earlier. */
export function isSurelyThere({ symbol, box }: Piece): boolean {
  return (
    box?.every(
      ({ from, to }, axis) =>
        from === 1 || to < Infinity || constantDimension(symbol.shape[axis] as Dimension) !== undefined,
    ) ?? true
  );
}

/** As one writes it: `w`, `w[1..2]`, `W[3, :]`. */
export function pieceText({ symbol, box }: Piece): string {
  if (box === undefined) return symbol.name;
  const ranges = box.map(({ from, to }, axis) => {
    if (from === 1 && to === Infinity) return ':';
    const size = symbol.shape[axis] as Dimension;
    const end = to === Infinity ? formatDimension(size) : String(to);
    return String(from) === end ? end : `${from}..${end}`;
  });
  return `${symbol.name}[${ranges.join(', ')}]`;
}

export interface OnPieces {
  readonly pieces: readonly Piece[];
}

/** A cell, and the bounds whose pieces cover it. */
export interface Cell<Bound> {
  readonly piece: Piece;
  readonly bounds: readonly Bound[];
}

/** The cells of the unknowns with their bounds; bounds that cannot be cut are passed to `widen`. */
export function cellsOf<Bound extends OnPieces>(
  bounds: readonly Bound[],
  unknowns: readonly ArraySymbol[],
  widen: (bound: Bound) => Bound,
): readonly Cell<Bound>[] {
  const byName = new Map<string, Bound[]>();
  for (const bound of bounds) {
    for (const { symbol } of bound.pieces) {
      const others = byName.get(symbol.name);
      if (others === undefined) byName.set(symbol.name, [bound]);
      else if (others.at(-1) !== bound) others.push(bound);
    }
  }
  return unknowns.flatMap((unknown) => {
    const own = byName.get(unknown.name) ?? [];
    const isWhole = ({ symbol, box }: Piece): boolean =>
      symbol.name !== unknown.name || (box === undefined && symbol.slice === undefined);
    if (own.every((bound) => bound.pieces.every(isWhole)))
      return [{ piece: { symbol: unknown }, bounds: own }];
    const pieces = own.flatMap((bound) => bound.pieces.filter(({ symbol }) => symbol.name === unknown.name));
    // Where all that is known is of slices, cells are of a slice; otherwise of the stack.
    const [slice] = pieces.flatMap(({ symbol }) => (symbol.slice === undefined ? [] : [symbol]));
    const symbol = pieces.every((piece) => piece.symbol.slice !== undefined) ? (slice ?? unknown) : unknown;
    const boxes = pieces.map((piece) => boxIn(piece, symbol)).filter((box) => box !== undefined);
    if (boxes.length === 0) return [{ piece: { symbol }, bounds: own }];
    const axes = symbol.shape.map((size, axis) => cuts(boxes, axis, constantDimension(size) ?? Infinity));
    if (axes.reduce((count, ranges) => count * ranges.length, 1) > mostCells) {
      const isPartial = (bound: Bound): boolean =>
        !bound.pieces.some((piece) => piece.symbol.name === symbol.name && piece.box === undefined);
      return [{ piece: { symbol }, bounds: own.map((each) => (isPartial(each) ? widen(each) : each)) }];
    }
    const cells = axes.reduce<readonly (readonly Range[])[]>(
      (some, ranges) => some.flatMap((box) => ranges.map((range) => [...box, range])),
      [[]],
    );
    return cells.map((box) => {
      const piece = { symbol, box };
      return { piece, bounds: own.filter(({ pieces }) => pieces.some((each) => covers(each, piece))) };
    });
  });
}

/** The ranges between all ends of the boxes on one axis. */
function cuts(boxes: readonly (readonly Range[])[], axis: number, size: number): readonly Range[] {
  const starts = new Set([1]);
  for (const box of boxes) {
    const range = box[axis] as Range;
    for (const start of [range.from, range.to + 1]) if (start <= size && start < Infinity) starts.add(start);
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((from, at) => ({ from, to: (sorted[at + 1] ?? Infinity) - 1 }));
}

/**
 * The least or the largest over the cells of the sum of the bounds there; what covers every cell
 * stands outside. Cells without a bound count as 0 for the least and not at all for the largest.
 */
export function overCells<Bound extends OnPieces>(
  cells: readonly Cell<Bound>[],
  total: (bounds: readonly Bound[]) => Formula,
  extremum: (...sums: readonly Formula[]) => Formula,
  skipEmpty: boolean,
): Formula {
  const [first] = cells;
  if (first === undefined) return add();
  const common = new Set(first.bounds.filter((bound) => cells.every(({ bounds }) => bounds.includes(bound))));
  const sums = cells
    .map(({ bounds }) => total(bounds.filter((bound) => !common.has(bound))))
    .filter((sum) => !skipEmpty || !isZero(sum));
  return add(total([...common]), ...(sums.length === 0 ? [] : [extremum(...sums)]));
}
