/**
 * Rule 12 of the language's cases, and the `report` block: values at the end, with other data and sizes, the
 * lower level solved again where the data occur in it. References: the same file with the other data in
 * place, at the same theta; closed forms; errors against values at far more accurate solutions.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { ReportedResult, RunResult } from '../../server/src/protocol/result.ts';
import type { Answer } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

function answer(text: string, at?: Record<string, number[]>): Answer {
  const source = { text, path: '/nowhere/problem.bilevel' };
  const task =
    at === undefined
      ? ({ id: 1, kind: 'run', source, adjustments: {} } as const)
      : ({ id: 1, kind: 'gradient', source, adjustments: {}, verify: false, at } as const);
  return answerRequest(task, () => undefined, neverCancelled);
}

function finished(text: string, at?: Record<string, number[]>): RunResult {
  const found = answer(text, at);
  assert.equal(found.kind, 'finished', JSON.stringify(found));
  return found.result;
}

const data = `
data {
  X  : matrix[n, d] = normal(seed = 1)
  y  : vector[n] = normal(seed = 2)
  Xv : matrix[m, d] = normal(seed = 3)
  yv : vector[m] = normal(seed = 4)
  Xt : matrix[p, d] = normal(seed = 5)
  yt : vector[p] = normal(seed = 6)
}
let n = 20
let d = 3
let m = 10
let p = 6
`;

interface Parts {
  readonly report?: string;
  readonly expect?: string;
  readonly solve?: string;
  readonly replaced?: Readonly<Record<string, string>>;
}

/** Ridge regression with one penalty; `replaced` renames the data inside the objectives. */
function ridge({ report = '', expect = '', solve = '', replaced = {} }: Parts = {}): string {
  const levels = `
upper {
  lambda : scalar in [-4, 4] = 0
  minimize sumsq(Xv * w - yv) / m
}
lower {
  w : vector[d]
  minimize sumsq(X * w - y) / n + exp(lambda) * sumsq(w) + 0.1 * sum(log_cosh(w))
}
`;
  const names = new RegExp(`\\b(${Object.keys(replaced).join('|')})\\b`, 'gu');
  const renamed =
    Object.keys(replaced).length === 0 ? levels : levels.replace(names, (name) => replaced[name] ?? name);
  return `${data}${renamed}${report === '' ? '' : `report {\n${report}\n}\n`}${expect === '' ? '' : `expect {\n${expect}\n}\n`}${solve}`;
}

function reported(result: RunResult, name: string): ReportedResult {
  const found = result.report?.[name];
  assert.ok(found !== undefined, `${name} is reported`);
  return found;
}

function theta({ upper }: RunResult): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(upper.variables).map(([name, { data: values }]) => [name, (values ?? []).map(Number)]),
  );
}

/** Both values are within their bounds of the same number. */
function agree(
  a: { value: unknown; error: { bound: unknown } },
  b: { value: unknown; error: { bound: unknown } },
): void {
  const gap = Math.abs(Number(a.value) - Number(b.value));
  assert.ok(gap <= Number(a.error.bound) + Number(b.error.bound), `${String(a.value)} ${String(b.value)}`);
  assert.ok(Number(a.error.bound) <= 1e-5 * Math.abs(Number(a.value)), `bound ${String(a.error.bound)}`);
}

test('rule 12: an objective with other data of another size is that of the file with those data', () => {
  const result = finished(
    ridge({ report: 'train = upper_objective\ntest = upper_objective with Xv = Xt, yv = yt' }),
  );
  const other = finished(ridge({ replaced: { Xv: 'Xt', yv: 'yt', m: 'p' } }), theta(result));
  const objective = { value: other.upper.objective, error: other.upper.objectiveError };
  const found = reported(result, 'test');
  assert.equal(found.error.kind, 'certified');
  assert.equal(found.lowerGradients, undefined, 'the lower level is the same');
  agree(found, objective);
  agree(reported(result, 'train'), { value: result.upper.objective, error: result.upper.objectiveError });
});

test('where the data occur in the lower level it is solved again, with the new size in every place', () => {
  const report = 'swapped = upper_objective with X = Xt, y = yt\ng = lower_objective with X = Xt, y = yt';
  const result = finished(ridge({ report }));
  const other = finished(ridge({ replaced: { X: 'Xt', y: 'yt', n: 'p' } }), theta(result));
  const found = reported(result, 'swapped');
  assert.equal(found.error.kind, 'certified');
  assert.ok((found.lowerGradients ?? 0) > 0);
  agree(found, { value: other.upper.objective, error: other.upper.objectiveError });
  agree(reported(result, 'g'), { value: other.lower.objective, error: { bound: 1e-9 } });
});

