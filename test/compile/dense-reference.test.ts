/**
 * Compiled values, gradients and products against dense references assembled by hand with ml-matrix:
 * ridge with one penalty per feature, logistic regression and softmax regression with weights. The
 * formulas of H and J below are written from the mathematics, not derived by the code under test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Compiled } from '../../server/src/compile/compile.ts';
import { integerBelow, normalArray, seeded } from '../support/seeded.ts';
import { compiled } from './compile-text.ts';

const [n, m, d, k] = [23, 11, 5, 3];
const random = seeded(11);
const X = normalArray(random, n * d);
const Xv = normalArray(random, m * d);
const y = normalArray(random, n);
const yv = normalArray(random, m);
const signs = y.map(Math.sign);
const labels = Float64Array.from({ length: n }, () => integerBelow(random, k));
const labelsV = Float64Array.from({ length: m }, () => integerBelow(random, k));
const sources = {
  X: { shape: [n, d], values: X },
  Xv: { shape: [m, d], values: Xv },
  y: { shape: [n], values: y },
  yv: { shape: [m], values: yv },
  t: { shape: [n], values: signs },
  c: { shape: [n], values: labels },
  cv: { shape: [m], values: labelsV },
};
const matrixX = Matrix.from1DArray(n, d, [...X]);
const matrixXv = Matrix.from1DArray(m, d, [...Xv]);

function column(values: ArrayLike<number>): Matrix {
  return Matrix.columnVector(Array.from(values));
}

function close(actual: Float64Array, expected: Matrix, label: string) {
  const wanted = expected.to1DArray();
  assert.equal(actual.length, wanted.length, label);
  const scale = Math.max(...wanted.map(Math.abs), 1e-300);
  wanted.forEach((value, index) => {
    const difference = Math.abs((actual[index] as number) - value);
    assert.ok(difference <= 1e-12 * scale, `${label}[${index}]: ${actual[index] ?? ''} against ${value}`);
  });
}

/** Compares everything a problem offers with dense g_x, H, J, f_x, f_theta at (theta, x). */
function compare(
  made: Compiled,
  theta: Float64Array,
  x: Float64Array,
  dense: { g: number; f: number; gx: Matrix; H: Matrix; J: Matrix; fx: Matrix; ftheta: Matrix },
) {
  const { problem } = made;
  const [outX, outTheta] = [new Float64Array(problem.lowerSize), new Float64Array(problem.upperSize)];
  problem.moveTo(theta);
  const g = problem.lower(x, outX);
  assert.ok(Math.abs(g - dense.g) <= 1e-12 * Math.max(1, Math.abs(dense.g)), `g ${g} ${dense.g}`);
  close(outX, dense.gx, 'g_x');
  const f = problem.upper(x, outX, outTheta);
  assert.ok(Math.abs(f - dense.f) <= 1e-12 * Math.max(1, Math.abs(dense.f)), `f ${f} ${dense.f}`);
  close(outX, dense.fx, 'f_x');
  close(outTheta, dense.ftheta, 'f_theta');
  problem.linearise(x);
  const v = normalArray(random, problem.lowerSize);
  const u = normalArray(random, problem.upperSize);
  // Values at another point in between must not disturb the linearisation.
  problem.lower(normalArray(random, problem.lowerSize), new Float64Array(problem.lowerSize));
  problem.hessianProduct(v, outX);
  close(outX, dense.H.mmul(column(v)), 'H v');
  problem.jacobianTransposeProduct(v, outTheta);
  close(outTheta, dense.J.transpose().mmul(column(v)), "J' q");
  problem.jacobianProduct(u, outX);
  close(outX, dense.J.mmul(column(u)), 'J u');
  for (const bound of [
    problem.rounding.lowerObjective(x),
    problem.rounding.lowerGradient(x),
    problem.rounding.upperObjective(x),
    problem.rounding.upperGradientX(x),
    problem.rounding.upperGradientTheta(x),
    problem.rounding.hessianProduct(x, v),
    problem.rounding.jacobianTransposeProduct(x, v),
  ]) {
    assert.ok(bound >= 0 && bound < 1e-10, `${bound}`);
  }
}

