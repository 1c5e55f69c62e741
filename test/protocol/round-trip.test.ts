/** Every message crosses the boundary between processes unchanged, numbers that are not finite included. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type {
  Description,
  Progress,
  SolverMessage,
  SolverRequest,
} from '../../server/src/protocol/solver.ts';

const source = { text: 'upper { θ : scalar }\r\n𝕏', path: '/folder/a b.bilevel' };
const adjustments = { set: { h: 200 }, options: { 'lower.tolerance': '1e-8' }, seed: 7 };
const bound = { bound: 'Infinity', kind: 'probabilistic', failureProbability: 1e-12 } as const;
const progress: Progress = {
  phase: 'polishing',
  text: 'step 1',
  objective: Number.NaN,
  lowerBound: Infinity,
  products: 0,
};
const result: RunResult = {
  status: 'converged',
  advice: 'Nothing to do.',
  upper: {
    objective: -0.1,
    objectiveError: bound,
    stationarity: 'NaN',
    stationarityError: bound,
    variables: { θ: { shape: [], data: [5e-324] } },
  },
  lower: {
    objective: '-Infinity',
    variables: { x: { shape: [2, 0], data: [] } },
    method: 'fista',
    rate: 'given',
    error: bound,
  },
  hypergradient: {
    norm: 1,
    variables: { θ: { shape: [20_000], file: 'hypergradient-θ.npy' } },
    method: 'implicit(cg)',
    error: bound,
    relativeError: 1,
    roundingFloor: 0,
    polishingSteps: 3,
    descentCertified: true,
    verification: {
      exactRelativeError: 1e-9,
      differenceRelativeError: 'NaN',
      differenceDirections: 4,
      boundHolds: true,
    },
  },
  constants: { mu: { value: 0.002, kind: 'certified', from: '3:14', formula: '2·min(exp(λ))' } },
  counts: { lowerGradients: 1, hessianProducts: 2, jacobianProducts: 3, upperGradients: 4, upperSteps: 5 },
  history: [],
  expectations: [{ line: 1, text: 'upper_objective <= 1', holds: true, reason: 'it is 0' }],
  notes: ['heavy_ball gave way to fista.'],
  seconds: 0.1,
};
const description: Description = {
  dimensions: { n: { value: 3, origin: 'rows of X' } },
  unknowns: [{ level: 'lower', name: 'x', shape: [3] }],
  data: [{ name: 'X', shape: [3, 2], density: 0.5 }],
  curvature: 'quadratic',
  constants: result.constants,
  methods: { lower: 'fista' },
  samples: [{ dimension: 'n', size: 2, arrays: ['X'] }],
};

const requests: SolverRequest[] = [
  { id: 1, kind: 'run', source, adjustments },
  { id: 2, kind: 'gradient', source, adjustments: {}, at: [1, -0, 5e-324], verify: true },
  { id: 3, kind: 'gradient', source, adjustments: {}, at: { θ: [1] }, verify: false },
  { id: 4, kind: 'describe', source, adjustments: {} },
  { id: 5, kind: 'cancel', target: 4 },
];
const messages: SolverMessage[] = [
  { id: 1, kind: 'cancelling' },
  { id: 1, kind: 'progress', progress },
  { id: 1, kind: 'finished', result },
  { id: 1, kind: 'described', description },
  {
    id: 1,
    kind: 'rejected',
    diagnostics: [
      {
        code: 'shape-mismatch',
        severity: 'error',
        span: { start: 3, end: 9 },
        message: 'wrong',
        related: [{ span: { start: 0, end: 1 }, message: 'here' }],
        fixes: [{ title: 'Transpose', span: { start: 3, end: 4 }, replacement: "X'" }],
      },
    ],
  },
  { id: 1, kind: 'cancelled', lastProgress: progress },
  { id: 1, kind: 'failed', message: 'the solver process was killed (SIGKILL)', lastProgress: progress },
];

test('messages of both directions arrive as they were sent', async () => {
  const echo = fork(join(import.meta.dirname, 'echo.ts'), [], { serialization: 'advanced', execArgv: [] });
  const received: unknown[] = [];
  const all = [...requests, ...messages];
  await new Promise<void>((resolve) => {
    echo.on('message', (message) => {
      if (received.push(message) === all.length) resolve();
    });
    for (const message of all) echo.send(message);
  });
  echo.disconnect();
  assert.deepEqual(received, all);
});

test('a result survives JSON, which has no numbers that are not finite', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
});