test('other upper unknowns may take the place of the solution', () => {
  const result = finished(ridge({ report: 'weak = upper_objective with lambda = -3' }));
  const other = finished(ridge(), { lambda: [-3] });
  agree(reported(result, 'weak'), { value: other.upper.objective, error: other.upper.objectiveError });
});

test('expressions of data and unknowns at the solution: numbers, arrays, roots, kinks', () => {
  const report = `
  size   = norm2(w)
  rmse   = sqrt(upper_objective) with Xv = Xt, yv = yt
  worst  = max(abs(Xt * w - yt))
  fit    = Xt * w
  twice  = 2 * exp(lambda) + p
  steps  = upper_steps
  margin = hypergradient_error`;
  const result = finished(ridge({ report }));
  const w = (result.lower.variables['w']?.data ?? []).map(Number);
  const size = Math.hypot(...w);
  assert.ok(Math.abs(Number(reported(result, 'size').value) - size) < 1e-14);
  assert.equal(reported(result, 'size').error.kind, 'certified');
  assert.ok(Number(reported(result, 'size').error.bound) <= 1e-5);
  assert.equal(reported(result, 'rmse').error.kind, 'certified');
  // A kink has no second derivative; its Lipschitz constant bounds it all the same.
  assert.equal(reported(result, 'worst').error.kind, 'certified');
  assert.ok(Number(reported(result, 'worst').error.bound) <= 1e-5);
  const fit = reported(result, 'fit').value;
  assert.ok(typeof fit === 'object' && fit.shape[0] === 6 && fit.data?.length === 6);
  const lambda = theta(result)['lambda']?.[0] ?? Number.NaN;
  assert.ok(Math.abs(Number(reported(result, 'twice').value) - (2 * Math.exp(lambda) + 6)) < 1e-12);
  assert.equal(reported(result, 'steps').value, result.counts.upperSteps);
  assert.equal(reported(result, 'margin').value, result.hypergradient.error.bound);
});

test('at a kink a reported value has the bound of its Lipschitz constant', () => {
  // The absolute values outweigh the data, so that w rests at 0, where a norm has no slope.
  const text = `
data { X : matrix[6, 3] = normal(seed = 1)
       y : vector[6] = normal(seed = 2) }
upper { a : scalar in [3, 5] = 4
        minimize sumsq(X * w - y) }
lower { w : vector[3]
        minimize sumsq(X * w - y) / 6 + exp(a) * norm1(w) + sumsq(w) }
report { size = norm2(w)
         far  = norm2(w) + norm_inf(X * w) }`;
  const result = finished(text);
  for (const name of ['size', 'far']) {
    const { value, error } = reported(result, name);
    assert.equal(value, 0);
    assert.ok(error.kind === 'certified' && Number(error.bound) < 1e-12, `${name}: ${String(error.bound)}`);
    assert.ok(Number(error.bound) >= Number(result.lower.error.bound), name);
  }
});

test('the errors of reported values are obeyed at coarse lower solutions, and certified', () => {
  for (const tolerance of [0.3, 0.03, 1e-3]) {
    const solve = `solve {\n  lower = fista(tolerance = ${tolerance})\n  upper = projected_gradient(steps = 0)\n}\n`;
    const report =
      'test = upper_objective with Xv = Xt, yv = yt\nswapped = upper_objective with X = Xt, y = yt\nworst = max(abs(Xt * w - yt))\ng = lower_objective';
    const coarse = finished(ridge({ report, solve }));
    const fine = finished(ridge({ report, solve: solve.replace(String(tolerance), '1e-13') }));
    for (const name of ['test', 'swapped', 'worst', 'g']) {
      const [a, b] = [reported(coarse, name), reported(fine, name)];
      assert.equal(a.error.kind, 'certified');
      const gap = Math.abs(Number(a.value) - Number(b.value));
      assert.ok(gap <= Number(a.error.bound) + Number(b.error.bound), `${name} at ${tolerance}`);
      assert.ok(gap > 1e-3 * Number(a.error.bound), `${name}: ${gap} against ${String(a.error.bound)}`);
    }
  }
});

test('the lower objective is bounded at coarse solutions with kinks and ends, and expectations know its bound', () => {
  const file = (tolerance: number, limit: string) => `
data { X : matrix[6, 3] = normal(seed = 1)
       y : vector[6] = normal(seed = 2) }
upper { a : scalar in [-5, 5] = -2
        minimize sumsq(X * w - y) }
lower { w : vector[3] in [-0.3, 2] = 1
        minimize sumsq(X * w - y) / 6 + exp(a) * norm1(w) + 0.1 * sumsq(w) }
solve { lower = fista(tolerance = ${tolerance})
        upper = projected_gradient(steps = 0) }
report { g = lower_objective
         same = 1 * lower_objective }
expect { lower_objective <= ${limit} }`;
  const fine = Number(reported(finished(file(1e-13, '10')), 'g').value);
  for (const tolerance of [3, 0.3, 0.03, 1e-3]) {
    // True of the lower solution, but not of all that the bound leaves possible.
    const result = finished(file(tolerance, String(fine + 1e-9)));
    for (const name of ['g', 'same']) {
      const { value, error } = reported(result, name);
      assert.equal(error.kind, 'certified');
      const gap = Math.abs(Number(value) - fine);
      assert.ok(
        gap > 0 && gap <= Number(error.bound),
        `${name} at ${tolerance}: ${gap}, ${String(error.bound)}`,
      );
    }
    assert.equal(result.expectations[0]?.holds, false);
  }
});

