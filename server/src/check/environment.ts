/**
 * What the checker may ask of the world: shapes and number types of data files (never their values), and settings
 * from outside. Answers decide diagnostics; the same answers give the same diagnostics.
 */
import type { DataSource, Interval } from '../atoms/expression.ts';

/** The shape of a source with its rows and columns applied; an axis may not be counted yet. */
export type HeaderAnswer =
  | {
      readonly shape: readonly (number | undefined)[];
      /** Between which numbers all entries lie, where the type of the file's numbers tells. */
      readonly range?: Interval;
    }
  | HeaderFailure;

export interface HeaderFailure {
  readonly error: string;
  readonly remedy?: string;
}

export interface Environment {
  /** Undefined: not known yet, say nothing about it. */
  readonly header: (source: DataSource) => HeaderAnswer | undefined;
  /** The same object as long as no answer that was given changes. */
  readonly edition?: object;
  /** `--set name=value`: scalar lets (and so dimensions) and starts of upper unknowns. */
  readonly settings?: ReadonlyMap<string, number>;
}

/** Knows no file: what holds whatever the data. */
export const withoutFiles: Environment = { header: () => undefined };
