/**
 * conv1d(x, k) and conv2d(x, k): every window of x on its last one or two axes times a filter, summed, as
 * machine learning has it (`flip(k)` makes the convolution of mathematics of it). The filter is one
 * [w], several [f, w], which add an axis, or several over channels [f, c, w], which take the axis of the
 * channels; axes of x before those are a stack. Lowered to the product of the filters with the windows.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import {
  addDimensions,
  constantDimension,
  fixedDimension,
  formatDimension,
  formatShape,
  multiplyDimensions,
  sameDimension,
} from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { padded, part } from './along-axis.ts';
import type { Atom, Parameters, ShapeProblem } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { wholeLine } from './expression.ts';
import { entryCount, hull, interval, multiplyIntervals, sumInterval } from './interval.ts';

/** Filter axes before the window: none, the filters, the filters and the channels. */
type FilterAxes = 0 | 1 | 2;

/** The axes of a window: 1 of signals, 2 of images. */
export function windowAxes(atom: Atom): 1 | 2 {
  return atom.name === 'conv1d' ? 1 : 2;
}

const paddings = ['valid', 'zero', 'periodic'] as const;

function resultShape(x: Shape, k: Shape, axes: 1 | 2, parameters: Parameters): Shape | ShapeProblem {
  const array = axes === 1 ? 'a vector or a stack of signals' : 'an image or a stack of images';
  const filters = k.length - axes;
  if (x.length < axes) return { problem: `this must be ${array}, but is ${formatShape(x)}`, argument: 0 };
  if (filters < 0 || filters > 2) {
    const one = axes === 1 ? 'a vector [w]' : 'a matrix [a, b]';
    return {
      problem: `a filter is ${one}, or several with their own axis, and with one for channels, not ${formatShape(k)}`,
      argument: 1,
    };
  }
  const lead = x.slice(0, -axes);
  if (filters === 2) {
    const [channels, needed] = [lead.at(-1), k[1] as Dimension];
    if (channels === undefined || !sameDimension(channels, needed)) {
      return {
        problem: `the filters have ${formatDimension(needed)} channels, ${formatShape(x)} has ${channels === undefined ? 'none' : formatDimension(channels)}`,
        remedy: 'the channels are the axis in front of the window axes, and the second axis of the filters',
        argument: 1,
      };
    }
  }
  const windows = k.slice(filters);
  const places: Dimension[] = [];
  for (const [axis, length] of x.slice(-axes).entries()) {
    const window = windows[axis] as Dimension;
    const [most, least] = [constantDimension(length), constantDimension(window)];
    if (parameters['padding'] !== 'zero' && most !== undefined && least !== undefined && least > most) {
      return {
        problem: `a window of ${least} entries does not fit in ${most}`,
        remedy: 'write `padding = "zero"`, or use a shorter filter',
        final: true,
        argument: 1,
      };
    }
    const valid = addDimensions(
      addDimensions(length, multiplyDimensions(window, fixedDimension(-1))),
      fixedDimension(1),
    );
    places.push(parameters['padding'] === 'valid' ? valid : length);
  }
  return [
    ...lead.slice(0, filters === 2 ? -1 : undefined),
    ...(filters > 0 ? [k[0] as Dimension] : []),
    ...places,
  ];
}

/** The array longer by a window less one: zeros, or what follows around the end. */
function extended(graph: Graph, x: NodeId, axis: number, window: number, padding: string): NodeId {
  const [before, length] = [Math.floor((window - 1) / 2), graph.shape(x)[axis] as number];
  const after = window - 1 - before;
  if (padding === 'zero') return padded(graph, x, axis, before, after);
  const parts = [part(graph, x, axis, length - before, length), x, part(graph, x, axis, 0, after)];
  return graph.concatenate(parts, axis);
}

function convolution(axes: 1 | 2): Atom {
  const name = axes === 1 ? 'conv1d' : 'conv2d';
  const [x, k, result] =
    axes === 1
      ? ['vector[n]', 'vector[w] or matrix[f, w]', 'vector[n - w + 1] or matrix[f, n - w + 1]']
      : ['matrix[h, w]', 'matrix[a, b] or tensor[f, a, b]', 'matrix or tensor[f, …]'];
  return {
    name,
    documentation: {
      signature: `${name}(x : ${x}, k : ${k}, padding = "valid") : ${result}`,
      summary:
        'every window times a filter, summed; padding "zero" or "periodic" keeps the length, axes in front are a stack, and filters with one axis more mix channels',
      formula: axes === 1 ? 'Σⱼ kⱼ xᵢ₊ⱼ₋₁' : 'Σₐ,ᵦ kₐᵦ xᵢ₊ₐ₋₁,ⱼ₊ᵦ₋₁',
    },
    arity: [2, 2],
    choices: [{ name: 'padding', choices: paddings, default: 'valid' }],
    shape: (args, parameters) => resultShape(args[0] as Shape, args[1] as Shape, axes, parameters),
    range: ([array, filter], parameters) => {
      const shape = filter?.shape ?? [];
      const count = entryCount(shape.slice(shape.length - axes > 1 ? 1 : shape.length - axes));
      const range = sumInterval(
        multiplyIntervals(array?.range ?? wholeLine, filter?.range ?? wholeLine),
        count,
      );
      return parameters['padding'] === 'zero' ? hull(range, interval(0, 0)) : range;
    },
    monotonicity: bilinearMonotonicity,
    curvature: bilinearCurvature,
    smoothness: Infinity,
    lower: (graph, args, parameters) => {
      const [array, filter] = args as readonly [NodeId, NodeId];
      const { padding } = parameters;
      const filterShape = graph.shape(filter);
      const ahead = (filterShape.length - axes) as FilterAxes;
      const lengths = filterShape.slice(ahead);
      const rank = graph.shape(array).length;
      let long = array;
      if (typeof padding === 'string' && padding !== 'valid') {
        lengths.forEach((window, k) => {
          long = extended(graph, long, rank - axes + k, window, padding);
        });
      }
      const windows = graph.windows(long, lengths);
      const places = graph.shape(windows).slice(-axes);
      const stack = graph.shape(array).slice(0, rank - axes - (ahead === 2 ? 1 : 0));
      const taps = sizeOf(filterShape.slice(ahead === 0 ? 0 : 1));
      const filters = ahead === 0 ? [] : [filterShape[0] as number];
      const product = graph.matmul(
        graph.reshape(filter, [sizeOf(filters), taps]),
        graph.reshape(windows, [...(stack.length === 0 ? [] : [sizeOf(stack)]), taps, sizeOf(places)]),
      );
      return graph.reshape(product, [...stack, ...filters, ...places]);
    },
  };
}

export const conv1d = convolution(1);
export const conv2d = convolution(2);
