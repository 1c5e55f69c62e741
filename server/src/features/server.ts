/**
 * The language server: connects each request of the protocol to its feature, and what happens (texts and
 * data files change, runs end) to what the editor is told. The features are pure functions of a snapshot;
 * all state is in the workspace, the results and the runs.
 */
import { fileURLToPath } from 'node:url';
import type { Connection, InitializeResult } from 'vscode-languageserver';
import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { lastResultRequest, serverCommands } from '../protocol/editor.ts';
import type { LastResultParameters } from '../protocol/editor.ts';
import type { Snapshot } from '../workspace/document.ts';
import { Workspace } from '../workspace/workspace.ts';
import { abilitiesOf, serverCapabilities } from './capabilities.ts';
import type { ClientAbilities } from './capabilities.ts';
import { codeActionsOf } from './code-actions/index.ts';
import { codeLensesOf } from './code-lens.ts';
import { completionsOf, resolvedCompletion } from './completion/completion.ts';
import type { CompletionPlace, CompletionSettings } from './completion/completion.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { documentLinksOf } from './document-links.ts';
import { foldingRangesOf } from './folding.ts';
import { formattingEdits, rangeFormattingEdits, typedFormattingEdits } from './formatting.ts';
import { hoverOf } from './hover/hover.ts';
import { inlayHintsOf } from './inlay-hints.ts';
import type { MarkdownAbilities } from './markdown.ts';
import { definitionOf, highlightsOf, prepareRename, referencesOf, rename } from './names.ts';
import { warningsOf } from './numbers.ts';
import { outlineOf } from './outline.ts';
import { Results } from './results.ts';
import { Runs } from './runs.ts';
import { selectionRangesOf } from './selection-ranges.ts';
import { SemanticTokensHistory, semanticTokensOf } from './semantic-tokens.ts';
import { signatureHelpOf } from './signature-help.ts';
import { workspaceSymbolsOf } from './workspace-symbols.ts';

/** The counting of rows and the watching of data files wait until typing pauses this long. */
const typingPauseMilliseconds = 120;
/** Pushed diagnostics come as long after an edit as the last ones took to find, but within this. */
const latestPushMilliseconds = 120;
/** Describing reads the data and starts the solver process: only when nobody types. */
const restMilliseconds = 600;

