/**
 * What determines the lower solution x*, and with it the residual R that vanishes there and what
 * `H` = R_x is:
 *   minimum      x* minimises g:                      R = g_x,           H = g_xx, symmetric;
 *   proximal     x* minimises g + h, h separable:     R = the gradient mapping of a proximal step,
 *                                                     H = g_xx on the entries that move freely;
 *   fixed_point  x* = Phi(x*):                        R = x − Phi(x),    H = I − d1Phi, not symmetric.
 * In every case ‖R(x) − R(y)‖ >= mu ‖x − y‖, which is what the error bounds rest on.
 */
export type LowerKind = 'minimum' | 'proximal' | 'fixed_point';

export const lowerKinds: readonly LowerKind[] = ['minimum', 'proximal', 'fixed_point'];

/** As a sentence names a lower level of the kind. */
export const lowerKindWords: Readonly<Record<LowerKind, string>> = {
  minimum: 'a smooth minimisation',
  proximal: 'a minimisation with proximal terms',
  fixed_point: 'a fixed point',
};

/** Where H is symmetric, and positive definite. */
export function isSymmetric(kind: LowerKind): boolean {
  return kind !== 'fixed_point';
}
