/**
 * A formula as a picture in the colours of the theme: an SVG in a data URI, which the editor shows in its hovers.
 * A formula that is wider than a hover is broken before an operator, as on paper.
 */
import type { Mathematics } from '../../../server/src/protocol/mathematics.ts';
import { layOut, sideBySide, type Box } from './boxes.ts';

export interface PictureStyle {
  /** Of the letters and lines, as CSS writes it. */
  readonly colour: string;
  /** Pixels; letters of the formula are this high and a little. */
  readonly size: number;
}

/** Hovers are about this wide in a small window; what cannot be broken is drawn smaller. */
const widest = 560;
const margin = 3;
const faces =
  "'STIX Two Text','STIX Two Math','Cambria Math','Latin Modern Math','Times New Roman','Liberation Serif','TeX Gyre Termes','DejaVu Math TeX Gyre','DejaVu Serif',serif";

export function formulaPicture(math: Mathematics, { colour, size }: PictureStyle): string {
  const lines = linesOf(math, size);
  const gap = 0.45 * size;
  const width = Math.max(...lines.map((box) => box.width)) + 2 * margin;
  const height =
    lines.reduce((sum, box) => sum + box.ascent + box.descent, 0) + gap * (lines.length - 1) + 2 * margin;
  let y = margin;
  const drawn = lines.map((box) => {
    y += box.ascent;
    const text = box.draw(margin, y);
    y += box.descent + gap;
    return text;
  });
  const scale = Math.min(1, widest / width);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${rounded(width * scale)}" height="${rounded(height * scale)}" viewBox="0 0 ${rounded(width)} ${rounded(height)}">` +
    `<g fill="${colour}" font-family="${faces}">` +
    drawn
      .join('')
      .replaceAll(
        '<path ',
        `<path fill="none" stroke="${colour}" stroke-linejoin="round" stroke-linecap="round" `,
      ) +
    '</g></svg>';
  return `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
}

function rounded(length: number): number {
  return Math.ceil(length * 100) / 100;
}

/** One line, or several, each but the first moved in. */
function linesOf(math: Mathematics, size: number): readonly Box[] {
  const whole = layOut(math, size);
  if (whole.width + 2 * margin <= widest || math.kind !== 'row') return [whole];
  const indent: Box = { width: 1.6 * size, ascent: 0, descent: 0, draw: () => '' };
  const lines: Box[][] = [[]];
  let width = 0;
  for (const piece of piecesOf(math.parts)) {
    const box = sideBySide(piece.map((part) => layOut(part, size)));
    if (width + box.width + 2 * margin > widest && (lines.at(-1)?.length ?? 0) > 0) {
      lines.push([indent]);
      width = indent.width;
    }
    lines.at(-1)?.push(box);
    width += box.width;
  }
  return lines.map(sideBySide);
}

/** Runs of parts that stay together: each begins with an operator before which a line may end. */
function piecesOf(parts: readonly Mathematics[]): readonly Mathematics[][] {
  const pieces: Mathematics[][] = [[]];
  for (const part of parts) {
    const breaks = part.kind === 'operator' && (part.space === 'binary' || part.space === 'relation');
    if (breaks && (pieces.at(-1)?.length ?? 0) > 0) pieces.push([]);
    pieces.at(-1)?.push(part);
  }
  return pieces;
}
