/**
 * What the headers of data files answered a moment ago: while one types, the same sources are asked for at
 * every key, and asking the file system each time costs more than reading the text. The stamp of each file is taken
 * before it is read; after a second, and whenever a file is said to have changed, answers are forgotten where a stamp
 * is another one.
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

interface Kept {
  readonly answer: HeaderAnswer | undefined;
  /** Of the file, where it comes from one. */
  readonly path?: string;
}

export class HeaderAnswers {
  /** By folder, and by what is asked there. */
  private readonly answers = new Map<string, Map<string, Kept>>();
  private count = 0;
  /** By path; the oldest that an answer still in use may come from. */
  private readonly stamps = new Map<string, string | undefined>();
  private since = 0;

  /** The environment with its answers remembered; `folder`: what its paths are relative to. */
  around(environment: Environment, folder: string): Environment {
    if (performance.now() - this.since > keptMilliseconds) {
      this.since = performance.now();
      for (const path of this.stamps.keys()) if (this.isOutdated(path)) this.forgetFile(path);
    }
    if (this.count > mostKept) this.forget();
    let answers = this.answers.get(folder);
    if (answers === undefined) this.answers.set(folder, (answers = new Map()));
    const known = answers;
    const header = (source: DataSource): HeaderAnswer | undefined => {
      const key = keyOf(source);
      const before = known.get(key);
      if (before !== undefined) return before.answer;
      const path = source.path === undefined ? undefined : resolve(folder, source.path);
      if (path !== undefined && !this.stamps.has(path)) this.stamps.set(path, sourceStamp(path));
      const answer = environment.header(source);
      known.set(key, path === undefined ? { answer } : { answer, path });
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

  /** Keeps what is known of these paths only. */
  keep(paths: readonly string[]): void {
    const kept = new Set(paths);
    const dropped = [...this.stamps.keys()].filter((path) => !kept.has(path));
    if (dropped.length === 0) return;
    for (const path of dropped) this.stamps.delete(path);
    for (const answers of this.answers.values()) {
      for (const [key, { path }] of answers)
        if (path !== undefined && !kept.has(path) && answers.delete(key)) this.count--;
    }
  }
}
