/**
 * Cooperative cancellation: the one who starts a computation keeps the source, the computation
 * looks at the token between steps and ends with outcome `cancelled`, keeping its last iterate.
 */
export interface CancellationToken {
  readonly cancelled: boolean;
}

export class CancellationSource implements CancellationToken {
  cancelled = false;

  cancel(): void {
    this.cancelled = true;
  }
}

export const neverCancelled: CancellationToken = { cancelled: false };
