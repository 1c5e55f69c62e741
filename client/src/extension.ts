/**
 * The extension's entry: starts the language server for `.bilevel` files and wires what only an editor
 * can show. Analysis and solving live in the server and its solver process; nothing is computed here.
 */
import * as vscode from 'vscode';
import {
  lastResultRequest,
  resultsNotification,
  statusNotification,
  type LastResult,
  type ResultsParameters,
  type StatusParameters,
} from '../../server/src/protocol/editor.ts';
import { registerCommands } from './commands.ts';
import { RunAnnotations } from './run-annotations.ts';
import { ServerConnection } from './server-connection.ts';
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

let server: ServerConnection | undefined;

/** Returns before the server is there: what is asked of it waits. */
export function activate(context: vscode.ExtensionContext): BilevelApi {
  const annotations = new RunAnnotations();
  const status = new SolverStatus();
  const channel = vscode.window.createOutputChannel('Bilevel', { log: true });
  const connection = new ServerConnection(context, channel, {
    notifications: {
      [resultsNotification]: (results) => annotations.show(results as ResultsParameters),
      [statusNotification]: (parameters) => status.show(parameters as StatusParameters),
    },
    gone() {
      annotations.clear();
      status.clear();
    },
  });
  server = connection;
  context.subscriptions.push(
    annotations,
    status,
    channel,
    vscode.workspace.onDidGrantWorkspaceTrust(() => void connection.restart()),
    ...registerCommands(connection, channel, context),
  );
  return {
    lastResult: (uri) => connection.request<LastResult>(lastResultRequest, { uri }),
    status: (uri) => status.of(uri),
    results: (uri) => annotations.of(uri),
  };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
