/**
 * How this extension speaks to the language server. The server learns here whether the workspace is trusted; without
 * trust it analyses text and neither reads data nor runs anything.
 */
import * as vscode from 'vscode';
import {
  CloseAction,
  IPCMessageReader,
  IPCMessageWriter,
  LanguageClient,
  State,
  type ErrorHandler,
} from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../server/src/protocol/editor.ts';
import { enrichAny } from './rich-text.ts';
import type { ServerProcess } from './server-process.ts';

/**
 * A start that fails is not tried four times more, as the library does, and is told of in one message
 * (server-connection.ts) instead of three.
 */
class QuietClient extends LanguageClient {
  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const usual = super.createDefaultErrorHandler(maxRestartCount);
    return {
      error: (...details) => usual.error(...details),
      closed: () => (this.isStarting ? { action: CloseAction.DoNotRestart, handled: true } : usual.closed()),
    };
  }

  override error(message: string, data?: unknown, showNotification?: boolean | 'force'): void {
    super.error(message, data, this.isStarting ? false : showNotification);
  }

  private get isStarting(): boolean {
    return this.state === State.Starting || this.state === State.StartFailed;
  }
}

export interface ServerListener {
  /** What is done at notifications of the server's own, by their names. */
  readonly notifications: Readonly<Record<string, (parameters: unknown) => void>>;
  /** The server is no more: nobody knows any longer whether what it said still holds. */
  gone(): void;
  /** It could not be started, and is not tried again. */
  failed(): void;
}

export function createLanguageClient(
  context: vscode.ExtensionContext,
  outputChannel: vscode.LogOutputChannel,
  server: ServerProcess,
  listener: ServerListener,
): LanguageClient {
  const client = new QuietClient(
    'bilevel',
    'Bilevel',
    () => {
      const process = server.take();
      return Promise.resolve({
        reader: new IPCMessageReader(process),
        writer: new IPCMessageWriter(process),
      });
    },
    {
      documentSelector: [
        { language: 'bilevel', scheme: 'file' },
        { language: 'bilevel', scheme: 'untitled' },
        { language: 'bilevel', scheme: 'vscode-remote' },
      ],
      initializationFailedHandler: () => false,
      outputChannel,
      traceOutputChannel: traceChannel(outputChannel, context),
      // Asked for at each start, so that a restart after trust was granted says so.
      initializationOptions: (): InitializationOptions => ({
        trusted: vscode.workspace.isTrusted,
        clientCommands: true,
        drawsResults: true,
        drawsFormulas: true,
        opensReference: true,
      }),
      middleware: {
        // The status bar item shows what a run has reached; the same words beside it would be noise.
        handleWorkDoneProgress: () => undefined,
        async provideHover(document, position, token, next) {
          const hover = await next(document, position, token);
          if (hover) hover.contents = hover.contents.map(enrichAny);
          return hover;
        },
        async resolveCompletionItem(item, token, next) {
          const resolved = await next(item, token);
          if (resolved?.documentation) resolved.documentation = enrichAny(resolved.documentation);
          return resolved;
        },
        async provideSignatureHelp(document, position, context, token, next) {
          const help = await next(document, position, context, token);
          for (const signature of help?.signatures ?? []) {
            if (signature.documentation) signature.documentation = enrichAny(signature.documentation);
          }
          return help;
        },
      },
      markdown: { supportHtml: false, isTrusted: false },
    },
  );
  for (const [name, handle] of Object.entries(listener.notifications)) client.onNotification(name, handle);
  client.onDidChangeState(({ newState }) => {
    if (newState !== State.Running) listener.gone();
    if (newState === State.StartFailed) listener.failed();
  });
  return client;
}

/**
 * The library traces messages only into a channel whose own level is "trace", whatever the setting says. Here the
 * setting alone decides, and what is traced can be read at the usual level.
 */
function traceChannel(
  channel: vscode.LogOutputChannel,
  context: vscode.ExtensionContext,
): vscode.LogOutputChannel {
  const level = (): vscode.LogLevel =>
    vscode.workspace.getConfiguration('bilevel').get('trace.server', 'off') === 'off'
      ? vscode.LogLevel.Info
      : vscode.LogLevel.Trace;
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  context.subscriptions.push(
    changed,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('bilevel.trace.server')) changed.fire(level());
    }),
  );
  return Object.create(channel, {
    logLevel: { get: level },
    onDidChangeLogLevel: { value: changed.event },
    trace: { value: (text: string) => channel.info(text) },
  }) as vscode.LogOutputChannel;
}