export function serve(connection: Connection): void {
  let abilities: ClientAbilities | undefined;
  let hintsEnabled = true;
  const pushes = new Map<string, NodeJS.Timeout>();
  const pauses = new Map<string, NodeJS.Timeout>();
  let checkMilliseconds = 0;
  /** Documents that warnings before a run are shown of. */
  const warned = new Set<string>();
  const rests = new Map<string, NodeJS.Timeout>();

  const workspace = new Workspace({
    changed(snapshot, edits) {
      results.changed(snapshot, edits);
      runs.edited(snapshot.uri, edits);
      // They were of the text before, or an undo brings that text back.
      if (warned.has(snapshot.uri) || (runs.numbersOf(snapshot)?.warnings ?? []).length > 0)
        publish(snapshot.uri);
      push(snapshot);
      pause(snapshot);
      rest(snapshot);
    },
    dataChanged(snapshot, replaced) {
      if (replaced) {
        results.dataChanged(snapshot.uri);
        runs.forgetNumbers(snapshot.uri);
      }
      publish(snapshot.uri);
      if (abilities?.refreshesDiagnostics === true) void connection.languages.diagnostics.refresh();
      refreshHints();
    },
    closed(uri) {
      for (const timers of [pushes, pauses, rests]) {
        clearTimeout(timers.get(uri));
        timers.delete(uri);
      }
      runs.closed(uri);
      results.closed(uri);
      tokens.forget(uri);
      warned.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  });
  const tokens = new SemanticTokensHistory();
  const results = new Results(connection, publish, () => abilities?.drawsResults === true);
  const runs = new Runs(connection, workspace, results, {
    refresh(uri) {
      publish(uri);
      refreshHints();
      if (abilities?.refreshesCodeLenses === true) void connection.sendRequest(CodeLensRefreshRequest.type);
    },
  });

  /** Pushed: what a run or the numbers before one tell, and what the text tells where the client does not pull that. */
  function publish(uri: string): void {
    const snapshot = workspace.get(uri);
    if (snapshot === undefined) return;
    const ofText = abilities?.pullsDiagnostics === true ? [] : diagnosticsOf(snapshot);
    // A run tells of the same things, with the numbers at its end.
    const numbers = results.resultOf(snapshot) === undefined ? runs.numbersOf(snapshot) : undefined;
    const ofNumbers = numbers === undefined ? [] : warningsOf(snapshot, numbers);
    if (ofNumbers.length > 0) warned.add(uri);
    else warned.delete(uri);
    const diagnostics = [...ofText, ...ofNumbers, ...results.diagnostics(uri)];
    void connection.sendDiagnostics({ uri, version: snapshot.version, diagnostics });
  }

  function refreshHints(): void {
    if (abilities?.refreshesInlayHints === true) void connection.languages.inlayHint.refresh();
  }

  /**
   * Diagnostics for clients that do not pull them: of the text that is there once the server has waited, so
   * that edits that come faster than texts are checked share one answer, and no edit waits for a pause.
   */
  function push({ uri }: Snapshot): void {
    if (abilities?.pullsDiagnostics === true || pushes.has(uri)) return;
    const pushed = setTimeout(
      () => {
        pushes.delete(uri);
        const begin = performance.now();
        publish(uri);
        checkMilliseconds = performance.now() - begin;
      },
      Math.min(latestPushMilliseconds, checkMilliseconds),
    );
    pushes.set(uri, pushed);
  }

  /** What is done once typing pauses, for the text that is there then. */
  function pause({ uri }: Snapshot): void {
    clearTimeout(pauses.get(uri));
    pauses.set(
      uri,
      setTimeout(() => {
        const snapshot = workspace.get(uri);
        if (snapshot === undefined) return;
        workspace.watchData();
        void workspace.countRows(snapshot);
      }, typingPauseMilliseconds),
    );
  }

  /** Numbers for hints and hovers, once the author rests; starting the solver while keys come would delay them. */
  function rest({ uri }: Snapshot): void {
    clearTimeout(rests.get(uri));
    const describe = (): void => {
      rests.delete(uri);
      const snapshot = workspace.get(uri);
      if (snapshot !== undefined && hintsEnabled) runs.describe(snapshot);
    };
    rests.set(uri, setTimeout(describe, restMilliseconds));
  }

  const markdownAbilities = (): MarkdownAbilities =>
    abilities?.markdown ?? { drawsFormulas: false, opensReference: false };

  async function readConfiguration(): Promise<void> {
    if (abilities?.configuration !== true) return;
    const answer: unknown = await connection.workspace.getConfiguration('bilevel.inlayHints.enabled');
    setHints(answer !== false);
  }

  function setHints(enabled: boolean): void {
    if (enabled === hintsEnabled) return;
    hintsEnabled = enabled;
    refreshHints();
  }

  connection.onInitialize((parameters): InitializeResult => {
    abilities = abilitiesOf(parameters);
    workspace.configure({ trusted: abilities.trusted, folders: pathsOf(abilities.folders) });
    return { capabilities: serverCapabilities(), serverInfo: { name: 'Bilevel' } };
  });
  connection.onInitialized(() => {
    if (abilities?.changesFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        workspace.changeFolders(pathsOf(added.map(({ uri }) => uri)), pathsOf(removed.map(({ uri }) => uri))),
      );
    }
    if (abilities?.registersConfiguration === true) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'bilevel' });
    }
    void readConfiguration();
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    if (abilities?.configuration === true) void readConfiguration();
    else setHints(pushedSetting(settings));
  });
  connection.onShutdown(() => runs.dispose());

  connection.onDidOpenTextDocument(({ textDocument }) => workspace.didOpen(textDocument));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) =>
    workspace.didChange(textDocument.uri, textDocument.version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => workspace.didClose(textDocument.uri));

  /** The answer of a feature for an open document; for one that is not open there is nothing to say. */
  const forDocument =
    <Parameters extends { readonly textDocument: { readonly uri: string } }, Answer>(
      feature: (snapshot: Snapshot, parameters: Parameters) => Answer,
    ) =>
    (parameters: Parameters): Answer | null => {
      const snapshot = workspace.get(parameters.textDocument.uri);
      return snapshot === undefined ? null : feature(snapshot, parameters);
    };

  connection.languages.diagnostics.on(({ textDocument }) => {
    const snapshot = workspace.get(textDocument.uri);
    return {
      kind: DocumentDiagnosticReportKind.Full,
      items: snapshot === undefined ? [] : diagnosticsOf(snapshot),
    };
  });
  connection.onHover(
    forDocument((snapshot, { position }) => {
      if (!rests.has(snapshot.uri)) runs.describe(snapshot);
      return hoverOf(snapshot, position, runs.numbersOf(snapshot), markdownAbilities());
    }),
  );
  const completionSettings = (snapshot: Snapshot): CompletionSettings => ({
    snippets: abilities?.snippets === true,
    folder: workspace.isTrusted ? workspace.folderOf(snapshot.path) : undefined,
  });
  connection.onCompletion(
    forDocument((snapshot, { position }) => completionsOf(snapshot, position, completionSettings(snapshot))),
  );
  connection.onCompletionResolve((item) => {
    const { uri } = (item.data ?? {}) as Partial<CompletionPlace>;
    const snapshot = uri === undefined ? undefined : workspace.get(uri);
    if (snapshot === undefined) return item;
    const settings = { ...completionSettings(snapshot), markdown: markdownAbilities() };
    return resolvedCompletion(snapshot, item, settings);
  });
  connection.onSignatureHelp(
    forDocument((snapshot, { position }) => signatureHelpOf(snapshot, position, markdownAbilities())),
  );
  connection.onDocumentSymbol(forDocument(outlineOf));
  connection.languages.semanticTokens.on((parameters) => {
    const snapshot = workspace.get(parameters.textDocument.uri);
    return snapshot === undefined ? { data: [] } : tokens.full(snapshot);
  });
  connection.languages.semanticTokens.onDelta(({ textDocument, previousResultId }) => {
    const snapshot = workspace.get(textDocument.uri);
    return snapshot === undefined ? { data: [] } : tokens.delta(snapshot, previousResultId);
  });
  connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
    const snapshot = workspace.get(textDocument.uri);
    return snapshot === undefined ? { data: [] } : semanticTokensOf(snapshot, range);
  });
  connection.onSelectionRanges(
    forDocument((snapshot, { positions }) => selectionRangesOf(snapshot, positions)),
  );
  connection.onWorkspaceSymbol(({ query }) => workspaceSymbolsOf(workspace.everything(), query));
  connection.onFoldingRanges(forDocument(foldingRangesOf));
  connection.onDefinition(forDocument((snapshot, { position }) => definitionOf(snapshot, position)));
  connection.onReferences(
    forDocument((snapshot, { position, context }) =>
      referencesOf(snapshot, position, context.includeDeclaration),
    ),
  );
  connection.onDocumentHighlight(forDocument((snapshot, { position }) => highlightsOf(snapshot, position)));
  connection.onPrepareRename(forDocument((snapshot, { position }) => prepareRename(snapshot, position)));
  connection.onRenameRequest(
    forDocument((snapshot, { position, newName }) =>
      rename(snapshot, position, newName, abilities?.annotatesChanges === true),
    ),
  );
  connection.onDocumentFormatting(forDocument(formattingEdits));
  connection.onDocumentRangeFormatting(
    forDocument((snapshot, { range }) => rangeFormattingEdits(snapshot, range)),
  );
  connection.onDocumentOnTypeFormatting(
    forDocument((snapshot, { position }) => typedFormattingEdits(snapshot, position)),
  );
  connection.onCodeAction(
    forDocument((snapshot, { range, context }) =>
      codeActionsOf(snapshot, range, context, {
        result: results.resultOf(snapshot),
        clientRenames: abilities?.hasCommands === true,
        annotates: abilities?.annotatesChanges === true,
      }),
    ),
  );
  connection.languages.inlayHint.on(
    forDocument((snapshot, { range }) =>
      hintsEnabled ? inlayHintsOf(snapshot, range, runs.numbersOf(snapshot)) : [],
    ),
  );
  connection.onCodeLens(
    forDocument((snapshot) =>
      codeLensesOf(snapshot, {
        clientHasCommands: abilities?.hasCommands === true,
        running: runs.isRunning(snapshot.uri),
      }),
    ),
  );
  connection.onDocumentLinks(
    forDocument((snapshot) => documentLinksOf(snapshot, workspace.folderOf(snapshot.path))),
  );

  connection.onExecuteCommand(({ command, arguments: args }) => {
    const uri: unknown = args?.[0];
    const snapshot = typeof uri === 'string' ? workspace.get(uri) : undefined;
    if (snapshot === undefined) {
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        `\`${command}\` takes the uri of an open document`,
      );
    }
    switch (command) {
      case serverCommands.run:
      case serverCommands.checkGradient:
        if (!workspace.isTrusted) {
          throw new ResponseError(
            LSPErrorCodes.RequestFailed,
            'nothing is run in a workspace that is not trusted',
          );
        }
        runs.start(snapshot, command === serverCommands.run ? 'run' : 'gradient');
        return null;
      case serverCommands.cancel:
        runs.cancel(snapshot.uri);
        return null;
      default:
        throw new ResponseError(LSPErrorCodes.RequestFailed, `there is no command \`${command}\``);
    }
  });
  connection.onRequest(lastResultRequest, ({ uri }: LastResultParameters) => results.lastResult(uri));
}

/** Of those folders that lie on a disk of this machine. */
function pathsOf(uris: readonly string[]): readonly string[] {
  return uris.flatMap((uri) => {
    try {
      return uri.startsWith('file:') ? [fileURLToPath(uri)] : [];
    } catch {
      return [];
    }
  });
}

/** `bilevel.inlayHints.enabled` as clients without `workspace/configuration` push it. */
function pushedSetting(settings: unknown): boolean {
  const root = settings as {
    readonly bilevel?: { readonly inlayHints?: { readonly enabled?: unknown } };
  } | null;
  return root?.bilevel?.inlayHints?.enabled !== false;
}
