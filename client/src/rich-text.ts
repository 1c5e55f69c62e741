/**
 * Hovers and documentation as this editor shows them: formulas of the server become pictures in the colours of
 * the theme, links to the language reference become a command. Nothing else in such a text may run a command.
 */
import * as vscode from 'vscode';
import { referenceScheme } from '../../server/src/protocol/editor.ts';
import { replaceFormulas } from '../../server/src/protocol/mathematics.ts';
import { formulaPicture } from './formulas/picture.ts';

export const openReferenceCommand = 'bilevel.openReference';

/** The colours that the editor's own themes give the text of hovers; other themes are close to these. */
const colours: Readonly<Record<vscode.ColorThemeKind, string>> = {
  [vscode.ColorThemeKind.Light]: '#303030',
  [vscode.ColorThemeKind.Dark]: '#d8d8d8',
  [vscode.ColorThemeKind.HighContrast]: '#ffffff',
  [vscode.ColorThemeKind.HighContrastLight]: '#000000',
};
const size = 16;

export function enrich(text: vscode.MarkdownString): vscode.MarkdownString {
  const colour = colours[vscode.window.activeColorTheme.kind];
  const drawn = replaceFormulas(text.value, (formula) => formulaPicture(formula, { colour, size }));
  const linked = drawn.replaceAll(
    new RegExp(String.raw`\(${referenceScheme}([\w-]+)\)`, 'gu'),
    (_, heading: string) =>
      `(command:${openReferenceCommand}?${encodeURIComponent(JSON.stringify([heading]))} "Open the language reference")`,
  );
  const rich = new vscode.MarkdownString(linked);
  rich.isTrusted = { enabledCommands: [openReferenceCommand] };
  return rich;
}

/** Texts that are no markdown stay. */
export function enrichAny<Text>(text: Text): Text | vscode.MarkdownString {
  return text instanceof vscode.MarkdownString ? enrich(text) : text;
}
