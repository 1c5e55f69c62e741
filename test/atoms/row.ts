/** A row of the table of tests: what a test must know of one atom, independent of the atom itself. */
import { fixedDimension, namedDimension } from '../../server/src/base/dimension.ts';
import type { Shape } from '../../server/src/base/dimension.ts';
import type { Parameters } from '../../server/src/atoms/atom.ts';
import type { Jet } from '../support/jets.ts';

export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface ShapeCase {
  /** As in `n, k`; the empty text is a scalar. */
  readonly args: readonly string[];
  readonly parameters?: Parameters;
  /** The result, or the words of the refusal. */
  readonly gives: string | RegExp;
}

export interface ScalarFunction {
  /** phi by its closed form; its derivatives follow. */
  readonly jet: (t: Jet, parameters: Parameters) => Jet;
  /** Where phi is not smooth: derivatives above the atom's smoothness do not exist there. */
  readonly kinks?: (parameters: Parameters) => readonly number[];
  /** Where derivatives are sampled; where the row draws from, or [-8, 8], when absent. */
  readonly within?: readonly [number, number];
  /** The least share of the bound that sampling must reach in every random interval; 0.95 when absent. */
  readonly sharp?: readonly [number, number, number];
}

export interface AtomRow {
  readonly parameters?: readonly Parameters[];
  /** Concrete shapes for sampling; several calls. */
  readonly samples: readonly (readonly (readonly number[])[])[];
  /** Entries are drawn from here, for each argument; [-3, 3] when absent. */
  readonly within?: readonly (readonly [number, number])[];
  /** In place of `within` for some parameters: several parts of the line, each sampled. */
  readonly parts?: (parameters: Parameters) => readonly (readonly [number, number])[];
  /** Makes of arrays drawn at random ones that the atom takes, such as positive definite matrices. */
  readonly admissible?: (args: readonly NumberArray[]) => readonly NumberArray[];
  /** This argument holds labels below this number. */
  readonly classes?: { readonly argument: number; readonly count: number };
  readonly meaning: (args: readonly NumberArray[], parameters: Parameters) => readonly number[];
  readonly shapes: readonly ShapeCase[];
  readonly phi?: ScalarFunction;
}

/** `n, 3` as a shape. */
export function shapeOf(text: string): Shape {
  if (text === '') return [];
  return text
    .split(',')
    .map((part) => part.trim())
    .map((part) => (/^\d+$/.test(part) ? fixedDimension(Number(part)) : namedDimension(part)));
}

export const any = [[[]], [[4]], [[2, 3]]] as const;
export const total = (entries: readonly number[]): number => entries.reduce((sum, entry) => sum + entry, 0);
export const squares = (entries: readonly number[]): number => total(entries.map((entry) => entry * entry));
/** False where the sample does not have the axis that the parameters name. */
export function fits(shapes: readonly (readonly number[])[], parameters: Parameters): boolean {
  return Number(parameters['axis'] ?? 0) <= (shapes[0]?.length ?? 0);
}

export const parameter = (parameters: Parameters, name: string): number => parameters[name] as number;
