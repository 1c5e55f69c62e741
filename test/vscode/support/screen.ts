/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Reading a workbench's screen as a person would, and pointing at what is there: texts of lines with the
 * results behind them, token colours, squiggles, problems, hovers, lists. All of it is what the browser shows.
 */
import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** The end-of-line text of one line on the screen. */
export interface ShownResult {
  /** The text of the line it stands behind. */
  readonly line: string;
  readonly text: string;
  readonly colour: string;
  readonly italic: boolean;
  /** The label of the tab it stands below, which begins with the file's name. */
  readonly editor: string;
}

const anyEditor = '.editor-group-container .monaco-editor[role="code"]';
const editor = '.editor-group-container.active .monaco-editor[role="code"]';

/** The lines on the screen, with injected texts such as inlay hints, top to bottom. */
export function shownLines(page: Page): Promise<string[]> {
  return page.evaluate((selector) => {
    const lines = [...document.querySelectorAll<HTMLElement>(`${selector} .view-line`)];
    return lines
      .sort((a, b) => a.offsetTop - b.offsetTop)
      .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' '));
  }, editor);
}

/**
 * Of the editor in front, or of all. VS Code draws them as the generated content of an empty element at the end of a
 * line.
 */
export function shownResults(page: Page, where: 'front' | 'all' = 'front'): Promise<ShownResult[]> {
  return page.evaluate(
    (selector) => {
      const found: { line: string; text: string; colour: string; italic: boolean; editor: string }[] = [];
      for (const line of document.querySelectorAll<HTMLElement>(`${selector} .view-line`)) {
        for (const element of line.querySelectorAll('span')) {
          if (element.childElementCount > 0) continue;
          const style = getComputedStyle(element, '::after');
          if (!style.content.startsWith('"')) continue;
          const text = (JSON.parse(style.content) as string).replaceAll('\u00a0', ' ');
          if (text.trim() === '') continue;
          const words = (line.textContent ?? '').replaceAll('\u00a0', ' ');
          const group = line.closest('.editor-group-container');
          found.push({
            line: words,
            text,
            colour: style.color,
            italic: style.fontStyle === 'italic',
            editor: group?.querySelector('.tab.active')?.getAttribute('aria-label') ?? '',
          });
        }
      }
      return found;
    },
    where === 'all' ? anyEditor : editor,
  );
}

/** The different colours of the tokens on the line that begins with a text. */
export function tokenColours(page: Page, lineStart: string): Promise<string[]> {
  return page.evaluate(
    ([selector, start]) => {
      const lines = [...document.querySelectorAll<HTMLElement>(`${selector} .view-line`)];
      const line = lines.find(({ textContent }) =>
        (textContent ?? '').replaceAll('\u00a0', ' ').trimStart().startsWith(start),
      );
      const spans = [...(line?.querySelectorAll<HTMLElement>('span > span') ?? [])];
      return [...new Set(spans.map((span) => getComputedStyle(span).color))];
    },
    [editor, lineStart] as const,
  );
}

/** Where a word stands on the screen: the middle of the first occurrence in the first line that contains `inLine`. */
export async function pointAt(page: Page, inLine: string, word: string): Promise<{ x: number; y: number }> {
  return until(`"${word}" in a line with "${inLine}" on the screen`, () =>
    page.evaluate(
      ([selector, part, wanted]) => {
        const clean = (text: string | null): string => (text ?? '').replaceAll('\u00a0', ' ');
        const lines = [...document.querySelectorAll<HTMLElement>(`${selector} .view-line`)];
        const line = lines.find(({ textContent }) => clean(textContent).includes(part));
        if (line === undefined) return undefined;
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        const pieces: { node: Text; from: number }[] = [];
        let text = '';
        while (walker.nextNode() !== null) {
          const node = walker.currentNode as Text;
          pieces.push({ node, from: text.length });
          text += clean(node.data);
        }
        const at = text.indexOf(wanted);
        if (at < 0) return undefined;
        const middle = at + Math.floor(wanted.length / 2);
        const piece = pieces.findLast(({ from }) => from <= middle);
        if (piece === undefined) return undefined;
        const range = document.createRange();
        range.setStart(piece.node, middle - piece.from);
        range.setEnd(piece.node, Math.min(middle - piece.from + 1, piece.node.data.length));
        const box = range.getBoundingClientRect();
        return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      },
      [editor, inLine, word] as const,
    ),
  );
}

/** The squiggles of one severity on the screen. */
export function squiggles(page: Page, severity: 'error' | 'warning' | 'info'): Locator {
  return page.locator(`${editor} .squiggly-${severity}`);
}

/** A button at the right end of the title of the editor in front, by the title of its command. */
export function titleButton(page: Page, title: string): Locator {
  return page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${title}"]`);
}

/** A code lens by its title; the first line must be in sight. */
export function lens(page: Page, title: string): Locator {
  return page.locator(`${editor} .codelens-decoration a`).filter({ hasText: new RegExp(`^${title}$`) });
}

/** The menu of code actions at the cursor, once it has an entry with this text; the entry is returned. */
export async function action(
  page: Page,
  title: string | RegExp,
  select?: () => Promise<void>,
): Promise<Locator> {
  const entry = page.locator('.action-widget').getByText(title, { exact: false }).first();
  // The first press may come before the server has seen the last edit.
  return until(`the action ${String(title)}`, async () => {
    // Escape, which closes a list without the action, takes the selection back too.
    await select?.();
    await page.keyboard.press('Control+.');
    await entry.waitFor({ timeout: 2000 }).catch(() => page.keyboard.press('Escape'));
    return (await entry.isVisible()) && entry;
  });
}

/** The rows of the list of completions, which must be open. */
export function suggestions(page: Page): Locator {
  return page.locator('.suggest-widget.visible .monaco-list-row');
}

/** The rows of the Problems panel, which must be open. */
export async function problemRows(page: Page): Promise<string[]> {
  const rows = page.locator('.markers-panel .monaco-list-row');
  return (await rows.allInnerTexts()).map((text) =>
    text.replaceAll('\u00a0', ' ').replaceAll(/\s+/gu, ' ').trim(),
  );
}

/** Rests the mouse on a word until its hover shows a text that matches; answers the whole hover. */
export async function hoverText(page: Page, inLine: string, word: string, wanted: RegExp): Promise<string> {
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-row').first();
  return until(`a hover on "${word}" that matches ${String(wanted)}`, async () => {
    const { x, y } = await pointAt(page, inLine, word);
    // A hover does not follow what changed beneath it: leave, and come again.
    await page.mouse.move(x + 1, y + 1);
    await page.mouse.move(x, y);
    await hover.waitFor({ timeout: 3000 });
    const text = (await page.locator('.monaco-hover:not(.hidden)').allInnerTexts()).join('\n');
    if (wanted.test(text)) return text;
    await leaveHover(page);
    return undefined;
  });
}

/** Takes the mouse where nothing hovers. */
export async function leaveHover(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.mouse.move(640, 796);
  await page.locator('.monaco-hover:not(.hidden) .hover-row').first().waitFor({ state: 'hidden' });
}
