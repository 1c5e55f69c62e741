/** A small set of data files that exist for the tests of the checker: shapes only, no files. */
import type { Environment, HeaderAnswer } from '../../server/src/check/environment.ts';

const shapes: Readonly<Record<string, readonly (number | undefined)[]>> = {
  'a.npy': [6, 3],
  'b.npy': [6],
  'square.npy': [6, 6],
  'c.npy': [4, 3],
  'v.npy': [4],
  'labels.npy': [6],
  'b.npz': [6],
  'b.mat': [6],
  'i.png': [6, 3],
  'a.csv': [6, 3],
  'uncounted.csv': [undefined, 3],
};

export const testFiles: Environment = {
  header: ({ path }): HeaderAnswer | undefined => {
    if (path === undefined || path === 'unread.npy') return undefined;
    const shape = shapes[path];
    return shape === undefined
      ? { error: `there is no file \`${path}\``, remedy: 'correct the name' }
      : { shape };
  },
};
