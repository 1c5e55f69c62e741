/**
 * What a check leaves for the check of the next version of the same text: the types of `let`s and the
 * symbols of declarations. A `let` is taken over when its node is the same object and everything that
 * typing it can have asked for is the same: the meaning of every name in it and in the functions that it
 * calls, the numbers of the dimensions, and the types of the `let`s in it. Only what raised no diagnostic is
 * kept, so that nothing has to be said again at another place. Invariant: a check with a memory finds what
 * one without finds, in the same order.
 */
import type { ArraySymbol, Expression } from '../atoms/expression.ts';
import type { LetDefinition } from '../syntax/tree.ts';
import type { Findings } from './facts.ts';
import type { DeclaredName } from './resolve.ts';

/** What is asked of the check that is going on. */
export interface Present {
  readonly names: ReadonlyMap<string, DeclaredName>;
  readonly symbols: ReadonlyMap<string, ArraySymbol>;
  /** Numbers and second names of dimensions by now. */
  readonly sizes: string;
  /** The `let`s typed by now. */
  readonly typed: ReadonlyMap<string, Expression | undefined>;
}

/** A name as it was when the `let` was typed. */
interface Meaning {
  readonly name: string;
  readonly kind: DeclaredName['kind'] | undefined;
  readonly is: ArraySymbol | LetDefinition | undefined;
}

type Facts = Pick<Findings, 'expressions' | 'calls' | 'sources'>;

/** What typing did, in its order: facts found in the body, and other `let`s that were asked for. */
type Step = { readonly facts: Facts } | { readonly key: string; readonly result: Expression | undefined };

export interface TypedLet {
  readonly name: string;
  readonly definition: LetDefinition;
  readonly result: Expression | undefined;
  readonly meanings: readonly Meaning[];
  readonly sizes: string;
  readonly steps: readonly Step[];
  /** How many definitions were put in place for it, and how many of them for `let`s in it. */
  readonly inlined: number;
  readonly inlinedInside: number;
}

export class CheckMemory {
  private lets = new Map<string, TypedLet>();
  private symbols = new Map<string, ArraySymbol>();

  /** The symbol that says the same of the same declaration, so that whatever is known of it stays known. */
  symbol(symbol: ArraySymbol): ArraySymbol {
    const before = this.symbols.get(symbol.name);
    if (before !== undefined && isSameSymbol(before, symbol)) return before;
    this.symbols.set(symbol.name, symbol);
    return symbol;
  }

  keep(key: string, typed: TypedLet): void {
    this.lets.set(key, typed);
  }

  get(key: string): TypedLet | undefined {
    return this.lets.get(key);
  }

  /** Whether typing the `let` now would give what is kept; `known`: the answers of this check. */
  isCurrent(key: string, present: Present, known: Map<string, boolean>): boolean {
    const kept = this.lets.get(key);
    if (kept === undefined || kept.sizes !== present.sizes) return false;
    const before = known.get(key);
    if (before !== undefined) return before;
    const current =
      present.names.get(kept.name)?.definition === kept.definition &&
      kept.meanings.every((meaning) => means(meaning, present)) &&
      kept.steps.every((step) => {
        if (!('key' in step)) return true;
        if (present.typed.has(step.key)) return present.typed.get(step.key) === step.result;
        return this.isCurrent(step.key, present, known) && this.lets.get(step.key)?.result === step.result;
      });
    known.set(key, current);
    return current;
  }

  /** Forgets what the file no longer has. */
  sweep({ names, symbols }: Pick<Present, 'names' | 'symbols'>): void {
    for (const [key, { name, definition }] of this.lets) {
      if (names.get(name)?.definition !== definition) this.lets.delete(key);
    }
    for (const name of this.symbols.keys()) if (!symbols.has(name)) this.symbols.delete(name);
  }
}

function means({ name, kind, is }: Meaning, { names, symbols }: Present): boolean {
  const declared = names.get(name);
  return declared?.kind === kind && declared?.recursive !== true && meaningOf(declared, symbols) === is;
}

/** What typing asks of a name: the symbol of an array, the definition of a function. */
function meaningOf(
  declared: DeclaredName | undefined,
  symbols: ReadonlyMap<string, ArraySymbol>,
): Meaning['is'] {
  if (declared === undefined) return undefined;
  const { definition } = declared;
  // A `let` without parameters has a type of its own, which is among the steps.
  if (definition !== undefined) return definition.parameters === undefined ? undefined : definition;
  return symbols.get(declared.name);
}

/** Of every name in the definition and in the functions that it calls, and that these call. */
export function meaningsIn(
  definition: LetDefinition,
  names: ReadonlyMap<string, DeclaredName>,
  symbols: ReadonlyMap<string, ArraySymbol>,
): readonly Meaning[] {
  const found = new Map<string, Meaning>();
  const visit = (node: LetDefinition): void => {
    for (const name of namesIn(node)) {
      if (found.has(name)) continue;
      const declared = names.get(name);
      const is = meaningOf(declared, symbols);
      found.set(name, { name, kind: declared?.kind, is });
      if (is !== undefined && declared?.definition !== undefined) visit(declared.definition);
    }
  };
  visit(definition);
  return [...found.values()];
}

const written = new WeakMap<LetDefinition, ReadonlySet<string>>();

/** Every text in the node that may be a name: typing looks up no others. */
function namesIn(definition: LetDefinition): ReadonlySet<string> {
  let names = written.get(definition);
  if (names === undefined) {
    const found = new Set<string>();
    const pending: unknown[] = [definition.value];
    while (pending.length > 0) {
      const next = pending.pop();
      if (typeof next !== 'object' || next === null) continue;
      if ('text' in next && typeof next.text === 'string') found.add(next.text);
      for (const inner of Object.values(next) as unknown[]) pending.push(inner);
    }
    names = found;
    written.set(definition, names);
  }
  return names;
}

/** Equal in everything, and declared by the same node: its span is the same object. */
function isSameSymbol(a: ArraySymbol, b: ArraySymbol): boolean {
  const keys = Object.keys(a) as (keyof ArraySymbol)[];
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => a[key] === b[key] || (key !== 'declared' && isEqual(a[key], b[key])))
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) return isEqual([...a], [...b]);
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length &&
    keys.every((key) =>
      isEqual((a as Readonly<Record<string, unknown>>)[key], (b as Readonly<Record<string, unknown>>)[key]),
    )
  );
}

/** Watches the typing of one `let`. */
export class Recording {
  readonly steps: Step[] = [];
  inlinedInside = 0;
  private readonly findings: Findings;
  private from: readonly [number, number, number];

  constructor(findings: Findings) {
    this.findings = findings;
    this.from = this.reached();
  }

  private reached(): readonly [number, number, number] {
    const { expressions, calls, sources } = this.findings;
    return [expressions.length, calls.length, sources.length];
  }

  /** Another `let` is about to be asked for, or this one is at its end. */
  pause(): void {
    const { expressions, calls, sources } = this.findings;
    const [e, c, s] = this.from;
    if (e === expressions.length && c === calls.length && s === sources.length) return;
    this.steps.push({
      facts: { expressions: expressions.slice(e), calls: calls.slice(c), sources: sources.slice(s) },
    });
  }

  /** The other `let` has been typed, or was before. */
  resume(key: string, result: Expression | undefined, inlined: number): void {
    this.steps.push({ key, result });
    this.inlinedInside += inlined;
    this.from = this.reached();
  }
}
