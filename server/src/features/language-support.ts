/**
 * Which constructs that the grammar reads this version also solves: found out by checking a small example of each,
 * once, so that what is offered follows the checker and is never what it refuses.
 */
import { check } from '../check/check.ts';
import { withoutFiles } from '../check/environment.ts';
import { parse } from '../syntax/parse.ts';

const level = 'upper {\n  t : scalar = 0\n  minimize sumsq(x)\n}\n';
const minimum = 'lower {\n  x : vector[2]\n  minimize sumsq(x - t)\n}\n';

const examples = {
  fixed_point: `${level}lower {\n  x : vector[2]\n  fixed_point x = 0.5 * x + t\n}\n`,
  report: `data {\n  a : scalar = 1\n  b : scalar = 1\n}\n${level}${minimum.replace('- t', '- t * a')}report {\n  c = upper_objective with a = b\n}\n`,
  sample: `data {\n  A : matrix[n, 2] = normal(0, 1)\n}\nlet n = 4\n${level}${minimum.replace('- t', '- t) + mean(A * x')}solve {\n  sample n = 2\n}\n`,
} as const;

export type Construct = keyof typeof examples;

const known = new Map<Construct, boolean>();

export function isSupported(construct: Construct): boolean {
  let supported = known.get(construct);
  if (supported === undefined) {
    const { diagnostics } = check(parse(examples[construct]).tree, withoutFiles);
    supported = !diagnostics.some(({ code }) => code === 'not-supported');
    known.set(construct, supported);
  }
  return supported;
}
