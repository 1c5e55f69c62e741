/**
 * Every atom of the language, one line each. A test fails for an atom without documentation or
 * without a row in the table of tests.
 */
import { abs } from './abs.ts';
import { accuracy } from './accuracy.ts';
import { add } from './add.ts';
import { atan } from './atan.ts';
import type { Atom } from './atom.ts';
import { clip } from './clip.ts';
import { concat } from './concat.ts';
import { conv1d, conv2d } from './convolution.ts';
import { cos } from './cos.ts';
import { cosh } from './cosh.ts';
import { crossEntropy } from './cross-entropy.ts';
import { cumsum } from './cumsum.ts';
import { diag } from './diag.ts';
import { diff } from './diff.ts';
import { divide } from './divide.ts';
import { dot } from './dot.ts';
import { entr } from './entr.ts';
import { erf } from './erf.ts';
import { exp } from './exp.ts';
import { expm1 } from './expm1.ts';
import { gelu } from './gelu.ts';
import { grad2d } from './grad2d.ts';
import { hinge } from './hinge.ts';
import { flip } from './flip.ts';
import { huber } from './huber.ts';
import { index } from './indexing.ts';
import { inv } from './inv.ts';
import { invPos } from './inv-pos.ts';
import { kron } from './kron.ts';
import { klDiv } from './kl-div.ts';
import { log } from './log.ts';
import { logCosh } from './log-cosh.ts';
import { logAbsDet } from './log-abs-det.ts';
import { logDet } from './log-det.ts';
import { logSoftmax } from './log-softmax.ts';
import { log1p } from './log1p.ts';
import { logisticLoss } from './logistic-loss.ts';
import { logit } from './logit.ts';
import { logsumexp } from './logsumexp.ts';
import { batchedMatmul } from './batched-matmul.ts';
import { matmul } from './matmul.ts';
import { matrixFrac } from './matrix-frac.ts';
import { max } from './max.ts';
import { maximum } from './maximum.ts';
import { mean } from './mean.ts';
import { min } from './min.ts';
import { minimum } from './minimum.ts';
import { multiply } from './multiply.ts';
import { negateAtom } from './negate.ts';
import { normInf } from './norm-inf.ts';
import { norm1 } from './norm1.ts';
import { norm2 } from './norm2.ts';
import { outer } from './outer.ts';
import { pinball } from './pinball.ts';
import { pad } from './pad.ts';
import { permuteAxes } from './permute-axes.ts';
import { power } from './power.ts';
import { quadForm } from './quad-form.ts';
import { rbfKernel } from './rbf-kernel.ts';
import { quadOverLin } from './quad-over-lin.ts';
import { relEntr } from './rel-entr.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { roll } from './roll.ts';
import { sigmoid } from './sigmoid.ts';
import { sign } from './sign.ts';
import { silu } from './silu.ts';
import { sin } from './sin.ts';
import { sinh } from './sinh.ts';
import { smoothAbs } from './smooth-abs.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { solve } from './solve.ts';
import { sqdist } from './sqdist.ts';
import { sqrt } from './sqrt.ts';
import { square } from './square.ts';
import { squaredHinge } from './squared-hinge.ts';
import { stack } from './stack.ts';
import { standardize } from './standardize.ts';
import { std } from './std.ts';
import { subtract } from './subtract.ts';
import { sum } from './sum.ts';
import { sumsq } from './sumsq.ts';
import { sumsqRows } from './sumsq-rows.ts';
import { tanh } from './tanh.ts';
import { trace } from './trace.ts';
import { transpose } from './transpose.ts';
import { tril, triu } from './triangle.ts';
import { variance } from './var.ts';
import { tv } from './tv.ts';

export const atoms: readonly Atom[] = [
  add,
  subtract,
  multiply,
  divide,
  power,
  negateAtom,
  matmul,
  batchedMatmul,
  transpose,
  index,
  sum,
  mean,
  sumsq,
  sumsqRows,
  norm1,
  norm2,
  normInf,
  variance,
  std,
  dot,
  quadForm,
  quadOverLin,
  matrixFrac,
  trace,
  diag,
  solve,
  inv,
  logDet,
  logAbsDet,
  max,
  min,
  maximum,
  minimum,
  abs,
  sign,
  square,
  sqrt,
  invPos,
  exp,
  expm1,
  log,
  log1p,
  entr,
  relEntr,
  klDiv,
  sin,
  cos,
  sinh,
  cosh,
  atan,
  tanh,
  sigmoid,
  logit,
  silu,
  gelu,
  erf,
  softplus,
  logisticLoss,
  hinge,
  squaredHinge,
  pinball,
  logCosh,
  smoothAbs,
  huber,
  relu,
  clip,
  logsumexp,
  softmax,
  logSoftmax,
  crossEntropy,
  accuracy,
  concat,
  stack,
  reshape,
  permuteAxes,
  flip,
  roll,
  pad,
  triu,
  tril,
  diff,
  cumsum,
  outer,
  kron,
  sqdist,
  rbfKernel,
  grad2d,
  tv,
  conv1d,
  conv2d,
  standardize,
];

const byName: ReadonlyMap<string, Atom> = new Map(atoms.map((atom) => [atom.name, atom]));

/** The atom of this name, operators by their words; for a name from a text use `functionNamed`. */
export function atomNamed(name: string): Atom | undefined {
  return byName.get(name);
}

/** An atom that may be called by its name in a file. */
export function functionNamed(name: string): Atom | undefined {
  const atom = byName.get(name);
  return atom?.notation === undefined ? atom : undefined;
}

export const functionNames: readonly string[] = atoms
  .filter((atom) => atom.notation === undefined)
  .map((atom) => atom.name);
