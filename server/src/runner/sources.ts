/**
 * The sources of a file with their values, for the compiler; source-headers.ts has their shapes, for the
 * checker. A failure names its place in the data file; the stage that asked adds the place in the text.
 */
import type { DataSource } from '../atoms/expression.ts';
import type { CheckedProblem } from '../check/problem.ts';
import type { ConcreteArray, LoadFailure, SourceLoader } from '../compile/compile.ts';
import { sourceTerms } from '../compile/data-stage.ts';
import type { DataResult } from '../data/data-error.ts';
import { eye, linspace, normal, ones, uniform, zeros } from '../data/generate.ts';
import type { Draw } from '../data/generate.ts';
import { readSource } from '../data/source.ts';
import { placed, remedyOf, sourceSpec } from './source-headers.ts';

/** Reads and generates what a problem asks for; a file that several terms share is parsed for each. */
export function sourceLoader(checked: CheckedProblem, folder: string): SourceLoader {
  const streams = streamNames(checked);
  return (source, shape) => {
    const spec = sourceSpec(source, folder);
    const read = spec === undefined ? generate(source, shape, streams.get(source)) : readSource(spec);
    return asLoaded(read, folder);
  };
}

function asLoaded(read: DataResult<ConcreteArray>, folder: string): ConcreteArray | LoadFailure {
  return read.ok ? read.value : { failure: placed(read.error, folder), remedy: remedyOf(read.error) };
}

/**
 * Random arrays with the same seed are independent of each other: each declaration has a stream of its own,
 * by its name, so that neither order nor layout of the file changes a bit.
 */
function streamNames(checked: CheckedProblem): ReadonlyMap<DataSource, string> {
  const streams = new Map<DataSource, string>();
  const name = (owner: string, terms: ReturnType<typeof sourceTerms>): void => {
    terms.forEach(({ source }, k) => streams.set(source, k === 0 ? owner : `${owner} ${k + 1}`));
  };
  for (const { symbol, value } of checked.data) name(symbol.name, sourceTerms(value));
  for (const { symbol, start } of [...checked.upper.unknowns, ...checked.lower.unknowns]) {
    name(symbol.name, sourceTerms(start));
  }
  return streams;
}

function generate(
  source: DataSource,
  shape: readonly number[] | undefined,
  stream: string | undefined,
): DataResult<ConcreteArray> {
  const { format, numbers = {} } = source;
  if (shape === undefined) return unknownSize(format);
  const { low = 0, high = 1, mean = 0, deviation = 1, seed = 0, from = 0, to = 1 } = numbers;
  const draw: Draw = stream === undefined ? { seed } : { seed, stream };
  switch (format) {
    case 'zeros':
      return zeros(shape);
    case 'ones':
      return ones(shape);
    case 'eye':
      return eye(shape[0] ?? 1);
    case 'linspace':
      return linspace(from, to, shape[0] ?? 1);
    case 'uniform':
      return uniform(shape, low, high, draw);
    case 'normal':
      return normal(shape, mean, deviation, draw);
    default:
      throw new Error(`the checker let the data source \`${format}\` through, which nothing reads`);
  }
}

function unknownSize(format: string): DataResult<ConcreteArray> {
  return {
    ok: false,
    error: {
      path: format,
      message: 'its size is not known',
      remedy: 'Declare its dimensions by numbers, or by names that a data file or a `let` binds',
    },
  };
}
