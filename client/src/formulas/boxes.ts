/**
 * Typesets a formula: every part becomes a box with a width, a height above and a depth below its base line, and
 * a way to draw itself. After The TeXbook, Appendix G, as far as the formulas of the language need it: scripts,
 * fractions, roots, brackets that grow, limits. All lengths are in pixels.
 */
import type { Fence, Mathematics } from '../../../server/src/protocol/mathematics.ts';
import { textWidth } from './metrics.ts';

export interface Box {
  readonly width: number;
  readonly ascent: number;
  readonly descent: number;
  /** SVG with the left end of the base line at (x, y). */
  readonly draw: (x: number, y: number) => string;
}

/** Of an em: where fraction bars and minus signs lie, how thick lines are, how high and deep letters reach. */
const axisHeight = 0.26;
const lineThickness = 0.055;
const letterAscent = 0.7;
const letterDescent = 0.22;

const spaces = { none: 0, thin: 0.17, after: 0.2, binary: 0.22, relation: 0.28 } as const;

/** Scripts are smaller, to a limit below which nobody can read them. */
const scriptScale = 0.72;
const smallest = 9;

export function layOut(math: Mathematics, size: number): Box {
  switch (math.kind) {
    case 'row':
      return sideBySide(math.parts.map((part) => layOut(part, size)));
    case 'word':
      return textBox(math.text, size, math.style === 'italic');
    case 'operator':
      return operatorBox(math.text, math.space, size);
    case 'fraction':
      return fractionBox(math.above, math.below, size);
    case 'scripts':
      return scriptsBox(layOut(math.base, size), math.above, math.below, size);
    case 'limits':
      return limitsBox(math.operator, math.above, math.below, size);
    case 'root':
      return rootBox(layOut(math.inner, size), size);
    case 'fence':
      return fenceBox(math.open, layOut(math.inner, size), math.close, size);
  }
}

function smaller(size: number): number {
  return Math.max(smallest, size * scriptScale);
}

export function sideBySide(boxes: readonly Box[]): Box {
  return {
    width: boxes.reduce((sum, { width }) => sum + width, 0),
    ascent: Math.max(0, ...boxes.map(({ ascent }) => ascent)),
    descent: Math.max(0, ...boxes.map(({ descent }) => descent)),
    draw: (x, y) => {
      let at = x;
      return boxes
        .map((box) => {
          const drawn = box.draw(at, y);
          at += box.width;
          return drawn;
        })
        .join('');
    },
  };
}

function textBox(text: string, size: number, italic: boolean): Box {
  const width = textWidth(text, italic) * size;
  const style = italic ? ' font-style="italic"' : '';
  return {
    width,
    ascent: letterAscent * size,
    descent: (/[gjpqyQ,;()βγζημξρφχψς_]/u.test(text) ? letterDescent : 0.02) * size,
    draw: (x, y) =>
      text === ''
        ? ''
        : `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}"${style} textLength="${round(width)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`,
  };
}

function operatorBox(text: string, space: keyof typeof spaces, size: number): Box {
  const box = textBox(text, size, false);
  const around = spaces[space] * size;
  const before = space === 'binary' || space === 'relation' ? around : 0;
  return {
    ...box,
    ascent: text === '' ? 0 : box.ascent,
    width: box.width + before + around,
    draw: (x, y) => box.draw(x + before, y),
  };
}

function fractionBox(aboveMath: Mathematics, belowMath: Mathematics, size: number): Box {
  const inner = Math.max(smallest, size * 0.88);
  const [above, below] = [layOut(aboveMath, inner), layOut(belowMath, inner)];
  const gap = 0.16 * size;
  const side = 0.1 * size;
  const axis = axisHeight * size;
  const width = Math.max(above.width, below.width) + 4 * side;
  return {
    width,
    ascent: axis + gap + above.descent + above.ascent,
    descent: gap + below.ascent + below.descent - axis,
    draw: (x, y) =>
      above.draw(x + (width - above.width) / 2, y - axis - gap - above.descent) +
      line(x + side, y - axis, x + width - side, y - axis, size) +
      below.draw(x + (width - below.width) / 2, y - axis + gap + below.ascent),
  };
}

function scriptsBox(
  base: Box,
  aboveMath: Mathematics | undefined,
  belowMath: Mathematics | undefined,
  size: number,
): Box {
  const above = aboveMath === undefined ? undefined : layOut(aboveMath, smaller(size));
  const below = belowMath === undefined ? undefined : layOut(belowMath, smaller(size));
  const raise = Math.max(0.38 * size, base.ascent - 0.32 * size, (above?.descent ?? 0) + 0.3 * size);
  const drop = Math.max(0.18 * size, base.descent + 0.04 * size, (below?.ascent ?? 0) - 0.42 * size);
  const side = 0.04 * size;
  return {
    width: base.width + side + Math.max(above?.width ?? 0, below?.width ?? 0) + side,
    ascent: Math.max(base.ascent, raise + (above?.ascent ?? 0)),
    descent: Math.max(base.descent, below === undefined ? 0 : drop + below.descent),
    draw: (x, y) =>
      base.draw(x, y) +
      (above?.draw(x + base.width + side, y - raise) ?? '') +
      (below?.draw(x + base.width + side, y + drop) ?? ''),
  };
}

