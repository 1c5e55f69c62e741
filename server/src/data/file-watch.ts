// Tells when data files may have changed on disk, appeared or vanished, by asking the file system for their size and
// time once a second: that works for every file wherever it lies, also on network drives, and needs nothing of the
// editor. Of a pattern the folder is watched, and the first of the files that it names.

import { unwatchFile, watchFile } from 'node:fs';
import type { StatsListener } from 'node:fs';
import { dirname } from 'node:path';
import { filesOf, isPattern } from './file-pattern.ts';
import { defaultLimits } from './limits.ts';

const usualInterval = 1000;
/** More files than this are not asked for. */
const mostWatched = 256;

interface Watched {
  readonly listener: StatsListener;
  /** Tells once, soon after watching began. */
  readonly first: NodeJS.Timeout;
}

export class FileWatch {
  readonly #changed: (path: string) => void;
  readonly #interval: number;
  readonly #watched = new Map<string, Watched>();

  /**
   * `changed` is told the path that was asked for: at every change, and once an interval after watching began,
   * because what the caller knows of the file is from before. `interval` is in milliseconds.
   */
  constructor(changed: (path: string) => void, interval = usualInterval) {
    this.#changed = changed;
    this.#interval = interval;
  }

  /** Watches exactly the files that these paths name, patterns among them; none ends watching. */
  watch(paths: Iterable<string>): void {
    const wanted = new Map<string, string>();
    for (const path of paths) {
      for (const file of filesBehind(path)) if (wanted.size < mostWatched) wanted.set(file, path);
    }
    for (const [file, { listener, first }] of this.#watched) {
      if (wanted.has(file)) continue;
      unwatchFile(file, listener);
      clearTimeout(first);
      this.#watched.delete(file);
    }
    for (const [file, path] of wanted) {
      if (this.#watched.has(file)) continue;
      const listener: StatsListener = (now, before) => {
        // A file that is not there is reported once when watching begins.
        if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) this.#changed(path);
      };
      watchFile(file, { interval: this.#interval, persistent: false }, listener);
      const first = setTimeout(() => this.#changed(path), this.#interval).unref();
      this.#watched.set(file, { listener, first });
    }
  }
}

function filesBehind(path: string): readonly string[] {
  if (!isPattern(path)) return [path];
  const files = filesOf(path, defaultLimits);
  return [dirname(path), ...(files.ok ? files.value : [])];
}
