/**
 * What a check leaves for the check of the next version of the same text: pieces of its work, each with all
 * that it asked for and all that it found (recording.ts), and the symbols of declarations. A piece is taken
 * over when its node is the same object and every answer is the same now. Only what raised no diagnostic is
 * kept, so that nothing has to be said again at another place. Invariant: a check with a memory finds what
 * one without finds, in the same order.
 */
import type { ArraySymbol, Expression } from '../atoms/expression.ts';
import type { Dimension } from '../base/dimension.ts';
import { sameDimension } from '../base/dimension.ts';
import type { LetDefinition } from '../syntax/tree.ts';
import type { Meaning, Recorded, Sources } from './recording.ts';
import type { DeclaredName } from './resolve.ts';

/** A `let` without parameters, typed for one kind of place. */
export interface TypedLet extends Recorded<Expression | undefined> {
  readonly name: string;
  readonly definition: LetDefinition;
}

/** A piece of work on a node of the tree, such as the typing of a declaration. */
interface Unit {
  /** Which piece. */
  readonly what: string;
  /** What it was given besides the node. */
  readonly given: readonly unknown[];
  readonly recorded: Recorded<unknown>;
}

export class CheckMemory {
  private lets = new Map<string, TypedLet>();
  private units = new WeakMap<object, readonly Unit[]>();
  private symbols = new Map<string, ArraySymbol>();
  private names: ReadonlyMap<string, DeclaredName> = new Map();
  /** Which names mean something else than in the version before. */
  private changed: readonly string[] = [];
  private version = 0;
  /** The last version whose names a piece of work was seen to agree with. */
  private readonly agreed = new WeakMap<Recorded<unknown>, number>();

  /** Before anything is taken over. */
  begin(names: ReadonlyMap<string, DeclaredName>): void {
    const changed: string[] = [];
    for (const [name, declared] of names) if (!means(declared, this.names.get(name))) changed.push(name);
    for (const name of this.names.keys()) if (!names.has(name)) changed.push(name);
    this.changed = changed;
    this.names = names;
    this.version++;
  }

  /** Whether all that was asked for, but for other `let`s, has the same answer now. */
  isAnsweredAlike(
    recorded: Recorded<unknown>,
    { names, indexNames, symbols, dimensions, environment }: Sources,
  ): boolean {
    const { asked } = recorded;
    // What agreed with the version before is asked about what has changed since.
    const isKnown = this.agreed.get(recorded) === this.version - 1 && this.changed.length < asked.names.size;
    for (const name of isKnown ? this.changed : asked.names.keys())
      if (asked.names.has(name) && !means(names.all.get(name), asked.names.get(name))) return false;
    this.agreed.set(recorded, this.version);
    for (const [name, is] of asked.indexNames) if (indexNames.all.get(name) !== is) return false;
    for (const [name, symbol] of asked.symbols) if (symbols.all.get(name) !== symbol) return false;
    for (const [name, value] of asked.values) if (dimensions.values.all.get(name) !== value) return false;
    for (const [name, alias] of asked.aliases)
      if (!isSameAlias(dimensions.aliases.all.get(name), alias)) return false;
    return asked.headers.every(([source, answer]) => isEqual(environment.header(source), answer));
  }

  /** The symbol that says the same of the same declaration, so that whatever is known of it stays known. */
  symbol(symbol: ArraySymbol): ArraySymbol {
    const before = this.symbols.get(symbol.name);
    if (before !== undefined && (before === symbol || isSameSymbol(before, symbol))) return before;
    this.symbols.set(symbol.name, symbol);
    return symbol;
  }

  keepLet(key: string, typed: TypedLet): void {
    this.lets.set(key, typed);
  }

  typedLet(key: string): TypedLet | undefined {
    return this.lets.get(key);
  }

  keepUnit(node: object, unit: Unit): void {
    const others = (this.units.get(node) ?? []).filter(({ what }) => what !== unit.what);
    this.units.set(node, [...others, unit]);
  }

  unit(node: object, what: string, given: readonly unknown[]): Recorded<unknown> | undefined {
    const kept = this.units.get(node)?.find((unit) => unit.what === what);
    return kept?.given.every((each, at) => each === given[at]) === true ? kept.recorded : undefined;
  }

  /** Forgets what the file no longer has. */
  sweep({ names, symbols }: Pick<Sources, 'names' | 'symbols'>): void {
    for (const [key, { name, definition }] of this.lets) {
      if (names.all.get(name)?.definition !== definition) this.lets.delete(key);
    }
    for (const name of this.symbols.keys()) if (!symbols.all.has(name)) this.symbols.delete(name);
  }
}

function isSameAlias(a: Dimension | undefined, b: Dimension | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameDimension(a, b));
}

function means(declared: DeclaredName | undefined, meaning: Meaning | undefined): boolean {
  if (declared === undefined || meaning === undefined) return declared === meaning;
  return (
    declared.kind === meaning.kind &&
    declared.definition === meaning.definition &&
    declared.declaration === meaning.declaration &&
    declared.recursive === meaning.recursive &&
    declared.clashes === meaning.clashes
  );
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
