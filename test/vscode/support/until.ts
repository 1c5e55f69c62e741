/**
 * Waiting for a condition: asked again and again, never slept for. The limit is generous because the machine may
 * be busy with other tests; only a failing test ever waits that long.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const pauseMilliseconds = 50;
const patienceMilliseconds = 30_000;

/** Answers the first value that is neither undefined nor false; a thrown error counts as "not yet" and is told. */
export async function until<Value>(
  what: string,
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  patience = patienceMilliseconds,
): Promise<Value> {
  const deadline = Date.now() + patience;
  let reason: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      reason = undefined;
    } catch (error) {
      reason = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${patience / 1000} s in vain for ${what}.`, { cause: reason });
    }
    await sleep(pauseMilliseconds);
  }
}
