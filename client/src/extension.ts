/**
 * The extension's entry: starts the language server for `.bilevel` files and wires what only an editor
 * can show. Analysis and solving live in the server and its solver process; nothing is computed here.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  lastResultRequest,
  resultsNotification,
  statusNotification,
  type LastResult,
  type ResultsParameters,
  type StatusParameters,
} from '../../server/src/protocol/editor.ts';
import { registerCommands } from './commands.ts';
import { createLanguageClient } from './language-client.ts';
import { RunAnnotations } from './run-annotations.ts';
import { SolverStatus } from './solver-status.ts';

/** What other extensions, and the tests, can ask. */
export interface BilevelApi {
  /** The JSON result of the last run of a document, null when it has not run. */
  lastResult(uri: string): Promise<LastResult>;
  /** The state of the solver for a document, as last reported. */
  status(uri: string): StatusParameters | undefined;
  /** The end-of-line results shown for a document. */
  results(uri: string): ResultsParameters | undefined;
}

let client: LanguageClient | undefined;

export function activate(context: vscode.ExtensionContext): BilevelApi {
  const annotations = new RunAnnotations();
  const status = new SolverStatus();
  const started = createLanguageClient(context);
  client = started;
  context.subscriptions.push(
    annotations,
    status,
    started.onNotification(resultsNotification, (results: ResultsParameters) => annotations.show(results)),
    started.onNotification(statusNotification, (parameters: StatusParameters) => status.show(parameters)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()),
    ...registerCommands(started, context),
  );
  // Requests wait for the server by themselves, the editor need not; a failure to start is shown by the client.
  started.start().catch(() => undefined);
  return {
    lastResult: (uri) => started.sendRequest<LastResult>(lastResultRequest, { uri }),
    status: (uri) => status.of(uri),
    results: (uri) => annotations.of(uri),
  };
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
