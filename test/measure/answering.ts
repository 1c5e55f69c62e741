/**
 * How the language server behaves beside its work, as an editor has it: the bundled server over standard input and
 * output. Prints, in milliseconds and megabytes:
 *
 *   busy        edits at 50 a second while a run keeps the solver busy, each until its diagnostics are read
 *   superseded  requests that the next edit makes useless and that are cancelled: until each is answered
 *   cancel      from the request to cancel a run until it is acknowledged, until it is over, and, for a process that
 *               does not listen (stopped), until the process is gone
 *   memory      of the server: fresh, with a sample, with 20 files of 1000 lines edited, and after closing all; what it
 *               holds once garbage is collected, and what the system counts as resident
 *
 *   node server/build/setup.mjs && node test/measure/answering.ts [--edits N] [--lines N] [busy|superseded|cancel|memory…]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { StatusParameters } from '../../server/src/protocol/editor.ts';
import { projectRoot, RawClient } from '../server/raw-client.ts';
import { largeFile } from '../support/large-file.ts';
import { endlessProblem } from '../server/endless-problem.ts';

const { values, positionals } = parseArgs({
  options: { edits: { type: 'string', default: '500' }, lines: { type: 'string', default: '300' } },
  allowPositionals: true,
});
const edits = Number(values.edits);
const lines = Number(values.lines);
const perSecond = 50;

const uriOf = (name: string): string => pathToFileURL(join(projectRoot, 'samples', name)).href;
const endlessUri = uriOf('endless.bilevel');

async function start(options: readonly string[] = []): Promise<RawClient> {
  const client = new RawClient([...options, join(projectRoot, 'dist', 'server.cjs'), '--stdio']);
  await client.initialize({ textDocument: { diagnostic: {} }, window: { workDoneProgress: true } });
  return client;
}

const command = (client: RawClient, name: string): Promise<unknown> =>
  client.ask('workspace/executeCommand', { command: `bilevel.server.${name}`, arguments: [endlessUri] });

async function startEndless(client: RawClient): Promise<number> {
  const working = client.next<StatusParameters>('bilevel/status', ({ text }) => /step \d+: F = /u.test(text));
  await command(client, 'run');
  return (await working).solverProcess ?? 0;
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`;
}

const resident = (pid = 0): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Milliseconds that a process had work and no processor, because other processes had it. */
function waited(pid = 0): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

/** Puts a digit in and out again at the end of a line in the middle of a file. */
class Typist {
  private readonly textDocument: { readonly uri: string };
  private version = 1;
  private readonly place: { readonly line: number; readonly character: number };
  private written = false;
  private readonly client: RawClient;

  constructor(client: RawClient, uri: string, text: string) {
    this.client = client;
    this.textDocument = { uri };
    const all = text.split('\n');
    const line = all.findIndex((each, at) => at > all.length / 2 && /\d$/u.test(each));
    this.place = { line, character: (all[line] ?? '').length };
    client.open(uri, text);
  }

  edit(): void {
    const { line, character } = this.place;
    const end = this.written ? { line, character: character + 1 } : this.place;
    this.client.notify('textDocument/didChange', {
      textDocument: { ...this.textDocument, version: ++this.version },
      contentChanges: [{ range: { start: this.place, end }, text: this.written ? '' : '5' }],
    });
    this.written = !this.written;
  }

  ask(method: string): Promise<unknown> {
    const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
    return this.client.request(`textDocument/${method}`, { textDocument: this.textDocument, range });
  }
}

async function busy(): Promise<void> {
  const client = await start();
  client.open(endlessUri, endlessProblem);
  const typist = new Typist(client, uriOf('typed.bilevel'), largeFile(lines));
  await typist.ask('diagnostic');
  const measure = async (what: string): Promise<void> => {
    const times: number[] = [];
    const [began, waitedBefore] = [performance.now(), waited(client.server.pid)];
    for (let count = 0; count < edits; count++) {
      await sleep(Math.max(0, began + (count * 1000) / perSecond - performance.now()));
      const begin = performance.now();
      typist.edit();
      await typist.ask('diagnostic');
      times.push(performance.now() - begin);
      client.received.length = 0;
    }
    const unserved = (waited(client.server.pid) - waitedBefore) / edits;
    console.log(
      `busy        ${what}: ${summary(times)} (${edits} edits of ${lines} lines; waiting for a processor ${unserved.toFixed(1)} per edit)`,
    );
  };
  await measure('solver idle');
  await startEndless(client);
  await measure('solver busy');
  await client.stop();
}