test('one problem a row: training signals replaced by more test signals, the unknown retyped', () => {
  const file = (report: string, noisy = 'noisy', clean = 'clean', s = 's'): string => `
data {
  noisy : matrix[s, 8] = normal(seed = 1)
  clean : matrix[s, 8] = normal(0, 0.5, seed = 2)
  other : matrix[t, 8] = normal(seed = 3)
  truth : matrix[t, 8] = normal(0, 0.5, seed = 4)
}
let s = 3
let t = 5
upper {
  alpha : scalar in [0.01, 5] = 0.5
  minimize mean(sumsq_rows(u - ${clean})) / 2
}
lower each i in ${s} {
  u : vector[8]
  minimize sumsq(u - ${noisy}[i]) / 2 + alpha * sum(smooth_abs(u, 0.1))
}
${report}`;
  const result = finished(file('report {\n  test = upper_objective with noisy = other, clean = truth\n}\n'));
  const same = finished(file('', 'other', 'truth', 't'), theta(result));
  const found = reported(result, 'test');
  assert.equal(found.error.kind, 'certified');
  agree(found, { value: same.upper.objective, error: same.upper.objectiveError });
});

test('a fixed point is solved again with other data', () => {
  const file = (report: string, c = 'c'): string => `
data {
  A : matrix[4, 4] = normal(0, 0.1, seed = 1)
  c : vector[4] = normal(seed = 2)
  e : vector[4] = normal(seed = 3)
}
upper {
  s : scalar in [-1, 1] = 0.5
  minimize sumsq(z - 1)
}
lower {
  z : vector[4] = 0
  fixed_point z = tanh(0.5 * s * (A * z) + ${c})
}
${report}`;
  const result = finished(file('report {\n  test = upper_objective with c = e\n  first = z[1]\n}\n'));
  const same = finished(file('', 'e'), theta(result));
  agree(reported(result, 'test'), { value: same.upper.objective, error: same.upper.objectiveError });
  assert.equal(reported(result, 'first').value, result.lower.variables['z']?.data?.[0]);
  const wrong = answer(file('report {\n  g = 2 * lower_objective\n}\n'));
  assert.match(JSON.stringify(wrong), /a fixed point has no objective/);
});

test('a level that maximises is reported with its own sign', () => {
  const text = ridge({ report: 'test = upper_objective with Xv = Xt, yv = yt' })
    .replace('minimize sumsq(Xv * w - yv) / m', 'maximize -sumsq(Xv * w - yv) / m')
    .replace('minimize sumsq(X * w', 'maximize -(sumsq(X * w')
    .replace('log_cosh(w))', 'log_cosh(w)))');
  const plain = finished(ridge({ report: 'test = upper_objective with Xv = Xt, yv = yt' }));
  const negated = finished(text);
  assert.equal(reported(negated, 'test').value, -Number(reported(plain, 'test').value));
});

test('expect compares reported values by their bounds', () => {
  const report =
    'test = upper_objective with Xv = Xt, yv = yt\nbase = upper_objective with lambda = 4, Xv = Xt, yv = yt';
  const { expectations } = finished(
    ridge({ report, expect: '0.001 <= test\n  test >= 1e9\n  base == test' }),
  );
  assert.deepEqual(
    expectations.map(({ holds }) => holds),
    [true, false, false],
  );
  assert.match(expectations[2]?.reason ?? '', /`base` is .*`test` is/);
});

test('a single hypergradient does not look at the report; what cannot be solved again is a note', () => {
  const text = ridge({ report: 'test = upper_objective with Xv = Xt, yv = yt' });
  const single = finished(text, { lambda: [0] });
  assert.equal(single.report, undefined);
  assert.match((single.notes ?? []).join(' '), /not looked at/);
});

test('an expression without lower unknowns is not solved for, whatever data it has', () => {
  const result = finished(ridge({ report: 'size = sumsq(X) with X = Xt, y = yt\n  same = sumsq(Xt)' }));
  const [size, same] = [reported(result, 'size'), reported(result, 'same')];
  assert.deepEqual([size.value, size.error], [same.value, same.error]);
  assert.equal(size.lowerGradients, undefined);
  assert.equal(size.error.kind, 'certified');
});