test('ridge regression with one penalty per feature', () => {
  const made = compiled(
    `data {
      X : matrix[n, d] = npy("X")
      y : vector[n] = npy("y")
      Xv : matrix[m, d] = npy("Xv")
      yv : vector[m] = npy("yv")
    }
    upper {
      lambda : vector[d] in [-8, 4] = -2
      minimize sumsq(Xv * w + b - yv) / m
    }
    lower {
      w : vector[d] = 0
      b : scalar = 0
      minimize sumsq(X * w + b - y) / n + sum(exp(lambda) .* w .^ 2) + 0.0001 * b ^ 2
    }`,
    sources,
  );
  const theta = normalArray(random, d);
  const x = normalArray(random, d + 1);
  const w = column(x.subarray(0, d));
  const withOnes = (a: Matrix) => a.clone().addColumn(a.columns, new Array<number>(a.rows).fill(1));
  const [A, Av] = [withOnes(matrixX), withOnes(matrixXv)];
  const penalties = [...[...theta].map(Math.exp), 0.0001];
  const D = Matrix.diag(penalties);
  const r = A.mmul(column(x)).sub(column(y));
  const rv = Av.mmul(column(x)).sub(column(yv));
  const J = Matrix.zeros(d + 1, d);
  for (let j = 0; j < d; j++) J.set(j, j, 2 * Math.exp(theta[j] as number) * w.get(j, 0));
  compare(made, theta, x, {
    g: r.dot(r) / n + column(x).dot(D.mmul(column(x))),
    f: rv.dot(rv) / m,
    gx: A.transpose()
      .mmul(r)
      .mul(2 / n)
      .add(D.mmul(column(x)).mul(2)),
    H: A.transpose()
      .mmul(A)
      .mul(2 / n)
      .add(D.clone().mul(2)),
    J,
    fx: Av.transpose()
      .mmul(rv)
      .mul(2 / m),
    ftheta: Matrix.zeros(d, 1),
  });

  const { problem } = made;
  assert.ok(problem.lowerIsQuadratic);
  assert.deepEqual([...problem.upperStart], new Array(d).fill(-2));
  assert.deepEqual([...problem.project(Float64Array.of(-9, 5, 0, 1, -8)).point], [-8, 4, 0, 1, -8]);
  problem.moveTo(theta);
  const { realEigenvalues } = new EigenvalueDecomposition(
    A.transpose()
      .mmul(A)
      .mul(2 / n)
      .add(D.clone().mul(2)),
    { assumeSymmetric: true },
  );
  const constants = problem.constants();
  assert.ok(constants.mu.value > 0 && constants.mu.value <= Math.min(...realEigenvalues) * (1 + 1e-12));
  assert.ok(constants.L.value >= Math.max(...realEigenvalues) * (1 - 1e-12));
  assert.ok(constants.L.value <= 20 * Math.max(...realEigenvalues));
  assert.equal(constants.L_H.value, 0);
  const lipschitz = (2 * new SingularValueDecomposition(Av).norm2 ** 2) / m;
  assert.ok(constants.L_fx.value >= lipschitz * (1 - 1e-12) && constants.L_fx.value <= 3 * lipschitz);
});

test('logistic regression', () => {
  const made = compiled(
    `data {
      X : matrix[n, d] = npy("X")
      t : vector[n] = npy("t")
      Xv : matrix[m, d] = npy("Xv")
      yv : vector[m] = npy("yv")
    }
    upper {
      lambda : vector[d] in [-10, 5] = -4
      minimize mean(logistic_loss(yv .* (Xv * w))) + sum(lambda .^ 2) / 2
    }
    lower {
      w : vector[d] = 0
      minimize mean(logistic_loss(t .* (X * w))) + sum(exp(lambda) .* w .^ 2)
    }`,
    sources,
  );
  const theta = normalArray(random, d);
  const x = normalArray(random, d);
  const sigma = (s: number) => 1 / (1 + Math.exp(-s));
  const loss = (data: Matrix, target: Float64Array) => {
    const margins = data
      .mmul(column(x))
      .to1DArray()
      .map((s, i) => s * (target[i] as number));
    const slopes = margins.map((s, i) => (-sigma(-s) * (target[i] as number)) / target.length);
    const curvatures = margins.map(
      (s, i) => (sigma(s) * sigma(-s) * (target[i] as number) ** 2) / target.length,
    );
    return {
      value: margins.reduce((total, s) => total + Math.log1p(Math.exp(-s)), 0) / target.length,
      gradient: data.transpose().mmul(column(slopes)),
      hessian: data.transpose().mmul(Matrix.diag(curvatures)).mmul(data),
    };
  };
  const [lower, upper] = [loss(matrixX, signs), loss(matrixXv, yv)];
  const penalties = [...theta].map(Math.exp);
  const weighted = column(penalties.map((p, j) => p * (x[j] as number)));
  compare(made, theta, x, {
    g: lower.value + weighted.dot(column(x)),
    f: upper.value + column(theta).dot(column(theta)) / 2,
    gx: lower.gradient.add(weighted.clone().mul(2)),
    H: lower.hessian.add(Matrix.diag(penalties).mul(2)),
    J: Matrix.diag(weighted.clone().mul(2).to1DArray()),
    fx: upper.gradient,
    ftheta: column(theta),
  });
});

