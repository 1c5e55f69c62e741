/**
 * Arithmetic on concrete shapes: sizes, NumPy's broadcasting rule, axes. A shape is the list of axis
 * lengths of a row-major array; [] is a scalar. Shapes that do not fit are errors of the program
 * that builds the graph, never of its user, and therefore throw with words.
 */

export type ConcreteShape = readonly number[];

export function sizeOf(shape: ConcreteShape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function equalShapes(a: ConcreteShape, b: ConcreteShape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

export function shapeText(shape: ConcreteShape): string {
  return `[${shape.join(', ')}]`;
}

/** The shape to which both broadcast: aligned at the last axis, lengths equal or one of them 1. */
export function commonShape(a: ConcreteShape, b: ConcreteShape): number[] {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const lengthA = a[axis - rank + a.length] ?? 1;
    const lengthB = b[axis - rank + b.length] ?? 1;
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) {
      throw new Error(`shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast to one shape`);
    }
    result.push(lengthA === 1 ? lengthB : lengthA);
  }
  return result;
}

/** Axes of `target` along which an array of shape `source` is repeated, in ascending order. */
export function repeatedAxes(source: ConcreteShape, target: ConcreteShape): number[] {
  const offset = target.length - source.length;
  const axes: number[] = [];
  for (let axis = 0; axis < target.length; axis++) {
    if (axis < offset || (source[axis - offset] === 1 && target[axis] !== 1)) axes.push(axis);
  }
  return axes;
}

/** Throws unless `source` broadcasts to `target`. */
export function requireBroadcast(source: ConcreteShape, target: ConcreteShape): void {
  if (source.length > target.length || !equalShapes(commonShape(source, target), target)) {
    throw new Error(`shape ${shapeText(source)} does not broadcast to ${shapeText(target)}`);
  }
}

/** Ascending axes without repetition; throws when one is outside the rank. */
export function checkedAxes(axes: readonly number[], rank: number): number[] {
  const sorted = [...new Set(axes)].sort((a, b) => a - b);
  for (const axis of sorted) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
      throw new Error(`axis ${axis} is outside an array of ${rank} axes`);
    }
  }
  return sorted;
}

export function withoutAxes(shape: ConcreteShape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** The shape with the listed axes kept at length 1. */
export function withUnitAxes(shape: ConcreteShape, axes: readonly number[]): number[] {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

/** [..., n] with windows of `lengths` on its last axes: [..., lengths, n - lengths + 1]. */
export function windowsShape(shape: ConcreteShape, lengths: readonly number[]): number[] {
  const lead = shape.length - lengths.length;
  const counts = shape.slice(lead).map((length, k) => length - (lengths[k] as number) + 1);
  if (lead < 0 || lengths.some((length) => length < 1) || counts.some((count) => count < 1)) {
    throw new Error(`windows of ${shapeText(lengths)} do not fit in ${shapeText(shape)}`);
  }
  return [...shape.slice(0, lead), ...lengths, ...counts];
}

/** The shape of which [..., lengths, counts] holds the windows. */
export function overlapShape(shape: ConcreteShape, lengths: readonly number[]): number[] {
  const lead = shape.length - 2 * lengths.length;
  if (lead < 0 || !equalShapes(shape.slice(lead, lead + lengths.length), lengths)) {
    throw new Error(`${shapeText(shape)} holds no windows of ${shapeText(lengths)}`);
  }
  const counts = shape.slice(lead + lengths.length);
  return [...shape.slice(0, lead), ...counts.map((count, k) => count + (lengths[k] as number) - 1)];
}

/** Row-major strides. */
export function stridesOf(shape: ConcreteShape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}
