/**
 * Sums, means and stacks over an index and `lower each` against the same problems written with whole
 * arrays: values, gradients, products, and constants that are no larger where slices are apart.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalArray, seeded } from '../support/seeded.ts';
import { compiled } from './compile-text.ts';

const [s, n, d] = [4, 5, 3];
const random = seeded(21);
const sources = {
  G: { shape: [s, n, d], values: normalArray(random, s * n * d) },
  Y: { shape: [s, n], values: normalArray(random, s * n) },
  A: { shape: [s, d], values: normalArray(random, s * d) },
  numbers: { shape: [s], values: Float64Array.of(1, 2, 3, 4) },
};
const data = `data {
  G : tensor[s, n, d] = npy("G")
  Y : matrix[s, n] = npy("Y")
  A : matrix[s, d] = npy("A")
  numbers : vector[s] = npy("numbers")
}
`;

interface Pair {
  readonly name: string;
  readonly indexed: string;
  readonly whole: string;
}

const pairs: readonly Pair[] = [
  {
    name: 'a shared unknown',
    indexed: `upper { rho : vector[d]  minimize mean(i in s, sumsq(G[i] * w - Y[i])) }
      lower { w : vector[d]  minimize sum(i in s, sumsq(G[i] * w - Y[i])) / s + sum(exp(rho) .* w .^ 2) }`,
    whole: `let B = reshape(G, s * n, d)  let y = reshape(Y, s * n)
      upper { rho : vector[d]  minimize sumsq(B * w - y) / s }
      lower { w : vector[d]  minimize sumsq(B * w - y) / s + sum(exp(rho) .* w .^ 2) }`,
  },
  {
    name: 'each problem with its own penalty',
    indexed: `upper { rho : vector[s]  minimize mean(sumsq_rows(u - A)) }
      lower each i in s { u : vector[d] = A[i]
        minimize sumsq(u - A[i]) / 2 + exp(rho[i]) * sum(log_cosh(u)) }`,
    whole: `upper { rho : vector[s]  minimize sumsq(u - A) / s }
      lower { u : matrix[s, d] = A
        minimize sumsq(u - A) / 2 + sum(exp(rho) .* log_cosh(u')) }`,
  },
  {
    name: 'neighbours, mirrored entries and the index as a number',
    indexed: `let r = 3
      upper { rho : scalar  minimize sum(i in r, sumsq(U[i + 1] - U[i])) + sum(i in s, i * U[s - i + 1, 1]) + rho ^ 2 }
      lower { U : matrix[s, d]  minimize sum(i in r, sumsq(U[i + 1] - rho * U[i])) + sumsq(U - A) + sum(i in d, sum(U[1..2, i] .^ 2)) }`,
    whole: `upper { rho : scalar  minimize sumsq(U[2..4, :] - U[1..3, :]) + 4 * U[1, 1] + 3 * U[2, 1] + 2 * U[3, 1] + U[4, 1] + rho ^ 2 }
      lower { U : matrix[s, d]  minimize sumsq(U[2..4, :] - rho * U[1..3, :]) + sumsq(U - A) + sumsq(U[1..2, :]) }`,
  },
  {
    name: 'an index within an index, over the same array',
    indexed: `upper { rho : scalar  minimize sum(i in s, sum(j in s, (dot(U[i], A[j]) - rho) ^ 2)) / 5 }
      lower { U : matrix[s, d]  minimize sum(i in s, sum(j in s, log_cosh(dot(U[i], A[j]) + rho * i * Y[j, i]) + sumsq(G[i] * U[j]) / 9)) + sumsq(U) }`,
    whole: `upper { rho : scalar  minimize sumsq(U * A' - rho) / 5 }
      lower { U : matrix[s, d]  minimize sum(log_cosh(U * A' + rho * (Y[:, 1..4]' .* stack(i in s, numbers .* 0 + i)))) + sumsq(reshape(G, s * n, d) * U') / 9 + sumsq(U) }`,
  },
  {
    name: 'products of each matrix of a batch with its own partner, and a vector for all',
    indexed: `upper { rho : scalar  minimize sumsq(stack(i in s, G[i] * T[i])) + sumsq(stack(i in s, G[i] * T[1, :, 1])) + rho ^ 2 }
      lower { T : tensor[s, d, 2]  minimize sumsq(stack(i in s, G[i] * T[i] - rho)) + sum(stack(i in s, log_cosh(T[i]' * G[i]'))) / 50 + 3 * sumsq(T) }`,
    whole: `upper { rho : scalar  minimize sumsq(G * T) + sumsq(G * T[1, :, 1]) + rho ^ 2 }
      lower { T : tensor[s, d, 2]  minimize sumsq(G * T - rho) + sum(log_cosh(T' * G')) / 50 + 3 * sumsq(T) }`,
  },
  {
    name: 'products of each matrix of a batch with one for all, on either side',
    indexed: `upper { rho : scalar  minimize sumsq(stack(i in s, G[i] * V)) + rho ^ 2 }
      lower { V : matrix[d, 2]  T : tensor[s, 2, d]
        minimize sumsq(stack(i in s, G[i] * V - rho)) + sumsq(stack(i in s, A * T[i]')) + sumsq(V) + sumsq(T) }`,
    whole: `upper { rho : scalar  minimize sumsq(G * V) + rho ^ 2 }
      lower { V : matrix[d, 2]  T : tensor[s, 2, d]
        minimize sumsq(G * V - rho) + sumsq(A * T') + sumsq(V) + sumsq(T) }`,
  },
  {
    name: 'a stack',
    indexed: `upper { rho : scalar  minimize sumsq(stack(i in s, U[i] + rho * i)) }
      lower { U : matrix[s, d]  minimize sumsq(stack(i in s, U[i] .* A[i] - rho)) + sumsq(U) }`,
    whole: `upper { rho : scalar  minimize sumsq(U' + rho * numbers) }
      lower { U : matrix[s, d]  minimize sumsq(U .* A - rho) + sumsq(U) }`,
  },
];

for (const { name, indexed, whole } of pairs) {
  test(`an index and whole arrays say the same: ${name}`, () => {
    const [one, other] = [indexed, whole].map((text) => compiled(data + text, sources).problem) as [
      ReturnType<typeof compiled>['problem'],
      ReturnType<typeof compiled>['problem'],
    ];
    assert.equal(one.lowerSize, other.lowerSize);
    assert.equal(one.lowerIsQuadratic, other.lowerIsQuadratic);
    const theta = normalArray(random, one.upperSize);
    const [x, v, u] = [one.lowerSize, one.lowerSize, one.upperSize].map((size) =>
      normalArray(random, size),
    ) as [Float64Array, Float64Array, Float64Array];
    const all = [one, other].map((problem) => {
      problem.moveTo(theta);
      const [g, fx, H, J] = [0, 1, 2, 3].map(() => new Float64Array(problem.lowerSize)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const [ftheta, transposed] = [new Float64Array(problem.upperSize), new Float64Array(problem.upperSize)];
      const values = [problem.lower(x, g), problem.upper(x, fx, ftheta)];
      problem.linearise(x);
      problem.hessianProduct(v, H);
      problem.jacobianProduct(u, J);
      problem.jacobianTransposeProduct(v, transposed);
      return [...values, ...g, ...fx, ...ftheta, ...H, ...J, ...transposed, ...problem.lowerStart()];
    }) as [number[], number[]];
    const scale = Math.max(...all[0].map(Math.abs));
    all[0].forEach((value, k) => {
      assert.ok(
        Math.abs(value - (all[1][k] as number)) <= 1e-13 * scale,
        `entry ${k}: ${value} and ${all[1][k] ?? ''}`,
      );
    });
    // The exact L and mu are between: neither way of writing may be on the wrong side of the other.
    const [c, w] = [one.constants(), other.constants()];
    assert.ok(c.mu.value <= w.L.value * (1 + 1e-9) && w.mu.value <= c.L.value * (1 + 1e-9));
    assert.ok(c.mu.value > 0);
  });
}

test('constants of many problems are those of the worst one, and Jacobians of blocks are stacked', () => {
  const { problem } = compiled(
    `${data}upper { rho : vector[s]  minimize sumsq(u - A) }
     lower each i in s { u : vector[d]  minimize i * sumsq(u - A[i]) / 2 + exp(rho[i]) * sumsq(u) / 2 }`,
    sources,
  );
  problem.moveTo(Float64Array.of(0, 0, 0, Math.log(3)));
  const { mu, L, L_H } = problem.constants();
  // i + exp(rho_i): 2, 3, 4 and 7. The least of i plus the least of exp(rho) is what terms apart give.
  assert.ok(Math.abs(mu.value - 2) < 1e-12 && mu.value <= 2);
  assert.ok(Math.abs(L.value - 7) < 1e-12 && L.value >= 7);
  assert.equal(L_H.value, 0);
});

test('a value that is no number is found inside a body', () => {
  const text = `${data}upper { rho : scalar  minimize sumsq(u) + rho }
     lower each i in s { u : vector[d]  minimize sumsq(u - A[i]) + sum(sqrt(sumsq(A[i]) - 1000 + exp(rho))) * sumsq(u) + sumsq(u) }`;
  const made = compiled(text, sources);
  const found = made.findNonFinite(Float64Array.of(0), new Float64Array(s * d));
  assert.equal(found?.what, 'value');
  assert.equal(text.slice(found.span.start, found.span.end), 'sqrt(sumsq(A[i]) - 1000 + exp(rho))');
});
