/** theta as given from outside, by name or end to end, put into the order of the file. */
import type { Compiled, Layout } from '../compile/compile.ts';
import type { UpperPoint } from '../protocol/solver.ts';

/** Names that are not given keep their start; what does not fit is a sentence. */
export function pointFor(
  at: UpperPoint | undefined,
  layout: Layout,
  start: Float64Array,
): { readonly theta: Float64Array } | { readonly problem: string } {
  if (at === undefined) return { theta: start.slice() };
  const described = layout.unknowns.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  if (isList(at)) {
    return at.length === layout.size
      ? finite(Float64Array.from(at))
      : { problem: `the point has ${at.length} numbers, and theta has ${layout.size}: ${described}` };
  }
  const theta = start.slice();
  for (const [name, values] of Object.entries(at)) {
    const place = layout.unknowns.find((unknown) => unknown.name === name);
    if (place === undefined)
      return { problem: `the point has \`${name}\`, which is no upper unknown; they are ${described}` };
    if (values.length !== place.length) {
      return { problem: `the point has ${values.length} numbers for \`${name}\`, which has ${place.length}` };
    }
    theta.set(values, place.offset);
  }
  return finite(theta);
}

/** What is said of given points or written starts that a projection moved; one sentence each. */
export function movedNotes(moved: Compiled['movedStarts'], what: 'start' | 'point'): readonly string[] {
  return moved.map(({ name, distance }) => {
    const of = what === 'start' ? `the start of \`${name}\`` : `the point given for \`${name}\``;
    return `${of} lies ${Number(distance.toPrecision(3))} outside its set; the nearest point of the set was taken`;
  });
}

function finite(theta: Float64Array): { readonly theta: Float64Array } | { readonly problem: string } {
  const wrong = theta.findIndex((value) => !Number.isFinite(value));
  return wrong < 0
    ? { theta }
    : { problem: `entry ${wrong + 1} of the point is ${String(theta[wrong])}, not a finite number` };
}

function isList(at: UpperPoint): at is readonly number[] {
  return Array.isArray(at);
}
