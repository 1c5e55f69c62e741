/**
 * A client of the Language Server Protocol with nothing but a process and `Content-Length` headers, so
 * that the server is tested against the protocol and not against a library that made both ends.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

export const projectRoot = join(import.meta.dirname, '..', '..');

export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Waiter {
  readonly accepts: (message: Message) => boolean;
  readonly settle: (message: Message) => void;
}

export class RawClient {
  readonly server: ChildProcessWithoutNullStreams;
  /** Everything the server said, in order. */
  readonly received: Message[] = [];
  readonly errors: string[] = [];
  /** The answer to every question about settings. */
  configuration: unknown = null;
  readonly exited: Promise<number | null>;
  private readonly waiters: Waiter[] = [];
  private buffer: Buffer = Buffer.alloc(0);
  private nextId = 1;

  constructor(program: readonly string[] = [join(projectRoot, 'server', 'src', 'main.ts'), '--stdio']) {
    this.server = spawn(process.execPath, [...program], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.server.stdout.on('data', (chunk: Buffer) => this.read(chunk));
    this.server.stderr.on('data', (chunk: Buffer) => this.errors.push(chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.server.on('close', resolve);
    });
  }

  async initialize(capabilities: object = {}, more: object = {}): Promise<Message> {
    const answer = await this.request('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(projectRoot).href,
      capabilities,
      ...more,
    });
    this.notify('initialized', {});
    return answer;
  }

  /** Of the last request, for `$/cancelRequest`. */
  get lastId(): number {
    return this.nextId - 1;
  }

  request(method: string, params: unknown): Promise<Message> {
    const id = this.nextId++;
    const answer = this.waitFor((message) => message.id === id && message.method === undefined, method);
    this.send({ id, method, params });
    return answer;
  }

  /** The result of a request; an error is thrown. */
  async ask<Result>(method: string, params: unknown): Promise<Result> {
    const { result, error } = await this.request(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  /** The next message from now on that is accepted. */
  waitFor(accepts: (message: Message) => boolean, what: string, milliseconds = 30_000): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const said = this.received.slice(-5).map((message) => JSON.stringify(message).slice(0, 300));
        reject(new Error(`nothing came for ${what}; last:\n${said.join('\n')}\n${this.errors.join('')}`));
      }, milliseconds);
      this.waiters.push({
        accepts,
        settle: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
      });
    });
  }

  /** The parameters of the next notification (or request) of this method that is accepted. */
  async next<Parameters>(
    method: string,
    accepts: (params: Parameters) => boolean = () => true,
    milliseconds?: number,
  ): Promise<Parameters> {
    const message = await this.waitFor(
      (each) => each.method === method && accepts(each.params as Parameters),
      method,
      milliseconds,
    );
    return message.params as Parameters;
  }

  open(uri: string, text: string, version = 1): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'bilevel', version, text } });
  }

  /** `shutdown`, `exit`, and the exit code. */
  async stop(): Promise<number | null> {
    await this.request('shutdown', null);
    this.notify('exit', null);
    return this.exited;
  }

  private send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.server.stdin.write(body);
  }

  private read(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(
        this.buffer.toString('latin1', 0, 200),
      );
      if (header === null) return;
      const start = header[0].length;
      const end = start + Number(header[1]);
      if (this.buffer.length < end) return;
      const message = JSON.parse(this.buffer.toString('utf8', start, end)) as Message;
      this.buffer = this.buffer.subarray(end);
      this.take(message);
    }
  }

  private take(message: Message): void {
    this.received.push(message);
    // Requests of the server (progress, refresh, registrations, configuration) are agreed to.
    if (message.id !== undefined && message.method !== undefined) {
      const items = (message.params as { items?: unknown[] } | undefined)?.items;
      this.send({
        id: message.id,
        result:
          message.method === 'workspace/configuration' ? (items ?? []).map(() => this.configuration) : null,
      });
    }
    for (const waiter of this.waiters.filter(({ accepts }) => accepts(message))) {
      this.waiters.splice(this.waiters.indexOf(waiter), 1);
      waiter.settle(message);
    }
  }
}