test('softmax regression with learned weights of the samples', () => {
  const made = compiled(
    `data {
      X : matrix[n, d] = npy("X")
      c : labels[n, 3] = npy("c")
      Xv : matrix[m, d] = npy("Xv")
      cv : labels[m, 3] = npy("cv")
    }
    upper {
      weight : vector[n] = 0
      minimize mean(cross_entropy(Xv * W + b, cv))
    }
    lower {
      W : matrix[d, 3] = 0
      b : vector[3] = 0
      minimize mean(sigmoid(weight) .* cross_entropy(X * W + b, c)) + 0.05 * (sumsq(W) + sumsq(b))
    }`,
    sources,
  );
  const theta = normalArray(random, n);
  const size = (d + 1) * k;
  const x = normalArray(random, size);
  /** Row i of the Jacobian of the logits of sample i: d z_c / d W_jc = X_ij, d z_c / d b_c = 1. */
  const samples = (data: Matrix, target: Float64Array) =>
    [...target].map((label, i) => {
      const map = Matrix.zeros(k, size);
      for (let c = 0; c < k; c++) {
        for (let j = 0; j < d; j++) map.set(c, j * k + c, data.get(i, j));
        map.set(c, d * k + c, 1);
      }
      const z = map.mmul(column(x)).to1DArray();
      const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
      const p = column(z.map((value) => Math.exp(value) / total));
      const residual = p.clone();
      residual.set(label, 0, p.get(label, 0) - 1);
      return {
        value: Math.log(total) - (z[label] as number),
        gradient: map.transpose().mmul(residual),
        hessian: map
          .transpose()
          .mmul(Matrix.diag(p.to1DArray()).sub(p.mmul(p.transpose())))
          .mmul(map),
      };
    });
  const lower = samples(matrixX, labels);
  const upper = samples(matrixXv, labelsV);
  const sigma = [...theta].map((s) => 1 / (1 + Math.exp(-s)));
  const gx = column(x).mul(0.1);
  const H = Matrix.eye(size).mul(0.1);
  const J = Matrix.zeros(size, n);
  let g = 0.05 * column(x).dot(column(x));
  lower.forEach(({ value, gradient, hessian }, i) => {
    const s = sigma[i] as number;
    g += (s * value) / n;
    gx.add(gradient.clone().mul(s / n));
    H.add(hessian.clone().mul(s / n));
    J.setColumn(i, gradient.clone().mul((s * (1 - s)) / n));
  });
  const fx = Matrix.zeros(size, 1);
  upper.forEach(({ gradient }) => fx.add(gradient.clone().mul(1 / m)));
  const f = upper.reduce((sum, { value }) => sum + value / m, 0);
  compare(made, theta, x, { g, f, gx, H, J, fx, ftheta: Matrix.zeros(n, 1) });

  const { problem } = made;
  problem.moveTo(theta);
  const ball = { centre: x, radius: 0.5 };
  const constants = problem.constants(ball);
  const eigenvalues = new EigenvalueDecomposition(H, { assumeSymmetric: true }).realEigenvalues;
  // The exact smallest eigenvalue is 0.1: adding one vector to all columns of W changes no softmax.
  assert.ok(constants.mu.value <= Math.min(...eigenvalues) * (1 + 1e-12) && constants.mu.value > 0.0999);
  assert.ok(constants.L.value >= Math.max(...eigenvalues));
  assert.ok(constants.jacobianNorm.value >= new SingularValueDecomposition(J, { autoTranspose: true }).norm2);
});

test('the rounding of small problems is bounded in proportion to them', () => {
  const text = `
    data { y : vector[n] = npy("y") }
    upper { a : scalar = 0.1 minimize sumsq(a * w - y) }
    lower { w : vector[n] minimize sumsq(w - y) }`;
  const boundsAt = (scale: number) => {
    const values = y.map((entry) => entry * scale);
    const { problem } = compiled(text, { y: { shape: [n], values } });
    const x = y.map((entry) => entry * scale * 0.7);
    problem.moveTo(Float64Array.of(0.3));
    return { f: problem.rounding.upperObjective(x), fx: problem.rounding.upperGradientX(x) };
  };
  const plain = boundsAt(1);
  assert.ok(plain.f > 0 && plain.fx > 0);
  // Scaling by a power of two changes no rounding, as long as nothing underflows.
  for (const power of [-100, -240, -330, -440]) {
    const { f, fx } = boundsAt(2 ** power);
    assert.ok(Math.abs(f / 4 ** power / plain.f - 1) < 1e-9, `f at 2^${power}: ${f}`);
    assert.ok(Math.abs(fx / 2 ** power / plain.fx - 1) < 1e-9, `f_x at 2^${power}: ${fx}`);
  }
});
