/**
 * The server over standard input and output with a client of its own: what an editor asks while one types,
 * clients with few abilities, and random edits whose result must be that of a fresh server.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type {
  CompletionList,
  Diagnostic,
  DocumentSymbol,
  Hover,
  InitializeResult,
  MarkupContent,
  PublishDiagnosticsParams,
} from 'vscode-languageserver';
import { LSPErrorCodes } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LastResult } from '../../server/src/protocol/editor.ts';
import { plain } from '../features/support.ts';
import { RandomProgram } from '../support/random-program.ts';
import { projectRoot, RawClient } from './raw-client.ts';

const pulling = { textDocument: { diagnostic: {} } };
const path = join(projectRoot, 'samples', 'ridge.bilevel');
const ridge = readFileSync(path, 'utf8');
const uri = pathToFileURL(path).href;
const textDocument = { uri };

async function start(t: TestContext, capabilities: object = pulling, more: object = {}): Promise<RawClient> {
  const client = new RawClient();
  t.after(() => client.server.kill('SIGKILL'));
  await client.initialize(capabilities, more);
  return client;
}

const pull = async (client: RawClient): Promise<readonly Diagnostic[]> =>
  (await client.ask<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument })).items;

test('what the server says it can do', async (t) => {
  const client = new RawClient();
  t.after(() => client.server.kill('SIGKILL'));
  const { result } = await client.initialize(pulling);
  const { capabilities, serverInfo } = result as InitializeResult;
  assert.equal(serverInfo?.name, 'Bilevel');
  assert.equal(capabilities.positionEncoding, 'utf-16');
  for (const provider of [
    'hover',
    'completion',
    'documentSymbol',
    'rename',
    'codeLens',
    'inlayHint',
    'semanticTokens',
  ]) {
    assert.ok(capabilities[`${provider}Provider` as keyof typeof capabilities], provider);
  }
  assert.equal(await client.stop(), 0);
});

test('a sample as an editor opens it', async (t) => {
  const client = await start(t);
  client.open(uri, ridge);
  assert.deepEqual(await pull(client), []);
  const line = ridge.split('\n').findIndex((each) => each.startsWith('lower'));
  const hover = await client.ask<Hover>('textDocument/hover', {
    textDocument,
    position: { line, character: 2 },
  });
  assert.match((hover.contents as MarkupContent).value, /\*\*mu\*\*/u);
  const symbols = await client.ask<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    ['Ridge regression, one penalty per feature', 'data', 'upper', 'lower', 'expect'],
  );
  const position = { line: line + 3, character: 11 };
  const { items } = await client.ask<CompletionList>('textDocument/completion', { textDocument, position });
  assert.ok(items.some(({ label }) => label === 'Xv') && items.some(({ label }) => label === 'sumsq'));
  for (const method of ['foldingRange', 'codeLens', 'documentLink', 'formatting', 'semanticTokens/full']) {
    const more = method === 'formatting' ? { options: { tabSize: 2, insertSpaces: true } } : {};
    assert.ok((await client.ask(`textDocument/${method}`, { textDocument, ...more })) !== null, method);
  }
  const last = await client.ask<LastResult>('bilevel/lastResult', { uri });
  assert.equal(last, null);
  assert.equal(await client.stop(), 0);
});

test('the numbers of the hover arrive without a run', async (t) => {
  const client = await start(t);
  client.open(uri, ridge);
  const line = ridge.split('\n').findIndex((each) => each.startsWith('lower'));
  const ask = async (): Promise<string> => {
    const hover = await client.ask<Hover>('textDocument/hover', {
      textDocument,
      position: { line, character: 2 },
    });
    return (hover.contents as MarkupContent).value;
  };
  assert.match(await ask(), /\*\*mu\*\* \| … \|/u);
  const deadline = performance.now() + 30_000;
  let text = await ask();
  while (!text.includes('at the start') && performance.now() < deadline) text = await ask();
  assert.match(text, /\*\*mu\*\* \| [\d.e-]+ \(certified\) \|/u);
  assert.equal(await client.stop(), 0);
});

test('a client that does not pull gets diagnostics pushed, with the version', async (t) => {
  const client = await start(t, {});
  const pushed = client.next<PublishDiagnosticsParams>('textDocument/publishDiagnostics');
  client.open(uri, ridge.replace('exp(lambda)', 'exp(lamda)'), 7);
  const { diagnostics, version } = await pushed;
  assert.equal(version, 7);
  assert.match(plain(diagnostics[0]?.message), /nothing is called `lamda`/u);
  const cleared = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    (params) => params.diagnostics.length === 0,
  );
  client.notify('textDocument/didClose', { textDocument });
  await cleared;
  assert.equal(await client.stop(), 0);
});

test('a client that sends whole texts', async (t) => {
  const client = await start(t);
  client.open(uri, '');
  client.notify('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: ridge }],
  });
  assert.deepEqual(await pull(client), []);
  assert.equal(await client.stop(), 0);
});

test('without trust nothing is read or run', async (t) => {
  const client = await start(t, pulling, { initializationOptions: { trusted: false } });
  client.open(uri, ridge.replace('diabetes.csv', 'missing.csv'));
  assert.deepEqual(await pull(client), []);
  const { error } = await client.request('workspace/executeCommand', {
    command: 'bilevel.server.run',
    arguments: [uri],
  });
  assert.match(error?.message ?? '', /not trusted/u);
  assert.equal(await client.stop(), 0);
});

