/** `nonneg`: the box from 0 to infinity. */
import type { SetKind } from './set.ts';
import { sizeOf } from './set.ts';

export const nonneg: SetKind = {
  name: 'nonneg',
  documentation: { signature: 'nonneg', summary: 'every entry at least 0', formula: 'xᵢ ≥ 0' },
  arguments: [],
  range: () => ({ lower: 0, upper: Infinity }),
  demands: (_args, shape) => {
    const size = sizeOf(shape);
    return { box: { lower: new Float64Array(size), upper: new Float64Array(size).fill(Infinity) } };
  },
};
