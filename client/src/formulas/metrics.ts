/**
 * How wide characters are, in thousandths of the font size, for a serif face in the proportions of Times. The
 * picture tells the browser these widths, so that its own face, whichever it finds, is fitted to the layout.
 */

const uprightWidths = widths({
  250: ' .,·',
  278: ':;/ijlt',
  333: '!frI',
  389: 'sJ',
  400: '∗',
  408: '"',
  444: 'acez',
  500: '_∘',
  556: 'FPS',
  564: '+−=<>≤≥≈≠×⊤',
  600: '□',
  611: 'ELTZ',
  640: '∩∈',
  667: 'BCRΔ',
  713: '∞∑',
  722: 'wADGHKNOQUVXYℝ⊙',
  778: 'm',
  889: 'M',
  944: 'W',
  1000: '…→',
});

const italicWidths = widths({
  278: 'fijlt',
  300: 'ι',
  333: 'I',
  389: 'rsz',
  444: 'cekvxyJ',
  500: 'S',
  556: 'LTYZ',
  600: 'Γφ',
  611: 'ABEFPRVX',
  667: 'wCKNΛω',
  722: 'mDGHOQU',
  770: 'ΘΩΦΨ',
  833: 'MW',
});

/** Most letters and all digits; of other scripts as a rule. */
const usual = 500;
const mathematicalLetter = 600;
const wide = 1000;
const isWide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|\p{Extended_Pictographic}/u;

function widths(table: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(table).flatMap(([width, characters]) =>
      Array.from(characters, (character) => [character, Number(width)] as const),
    ),
  );
}

/** In font sizes. */
export function textWidth(text: string, italic: boolean): number {
  let width = 0;
  for (const character of text) width += characterWidth(character, italic);
  return width / 1000;
}

function characterWidth(character: string, italic: boolean): number {
  const found = (italic ? italicWidths : uprightWidths).get(character);
  if (found !== undefined) return found;
  // A mark stands over its letter.
  if (/\p{M}/u.test(character)) return 0;
  if (/[\u{1D400}-\u{1D7FF}]/u.test(character)) return mathematicalLetter;
  return isWide.test(character) ? wide : usual;
}
