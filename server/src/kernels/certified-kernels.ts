/**
 * Kernels of the certified bounds. A kernel writes the one side that is the primitive's value and
 * keeps both sides beside its output array, so that the rounding analysis need not compute them again.
 */
import { smallestEigenvalueBounds, spectralNormBounds } from './certified-eigenvalues.ts';
import type { Bounds } from './certified-eigenvalues.ts';
import { convolutionNormBounds } from './convolution-norm.ts';
import type { Kernel, Operand } from './kernel.ts';

const boundsByOutput = new WeakMap<Float64Array, Bounds>();

export function spectralNormKernel(a: Operand, out: Float64Array): Kernel {
  const [rows, columns] = a.shape as [number, number];
  return () => {
    const bounds = spectralNormBounds(rows, columns, a.values);
    boundsByOutput.set(out, bounds);
    out[0] = bounds.upper;
  };
}

export function convolutionNormKernel(a: Operand, out: Float64Array): Kernel {
  return () => {
    const bounds = convolutionNormBounds(a.shape, a.values);
    boundsByOutput.set(out, bounds);
    out[0] = bounds.upper;
  };
}

export function smallestEigenvalueKernel(a: Operand, out: Float64Array): Kernel {
  return () => {
    const bounds = smallestEigenvalueBounds(a.shape[0] as number, a.values);
    boundsByOutput.set(out, bounds);
    out[0] = bounds.lower;
  };
}

/** Both sides of the bound that a kernel above wrote last into `out`. */
export function boundsOf(out: Float64Array): Bounds {
  return boundsByOutput.get(out) ?? { lower: -Infinity, upper: Infinity };
}
