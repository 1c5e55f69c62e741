/**
 * The language server as the rest of the extension sees it: asked at any moment, it answers once it is there. The
 * library that speaks to it is a megabyte; it is loaded after the extension has been activated, while the server's
 * process gets ready.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ServerListener } from './language-client.ts';
import { ServerProcess } from './server-process.ts';

export class ServerConnection {
  private readonly context: vscode.ExtensionContext;
  private readonly channel: vscode.LogOutputChannel;
  private readonly listener: Omit<ServerListener, 'failed'>;
  private readonly process: ServerProcess;
  /** Of a server that has been started. */
  private client: Promise<LanguageClient>;

  constructor(
    context: vscode.ExtensionContext,
    channel: vscode.LogOutputChannel,
    listener: Omit<ServerListener, 'failed'>,
  ) {
    this.context = context;
    this.channel = channel;
    this.listener = listener;
    this.process = new ServerProcess(context, channel);
    this.process.prepare();
    this.client = noted(this.connect());
  }

  /** Rejects when the server could not be started, or says no. */
  async request<Answer>(method: string, parameters: unknown): Promise<Answer> {
    for (;;) {
      const current = this.client;
      const client = await current.catch(() => {
        throw new Error('The language server is not running: see "Bilevel: Show Output".');
      });
      // Else it was told to restart meanwhile.
      if (current === this.client) return client.sendRequest<Answer>(method, parameters);
    }
  }

  /** Also after a start that failed, and when the server answers no more. What is asked meanwhile waits. */
  async restart(): Promise<void> {
    const before = this.client;
    this.client = noted(this.replaced(before));
    // A failure is told of already.
    await this.client.catch(() => undefined);
  }

  async stop(): Promise<void> {
    const client = await this.client.catch(() => undefined);
    await this.end(client);
  }

  /** By a new client: one whose start has failed cannot be started again. */
  private async replaced(before: Promise<LanguageClient>): Promise<LanguageClient> {
    await this.end(await before.catch(() => undefined));
    return this.connect();
  }

  /** A server that does not answer is given up by the client after two seconds. */
  private async end(client: LanguageClient | undefined): Promise<void> {
    const told = client?.stop().then(
      () => true,
      () => false,
    );
    await this.process.end((await told) ?? false);
  }

  private async connect(): Promise<LanguageClient> {
    // Whoever activates the extension gets its answer first.
    await nextTurn();
    const { createLanguageClient } = await import('./language-client.ts');
    const client = createLanguageClient(this.context, this.channel, this.process, {
      ...this.listener,
      failed: () => void this.tellOfFailure(),
    });
    await client.start();
    // When the process ends while the two get to know each other, the library takes that for a start.
    if (!client.isRunning()) throw new Error('The language server has ended while it started.');
    // The client tells the server of open documents only now, and a request may be about one.
    await nextTurn();
    return client;
  }

  private async tellOfFailure(): Promise<void> {
    const [show, again] = ['Show Output', 'Try Again'];
    const answer = await vscode.window.showErrorMessage(
      'The language server of Bilevel cannot be started. The output says what it said.',
      show,
      again,
    );
    if (answer === show) this.channel.show();
    if (answer === again) await this.restart();
  }
}

/** A failure to start is shown, and told to whoever asks for something. */
function noted<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
