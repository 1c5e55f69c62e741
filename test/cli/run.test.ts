/** The command line from end to end on the samples: results against references, JSON, exit codes, files. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { Matrix, solve } from 'ml-matrix';
import type { Description } from '../../server/src/protocol/solver.ts';
import { readSource } from '../../server/src/data/source.ts';
import { slowProblem } from '../runner/slow-problem.ts';
import { bilevel, program, projectFolder, sample } from './command-line.ts';
import { readResult } from './result-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilevel-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const tight = ['--option', 'lower.tolerance=1e-10', '--option', 'hypergradient.linear.tolerance=1e-10'];

function quadraticData(name: string): Matrix {
  const read = readSource({
    format: 'npy',
    path: join(projectFolder, 'samples', 'data', 'quadratic', `${name}.npy`),
  });
  assert.ok(read.ok);
  const [rows = 0, columns = 1] = read.value.shape;
  return Matrix.from1DArray(rows, columns, read.value.values);
}

/** ∇F = (dx/dθ)' 2A'(A x* − b) with x* = (D'D)⁻¹ D'(e − C θ), by QR of D. */
function quadraticGradient(theta: readonly number[]): number[] {
  const [A, b, C, D, e] = ['A', 'b', 'C', 'D', 'e'].map(quadraticData) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  const x = solve(D, Matrix.sub(e, C.mmul(Matrix.columnVector([...theta]))));
  const sensitivity = solve(D, C).mul(-1);
  const residual = A.mmul(x).sub(b);
  return sensitivity.transpose().mmul(A.transpose()).mmul(residual).mul(2).to1DArray();
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
}

test('gradient --verify on the quadratic meets the closed form, at the start and at a given point', async () => {
  const point = Array.from({ length: 10 }, (_, i) => Math.cos(i));
  writeFileSync(join(folder, 'theta.json'), JSON.stringify({ theta: point }));
  const [atStart, atPoint] = await Promise.all([
    bilevel(['gradient', sample('quadratic'), '--verify', '--json', ...tight]),
    bilevel(['gradient', sample('quadratic'), '--json', ...tight, '--at', join(folder, 'theta.json')]),
  ]);
  for (const [ended, theta] of [
    [atStart, Array.from({ length: 10 }, () => 1)],
    [atPoint, point],
  ] as const) {
    assert.equal(ended.code, 0, ended.error);
    const { hypergradient, upper } = readResult(ended.out);
    assert.deepEqual(upper.variables['theta']?.data, theta);
    const h = (hypergradient.variables?.['theta']?.data ?? []).map(Number);
    const exact = quadraticGradient(theta);
    const error = distance(h, exact);
    assert.ok(error <= 1e-8 * Math.hypot(...exact), `relative error ${error / Math.hypot(...exact)}`);
    assert.ok(error <= Number(hypergradient.error.bound), `error ${error} exceeds the bound`);
    assert.equal(hypergradient.error.kind, 'certified');
  }
  const { verification } = readResult(atStart.out).hypergradient;
  assert.ok(Number(verification?.exactRelativeError) <= 1e-8 && verification?.boundHolds === true);
});

for (const name of ['ridge', 'logistic']) {
  test(`gradient --verify on ${name}: finite differences and the exact hypergradient agree, the bound holds`, async () => {
    const { code, out, error } = await bilevel(['gradient', sample(name), '--verify', '--json']);
    assert.equal(code, 0, error);
    const { hypergradient, status } = readResult(out);
    assert.equal(status, 'evaluated');
    assert.ok(Number(hypergradient.verification?.differenceRelativeError) <= 1e-6);
    assert.ok(Number(hypergradient.verification?.exactRelativeError) <= 1e-6);
    assert.equal(hypergradient.verification?.boundHolds, true);
  });
}