test('one setting turns the inlay hints off, and on again', async (t) => {
  const client = new RawClient();
  t.after(() => client.server.kill('SIGKILL'));
  client.configuration = false;
  const asked = client.next('workspace/configuration');
  await client.initialize({
    ...pulling,
    workspace: { configuration: true, inlayHint: { refreshSupport: true } },
  });
  client.open(uri, ridge);
  await asked;
  const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
  const hints = (): Promise<readonly unknown[]> =>
    client.ask('textDocument/inlayHint', { textDocument, range });
  assert.deepEqual(await hints(), []);
  client.configuration = true;
  const refreshed = client.next('workspace/inlayHint/refresh');
  client.notify('workspace/didChangeConfiguration', { settings: null });
  await refreshed;
  assert.ok((await hints()).length >= 7);
  assert.equal(await client.stop(), 0);
});

test('requests that are cancelled before their turn are answered at once as cancelled', async (t) => {
  const client = await start(t);
  client.open(uri, ridge);
  const textDocument = { uri };
  const kept = [...Array(20).keys()].map(() =>
    client.request('textDocument/documentSymbol', { textDocument }),
  );
  const useless = client.request('textDocument/foldingRange', { textDocument });
  client.notify('$/cancelRequest', { id: client.lastId });
  assert.equal((await useless).error?.code, LSPErrorCodes.RequestCancelled);
  for (const answer of await Promise.all(kept)) assert.equal(answer.error, undefined);
  assert.equal(await client.stop(), 0);
});

test('wrong requests are answered, and hurt nothing', async (t) => {
  const client = await start(t);
  const nowhere = { uri: 'file:///nowhere.bilevel' };
  const position = { line: 1e9, character: 1e9 };
  const lambda = { line: ridge.split('\n').findIndex((line) => line.includes('lambda :')), character: 3 };
  assert.equal(await client.ask('textDocument/hover', { textDocument: nowhere, position }), null);
  client.open(uri, ridge);
  assert.equal(await client.ask('textDocument/hover', { textDocument, position }), null);
  assert.ok(
    (
      await client.request('textDocument/rename', {
        textDocument,
        position: lambda,
        newName: '1',
      })
    ).error,
  );
  assert.ok((await client.request('bilevel/nothing', {})).error);
  assert.ok(
    (await client.request('workspace/executeCommand', { command: 'bilevel.server.run', arguments: [7] }))
      .error,
  );
  assert.deepEqual(await pull(client), []);
  assert.equal(await client.stop(), 0);
});

test('the same server as a command', () => {
  const body = '{"jsonrpc":"2.0","method":"exit"}';
  const program = join(projectRoot, 'server', 'src', 'cli.ts');
  const { status } = spawnSync(process.execPath, [program, 'lsp', '--stdio'], {
    input: `Content-Length: ${body.length}\r\n\r\n${body}`,
    timeout: 20_000,
  });
  assert.equal(status, 1, 'exit without shutdown, by the protocol');
});

test('typing at speed: after random edits everything is as for a fresh text', async (t) => {
  const client = await start(t);
  const fresh = await start(t);
  const random = new RandomProgram(11);
  let document = TextDocument.create(uri, 'bilevel', 1, ridge);
  client.open(uri, ridge);
  const times: number[] = [];
  for (let round = 0; round < 30; round++) {
    for (let step = 0; step < 10; step++) {
      const text = document.getText();
      const changed = step === 9 && round % 3 === 0 ? ridge : random.edited(text);
      const change = difference(document, changed);
      document = TextDocument.update(document, [change], document.version + 1);
      assert.equal(document.getText(), changed);
      client.notify('textDocument/didChange', {
        textDocument: { uri, version: document.version },
        contentChanges: [change],
      });
    }
    const text = document.getText();
    const position = document.positionAt(random.integer(text.length + 1));
    const begin = performance.now();
    const diagnostics = await pull(client);
    times.push(performance.now() - begin);
    fresh.open(uri, text, document.version);
    assert.deepEqual(diagnostics, await pull(fresh), `round ${round}`);
    for (const method of [
      'documentSymbol',
      'semanticTokens/full',
      'foldingRange',
      'codeLens',
      'documentLink',
      'hover',
      'completion',
      'signatureHelp',
      'definition',
      'documentHighlight',
    ]) {
      const parameters = { textDocument, position };
      const [ours, theirs] = await Promise.all([
        client.ask(`textDocument/${method}`, parameters),
        fresh.ask(`textDocument/${method}`, parameters),
      ]);
      assert.deepEqual(ours, theirs, `round ${round}: ${method}`);
    }
  }
  times.sort((a, b) => a - b);
  t.diagnostic(
    `ten edits to diagnostics: median ${(times[15] ?? 0).toFixed(1)} ms, worst ${(times.at(-1) ?? 0).toFixed(1)} ms`,
  );
  assert.equal(await client.stop(), 0);
  assert.equal(await fresh.stop(), 0);
});

/** The change from the document's text to another, as an editor sends it. */
function difference(document: TextDocument, after: string) {
  const before = document.getText();
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let same = 0;
  while (same < Math.min(before.length, after.length) - start && before.at(-1 - same) === after.at(-1 - same))
    same++;
  // Between CR and LF there is no position in the protocol.
  if (before[start - 1] === '\r' || after[start - 1] === '\r') start--;
  if (before.at(-same) === '\n' || after.at(-same) === '\n') same = Math.max(0, same - 1);
  const range = { start: document.positionAt(start), end: document.positionAt(before.length - same) };
  return { range, text: after.slice(start, after.length - same) };
}
