/**
 * A formula as Unicode text on one line, for editors without pictures and as the alternative text of a picture:
 * `‖Xw − y‖²/n + ∑ exp(λ) ⊙ w²`.
 */
import type { Mathematics } from '../../protocol/mathematics.ts';
import { lower, raise } from './small-letters.ts';

export function mathematicsText(math: Mathematics): string {
  switch (math.kind) {
    case 'row':
      return math.parts
        .map((part, at) => {
          // `1/t ∑ …` is a product, `1/t∑ …` would divide by it.
          const divides = part.kind === 'fraction' && at + 1 < math.parts.length;
          const spaced = divides && math.parts[at + 1]?.kind !== 'operator';
          return mathematicsText(part) + (spaced ? ' ' : '');
        })
        .join('');
    case 'word':
      return math.text;
    case 'operator':
      if (math.space === 'thin') return `${math.text} `;
      if (math.space === 'after') return `${math.text} `;
      return math.space === 'none' ? math.text : ` ${math.text} `;
    case 'fraction':
      return `${factor(math.above)}/${simple(math.below)}`;
    case 'scripts':
      return `${mathematicsText(math.base)}${script(math.below, lower, '_')}${script(math.above, raise, '^')}`;
    case 'limits': {
      const above = math.above === undefined ? '' : script(math.above, raise, '^');
      return `${math.operator}${script(math.below, lower, '_')}${above}`;
    }
    case 'root':
      return `√${simple(math.inner)}`;
    case 'fence':
      return `${math.open}${mathematicsText(math.inner)}${math.close}`;
  }
}

function script(math: Mathematics | undefined, letters: ReadonlyMap<string, string>, mark: string): string {
  if (math === undefined) return '';
  const text = mathematicsText(math).replaceAll(' ', '');
  const small = Array.from(text, (character) => letters.get(character));
  if (small.every((character) => character !== undefined)) return small.join('');
  return Array.from(text).length === 1 || math.kind === 'word'
    ? `${mark}${text}`
    : `${mark}(${mathematicsText(math)})`;
}

/** A numerator may be a product, not a sum. */
function factor(math: Mathematics): string {
  const isSum =
    math.kind === 'row' && math.parts.some((part) => part.kind === 'operator' && part.space === 'binary');
  return isSum ? `(${mathematicsText(math)})` : mathematicsText(math);
}

function simple(math: Mathematics): string {
  const text = mathematicsText(math);
  return math.kind === 'row' || math.kind === 'fraction' ? `(${text})` : text;
}
