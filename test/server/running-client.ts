/** What tests of runs over standard input and output share: a greeted server, two problems, the everyday moves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { StatusParameters } from '../../server/src/protocol/editor.ts';
import { endlessProblem } from './endless-problem.ts';
import { projectRoot, RawClient } from './raw-client.ts';

const capabilities = { textDocument: { diagnostic: {} }, window: { workDoneProgress: true } };
export const ridgePath = join(projectRoot, 'samples', 'ridge.bilevel');
export const ridge = readFileSync(ridgePath, 'utf8');
export const ridgeUri = pathToFileURL(ridgePath).href;

export const endlessUri = pathToFileURL(join(projectRoot, 'endless.bilevel')).href;

/** A server that has been greeted; it is gone when the test is. */
export async function start(t: TestContext): Promise<RawClient> {
  const client = new RawClient();
  t.after(() => client.server.kill('SIGKILL'));
  await client.initialize(capabilities);
  return client;
}

export const command = (client: RawClient, name: string, uri: string): Promise<unknown> =>
  client.ask('workspace/executeCommand', { command: `bilevel.server.${name}`, arguments: [uri] });

export const ended = (client: RawClient): Promise<StatusParameters> =>
  client.next<StatusParameters>('bilevel/status', ({ state }) => state !== 'running', 60_000);

/** Starts the endless run and waits until it reports real quantities. */
export async function startEndless(client: RawClient): Promise<number> {
  client.open(endlessUri, endlessProblem);
  const working = client.next<StatusParameters>(
    'bilevel/status',
    ({ text }) => /step \d+: F = /u.test(text),
    60_000,
  );
  await command(client, 'run', endlessUri);
  const { solverProcess } = await working;
  assert.ok(solverProcess !== undefined, 'the status names the process');
  return solverProcess;
}
