/**
 * Compiled fixed points against what they say: the products with H, H', J, J' against differences of the
 * residual, and the constants against sampled norms, at many points: q, L_H, L_J and ‖J‖ are never below
 * them. How sharp they are is printed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Compiled } from '../../server/src/compile/compile.ts';
import { hypergradientAt, solve } from '../../server/src/solve/run.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { normalArray, seeded } from '../support/seeded.ts';
import { compiled } from './compile-text.ts';

const random = seeded(5);
const [n, d, h] = [6, 4, 3];
const scaled = (count: number, by: number) => normalArray(random, count).map((value) => by * value);
const sources = {
  X: { shape: [n, d], values: scaled(n * d, 0.4) },
  M: { shape: [d, d], values: scaled(d * d, 0.15) },
  b: { shape: [d], values: scaled(d, 1) },
  Y: { shape: [n, h], values: scaled(n * h, 1) },
  A0: { shape: [h, h], values: scaled(h * h, 0.3) },
  B0: { shape: [h, d], values: scaled(h * d, 0.3) },
};
const data = `data {
  X : matrix[n, d] = npy("X")
  M : matrix[d, d] = npy("M")
  b : vector[d] = npy("b")
  Y : matrix[n, h] = npy("Y")
  A0 : matrix[h, h] = npy("A0")
  B0 : matrix[h, d] = npy("B0")
}
`;
const uses = '0 * (sum(X) + sum(M) + sum(b) + sum(Y) + sum(A0) + sum(B0))';

const files: readonly (readonly [name: string, text: string])[] = [
  [
    'equilibrium layer',
    `upper {
      A : matrix[h, h] in spectral_ball(0.7) = A0
      B : matrix[h, d] = B0
      c : vector[h] = 0.1
      minimize sumsq(z - Y) + ${uses}
    }
    lower {
      z : matrix[n, h] = 0
      fixed_point z = tanh(z * A' + X * B' + c)
    }`,
  ],
  [
    'affine map',
    `upper { t : vector[d] = 0.2 minimize sumsq(z - b) + ${uses} }
    lower {
      z : vector[d] = 0
      fixed_point z = M * z + t .* b
    }`,
  ],
  [
    'gradient step of a ridge regression',
    `upper { t : scalar in [-1, 1] = 0.2 minimize sumsq(z - b) + ${uses} }
    lower {
      z : vector[d] = 0
      fixed_point z = z - 0.2 * (X' * (X * z - X * b) + exp(t) * z)
    }`,
  ],
  [
    'gradient step of a smooth objective',
    `upper { t : vector[d] = 0.2 minimize sumsq(z - b) + ${uses} }
    lower {
      z : vector[d] = 0
      fixed_point z = z - 0.3 * (X' * sigmoid(X * z) + z + t .* b)
    }`,
  ],
  [
    'damped map with other slopes',
    `upper { t : vector[d] = 0.2 minimize sumsq(z - b) + z[1] * t[2] + ${uses} }
    lower {
      z : vector[d] = 0
      fixed_point z = 0.5 * z + 0.5 * sigmoid(M * z + t)
    }`,
  ],
  [
    'two unknowns',
    `upper { t : vector[d] in ball(1) = 0.2 minimize sumsq(z - b) + w * sum(t) + ${uses} }
    lower {
      z : vector[d] = 0
      w : scalar = 0
      fixed_point z = M * tanh(z) + 0.2 * sin(w) * b / norm2(b)
      fixed_point w = 0.3 * softplus(w + 0.2 * mean(z .* t))
    }`,
  ],
  [
    'inside a box',
    `upper { t : vector[d] = 0.2 minimize sumsq(z - b) + ${uses} }
    lower {
      z : vector[d] in [-0.4, 0.5] = 0
      fixed_point z = M * z + 0.3 * z .^ 2 + t .* b
    }`,
  ],
  [
    'one fixed point for each row',
    `upper { t : vector[d] = 0.2 minimize sumsq(z - X) + ${uses} }
    lower each i in n {
      z : vector[d] = 0
      fixed_point z = tanh(M * z + t .* X[i])
    }`,
  ],
];

function dense(size: number, columns: number, product: (v: Float64Array, out: Float64Array) => void): Matrix {
  const matrix = Matrix.zeros(size, columns);
  const out = new Float64Array(size);
  for (let j = 0; j < columns; j++) {
    product(
      Float64Array.from({ length: columns }, (_, k) => (k === j ? 1 : 0)),
      out,
    );
    for (let i = 0; i < size; i++) matrix.set(i, j, out[i] as number);
  }
  return matrix;
}

const norm = (matrix: Matrix): number =>
  new SingularValueDecomposition(matrix, { autoTranspose: true }).norm2;

function derivatives({ problem }: Compiled, theta: Float64Array, x: Float64Array) {
  problem.moveTo(theta);
  problem.linearise(x);
  const { lowerSize, upperSize } = problem;
  return {
    H: dense(lowerSize, lowerSize, (v, out) => problem.hessianProduct(v, out)),
    transposed: dense(lowerSize, lowerSize, (v, out) => problem.transposedHessianProduct(v, out)),
    J: dense(lowerSize, upperSize, (v, out) => problem.jacobianProduct(v, out)),
    Jt: dense(upperSize, lowerSize, (v, out) => problem.jacobianTransposeProduct(v, out)),
  };
}

for (const [name, text] of files) {
  test(`${name}: products and constants`, () => {
    const made = compiled(data + text, sources);
    const { problem } = made;
    const { lowerSize } = problem;
    const theta = problem.upperStart;
    problem.moveTo(theta);
    assert.equal(problem.lowerKind, 'fixed_point');
    const { mu, L } = problem.constants();
    assert.ok(mu.value > 0 && mu.value <= 1, `mu ${mu.value}`);
    const factor = 1 - mu.value;
    let sharpest = 0;
    for (let trial = 0; trial < 60; trial++) {
      const x = scaled(lowerSize, [0.05, 0.5, 2][trial % 3] as number);
      problem.retract(x);
      const { H, transposed, J, Jt } = derivatives(made, theta, x);
      assert.ok(norm(Matrix.sub(H.transpose(), transposed)) < 1e-13);
      assert.ok(norm(Matrix.sub(J.transpose(), Jt)) < 1e-13);
      const slope = norm(Matrix.sub(Matrix.eye(lowerSize), H));
      assert.ok(slope <= factor + 1e-12, `‖d1Phi‖ = ${slope} > q = ${factor}`);
      assert.ok(norm(H) <= L.value + 1e-12);
      sharpest = Math.max(sharpest, slope);
      // Differences of the residual, away from the ends of a box.
      const v = scaled(lowerSize, 1);
      const ahead = new Float64Array(lowerSize);
      const behind = new Float64Array(lowerSize);
      const step = 1e-5;
      const moved = (by: number) => x.map((value, i) => value + by * (v[i] as number));
      if (name !== 'inside a box') {
        problem.lower(moved(step), ahead);
        problem.lower(moved(-step), behind);
        const image = H.mmul(Matrix.columnVector([...v])).to1DArray();
        image.forEach((value, i) => {
          const quotient = ((ahead[i] as number) - (behind[i] as number)) / (2 * step);
          assert.ok(Math.abs(value - quotient) < 1e-7, `${value} against ${quotient}`);
        });
      }
      const radius = [1e-3, 0.1, 1][trial % 3] as number;
      const length = Math.hypot(...v);
      const y = x.map((value, i) => value + (radius * (v[i] as number)) / length);
      problem.retract(y);
      const distance = Math.hypot(...y.map((value, i) => value - (x[i] as number)));
      const ball = problem.constants({ centre: x, radius });
      const other = derivatives(made, theta, y);
      const slack = 1e-12;
      assert.ok(norm(Matrix.sub(other.H, H)) <= ball.L_H.value * distance + slack, 'L_H');
      assert.ok(norm(Matrix.sub(other.J, J)) <= ball.L_J.value * distance + slack, 'L_J');
      assert.ok(norm(other.J) <= ball.jacobianNorm.value + slack, '‖J‖');
    }
    console.log(`  ${name}: q = ${factor.toPrecision(4)}, largest sampled ${sharpest.toPrecision(4)}`);
  });

  test(`${name}: its hypergradient agrees with a dense solve and with differences`, () => {
    const { problem } = compiled(data + text, sources);
    const report = hypergradientAt(problem, { theta: problem.upperStart, verify: true }, defaultSolveOptions);
    const { verification, certificate } = report;
    assert.equal(certificate.kind, 'certified');
    assert.ok(verification?.boundHolds, `${certificate.bound}`);
    assert.ok(verification.exactRelativeError < 1e-5, `${verification.exactRelativeError}`);
    // Differences reach across the ends of a box.
    if (name !== 'inside a box')
      assert.ok(verification.differenceRelativeError < 1e-5, `${verification.differenceRelativeError}`);
  });
}

test('a run over an equilibrium layer descends, certified', () => {
  const [, text] = files[0] as (typeof files)[number];
  const { problem } = compiled(data + text, sources);
  const report = solve(problem, {
    ...defaultSolveOptions,
    upper: { method: 'projected_gradient', steps: 15 },
  });
  const [first] = report.history;
  assert.ok(first !== undefined && report.objective + report.objectiveError.value < first.objective);
  assert.equal(report.certificate.kind, 'certified');
  assert.equal(report.lowerObjective, undefined);
});
