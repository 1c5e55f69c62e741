/**
 * The language server's process: speaks over standard input and output (`--stdio`) or Node's channel
 * (`--node-ipc`), as its arguments say. Everything it can do is in features/server.ts.
 */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './features/server.ts';

const connection = createConnection(ProposedFeatures.all);
serve(connection);
connection.listen();
