/** `bilevel lsp --stdio` is the language server: it answers `initialize` and ends when told to. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { program } from './command-line.ts';

test('the language server speaks over standard input and output', async () => {
  const server = spawn(process.execPath, [program, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ended = new Promise((resolve) => server.once('close', resolve));
  let out = '';
  const answered = new Promise<void>((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('"id":1')) resolve();
    });
  });
  send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
  await Promise.race([answered, ended]);
  assert.match(out, /^Content-Length: \d+\r\n[^]*"capabilities":/);
  send({ method: 'initialized', params: {} });
  send({ id: 2, method: 'shutdown' });
  send({ method: 'exit' });
  assert.equal(await ended, 0);
});