async function superseded(): Promise<void> {
  const client = await start();
  const typist = new Typist(client, uriOf('typed.bilevel'), largeFile(lines));
  await typist.ask('diagnostic');
  const times: number[] = [];
  const answered: Promise<unknown>[] = [];
  const methods = ['semanticTokens/full', 'inlayHint', 'documentSymbol', 'codeLens', 'diagnostic'];
  let refused = 0;
  for (let count = 0; count < 100; count++) {
    typist.edit();
    const ids: number[] = [];
    for (const method of methods) {
      const begin = performance.now();
      answered.push(
        typist.ask(method).then((answer) => {
          if ((answer as { error?: unknown }).error !== undefined) refused++;
          times.push(performance.now() - begin);
        }),
      );
      ids.push(client.lastId);
    }
    await sleep(1);
    for (const id of ids) client.notify('$/cancelRequest', { id });
  }
  await Promise.all(answered);
  console.log(
    `superseded  ${summary(times)} (${answered.length} requests of 100 edits at once; ${refused} answered as cancelled)`,
  );
  await client.stop();
}

async function cancel(): Promise<void> {
  const client = await start();
  client.open(endlessUri, endlessProblem);
  const acknowledged: number[] = [];
  const over: number[] = [];
  const gone: number[] = [];
  for (let count = 0; count < 8; count++) {
    const solver = await startEndless(client);
    const stuck = count % 4 === 3;
    if (stuck) process.kill(solver, 'SIGSTOP');
    const heard = client.next<StatusParameters>('bilevel/status', ({ text }) => text === 'cancelling …');
    const ended = client.next<StatusParameters>('bilevel/status', ({ state }) => state !== 'running');
    const begin = performance.now();
    const asked = command(client, 'cancel');
    await heard;
    acknowledged.push(performance.now() - begin);
    await asked;
    await ended;
    over.push(performance.now() - begin);
    if (!stuck) continue;
    while (
      existsSync(`/proc/${solver}/status`) &&
      !/^State:\s+Z/m.test(readFileSync(`/proc/${solver}/status`, 'utf8'))
    )
      await sleep(1);
    gone.push(performance.now() - begin);
  }
  const list = (times: readonly number[]): string => times.map((time) => time.toFixed(0)).join(' ');
  console.log(
    `cancel      acknowledged ${list(acknowledged)}; over ${list(over)}; process that hangs gone ${list(gone)}`,
  );
  await client.stop();
}

/** Asks a server that was started with `--inspect` for its memory once garbage is collected. */
class HeapMeter {
  private readonly socket: WebSocket;
  private nextId = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  static async of(client: RawClient): Promise<HeapMeter> {
    let address: string | undefined;
    while (address === undefined) {
      await sleep(20);
      address = /ws:\/\/\S+/u.exec(client.errors.join(''))?.[0];
    }
    const socket = new WebSocket(address);
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve, { once: true });
    });
    return new HeapMeter(socket);
  }

  async megabytes(): Promise<number> {
    await this.ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.ask('Runtime.getHeapUsage')) as { usedSize: number };
    return usedSize / 1e6;
  }

  close(): void {
    this.socket.close();
  }

  private ask(method: string): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: unknown };
        if (answer.id !== id) return;
        this.socket.removeEventListener('message', listen);
        resolve(answer.result);
      };
      this.socket.addEventListener('message', listen);
      this.socket.send(JSON.stringify({ id, method }));
    });
  }
}

async function memory(): Promise<void> {
  const client = await start(['--inspect=127.0.0.1:0']);
  const meter = await HeapMeter.of(client);
  const now = async (): Promise<string> => {
    const held = await meter.megabytes();
    return `${held.toFixed(1)} (${resident(client.server.pid).toFixed(0)})`;
  };
  const open = async (name: string, text: string): Promise<string> => {
    const typist = new Typist(client, uriOf(name), text);
    for (let count = 0; count < 5; count++) {
      typist.edit();
      await typist.ask('diagnostic');
      await typist.ask('semanticTokens/full');
      await typist.ask('inlayHint');
      client.received.length = 0;
    }
    return uriOf(name);
  };
  const close = (uri: string): void => client.notify('textDocument/didClose', { textDocument: { uri } });
  const figures = [`fresh ${await now()}`];
  const sample = await open(
    'one.bilevel',
    readFileSync(join(projectRoot, 'samples', 'ridge.bilevel'), 'utf8'),
  );
  figures.push(`a sample ${await now()}`);
  close(sample);
  figures.push(`closed ${await now()}`);
  for (let round = 0; round < 2; round++) {
    const uris: string[] = [];
    for (let count = 0; count < 20; count++)
      uris.push(await open(`file-${round}-${count}.bilevel`, largeFile(1000)));
    const full = await now();
    for (const uri of uris) close(uri);
    await client.request('workspace/symbol', { query: 'nothing' });
    figures.push(`20 files ${full}, closed ${await now()}`);
  }
  console.log(`memory      held (resident): ${figures.join('; ')}`);
  meter.close();
  await client.stop();
}

const parts = { busy, superseded, cancel, memory };
for (const [name, part] of Object.entries(parts))
  if (positionals.length === 0 || positionals.includes(name)) await part();
