/**
 * What a check leaves for the check of the next version of the same text: pieces of its work, each with all
 * that it asked for and all that it found (recording.ts), and the symbols of declarations. A piece is taken
 * over when its node is the same object and every answer is the same now. Only what raised no diagnostic is
 * kept, so that nothing has to be said again at another place. Invariant: a check with a memory finds what
 * one without finds, in the same order.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Dimension } from '../../base/dimension.ts';
import { sameDimension } from '../../base/dimension.ts';
import type { LetDefinition } from '../../syntax/tree.ts';
import { Course } from './course.ts';
import type { Answers, Asked, Meaning, Recorded, Sources } from './recording.ts';
import type { DeclaredName } from '../names/resolve.ts';
import { changedBetween } from '../../base/changed-between.ts';
import { VisitMemory } from '../names/visits.ts';

/** A `let` without parameters, typed for one kind of place. */
export interface TypedLet {
  readonly name: string;
  readonly definition: LetDefinition;
  readonly recorded: Recorded<Expression | undefined>;
}

/** A piece of work on a node of the tree, such as the typing of a declaration. */
interface Unit {
  /** Which piece. */
  readonly what: string;
  /** What it was given besides the node. */
  readonly given: readonly unknown[];
  readonly recorded: Recorded<unknown>;
}

interface Agreed {
  version: number;
  /** Of its beginning. */
  place: number;
}

export class CheckMemory {
  readonly visits = new VisitMemory();
  private lets = new Map<string, TypedLet>();
  private units = new WeakMap<object, readonly Unit[]>();
  private symbols = new Map<string, ArraySymbol>();
  /** Symbols for which one that says the same stands. */
  private readonly others = new WeakMap<ArraySymbol, ArraySymbol>();
  private names: ReadonlyMap<string, DeclaredName> = new Map();
  private indexNames: ReadonlyMap<string, true> = new Map();
  private readonly course = new Course();
  /** Which names mean something else than in the version before, and which indices are declared in one of them only. */
  private changed: readonly string[] = [];
  private changedIndices: readonly string[] = [];
  private edition: object | undefined;
  private isSameEdition = false;
  private version = 0;
  /** When a piece of work was last seen to agree with what stood around it. */
  private readonly agreed = new WeakMap<Recorded<unknown>, Agreed>();

  /** Before anything is declared, found or taken over. */
  begin({ names, indexNames, symbols, dimensions, environment }: Sources): void {
    this.changed = changedBetween(this.names, names.all, means);
    this.changedIndices = changedBetween(this.indexNames, indexNames.all, Object.is);
    this.names = names.all;
    this.indexNames = indexNames.all;
    const { edition } = environment;
    this.isSameEdition = edition !== undefined && edition === this.edition;
    this.edition = edition;
    this.course.begin(symbols, dimensions);
    this.version++;
  }

  /** How much has been declared and found. */
  get place(): number {
    return this.course.length;
  }

  /** Whether all that was asked for, but for other `let`s, has the same answer now. */
  isAnsweredAlike(recorded: Recorded<unknown>, sources: Sources): boolean {
    const agreed = this.agreed.get(recorded);
    const isKnown = agreed?.version === this.version - 1 && this.course.isAt(agreed.place);
    if (!(isKnown ? this.isStillAlike(recorded, sources) : this.isAlike(recorded, sources))) return false;
    this.agree(recorded, this.place);
    return true;
  }

  /** The work was done, or would be done alike, at this place of the present version. */
  agree(recorded: Recorded<unknown>, place: number): void {
    const agreed = this.agreed.get(recorded);
    if (agreed === undefined) this.agreed.set(recorded, { version: this.version, place });
    else Object.assign(agreed, { version: this.version, place });
  }

  /** Of what agreed with the same place of the version before: only what has changed since is asked for. */
  private isStillAlike({ asked }: Recorded<unknown>, sources: Sources): boolean {
    const { names, indexNames, symbols, dimensions } = sources;
    const { course, changed, changedIndices } = this;
    if (changed.length > asked.names.size) {
      if (!areNamed(asked.names, names.all)) return false;
    } else {
      for (const name of changed)
        if (asked.names.has(name) && !means(names.all.get(name), asked.names.get(name))) return false;
    }
    if (changedIndices.length > 0 && !areAnswered(asked.indexNames, indexNames.all)) return false;
    return (
      areAnswered(asked.symbols, symbols.all, Object.is, course.differs('symbols')) &&
      areAnswered(asked.values, dimensions.values.all, Object.is, course.differs('values')) &&
      areAnswered(asked.aliases, dimensions.aliases.all, isSameAlias, course.differs('aliases')) &&
      (this.isSameEdition || haveHeaders(asked.headers, sources))
    );
  }

  private isAlike({ asked }: Recorded<unknown>, sources: Sources): boolean {
    const { names, indexNames, symbols, dimensions } = sources;
    return (
      areNamed(asked.names, names.all) &&
      areAnswered(asked.indexNames, indexNames.all) &&
      areAnswered(asked.symbols, symbols.all) &&
      areAnswered(asked.values, dimensions.values.all) &&
      areAnswered(asked.aliases, dimensions.aliases.all, isSameAlias) &&
      haveHeaders(asked.headers, sources)
    );
  }

  /** The symbol that says the same of the same declaration, so that whatever is known of it stays known. */
  symbol(symbol: ArraySymbol): ArraySymbol {
    const before = this.symbols.get(symbol.name);
    if (before === symbol || (before !== undefined && this.others.get(symbol) === before)) return before;
    if (before !== undefined && isSameSymbol(before, symbol)) {
      this.others.set(symbol, before);
      return before;
    }
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
    this.lets.forEach(({ name, definition }, key) => {
      if (names.all.get(name)?.definition !== definition) this.lets.delete(key);
    });
    if (this.symbols.size === symbols.all.size) return;
    for (const name of this.symbols.keys()) if (!symbols.all.has(name)) this.symbols.delete(name);
  }
}

function areNamed(asked: Asked['names'], names: ReadonlyMap<string, DeclaredName>): boolean {
  for (const [name, meaning] of asked) if (!means(names.get(name), meaning)) return false;
  return true;
}

/** `of`: the names that matter. */
function areAnswered<Value>(
  asked: Answers<Value>,
  now: ReadonlyMap<string, Value>,
  isSame: (a: Value | undefined, b: Value | undefined) => boolean = Object.is,
  of?: ReadonlySet<string>,
): boolean {
  if (of?.size === 0) return true;
  for (const [name, value] of asked)
    if ((of === undefined || of.has(name)) && !isSame(now.get(name), value)) return false;
  return true;
}

function haveHeaders(asked: Asked['headers'], { environment }: Sources): boolean {
  return asked.every(([source, answer]) => isEqual(environment.header(source), answer));
}

function isSameAlias(a: Dimension | undefined, b: Dimension | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameDimension(a, b));
}

function means(declared: DeclaredName | undefined, meaning: Meaning | undefined): boolean {
  if (declared === meaning) return true;
  if (declared === undefined || meaning === undefined) return false;
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
