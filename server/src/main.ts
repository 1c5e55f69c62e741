/**
 * The language server's process: speaks over standard input and output (`--stdio`) or Node's channel
 * (`--node-ipc`), as its arguments say. Everything it can do is in features/server.ts.
 */
import { LSPErrorCodes } from 'vscode-languageserver';
import type { ConnectionStrategy } from 'vscode-languageserver';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './features/server.ts';

/** A request that is cancelled before its turn has come is answered at once and never worked at. */
const strategy: ConnectionStrategy = {
  cancelUndispatched: (message) =>
    'id' in message
      ? {
          jsonrpc: '2.0',
          id: message.id as string | number,
          error: { code: LSPErrorCodes.RequestCancelled, message: 'cancelled before it was begun' },
        }
      : undefined,
};

const connection = createConnection(ProposedFeatures.all, { connectionStrategy: strategy });
serve(connection);
connection.listen();
