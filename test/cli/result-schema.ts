/** The JSON contract of `run` and `gradient`, spelt out once more by hand: names and types of every field. */
import assert from 'node:assert/strict';
import type { RunResult } from '../../server/src/protocol/result.ts';

type Check = (value: unknown, at: string) => void;

const text: Check = (value, at) => assert.equal(typeof value, 'string', at);
const boolean: Check = (value, at) => assert.equal(typeof value, 'boolean', at);
const finite: Check = (value, at) => assert.ok(typeof value === 'number' && Number.isFinite(value), at);
const count: Check = (value, at) => assert.ok(Number.isInteger(value) && Number(value) >= 0, at);
const number: Check = (value, at) =>
  assert.ok(
    (typeof value === 'number' && Number.isFinite(value)) ||
      ['NaN', 'Infinity', '-Infinity'].includes(String(value)),
    `${at} is ${String(value)}`,
  );
const kind: Check = (value, at) =>
  assert.ok(['certified', 'probabilistic', 'estimated', 'given'].includes(String(value)), at);
const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };
const listOf =
  (check: Check): Check =>
  (value, at) => {
    assert.ok(Array.isArray(value), at);
    value.forEach((entry, position) => check(entry, `${at}[${position}]`));
  };
const byName =
  (check: Check): Check =>
  (value, at) => {
    for (const [name, member] of Object.entries(value as object)) check(member, `${at}.${name}`);
  };
/** Exactly these fields. */
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    assert.ok(typeof value === 'object' && value !== null, at);
    for (const name of Object.keys(value)) assert.ok(name in checks, `${at}.${name} is not in the contract`);
    for (const [name, check] of Object.entries(checks))
      check((value as Record<string, unknown>)[name], `${at}.${name}`);
  };

const bound = fields({ bound: number, kind, failureProbability: optional(finite) });
const array = fields({ shape: listOf(count), data: optional(listOf(number)), file: optional(text) });
const place: Check = (value, at) => assert.match(String(value), /^\d+:\d+$/, at);

const result = fields({
  status: text,
  advice: text,
  upper: fields({
    objective: number,
    objectiveError: bound,
    stationarity: number,
    stationarityError: bound,
    variables: byName(array),
  }),
  lower: fields({
    objective: number,
    objectiveError: bound,
    variables: byName(array),
    method: text,
    rate: optional(kind),
    error: bound,
  }),
  hypergradient: fields({
    norm: number,
    variables: optional(byName(array)),
    method: text,
    error: bound,
    relativeError: number,
    roundingFloor: number,
    polishingSteps: count,
    descentCertified: boolean,
    verification: optional(
      fields({
        exactRelativeError: number,
        differenceRelativeError: number,
        differenceDirections: count,
        boundHolds: boolean,
      }),
    ),
  }),
  constants: byName(
    fields({ value: number, kind, failureProbability: optional(finite), from: place, formula: text }),
  ),
  counts: fields({
    lowerGradients: count,
    hessianProducts: count,
    jacobianProducts: count,
    upperGradients: count,
    upperSteps: count,
  }),
  history: listOf(
    fields({
      step: count,
      objective: number,
      hypergradientNorm: number,
      hypergradientBound: number,
      lowerIterations: count,
      linearIterations: count,
      lowerTolerance: number,
      linearTolerance: number,
      stepLength: number,
      seconds: finite,
    }),
  ),
  report: optional(
    byName(
      fields({
        line: count,
        value: (entry, at) => (typeof entry === 'object' ? array : number)(entry, at),
        error: bound,
        lowerGradients: optional(count),
      }),
    ),
  ),
  expectations: listOf(fields({ line: count, text, holds: boolean, reason: text })),
  notes: optional(listOf(text)),
  warnings: optional(listOf(fields({ line: optional(count), summary: text, text }))),
  seconds: finite,
});

/** Standard output of a run with `--json`: one object, every field as promised. */
export function readResult(out: string): RunResult {
  const value: unknown = JSON.parse(out);
  result(value, 'result');
  const read = value as RunResult;
  for (const name of ['mu', 'L', 'L_H', 'L_J', 'L_fx', 'L_ftheta']) assert.ok(name in read.constants, name);
  return read;
}
