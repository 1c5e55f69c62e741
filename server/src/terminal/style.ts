/**
 * Colour and width of a terminal stream. Colour is used only where the stream is a terminal that has
 * it; Node's `hasColors` looks at TERM, NO_COLOR and FORCE_COLOR. Widths count what a person sees.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

export type Emphasis = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'blue';

/** Applies emphasis, or leaves the text as it is. */
export type Style = (emphasis: Emphasis | readonly Emphasis[], text: string) => string;

export const plainStyle: Style = (_, text) => text;
export const colouredStyle: Style = (emphasis, text) =>
  // The stream has been asked already; styleText itself would ask standard output.
  styleText(emphasis as Emphasis, text, { validateStream: false });

export function styleFor(stream: NodeJS.WriteStream): Style {
  return stream.isTTY && stream.hasColors() ? colouredStyle : plainStyle;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that the text takes; wide East Asian characters and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) {
    width += isWide(segment) ? 2 : segment === '\t' ? 4 : 1;
  }
  return width;
}

/** The text cut to at most `columns`, with an ellipsis where something is missing; must carry no colour. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    width += isWide(segment) ? 2 : 1;
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns <= 0 ? '' : `${kept}…`;
}

function isWide(segment: string): boolean {
  return /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\uFF01-\uFF60\u3000-\u303E])/u.test(
    segment,
  );
}
