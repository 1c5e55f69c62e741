/** Numbers as they leave the process: those that are not finite as strings, bounds with their kind. */
import type { Qualified } from '../base/certainty.ts';
import type { JsonBound, JsonNumber } from '../protocol/result.ts';

export function jsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** What is not a number bounds nothing, whatever its computation would have proved. */
export function jsonBound(bound: Qualified): JsonBound {
  if (Number.isNaN(bound.value)) return { bound: 'Infinity', kind: 'estimated' };
  return { bound: jsonNumber(bound.value), ...kindOf(bound) };
}

export function kindOf({ kind, failureProbability }: Omit<Qualified, 'value'>): Omit<Qualified, 'value'> {
  return failureProbability === undefined ? { kind } : { kind, failureProbability };
}
