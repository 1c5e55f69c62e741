/**
 * The connection to the language server: the bundled server.cjs, run with the editor's own Node and
 * spoken to over Node's IPC. The server learns here whether the workspace is trusted; without trust it
 * analyses text and neither reads data nor runs anything.
 */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../server/src/protocol/editor.ts';
import { enrichAny } from './rich-text.ts';

export function createLanguageClient(context: vscode.ExtensionContext): LanguageClient {
  const module = join(context.extensionPath, 'dist', 'server.cjs');
  const outputChannel = vscode.window.createOutputChannel('Bilevel', { log: true });
  context.subscriptions.push(outputChannel);
  return new LanguageClient(
    'bilevel',
    'Bilevel',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    {
      documentSelector: [
        { language: 'bilevel', scheme: 'file' },
        { language: 'bilevel', scheme: 'untitled' },
        { language: 'bilevel', scheme: 'vscode-remote' },
      ],
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
