/** The box `[lo, hi]`: ends are numbers or arrays of the unknown's shape. Its projection is exact. */
import type { Box, Empty, Projector, SetKind } from './set.ts';
import { isEmpty, perEntry, sizeOf } from './set.ts';

export const box: SetKind = {
  name: 'box',
  documentation: {
    signature: '[lo, hi]',
    summary: 'every entry between two ends, which are numbers or arrays',
    formula: 'loᵢ ≤ xᵢ ≤ hiᵢ',
  },
  arguments: [
    { name: 'lo', kind: 'entries' },
    { name: 'hi', kind: 'entries' },
  ],
  range: ([lower, upper]) => ({ lower: lower?.lower ?? -Infinity, upper: upper?.upper ?? Infinity }),
  demands: ([lower, upper], shape) => {
    const size = sizeOf(shape);
    const made = boxBetween(perEntry(lower as Float64Array, size), perEntry(upper as Float64Array, size));
    return isEmpty(made) ? made : { box: made };
  },
};

export function boxBetween(lower: Float64Array, upper: Float64Array): Box | Empty {
  const at = lower.findIndex((least, i) => !(least <= (upper[i] as number)));
  if (at < 0) return { lower, upper };
  const where = lower.length === 1 ? '' : ` at entry ${at + 1}`;
  return { empty: `no number lies between ${lower[at] ?? ''} and ${upper[at] ?? ''}${where}` };
}

export function intersectBoxes(a: Box, b: Box): Box | Empty {
  return boxBetween(
    a.lower.map((value, i) => Math.max(value, b.lower[i] as number)),
    a.upper.map((value, i) => Math.min(value, b.upper[i] as number)),
  );
}

/** In place; NaN stays NaN. */
export function clip(values: Float64Array, { lower, upper }: Box): Float64Array {
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.min(Math.max(values[i] as number, lower[i] as number), upper[i] as number);
  }
  return values;
}

export function ontoBox(box: Box): Projector {
  return (y) => ({ point: clip(y.slice(), box), error: 0, kind: 'certified' });
}
