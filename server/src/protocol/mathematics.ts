/**
 * Formulas between server and editor: a small tree of what a formula is made of, free of sizes and fonts. The
 * server puts it into hovers as the address of an image whose alternative text is the formula in Unicode; a
 * client that says `drawsFormulas` replaces the address by a picture in its own colours. Other clients get the
 * Unicode text only.
 */

export type Mathematics =
  | { readonly kind: 'row'; readonly parts: readonly Mathematics[] }
  /** A name or a number; names of one letter are italic, words that are said are upright. */
  | { readonly kind: 'word'; readonly text: string; readonly style: 'italic' | 'upright' }
  /** `binary` and `relation` have space on both sides and may begin a new line, `thin` is a small space. */
  | {
      readonly kind: 'operator';
      readonly text: string;
      readonly space: 'binary' | 'relation' | 'after' | 'thin' | 'none';
    }
  | { readonly kind: 'fraction'; readonly above: Mathematics; readonly below: Mathematics }
  | {
      readonly kind: 'scripts';
      readonly base: Mathematics;
      readonly above?: Mathematics;
      readonly below?: Mathematics;
    }
  /** `∑`, `min`, `argmin` with what stands under and over it. */
  | {
      readonly kind: 'limits';
      readonly operator: string;
      readonly below?: Mathematics;
      readonly above?: Mathematics;
    }
  | { readonly kind: 'root'; readonly inner: Mathematics }
  /** Brackets that grow with what is in them. */
  | { readonly kind: 'fence'; readonly open: Fence; readonly close: Fence; readonly inner: Mathematics };

export type Fence = '(' | ')' | '[' | ']' | '{' | '}' | '|' | '‖' | '⟨' | '⟩';

const scheme = 'bilevel-formula:';

/** The longest address; a formula beyond it is told in Unicode. */
const longestAddress = 12_000;

/** The address of a formula; undefined where it would be too long to be read anyway. */
export function formulaAddress(formula: Mathematics): string | undefined {
  const address = scheme + Buffer.from(JSON.stringify(formula), 'utf8').toString('base64url');
  return address.length > longestAddress ? undefined : address;
}

/** Puts what `draw` makes of each formula in the place of its address. */
export function replaceFormulas(markdown: string, draw: (formula: Mathematics) => string): string {
  return markdown.replace(/bilevel-formula:([\w-]+)/gu, (whole, encoded: string) => {
    try {
      return draw(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Mathematics);
    } catch {
      // Text that only looks like an address, as in a comment of the file.
      return whole;
    }
  });
}
