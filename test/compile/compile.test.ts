/**
 * What the compiler says when the data does not fit, how unknowns, starts and signs are laid out, where
 * values that are not finite are traced to, and how constants are rounded.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilation, compiled } from './compile-text.ts';

const quadratic = `data {
  A : matrix[n, d] = npy("A")
  b : vector[n] = npy("b")
}
upper {
  theta : vector[n] in [0, 2] = 3
  maximize -sumsq(A * x - b) - sum(theta)
}
lower {
  x : vector[d] = 1
  s : scalar = 2
  minimize sumsq(A * x - theta) + 0.5 * sumsq(x) + (s - 1) ^ 2
}`;

const sources = {
  A: { shape: [3, 2], values: Float64Array.of(1, 2, 3, 4, 5, 6) },
  b: { shape: [3], values: Float64Array.of(1, 0, -1) },
};

function only(text: string, data: Parameters<typeof compilation>[1], options?: { headers?: boolean }) {
  const { compiled: made, diagnostics } = compilation(text, data, options);
  assert.equal(made, undefined);
  assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics));
  return diagnostics[0] as (typeof diagnostics)[number];
}

test('unknowns lie end to end, starts are spread and projected, maximising negates', () => {
  const made = compiled(quadratic, sources);
  const { problem } = made;
  assert.deepEqual([...problem.upperStart], [2, 2, 2]);
  assert.ok(problem.upperIsConstrained);
  assert.deepEqual([...problem.lowerStart()], [1, 1, 2]);
  assert.deepEqual(
    made.lowerLayout.unknowns.map(({ name, offset, length }) => [name, offset, length]),
    [
      ['x', 0, 2],
      ['s', 2, 1],
    ],
  );
  assert.equal(made.upperSign, -1);
  const f = problem.upper(Float64Array.of(1, 0, 0), new Float64Array(3), new Float64Array(3));
  assert.equal(f, 0 + 9 + 36 + 6);
  assert.deepEqual(Object.fromEntries(made.dimensions), { n: 3, d: 2 });
  assert.deepEqual(made.data[0], { name: 'A', shape: [3, 2], density: 1 });
  assert.throws(() => problem.moveTo(new Float64Array(2)), /length 2 where 3/);
});

test('a shape that differs from the declaration names both sides and the origin of the size', () => {
  const wrong = { ...sources, b: { shape: [4], values: new Float64Array(4) } };
  const diagnostic = only(quadratic, wrong, { headers: false });
  assert.equal(diagnostic.code, 'data-shape');
  assert.match(diagnostic.message, /vector\[n\].*a vector of 4/);
  assert.match(diagnostic.reason ?? '', /must have 3 entries \(n is 3, .*\) and has 4/);
  assert.match(quadratic.slice(diagnostic.span.start, diagnostic.span.end), /^b |npy\("b"\)/);
});

test('a source that fails is reported at its place with its remedy', () => {
  const diagnostic = only(quadratic, { A: sources.A }, { headers: false });
  assert.equal(diagnostic.code, 'data-source');
  assert.match(diagnostic.message, /b does not exist/);
  assert.equal(diagnostic.remedy, 'make it');
  assert.equal(quadratic.slice(diagnostic.span.start, diagnostic.span.end), 'npy("b")');
});

test('data that is not finite names the entry, labels outside the classes the row', () => {
  const nan = { ...sources, A: { shape: [3, 2], values: Float64Array.of(1, 2, 3, NaN, 5, 6) } };
  const diagnostic = only(quadratic, nan);
  assert.equal(diagnostic.code, 'not-finite');
  assert.match(diagnostic.message, /`A` is not a number at row 2, column 2/);
  const labelled = `data {
  Z : matrix[n, 2] = npy("Z")
  y : labels[n, 2] = npy("y")
}
upper {
  t : scalar = 0
  minimize sumsq(W) + t ^ 2
}
lower {
  W : matrix[n, 2] = 0
  minimize mean(cross_entropy(W + Z, y)) + sumsq(W) * exp(t)
}`;
  const labels = {
    Z: { shape: [3, 2], values: new Float64Array(6) },
    y: { shape: [3], values: Float64Array.of(0, 1, 2) },
  };
  const outside = only(labelled, labels);
  assert.equal(outside.code, 'label-outside');
  assert.match(outside.message, /`y` has 2 in row 3/);
});

test('a positive number to the power of an unknown is that power, with its derivatives and constants', () => {
  const { problem } = compiled(
    `data { p : vector[d] in [0.5, 4] = npy("p") }
     upper { alpha : scalar in [-8, 2] = -1
             minimize sumsq(x) + 3 ^ alpha }
     lower { x : vector[d] = 0
             minimize 10 ^ alpha * sumsq(x) / 2 + sum(p .^ x) + sum(2 .^ -x) }`,
    { p: { shape: [2], values: Float64Array.of(0.5, 4) } },
  );
  const [alpha, x] = [-1.2, Float64Array.of(0.3, -0.7)];
  problem.moveTo(Float64Array.of(alpha));
  const [g, fx, ftheta] = [new Float64Array(2), new Float64Array(2), new Float64Array(1)];
  const wanted = 10 ** alpha * 0.29 + 0.5 ** 0.3 + 4 ** -0.7 + 2 ** -0.3 + 2 ** 0.7;
  const close = (a: number, b: number): void =>
    assert.ok(Math.abs(a - b) <= 1e-14 * (1 + Math.abs(b)), `${a}`);
  close(problem.lower(x, g), wanted);
  close(problem.upper(x, fx, ftheta), 0.58 + 3 ** alpha);
  close(ftheta[0] as number, Math.log(3) * 3 ** alpha);
  [0.5, 4].forEach((p, k) => {
    const t = x[k] as number;
    close(g[k] as number, 10 ** alpha * t + Math.log(p) * p ** t - Math.log(2) * 2 ** -t);
  });
  const { mu } = problem.constants();
  assert.ok(mu.value <= 10 ** alpha && mu.value > 10 ** alpha * (1 - 1e-12), `${mu.value}`);
});

test('values that are not finite are traced to the smallest subexpression', () => {
  const text = `upper {
  theta : scalar = 0
  minimize x ^ 2 + log(theta) * 2
}
lower {
  x : scalar = 1
  minimize (x - 1 / theta) ^ 2
}`;
  const made = compiled(text, {});
  const at = (theta: number, x: number) => {
    const found = made.findNonFinite(Float64Array.of(theta), Float64Array.of(x));
    return found && [text.slice(found.span.start, found.span.end), found.what, found.level];
  };
  assert.deepEqual(at(0, 1), ['1 / theta', 'value', 'lower']);
  assert.deepEqual(at(-1, 1), ['log(theta)', 'value', 'upper']);
  assert.equal(at(1, 1), undefined);

  const kinked = `upper {
  theta : scalar = 1
  minimize x ^ 2 + sqrt(theta + 1)
}
lower {
  x : scalar = 1
  minimize (x - theta) ^ 2
}`;
  const found = compiled(kinked, {}).findNonFinite(Float64Array.of(-1), Float64Array.of(1));
  assert.equal(found?.what, 'derivative');
  assert.equal(kinked.slice(found?.span.start, found?.span.end), 'sqrt(theta + 1)');
});
