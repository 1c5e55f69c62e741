/** The rows of convolutions, image gradients and total variation, by index arithmetic. */
import type { Parameters } from '../../server/src/atoms/atom.ts';
import type { AtomRow, NumberArray } from './row.ts';
import { total } from './row.ts';
import { at, indices } from './structural-rows.ts';

/** Entry of x at an index whose last axes may lie outside. */
function read(x: NumberArray, index: readonly number[], axes: number, padding: unknown): number {
  if (padding !== 'periodic') return at(x, index);
  const lead = x.shape.length - axes;
  const wrapped = index.map((position, axis) => {
    const length = x.shape[axis] as number;
    return axis < lead ? position : ((position % length) + length) % length;
  });
  return at(x, wrapped);
}

function convolve(axes: 1 | 2) {
  return ([array, filter]: readonly NumberArray[], parameters: Parameters): readonly number[] => {
    const [x, k] = [array as NumberArray, filter as NumberArray];
    const { padding } = parameters;
    const ahead = k.shape.length - axes;
    const windows = k.shape.slice(ahead);
    const stack = x.shape.slice(0, x.shape.length - axes - (ahead === 2 ? 1 : 0));
    const places = x.shape
      .slice(-axes)
      .map((length, axis) => (padding === 'valid' ? length - (windows[axis] as number) + 1 : length));
    const before = windows.map((window) => (padding === 'valid' ? 0 : Math.floor((window - 1) / 2)));
    const filters = ahead > 0 ? [k.shape[0] as number] : [];
    const channels = ahead === 2 ? [k.shape[1] as number] : [];
    return indices([...stack, ...filters, ...places]).map((index) => {
      const inStack = index.slice(0, stack.length);
      const f = index.slice(stack.length, stack.length + filters.length);
      const place = index.slice(stack.length + filters.length);
      return total(
        indices([...channels, ...windows]).map((inWindow) => {
          const c = inWindow.slice(0, channels.length);
          const source = inWindow
            .slice(channels.length)
            .map((offset, axis) => (place[axis] as number) + offset - (before[axis] as number));
          return at(k, [...f, ...inWindow]) * read(x, [...inStack, ...c, ...source], axes, padding);
        }),
      );
    });
  };
}

function gradientOf(x: NumberArray, index: readonly number[]): readonly [number, number] {
  const forward = (axis: number): number => {
    const next = (index[axis] as number) + 1;
    return next < (x.shape[axis] as number) ? at(x, index.with(axis, next)) - at(x, index) : 0;
  };
  const rank = x.shape.length;
  return [forward(rank - 2), forward(rank - 1)];
}

const paddings: readonly Parameters[] = ['valid', 'zero', 'periodic'].map((padding) => ({ padding }));
const valid: Parameters = { padding: 'valid' };

export const convolutionRows: Readonly<Record<string, AtomRow>> = {
  conv1d: {
    parameters: paddings,
    samples: [
      [[7], [3]],
      [[5], [4]],
      [[5], [1]],
      [[6], [2, 3]],
      [[3, 6], [2]],
      [
        [2, 6],
        [3, 3],
      ],
      [
        [2, 5],
        [3, 2, 3],
      ],
      [
        [2, 3, 5],
        [2, 3, 2],
      ],
    ],
    shapes: [
      { args: ['n', 'w'], parameters: valid, gives: 'n - w + 1' },
      { args: ['n', '3'], parameters: { padding: 'zero' }, gives: 'n' },
      { args: ['n', 'f, 3'], parameters: valid, gives: 'f, n - 2' },
      { args: ['s, n', '3'], parameters: { padding: 'periodic' }, gives: 's, n' },
      { args: ['s, n', 'f, 3'], parameters: valid, gives: 's, f, n - 2' },
      { args: ['s, c, n', 'f, c, 3'], parameters: valid, gives: 's, f, n - 2' },
      { args: ['n', 'f, c, 3'], parameters: valid, gives: /filters have c channels, vector\[n\] has none/ },
      { args: ['d, n', 'f, c, 3'], parameters: valid, gives: /c channels, matrix\[d, n\] has d/ },
      { args: ['5', '6'], parameters: valid, gives: /window of 6 entries does not fit in 5/ },
      { args: ['5', '6'], parameters: { padding: 'zero' }, gives: '5' },
      { args: ['', '3'], parameters: valid, gives: /must be a vector or a stack of signals/ },
      { args: ['n', ''], parameters: valid, gives: /a filter is a vector \[w\]/ },
    ],
    meaning: convolve(1),
  },
  conv2d: {
    parameters: paddings,
    samples: [
      [
        [4, 5],
        [2, 3],
      ],
      [
        [3, 4],
        [2, 3, 3],
      ],
      [
        [2, 3, 4],
        [2, 2],
      ],
      [
        [2, 4, 3],
        [3, 2, 2, 3],
      ],
    ],
    shapes: [
      { args: ['h, w', '3, 3'], parameters: valid, gives: 'h - 2, w - 2' },
      { args: ['h, w', 'f, 3, 5'], parameters: { padding: 'zero' }, gives: 'f, h, w' },
      { args: ['s, h, w', 'f, 3, 5'], parameters: { padding: 'periodic' }, gives: 's, f, h, w' },
      { args: ['c, h, w', 'f, c, 1, 1'], parameters: valid, gives: 'f, h, w' },
      { args: ['h, w', '3'], parameters: valid, gives: /a filter is a matrix \[a, b\]/ },
      { args: ['n', '3, 3'], parameters: valid, gives: /must be an image/ },
      { args: ['h, 2', '1, 3'], parameters: { padding: 'periodic' }, gives: /3 entries does not fit in 2/ },
    ],
    meaning: convolve(2),
  },
  grad2d: {
    samples: [[[4, 5]], [[1, 4]], [[2, 3, 3]]],
    shapes: [
      { args: ['h, w'], gives: 'h, w, 2' },
      { args: ['k, h, w'], gives: 'k, h, w, 2' },
      { args: ['n'], gives: /must be an image/ },
    ],
    meaning: ([x]) =>
      indices((x as NumberArray).shape).flatMap((index) => gradientOf(x as NumberArray, index)),
  },
  tv: {
    parameters: [{ width: 0.1 }, { width: 2 }],
    samples: [[[6]], [[4, 5]], [[2, 3, 3]]],
    shapes: [
      { args: ['n'], gives: '' },
      { args: ['k, h, w'], gives: '' },
      { args: [''], gives: /must be a signal/ },
      { args: ['1'], gives: /must be a signal/ },
    ],
    meaning: ([array], parameters) => {
      const x = array as NumberArray;
      const width = parameters['width'] as number;
      if (x.shape.length === 1)
        return [
          total(x.values.slice(1).map((value, i) => Math.hypot(value - (x.values[i] as number), width))),
        ];
      return [total(indices(x.shape).map((index) => Math.hypot(...gradientOf(x, index), width)))];
    },
  },
};