test('a run on ridge converges, its expectation holds, and its point can be fed back', async () => {
  const out = join(folder, 'ridge');
  const run = await bilevel(['run', sample('ridge'), '--json', '--out', out]);
  assert.equal(run.code, 0, run.error);
  assert.equal(run.error, '');
  const result = readResult(run.out);
  assert.equal(result.status, 'converged');
  assert.deepEqual(
    result.expectations.map(({ holds }) => holds),
    [true],
  );
  assert.deepEqual(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')), result);
  const again = await bilevel(['gradient', sample('ridge'), '--json', '--at', join(out, 'result.json')]);
  const there = readResult(again.out);
  assert.deepEqual(there.upper.variables, result.upper.variables);
  const gap = Math.abs(Number(there.upper.objective) - Number(result.upper.objective));
  assert.ok(gap <= Number(there.upper.objectiveError.bound) + Number(result.upper.objectiveError.bound));
});

test('a failed expectation is named with its line, exit code 1, and the result is still there', async () => {
  const text = readFileSync(sample('ridge'), 'utf8')
    .replaceAll('data/', `${join(projectFolder, 'samples', 'data')}/`)
    .replace('upper_objective <= 0.4', 'upper_objective <= 0.1');
  const file = join(folder, 'hopeful.bilevel');
  writeFileSync(file, text);
  const line = text.split('\n').findIndex((each) => each.includes('upper_objective')) + 1;
  const steps = ['--option', 'upper.steps=1'];
  const [plain, json] = await Promise.all([
    bilevel(['run', file, ...steps]),
    bilevel(['run', file, '--json', ...steps]),
  ]);
  assert.equal(plain.code, 1);
  assert.match(plain.out, new RegExp(`line ${line}: upper_objective <= 0.1 does not hold: it is 0.349`));
  assert.equal(json.code, 1);
  assert.equal(readResult(json.out).expectations[0]?.line, line);
});

test('without a terminal a run prints plain lines, and --quiet only the table', async () => {
  const [loud, quiet] = await Promise.all([
    bilevel(['run', sample('ridge'), '--option', 'upper.steps=3']),
    bilevel(['run', sample('ridge'), '--option', 'upper.steps=3', '--quiet']),
  ]);
  assert.equal(loud.code, 0);
  assert.match(loud.error, /^reading data\n/);
  assert.equal(quiet.error, '');
  for (const { out } of [loud, quiet]) {
    assert.ok(!out.includes('\u001B'));
    assert.match(out, /^step_limit: /);
    assert.match(out, /‖h − ∇F‖ ≤ \S+ \(certified\), relative/);
  }
});

test('settings and options from outside change the run', async () => {
  const result = readResult(
    (await bilevel(['gradient', sample('ridge'), '--json', '--set', 'lambda=-1', '--option', 'lower=fista']))
      .out,
  );
  assert.deepEqual(
    result.upper.variables['lambda']?.data,
    Array.from({ length: 10 }, () => -1),
  );
  assert.equal(result.lower.method, 'fista');
});

test('describe says sizes, constants and methods; check is silent about the samples', async () => {
  const [described, json, checked] = await Promise.all([
    bilevel(['describe', sample('logistic')]),
    bilevel(['describe', sample('logistic'), '--json']),
    bilevel(['check', ...['ridge', 'logistic', 'quadratic', 'hyper-cleaning'].map(sample), '--json']),
  ]);
  assert.equal(described.code, 0, described.error);
  assert.match(described.out, /n +400 +rows of `Xraw`/);
  const description = JSON.parse(json.out) as Description;
  assert.equal(description.dimensions['m']?.value, 169);
  // mu = 2 min exp(lambda) at lambda = -4
  const mu = Number(description.constants['mu']?.value);
  assert.ok(mu <= 2 * Math.exp(-4) && mu >= 2 * Math.exp(-4) * (1 - 1e-12));
  assert.equal(checked.code, 0);
  const { status, diagnostics } = JSON.parse(checked.out) as {
    status: string;
    diagnostics: { severity: string }[];
  };
  assert.equal(status, 'accepted');
  assert.ok(diagnostics.every(({ severity }) => severity !== 'error' && severity !== 'warning'));
});

test('describe warns of given constants that the numbers refute', async () => {
  const file = join(folder, 'doubtful.bilevel');
  writeFileSync(
    file,
    'upper { a : scalar = 1\n minimize sumsq(u - 1) + a ^ 2 }\nlower { u : vector[3]\n minimize sumsq(u - a) }\nsolve { lower = gradient_descent(mu = 2.5) }\n',
  );
  const { code, out } = await bilevel(['describe', file]);
  assert.equal(code, 0);
  assert.match(out, /line 5: the given mu = 2\.5 is above the certified L = 2, so it cannot be true/);
});

test('format rewrites a file once and leaves a broken one alone', async () => {
  const file = join(folder, 'loose.bilevel');
  writeFileSync(file, 'upper{t:scalar=0\nminimize x^2}\nlower{x:scalar\nminimize (x-t)^2}\n');
  assert.equal((await bilevel(['format', '--check', file])).code, 1);
  assert.deepEqual(await bilevel(['format', file]), { code: 0, out: `${file}\n`, error: '' });
  assert.deepEqual(await bilevel(['format', '--check', file]), { code: 0, out: '', error: '' });
  const broken = join(folder, 'broken.bilevel');
  writeFileSync(broken, 'upper {{');
  assert.equal((await bilevel(['format', broken])).code, 1);
  assert.equal(readFileSync(broken, 'utf8'), 'upper {{');
});

test('a copied sample runs where it was copied to', async () => {
  const target = join(folder, 'copied');
  assert.match((await bilevel(['samples'])).out, /^quadratic +A quadratic with a closed form$/m);
  assert.equal((await bilevel(['samples', 'copy', 'quadratic', target])).code, 0);
  assert.equal((await bilevel(['gradient', 'quadratic.bilevel'], target)).code, 0);
  assert.equal((await bilevel(['samples', 'copy', 'quadratic', target])).code, 2);
});

test('every command explains itself', async () => {
  const commands = ['run', 'gradient', 'check', 'describe', 'format', 'samples', 'lsp'];
  const helps = await Promise.all([
    bilevel(['--help']),
    ...commands.map((name) => bilevel([name, '--help'])),
  ]);
  helps.forEach(({ code, out }, position) => {
    assert.equal(code, 0);
    assert.match(out, new RegExp(`Usage: bilevel ${commands[position - 1] ?? ''}`));
  });
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal((await bilevel(['--version'])).out, `bilevel ${version}\n`);
});

/** Starts the slow problem, interrupts it when its solver works, and waits for both processes' end. */
async function interrupted(args: readonly string[], times: number) {
  const file = join(folder, 'slow.bilevel');
  writeFileSync(file, slowProblem);
  const child = spawn(process.execPath, [program, 'run', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const working = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error += text;
      if (/lower \d+/.test(error)) resolve();
    });
  });
  await Promise.race([working, ended]);
  for (let k = 0; k < times; k++) child.kill('SIGINT');
  return { code: await ended, out, error };
}

test('Ctrl-C ends a run with its last iterate and exit code 130; a second one ends it at once', async () => {
  const [once, twice] = await Promise.all([
    interrupted(['--out', join(folder, 'kept')], 1),
    interrupted([], 2),
  ]);
  assert.equal(once.code, 130, once.error);
  assert.match(once.error, /cancelling …/);
  assert.match(once.out, /^cancelled: ended on request; the last finite iterate is kept/);
  assert.equal(readResult(readFileSync(join(folder, 'kept', 'result.json'), 'utf8')).status, 'cancelled');
  assert.equal(twice.code, 130, twice.error);
  assert.ok(existsSync(folder) && readdirSync(folder).every((name) => !name.endsWith('.tmp')));
});
