/**
 * What the server can do, as said at initialisation, and what was learnt of the client: features that a
 * client lacks are left out, so that the least client still gets diagnostics and hovers.
 */
import type { InitializeParams, ServerCapabilities } from 'vscode-languageserver';
import { TextDocumentSyncKind } from 'vscode-languageserver';
import { serverCommands } from '../protocol/editor.ts';
import type { InitializationOptions } from '../protocol/editor.ts';
import { codeActionKinds } from './code-actions/index.ts';
import type { MarkdownAbilities } from './markdown.ts';
import { semanticTokensLegend } from './semantic-tokens.ts';

/** What of the client decides how the server speaks. */
export interface ClientAbilities {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesInlayHints: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly configuration: boolean;
  readonly registersConfiguration: boolean;
  readonly snippets: boolean;
  /** Changes may carry annotations. */
  readonly annotatesChanges: boolean;
  /** The client has the commands `bilevel.run` and so on; others get the server's own. */
  readonly hasCommands: boolean;
  /** It shows results at the ends of lines; good ones need no underlining besides. */
  readonly drawsResults: boolean;
  readonly markdown: MarkdownAbilities;
  readonly trusted: boolean;
  /** The uris of the folders of the workspace. */
  readonly folders: readonly string[];
  readonly changesFolders: boolean;
}

export function abilitiesOf({
  capabilities,
  initializationOptions,
  workspaceFolders,
  rootUri,
}: InitializeParams): ClientAbilities {
  const options = (initializationOptions ?? {}) as InitializationOptions;
  const { workspace, textDocument } = capabilities;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    configuration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    annotatesChanges:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.changeAnnotationSupport !== undefined,
    hasCommands: options.clientCommands === true,
    drawsResults: options.drawsResults === true,
    markdown: {
      drawsFormulas: options.drawsFormulas === true,
      opensReference: options.opensReference === true,
    },
    trusted: options.trusted !== false,
    folders: workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]),
    changesFolders: workspace?.workspaceFolders === true,
  };
}

export function serverCapabilities(): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    diagnosticProvider: { identifier: 'bilevel', interFileDependencies: false, workspaceDiagnostics: false },
    hoverProvider: true,
    completionProvider: { triggerCharacters: ['"', '/', ':', '[', '('], resolveProvider: true },
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
    documentSymbolProvider: true,
    semanticTokensProvider: { legend: semanticTokensLegend, full: { delta: true }, range: true },
    foldingRangeProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '}' },
    selectionRangeProvider: true,
    workspaceSymbolProvider: true,
    codeActionProvider: { codeActionKinds },
    inlayHintProvider: true,
    codeLensProvider: { resolveProvider: false },
    documentLinkProvider: { resolveProvider: false },
    executeCommandProvider: { commands: Object.values(serverCommands) },
  };
}
