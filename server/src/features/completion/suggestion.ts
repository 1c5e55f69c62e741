/** One thing that completion offers, before it is fitted to the client and the text. */
import { CompletionItemKind } from 'vscode-languageserver';

export interface Suggestion {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** One line beside the label: a type, a signature. */
  readonly detail?: string;
  /** Markdown, made when the editor asks for it. */
  readonly documentation?: () => string;
  /** How well its shape fits, more first; the order in which suggestions are made decides among equals. */
  readonly fit?: number;
  /** What is typed is looked for in this; the label when absent. */
  readonly filter?: string;
  /** Inserted by clients that know snippets. */
  readonly snippet?: string;
  /** Inserted otherwise; the label when absent. */
  readonly text?: string;
  /** More can be completed right after it. */
  readonly opens?: boolean;
}

export function plainText(label: string, detail: string): Suggestion {
  return { label, kind: CompletionItemKind.Keyword, detail };
}

/** A name as the text of a snippet, in which `$`, `}` and `\` mean something. */
export function snippetText(text: string): string {
  return text.replace(/[$}\\]/gu, (character) => `\\${character}`);
}
