/**
 * What the headers of data files answered a moment ago: while one types, the same sources are asked for at
 * every key, and asking the file system each time costs more than reading the text. Answers are forgotten
 * after a second, and whenever a file is known to have changed.
 */
import type { DataSource } from '../atoms/expression.ts';
import type { Environment, HeaderAnswer } from '../check/environment.ts';

const keptMilliseconds = 1000;
/** More sources than any problem has, in all open documents. */
const mostKept = 100_000;

export class HeaderAnswers {
  private readonly answers = new Map<string, HeaderAnswer | undefined>();
  private since = 0;

  /** The environment with its answers remembered; `folder`: what its paths are relative to. */
  around(environment: Environment, folder: string): Environment {
    if (performance.now() - this.since > keptMilliseconds || this.answers.size > mostKept) this.forget();
    const header = (source: DataSource): HeaderAnswer | undefined => {
      const key = `${folder} ${JSON.stringify(source)}`;
      if (this.answers.has(key)) return this.answers.get(key);
      const answer = environment.header(source);
      this.answers.set(key, answer);
      return answer;
    };
    return { ...environment, header };
  }

  forget(): void {
    this.answers.clear();
    this.since = performance.now();
  }
}