function limitsBox(
  text: string,
  aboveMath: Mathematics | undefined,
  belowMath: Mathematics | undefined,
  size: number,
): Box {
  const isSum = text === '∑';
  const sign = isSum ? sumBox(size) : textBox(text, size, false);
  const above = aboveMath === undefined ? undefined : layOut(aboveMath, smaller(size));
  const below = belowMath === undefined ? undefined : layOut(belowMath, smaller(size));
  const gap = 0.12 * size;
  const width = Math.max(sign.width, above?.width ?? 0, below?.width ?? 0);
  const middle = (box: Box, x: number): number => x + (width - box.width) / 2;
  const depth = Math.max(sign.descent, 0.05 * size) + gap;
  return {
    width,
    ascent: sign.ascent + (above === undefined ? 0 : gap + above.descent + above.ascent),
    descent: below === undefined ? sign.descent : depth + below.ascent + below.descent,
    draw: (x, y) =>
      sign.draw(middle(sign, x), y) +
      (above?.draw(middle(above, x), y - sign.ascent - gap - above.descent) ?? '') +
      (below?.draw(middle(below, x), y + depth + below.ascent) ?? ''),
  };
}

/** Drawn, because faces differ much in it. */
function sumBox(size: number): Box {
  const width = 1.05 * size;
  const ascent = 0.98 * size;
  const descent = 0.42 * size;
  return {
    width,
    ascent,
    descent,
    draw: (x, y) => {
      const [top, bottom, middle] = [y - ascent, y + descent, y - axisHeight * size];
      const [left, right] = [x + 0.08 * size, x + width - 0.1 * size];
      const foot = 0.16 * size;
      return stroke(
        `M${point(right, top + foot)}L${point(right - 0.03 * size, top)}L${point(left, top)}L${point(left + 0.42 * size, middle)}L${point(left, bottom)}L${point(right - 0.03 * size, bottom)}L${point(right + 0.02 * size, bottom - foot)}`,
        1.3 * thickness(size),
      );
    },
  };
}

function rootBox(inner: Box, size: number): Box {
  const gap = 0.14 * size;
  const sign = 0.62 * size;
  const ascent = Math.max(inner.ascent, 0.55 * size) + gap;
  return {
    width: sign + inner.width + 0.12 * size,
    ascent: ascent + thickness(size),
    descent: inner.descent + 0.05 * size,
    draw: (x, y) => {
      const bottom = y + inner.descent + 0.02 * size;
      const top = y - ascent;
      const middle = bottom - 0.5 * (bottom - top);
      const path = `M${point(x + 0.06 * size, middle + 0.06 * size)}L${point(x + 0.18 * size, middle)}L${point(x + 0.36 * size, bottom)}L${point(x + sign - 0.04 * size, top)}L${point(x + sign + inner.width + 0.1 * size, top)}`;
      return stroke(path, thickness(size)) + inner.draw(x + sign, y);
    },
  };
}

function fenceBox(open: Fence, inner: Box, close: Fence, size: number): Box {
  const reach = 0.06 * size;
  const ascent = Math.max(inner.ascent, 0.72 * size) + reach;
  const descent = Math.max(inner.descent, 0.18 * size) + reach;
  const sign = (fence: Fence): number => (fence === '‖' ? 0.42 : fence === '|' ? 0.26 : 0.36) * size;
  const [left, right] = [sign(open), sign(close)];
  return {
    width: left + inner.width + right,
    ascent,
    descent,
    draw: (x, y) =>
      fenceSign(open, x, y - ascent, y + descent, left, size) +
      inner.draw(x + left, y) +
      fenceSign(close, x + left + inner.width, y - ascent, y + descent, right, size),
  };
}

function fenceSign(
  fence: Fence,
  x: number,
  top: number,
  bottom: number,
  width: number,
  size: number,
): string {
  const isOpening = '([{⟨'.includes(fence);
  const outer = isOpening ? x + 0.3 * width : x + 0.7 * width;
  const inner = isOpening ? x + 0.82 * width : x + 0.18 * width;
  const middle = (top + bottom) / 2;
  const weight = thickness(size);
  switch (fence) {
    case '(':
    case ')':
      return stroke(
        `M${point(inner, top)}C${point(outer - (inner - outer) * 0.1, top + 0.3 * (bottom - top))},${point(outer - (inner - outer) * 0.1, bottom - 0.3 * (bottom - top))},${point(inner, bottom)}`,
        weight,
      );
    case '[':
    case ']':
      return stroke(
        `M${point(inner, top)}L${point(outer, top)}L${point(outer, bottom)}L${point(inner, bottom)}`,
        weight,
      );
    case '{':
    case '}':
      return stroke(
        `M${point(inner, top)}Q${point(outer, top)},${point(outer, top + 0.3 * (middle - top))}L${point(outer, middle - 0.15 * size)}Q${point(outer, middle)},${point(outer - (inner - outer) * 0.7, middle)}Q${point(outer, middle)},${point(outer, middle + 0.15 * size)}L${point(outer, bottom - 0.3 * (bottom - middle))}Q${point(outer, bottom)},${point(inner, bottom)}`,
        weight,
      );
    case '⟨':
    case '⟩':
      return stroke(`M${point(inner, top)}L${point(outer, middle)}L${point(inner, bottom)}`, weight);
    case '|':
      return line(x + width / 2, top, x + width / 2, bottom, size);
    case '‖':
      return (
        line(x + 0.32 * width, top, x + 0.32 * width, bottom, size) +
        line(x + 0.68 * width, top, x + 0.68 * width, bottom, size)
      );
  }
}

function thickness(size: number): number {
  return Math.max(0.8, lineThickness * size);
}

function line(x1: number, y1: number, x2: number, y2: number, size: number): string {
  return stroke(`M${point(x1, y1)}L${point(x2, y2)}`, thickness(size));
}

/** Shapes inherit colour from the picture and have no filling. */
function stroke(path: string, width: number): string {
  return `<path d="${path}" stroke-width="${round(width)}"/>`;
}

function point(x: number, y: number): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
