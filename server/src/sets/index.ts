/** Every set that may stand after `in`, one line each; `rows(set)` and `&` make further ones of these. */
import { ball } from './ball.ts';
import { box } from './box.ts';
import { nonneg } from './nonneg.ts';
import { psd } from './psd.ts';
import type { SetKind } from './set.ts';
import { simplex } from './simplex.ts';
import { spectralBall } from './spectral-ball.ts';
import { symmetric } from './symmetric.ts';

export { box } from './box.ts';
export { rowsDocumentation } from './rows.ts';

export const setKinds: readonly SetKind[] = [box, nonneg, simplex, ball, spectralBall, symmetric, psd];

/** The kind that is written by this name; a box has none. */
export function setKindNamed(name: string): SetKind | undefined {
  return setKinds.find((kind) => kind.name === name && kind !== box);
}
