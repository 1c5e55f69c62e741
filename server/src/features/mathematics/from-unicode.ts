/**
 * The formulas that functions are documented with, `‖x‖² = Σᵢ xᵢ²`, as mathematics: raised and lowered letters
 * become scripts, `a/b` a fraction, `√(…)` a root, `Σᵢ` a sum over i. Any text whatever has an image, so a new
 * function needs nothing but its line of Unicode.
 */
import type { Fence, Mathematics } from '../../protocol/mathematics.ts';
import { fence, italic, operator, row, scripts, upright } from './notation.ts';
import { fromLowered, fromRaised } from './small-letters.ts';

const closing: Readonly<Record<string, Fence>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '|': '|',
  '‖': '‖',
  '⟨': '⟩',
};
const limitWords: ReadonlySet<string> = new Set(['max', 'min', 'sup', 'inf']);
const binaryOperators = '+−-±⊙∘×∗*';
const relations = '=≤≥<>≈∈≠→:≔';

const token =
  /\s+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏᵐᵈᵃᵇᶜᵉʰˡᵖʳˢᵗᵘᵛʷˣʸᶻᵀ]+|[₀-₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ]+|\d+(?:\.\d+)?|[a-zA-Z]+(?:-[a-z]{2,})*|[^]/gu;

export function unicodeMath(text: string): Mathematics {
  const reader = new Reader(text.match(token) ?? []);
  return reader.until(undefined);
}

class Reader {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  /** Up to the closing bracket, which is taken, or the end. */
  until(close: string | undefined): Mathematics {
    const parts: Mathematics[] = [];
    while (this.at < this.tokens.length) {
      const text = this.tokens[this.at] ?? '';
      if (text === close) {
        this.at++;
        break;
      }
      if (text === '/') {
        this.at++;
        this.fraction(parts, close);
        continue;
      }
      this.part(parts, close);
    }
    while (isSpace(parts.at(-1))) parts.pop();
    return row(...parts);
  }

  /** One token with its scripts, put to the parts. */
  private part(parts: Mathematics[], close: string | undefined): void {
    const text = this.tokens[this.at++] ?? '';
    if (/^\s/u.test(text)) {
      if (parts.length > 0 && !isSpacedOperator(parts.at(-1))) parts.push(operator('', 'thin'));
      return;
    }
    const first = Array.from(text)[0] ?? '';
    if (fromRaised.has(first) || fromLowered.has(first)) {
      const base = parts.pop();
      const isIndex = fromLowered.has(first);
      const script = scriptMath(
        Array.from(text, (each) => (isIndex ? fromLowered : fromRaised).get(each) ?? each).join(''),
      );
      parts.push(withScript(base ?? upright(''), script, isIndex));
      return;
    }
    const end = closing[text];
    if (end !== undefined && (end !== close || text !== end)) {
      parts.push(fence(text as Fence, this.until(end), end));
      return;
    }
    if (text === '√') {
      const inner: Mathematics[] = [];
      // A root of a sum goes on to the next relation.
      do {
        if (this.at < this.tokens.length) this.part(inner, close);
      } while (
        this.at < this.tokens.length &&
        inner[0]?.kind === 'limits' &&
        this.tokens[this.at] !== close &&
        !relations.includes((this.tokens[this.at] ?? '').trim() || (this.tokens[this.at + 1] ?? ''))
      );
      while (isSpace(inner.at(-1))) inner.pop();
      parts.push({ kind: 'root', inner: withoutBrackets(row(...inner)) });
      return;
    }
    if (binaryOperators.includes(text) || relations.includes(text)) {
      if (isSpace(parts.at(-1))) parts.pop();
      const isSign = parts.length === 0 || isSpacedOperator(parts.at(-1));
      const written = text === '-' ? '−' : text;
      parts.push(operator(written, relations.includes(text) ? 'relation' : isSign ? 'none' : 'binary'));
      return;
    }
    if (text === ',' || text === ';') {
      parts.push(operator(text, 'after'));
      return;
    }
    parts.push(wordMath(text));
  }

  /** What stands since the last sum or relation, over what stands until the next one. */
  private fraction(parts: Mathematics[], close: string | undefined): void {
    if (isSpace(parts.at(-1))) parts.pop();
    const from = parts.findLastIndex(isSpacedOperator) + 1;
    const above = withoutBrackets(row(...parts.splice(from)));
    while (/^\s/u.test(this.tokens[this.at] ?? '')) this.at++;
    const below: Mathematics[] = [];
    // `a/b c` divides by b alone, `a / Σ b` by the whole sum.
    do this.part(below, close);
    while (this.at < this.tokens.length && (this.scriptFollows() || endsOpen(below.at(-1))));
    parts.push({ kind: 'fraction', above, below: withoutBrackets(row(...below)) });
  }

  private scriptFollows(): boolean {
    const first = Array.from(this.tokens[this.at] ?? '')[0] ?? '';
    return fromRaised.has(first) || fromLowered.has(first);
  }
}

/** A sum, a word that is said, or the space after one: its argument follows. */
function endsOpen(part: Mathematics | undefined): boolean {
  if (part === undefined) return true;
  if (part.kind === 'limits' || isSpace(part)) return true;
  return part.kind === 'word' && part.style === 'upright' && /^[a-z∑]/u.test(part.text);
}

function wordMath(text: string): Mathematics {
  if (text === 'Σ' || text === '∑') return { kind: 'limits', operator: '∑' };
  if (limitWords.has(text)) return upright(text);
  if (/^\d/u.test(text)) return upright(text);
  return Array.from(text).length === 1 && /\p{L}/u.test(text) ? italic(text) : upright(text);
}

/** Letters of an index are indices of their own: `ij`. */
function scriptMath(text: string): Mathematics {
  const parts = Array.from(text, (each) => (/\p{L}/u.test(each) ? italic(each) : upright(each)));
  return row(...parts);
}

function withScript(base: Mathematics, script: Mathematics, isIndex: boolean): Mathematics {
  if (isIndex && base.kind === 'limits') return { ...base, below: script };
  if (isIndex && base.kind === 'word' && limitWords.has(base.text)) {
    return { kind: 'limits', operator: base.text, below: script };
  }
  if (base.kind === 'scripts') return isIndex ? { ...base, below: script } : { ...base, above: script };
  return isIndex ? scripts(base, script) : scripts(base, undefined, script);
}

function withoutBrackets(math: Mathematics): Mathematics {
  return math.kind === 'fence' && math.open === '(' ? math.inner : math;
}

function isSpacedOperator(part: Mathematics | undefined): boolean {
  return (
    part?.kind === 'operator' &&
    (part.space === 'binary' || part.space === 'relation' || part.space === 'after')
  );
}

function isSpace(part: Mathematics | undefined): boolean {
  return part?.kind === 'operator' && part.text === '' && part.space === 'thin';
}
