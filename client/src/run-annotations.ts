/**
 * The results of a run as text at the end of the lines they belong to. Colour says how far a number
 * can be trusted; as soon as the server calls them stale they are grey and say so. A document's
 * results are kept while it is open, so that they reappear with its editor.
 */
import * as vscode from 'vscode';
import type { Annotation, AnnotationKind, ResultsParameters } from '../../server/src/protocol/editor.ts';

/** Theme colours, all contributed in package.json so that users can change them. */
const colours: Readonly<Record<AnnotationKind, string>> = {
  certified: 'bilevel.results.certified',
  probabilistic: 'bilevel.results.estimated',
  estimated: 'bilevel.results.estimated',
  given: 'bilevel.results.estimated',
  diverged: 'bilevel.results.failed',
  failed: 'bilevel.results.failed',
  plain: 'bilevel.results.plain',
};

/** A longer text would lie outside most windows; the hover has the whole. */
const longest = 110;

/**
 * A column that no line has: the editor takes its line's end, of the text that it shows by then, where a column
 * counted here would lie inside a line that has grown since.
 */
const beyond = Number.MAX_SAFE_INTEGER;

/** One change of a document, known by the version that it made. */
interface Edit {
  readonly version: number;
  readonly changes: readonly Change[];
}

interface Change extends vscode.TextDocumentContentChangeEvent {
  /** Nothing but space stands before it on its first line. */
  readonly beginsLine: boolean;
}

/** Far more than a server is ever behind. */
const keptEdits = 200;

export class RunAnnotations implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin: '0 0 0 2.5em' },
  });
  private readonly byDocument = new Map<string, ResultsParameters>();
  private readonly edits = new Map<string, Edit[]>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.draw(editor);
      }),
      vscode.workspace.onDidChangeTextDocument((change) => this.follow(change)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.byDocument.delete(uri.toString());
        this.edits.delete(uri.toString());
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('bilevel.results.enabled')) this.drawAll();
      }),
    ];
  }

  of(uri: string): ResultsParameters | undefined {
    return this.byDocument.get(vscode.Uri.parse(uri).toString());
  }

  /** The window may show a newer text than the one in which the lines were counted. */
  show(results: ResultsParameters): void {
    const uri = vscode.Uri.parse(results.uri).toString();
    const since = (this.edits.get(uri) ?? []).filter(({ version }) => version > results.textVersion);
    this.byDocument.set(uri, since.reduce(movedBy, results));
    this.drawAll();
  }

  /** Of all documents. */
  clear(): void {
    this.byDocument.clear();
    this.drawAll();
  }

  dispose(): void {
    this.decoration.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /**
   * Results keep to their statements: they are moved and drawn again after each edit, because the window does not
   * correct what it is given late. The edits are kept for results that the server counted before it knew them.
   */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document.languageId !== 'bilevel' || contentChanges.length === 0) return;
    const uri = document.uri.toString();
    const changes = contentChanges.map(({ range, rangeOffset, rangeLength, text }): Change => {
      const { line, character } = range.start;
      const before = document.lineAt(Math.min(line, document.lineCount - 1)).text.slice(0, character);
      return { range, rangeOffset, rangeLength, text, beginsLine: before.trim() === '' };
    });
    const edit: Edit = { version: document.version, changes };
    const edits = this.edits.get(uri) ?? [];
    this.edits.set(uri, [...edits.slice(1 - keptEdits), edit]);
    const results = this.byDocument.get(uri);
    if (results === undefined || results.annotations.length === 0) return;
    this.byDocument.set(uri, movedBy(results, edit));
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document === document) this.draw(editor);
  }

  private drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.draw(editor);
  }

  private draw(editor: vscode.TextEditor): void {
    if (editor.document.languageId !== 'bilevel') return;
    const results = this.byDocument.get(editor.document.uri.toString());
    const enabled = vscode.workspace
      .getConfiguration('bilevel', editor.document)
      .get('results.enabled', true);
    const shown = enabled ? (results?.annotations ?? []) : [];
    editor.setDecorations(
      this.decoration,
      joinByLine(shown)
        .filter(({ line }) => line < editor.document.lineCount)
        .map((annotation) => decorationOf(annotation, results?.stale ?? false)),
    );
  }
}

function movedBy(results: ResultsParameters, { changes }: Edit): ResultsParameters {
  const moved = (line: number): number => changes.reduce(moveLine, line);
  return {
    ...results,
    annotations: results.annotations.map((each) => ({ ...each, line: moved(each.line) })),
  };
}

/** Text put in before a line pushes it down; a line inside what is replaced keeps its place there. */
function moveLine(line: number, { range, text, beginsLine }: Change): number {
  const { start, end } = range;
  const breaks = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  const shifted = line + breaks - (end.line - start.line);
  if (line > end.line) return shifted;
  if (line === end.line && (end.line > start.line || beginsLine)) return Math.max(start.line, shifted);
  return Math.min(line, start.line + breaks);
}

/** Two results at one line are one text: decorations at one place have no order of their own. */
function joinByLine(annotations: readonly Annotation[]): Annotation[] {
  const lines = new Map<number, Annotation>();
  for (const annotation of annotations) {
    const before = lines.get(annotation.line);
    lines.set(
      annotation.line,
      before === undefined
        ? annotation
        : {
            ...before,
            text: `${before.text}   ${annotation.text}`,
            hoverMarkdown: `${before.hoverMarkdown}\n\n${annotation.hoverMarkdown}`,
          },
    );
  }
  return [...lines.values()];
}

function decorationOf(annotation: Annotation, stale: boolean): vscode.DecorationOptions {
  const { text } = annotation;
  const short = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return {
    range: new vscode.Range(annotation.line, beyond, annotation.line, beyond),
    hoverMessage: new vscode.MarkdownString(
      stale ? `*From before the last edit.*\n\n${annotation.hoverMarkdown}` : annotation.hoverMarkdown,
    ),
    renderOptions: {
      after: {
        contentText: stale ? `${short} (stale)` : short,
        color: new vscode.ThemeColor(stale ? 'bilevel.results.stale' : colours[annotation.kind]),
        fontStyle: stale ? 'italic' : 'normal',
      },
    },
  };
}
