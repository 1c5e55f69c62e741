/**
 * What the headers of data files answered a moment ago: while one types, the same sources are asked for at
 * every key, and asking the file system each time costs more than reading the text. Answers are forgotten
 * after a second, and whenever a file is known to have changed. The stamp of each file is taken before it is read:
 * by it a change is known that happened before anybody watched the file.
 */
import { resolve } from 'node:path';
import type { DataSource } from '../atoms/expression.ts';
import { perObject } from '../base/per-object.ts';
import type { Environment, HeaderAnswer } from '../check/environment.ts';
import { sourceStamp } from '../runner/source-headers.ts';

const keptMilliseconds = 1000;
/** More sources than any problem has, in all open documents. */
const mostKept = 100_000;

const keyOf = perObject((source: DataSource): string => JSON.stringify(source));

export class HeaderAnswers {
  /** By folder, and by what is asked there. */
  private readonly answers = new Map<string, Map<string, HeaderAnswer | undefined>>();
  private count = 0;
  /** By path; the oldest that an answer still in use may come from. */
  private readonly stamps = new Map<string, string | undefined>();
  private since = 0;

  /** The environment with its answers remembered; `folder`: what its paths are relative to. */
  around(environment: Environment, folder: string): Environment {
    if (performance.now() - this.since > keptMilliseconds || this.count > mostKept) this.forget();
    let answers = this.answers.get(folder);
    if (answers === undefined) this.answers.set(folder, (answers = new Map()));
    const known = answers;
    const header = (source: DataSource): HeaderAnswer | undefined => {
      const key = keyOf(source);
      const before = known.get(key);
      if (before !== undefined || known.has(key)) return before;
      this.stamp(source, folder);
      const answer = environment.header(source);
      known.set(key, answer);
      this.count++;
      return answer;
    };
    return { ...environment, header, edition: known };
  }

  forget(): void {
    for (const answers of this.answers.values()) answers.clear();
    this.answers.clear();
    this.count = 0;
    this.since = performance.now();
  }

  /** Whether answers were read from this file as it no longer is. */
  isOutdated(path: string): boolean {
    return this.stamps.has(path) && this.stamps.get(path) !== sourceStamp(path);
  }

  /** Nobody holds an answer from this file any more. */
  forgetFile(path: string): void {
    this.forget();
    this.stamps.delete(path);
  }

  /** Keeps the stamps of these paths only. */
  keep(paths: readonly string[]): void {
    const kept = new Set(paths);
    for (const path of this.stamps.keys()) if (!kept.has(path)) this.stamps.delete(path);
  }

  private stamp({ path }: DataSource, folder: string): void {
    if (path === undefined) return;
    const whole = resolve(folder, path);
    if (!this.stamps.has(whole)) this.stamps.set(whole, sourceStamp(whole));
  }
}
