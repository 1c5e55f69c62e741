/**
 * A solver process that does what the text of its request says, so that the handle meets every way in
 * which a process can behave: answer, be slow, ignore a cancel, die by exit code, by signal or by defect.
 */
import process from 'node:process';
import type { Progress, SolverMessage, SolverRequest } from '../../server/src/protocol/solver.ts';

const send = (message: SolverMessage): boolean | undefined => process.send?.(message);
const progress = (text: string): Progress => ({ phase: 'upper', text });

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  const request = message as SolverRequest;
  const { id } = request;
  if (request.kind === 'cancel') {
    send({ id, kind: 'cancelling' });
    send({ id, kind: 'cancelled' });
    return;
  }
  const { text } = request.source;
  if (text.startsWith('exit')) process.exit(Number(text.slice(4)));
  if (text === 'throw') throw new Error('a defect in the stand-in');
  send({ id, kind: 'progress', progress: progress(`working on ${text}`) });
  if (text === 'deaf') {
    // Never returns to the event loop, as a kernel that does not look at the token would.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  }
  if (text === 'wait') return;
  send({
    id,
    kind: 'rejected',
    diagnostics: [{ code: text, severity: 'error', span: { start: 0, end: 0 }, message: '' }],
  });
});
