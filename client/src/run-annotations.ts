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

export class RunAnnotations implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin: '0 0 0 2.5em' },
  });
  private readonly byDocument = new Map<string, ResultsParameters>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.draw(editor);
      }),
      vscode.workspace.onDidChangeTextDocument((change) => this.follow(change)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.byDocument.delete(uri.toString())),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('bilevel.results.enabled')) this.drawAll();
      }),
    ];
  }

  of(uri: string): ResultsParameters | undefined {
    return this.byDocument.get(vscode.Uri.parse(uri).toString());
  }

  show(results: ResultsParameters): void {
    const uri = vscode.Uri.parse(results.uri).toString();
    const before = this.byDocument.get(uri);
    this.byDocument.set(uri, results.stale ? withLinesOf(results, before) : results);
    this.drawAll();
  }

  dispose(): void {
    this.decoration.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /**
   * Results keep to their statements. The window may show a newer text than the one in which their lines were
   * counted, and does not correct what it is given late: so they are moved and drawn again after each edit.
   */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const results = this.byDocument.get(uri);
    if (results === undefined || results.annotations.length === 0 || contentChanges.length === 0) return;
    const moved = (line: number): number => contentChanges.reduce(moveLine, line);
    this.byDocument.set(uri, {
      ...results,
      annotations: results.annotations.map((each) => ({ ...each, line: moved(each.line) })),
    });
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

/** The lines of the same run's results, where they have been followed through edits that the server may not know. */
function withLinesOf(results: ResultsParameters, before: ResultsParameters | undefined): ResultsParameters {
  if (before?.version !== results.version || before.annotations.length !== results.annotations.length) {
    return results;
  }
  return {
    ...results,
    annotations: results.annotations.map((each, index) => ({
      ...each,
      line: before.annotations[index]?.line ?? each.line,
    })),
  };
}

/** Text put in before a line pushes it down; a line inside what is replaced keeps its place there. */
function moveLine(line: number, { range, text }: vscode.TextDocumentContentChangeEvent): number {
  const { start, end } = range;
  const breaks = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  const shifted = line + breaks - (end.line - start.line);
  if (line > end.line) return shifted;
  if (line === end.line && (end.line > start.line || start.character === 0))
    return Math.max(start.line, shifted);
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
