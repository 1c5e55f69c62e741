/** A front that starts the real solver process, prints the process id and stays until it is killed. */
import process from 'node:process';
import { SolverHandle } from '../../server/src/runner/handle.ts';

const handle = new SolverHandle();
void handle.start({ kind: 'run', source: { text: '', path: '/problem.bilevel' }, adjustments: {} });
process.stdout.write(`${handle.processId ?? 'none'}\n`);
setInterval(() => undefined, 60_000);
