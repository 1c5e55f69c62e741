/**
 * Changes of one text as the protocol carries them. VS Code shortens what it is to replace to the UTF-16 units that
 * differ; between two letters beyond the basic plane that begin with the same unit it thereby replaces half a letter.
 * A change with an annotation it leaves whole, so changes among such letters get one.
 */
import type { AnnotatedTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import type { Snapshot } from '../workspace/document.ts';

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

const annotation = 'whole letters';
const halfLetter = /[\uD800-\uDFFF]/;

/** `annotates`: the client knows annotations. `title`: what a client that shows the annotation calls the change. */
export function workspaceEdit(
  snapshot: Snapshot,
  changes: readonly TextChange[],
  { annotates, title }: { readonly annotates: boolean; readonly title: string },
): WorkspaceEdit {
  let annotated = false;
  const edits = changes.map(({ span, text }): TextEdit | AnnotatedTextEdit => {
    const edit = { range: snapshot.range(span), newText: text };
    if (!annotates || !halfLetter.test(text) || !halfLetter.test(snapshot.slice(span))) return edit;
    annotated = true;
    return { ...edit, annotationId: annotation };
  });
  if (!annotated) return { changes: { [snapshot.uri]: edits } };
  return {
    documentChanges: [{ textDocument: { uri: snapshot.uri, version: snapshot.version }, edits }],
    changeAnnotations: { [annotation]: { label: title, needsConfirmation: false } },
  };
}
