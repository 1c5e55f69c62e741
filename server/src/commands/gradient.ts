/**
 * `bilevel gradient FILE`: one hypergradient with its bound, at the start or at a given point; `--verify`
 * compares it with an exact one and with finite differences.
 */
import { readFileSync } from 'node:fs';
import { readSource } from '../data/source.ts';
import { resolve } from 'node:path';
import { ExitCode, onlyFile, readArguments, systemReason, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { prepareFolder } from './output-folder.ts';
import { showResult } from './run.ts';
import { adjustmentHelp, adjustmentOptions, readAdjustments, solveAndShow } from './solver-command.ts';

export const gradient: Command = {
  help: `Usage: bilevel gradient FILE [options]

Computes one hypergradient and a bound of its error.

  --at POINT           theta: an .npy file, a list of numbers in a .json file, an object of lists by
                       name, or the result.json of a run; without it, the start
  --verify             compare with an exact hypergradient and with finite differences
${adjustmentHelp}  --out DIR            write result.json there, and arrays of more than 10000 entries as .npy
`,
  async run(args) {
    const { values, positionals } = readArguments(args, {
      ...adjustmentOptions,
      out: { type: 'string' },
      at: { type: 'string' },
      verify: { type: 'boolean' },
    });
    const adjustments = readAdjustments(values);
    if (values.out !== undefined) prepareFolder(values.out);
    const at = values.at === undefined ? {} : { at: readPoint(values.at) };
    return solveAndShow({
      file: onlyFile(positionals),
      json: values.json ?? false,
      quiet: values.quiet ?? false,
      task: (source) => ({ kind: 'gradient', source, adjustments, verify: values.verify ?? false, ...at }),
      show: (answer) =>
        answer.kind === 'finished' ? showResult(answer.result, values) : ExitCode.unfinished,
    });
  },
};

type Point = readonly number[] | Readonly<Record<string, readonly number[]>>;

/** theta end to end, or by name; whether it fits the problem is the solver's to say. */
export function readPoint(path: string): Point {
  if (path.endsWith('.npy')) {
    const read = readSource({ format: 'npy', path: resolve(path) });
    if (!read.ok) throw new UsageError(`cannot take theta from ${path}: ${read.error.message}`);
    return Array.from(read.value.values);
  }
  const content = readJson(path);
  const point = pointIn(content);
  if (point === undefined) {
    throw new UsageError(
      `cannot take theta from ${path}: it holds neither a list of numbers, nor lists by name, nor a result with its arrays inside`,
    );
  }
  return point;
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot take theta from ${path}: ${systemReason(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `cannot take theta from ${path}: it is not JSON; give a list of numbers in a .json file, an .npy file or a result.json`,
    );
  }
}

function pointIn(content: unknown): Point | undefined {
  const list = numbersIn(content);
  if (list !== undefined) return list;
  if (!isObject(content)) return undefined;
  const { upper } = content;
  const named = isObject(upper) && isObject(upper['variables']) ? upper['variables'] : content;
  const entries = Object.entries(named).map(
    ([name, value]) => [name, numbersIn(isObject(value) ? value['data'] : value)] as const,
  );
  return entries.every((entry): entry is [string, number[]] => entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined;
}

/** A number or nested lists of numbers, row by row. */
function numbersIn(value: unknown): number[] | undefined {
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(numbersIn);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
