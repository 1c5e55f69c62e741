/**
 * `--at`: values of the upper unknowns from outside the file, in files of several forms or on the command line.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSource } from '../data/source.ts';
import { systemReason, UsageError } from './command.ts';

export const pointHelp = `  --at POINT           theta: NAME=NUMBERS (lambda=-1,0,2; may repeat), an .npy file, a list of numbers
                       in a .json file, an object of lists by name, or the result.json of a run;
                       what is not given has its start in the file
`;

type Point = readonly number[] | Readonly<Record<string, readonly number[]>>;

/** theta end to end, or by name; whether it fits the problem is the solver's to say. */
export function readPoints(given: readonly string[]): Point {
  const assignments = given.map((each) => /^([\p{L}_][\p{L}\p{N}_]*)\s*=(.*)$/su.exec(each));
  const [path] = given;
  if (given.length === 1 && path !== undefined && assignments[0] === null) return readPoint(path);
  const point: Record<string, readonly number[]> = {};
  for (const [index, assignment] of assignments.entries()) {
    if (assignment === null) {
      throw new UsageError(
        `--at takes either one file or NAME=NUMBERS, which may repeat; \`${given[index] ?? ''}\` stands beside others`,
      );
    }
    const [, name = '', list = ''] = assignment;
    if (name in point) throw new UsageError(`--at gives \`${name}\` twice`);
    point[name] = readNumbers(name, list);
  }
  return point;
}

/** `1, -2, 3e-4`, with brackets around it or without. */
function readNumbers(name: string, list: string): readonly number[] {
  const inside = /^\s*\[(.*)\]\s*$/su.exec(list)?.[1] ?? list;
  return inside.split(',').map((text) => {
    const value = Number(text);
    if (text.trim() !== '' && !Number.isNaN(value)) return value;
    throw new UsageError(`--at ${name} takes numbers with commas between them, not \`${list}\``);
  });
}

function readPoint(path: string): Point {
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
