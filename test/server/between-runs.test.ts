/** What the server says of a document when nothing runs: before a run, and after the document was closed during one. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { PublishDiagnosticsParams } from 'vscode-languageserver';
import type { ResultsParameters, StatusParameters } from '../../server/src/protocol/editor.ts';
import { plain } from '../features/support.ts';
import { largeFile } from '../support/large-file.ts';
import { projectRoot } from './raw-client.ts';
import { command, ended, endlessUri, ridge, ridgeUri, start, startEndless } from './running-client.ts';

test('given constants that the numbers refute are warned of without a run, and not twice after one', async (t) => {
  const client = await start(t);
  const uri = pathToFileURL(join(projectRoot, 'doubtful.bilevel')).href;
  const text = (mu: number): string =>
    `upper { a : scalar = 1\n minimize sumsq(u - 1) + a ^ 2 }\nlower { u : vector[3]\n minimize sumsq(u - a) }\nsolve { lower = gradient_descent(mu = ${mu}) }\n`;
  const change = (version: number, mu: number): void =>
    client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text: text(mu) }],
    });
  const told = (wanted: number): Promise<PublishDiagnosticsParams> =>
    client.next<PublishDiagnosticsParams>(
      'textDocument/publishDiagnostics',
      ({ diagnostics }) =>
        diagnostics.filter(({ message }) => plain(message).includes('cannot be true')).length === wanted,
      60_000,
    );
  const first = told(1);
  client.open(uri, text(2.5));
  const [warning] = (await first).diagnostics;
  assert.equal(warning?.source, 'bilevel');
  assert.equal(warning.range.start.line, 4);

  const gone = told(0);
  change(2, 1.5);
  await gone;
  const again = told(1);
  change(3, 2.5);
  await again;

  const ran = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.some(({ source }) => source === 'bilevel run'),
    60_000,
  );
  const shown = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  await command(client, 'run', uri);
  const { diagnostics } = await ran;
  // At its line there is room for what is wrong; the diagnostic says the rest.
  const short = (await shown).annotations.find(({ level }) => level === 'problem');
  assert.equal(short?.text, 'the given mu = 2.5 is above the certified L = 2');
  assert.equal(short.kind, 'given');
  const doubts = diagnostics.filter(({ message }) => plain(message).includes('cannot be true'));
  assert.deepEqual(
    doubts.map(({ source }) => source),
    ['bilevel run'],
  );
});

test('closed while it runs, a document is said to be idle, and nothing is said of it after that', async (t) => {
  const client = await start(t);
  const closeWhileRunning = async (round: number): Promise<void> => {
    await startEndless(client);
    const idle = client.next<StatusParameters>('bilevel/status', ({ state }) => state === 'idle', 30_000);
    // While the server checks a large file, reports of the run wait for it, and it hears of them after the closing.
    const largeUri = pathToFileURL(join(projectRoot, `large-${round}.bilevel`)).href;
    client.open(largeUri, largeFile(2000));
    const checked = client.ask('textDocument/diagnostic', { textDocument: { uri: largeUri } });
    client.notify('textDocument/didClose', { textDocument: { uri: endlessUri } });
    await Promise.all([idle, checked]);
  };
  for (let round = 0; round < 4; round++) {
    await closeWhileRunning(round);
    const later = client.received.length;
    // The run that is asked for next begins when the old one has reported its last.
    client.open(ridgeUri, ridge);
    const finished = ended(client);
    await command(client, 'run', ridgeUri);
    assert.equal((await finished).uri, ridgeUri);
    client.notify('textDocument/didClose', { textDocument: { uri: ridgeUri } });
    const said = client.received
      .slice(later)
      .filter(({ method, params }) => method === 'bilevel/status' && statusOf(params).uri === endlessUri);
    assert.deepEqual(said, []);
  }
});

function statusOf(params: unknown): StatusParameters {
  return params as StatusParameters;
}
