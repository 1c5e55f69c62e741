/**
 * Progress for a person. On a terminal one line is drawn over and over, at most ten times a second and
 * never wider than the window; elsewhere plain lines come at most once a second, so that a log stays short.
 * `clear` must be called before anything else is written to the stream.
 */
import { performance } from 'node:perf_hooks';
import type { Progress } from '../protocol/solver.ts';
import { fitWidth } from './style.ts';
import type { Style } from './style.ts';

export interface ProgressLine {
  update(progress: Progress): void;
  /** A word of our own, drawn at once: `cancelling …`. */
  say(text: string): void;
  clear(): void;
}

const redrawMilliseconds = 100;
const plainMilliseconds = 1000;
const eraseLine = '\r\u001B[2K';

export function createProgressLine(
  stream: NodeJS.WriteStream,
  style: Style,
  now: () => number = () => performance.now(),
): ProgressLine {
  return stream.isTTY ? drawnLine(stream, style, now) : plainLines(stream, now);
}

function drawnLine(stream: NodeJS.WriteStream, style: Style, now: () => number): ProgressLine {
  const started = now();
  let waiting: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastDrawn = -Infinity;
  let shown = false;
  const draw = (text: string): void => {
    clearTimeout(timer);
    timer = undefined;
    waiting = undefined;
    lastDrawn = now();
    shown = true;
    const seconds = `${((lastDrawn - started) / 1000).toFixed(1)} s`;
    // One column stays free: a full line makes some terminals wrap. A terminal may not know its width and say 0.
    const room = (stream.columns || 80) - seconds.length - 3;
    stream.write(`${eraseLine}${style('dim', seconds)}  ${fitWidth(text, room)}`);
  };
  return {
    update(progress) {
      waiting = progress.text;
      const remaining = redrawMilliseconds - (now() - lastDrawn);
      if (remaining <= 0) draw(waiting);
      else timer ??= setTimeout(() => draw(waiting ?? ''), remaining);
    },
    say: draw,
    clear() {
      clearTimeout(timer);
      timer = undefined;
      if (shown) stream.write(eraseLine);
      shown = false;
    },
  };
}

function plainLines(stream: NodeJS.WriteStream, now: () => number): ProgressLine {
  let last = -Infinity;
  return {
    update(progress) {
      if (now() - last < plainMilliseconds) return;
      last = now();
      stream.write(`${progress.text}\n`);
    },
    say(text) {
      stream.write(`${text}\n`);
    },
    clear: () => undefined,
  };
}

/** Says nothing. */
export const silentProgress: ProgressLine = {
  update: () => undefined,
  say: () => undefined,
  clear: () => undefined,
};
