// The Python dictionary in an npy header, by a grammar of the few literals that occur: strings, integers,
// True and False, tuples and lists of those, one level of dictionary. Depth is bounded; nothing is evaluated.

export type DictionaryResult =
  | {
      readonly ok: true;
      readonly entries: ReadonlyMap<string, { readonly value: unknown; readonly at: number }>;
    }
  | { readonly ok: false; readonly at: number; readonly problem: string };

/** Deepest nesting of tuples and lists; structured dtypes nest two or three levels. */
const deepest = 8;

/** Reads `{'key': literal, …}` with blanks around it; `at` counts characters from the start of the text. */
export function readDictionary(text: string): DictionaryResult {
  const reader = new LiteralReader(text);
  const entries = reader.dictionary();
  return entries === undefined
    ? { ok: false, at: reader.at, problem: reader.problem }
    : { ok: true, entries };
}

/** Reads literals from left to right; a method that fails returns undefined and leaves `problem` and `at`. */
class LiteralReader {
  at = 0;
  problem = '';
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  dictionary(): Map<string, { value: unknown; at: number }> | undefined {
    const entries = new Map<string, { value: unknown; at: number }>();
    if (!this.#expect('{')) return undefined;
    while (!this.#accept('}')) {
      const key = this.#literal(0);
      if (typeof key !== 'string') return this.#fail('a key in quotes is expected');
      if (entries.has(key)) return this.#fail(`the entry '${key}' stands twice`);
      if (!this.#expect(':')) return undefined;
      this.#blanks();
      const at = this.at;
      const value = this.#literal(0);
      if (value === undefined) return undefined;
      entries.set(key, { value, at });
      if (!this.#accept(',') && this.#text[this.at] !== '}') return this.#fail('"," or "}" is expected');
    }
    this.#blanks();
    return this.at === this.#text.length ? entries : this.#fail('text follows the dictionary');
  }

  #literal(depth: number): string | number | boolean | unknown[] | undefined {
    this.#blanks();
    const first = this.#text[this.at];
    if (first === "'" || first === '"') return this.#string(first);
    if (first === '(') return this.#sequence('(', ')', depth);
    if (first === '[') return this.#sequence('[', ']', depth);
    // Python 2 wrote long integers with an L.
    const word = /^(?:True|False|-?\d{1,19}|[A-Za-z_]\w*)/.exec(this.#text.slice(this.at, this.at + 40))?.[0];
    if (word === undefined) return this.#fail('a value is expected');
    if (word !== 'True' && word !== 'False' && !/^-?\d/.test(word))
      return this.#fail(`"${word}" is no known value`);
    this.at += word.length;
    if (word === 'True' || word === 'False') return word === 'True';
    if (this.#text[this.at] === 'L') this.at++;
    return Number(word);
  }

  #string(mark: string): string | undefined {
    const end = this.#text.indexOf(mark, this.at + 1);
    if (end === -1) return this.#fail('a quote is never closed');
    const value = this.#text.slice(this.at + 1, end);
    if (value.includes('\\')) return this.#fail('backslashes are not read');
    this.at = end + 1;
    return value;
  }

  #sequence(open: string, close: string, depth: number): unknown[] | undefined {
    if (depth >= deepest) return this.#fail('the values nest too deep');
    if (!this.#expect(open)) return undefined;
    const items: unknown[] = [];
    while (!this.#accept(close)) {
      const item = this.#literal(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.#accept(',') && this.#text[this.at] !== close)
        return this.#fail(`"," or "${close}" is expected`);
    }
    return items;
  }

  #blanks(): void {
    while (' \t\n\r'.includes(this.#text[this.at] ?? '#')) this.at++;
  }

  #accept(mark: string): boolean {
    this.#blanks();
    if (this.#text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  #expect(mark: string): boolean {
    if (this.#accept(mark)) return true;
    this.#fail(`"${mark}" is expected`);
    return false;
  }

  #fail(problem: string): undefined {
    this.problem = problem;
    return undefined;
  }
}
