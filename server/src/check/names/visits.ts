/**
 * What going through one statement found of names: where it uses which, and which it declares for itself. A visit
 * of a statement in which nothing was wrong is taken over by the check of the next version of the text when every
 * name that was looked up means the same there.
 */
import { changedBetween } from '../../base/changed-between.ts';
import type { Span } from '../../base/span.ts';
import type { Declaration, LetDefinition } from '../../syntax/tree.ts';
import type { NameKind } from '../facts.ts';
import type { DeclaredName } from './resolve.ts';

export interface Visit {
  /** In the order of the text; of names of the file by their names, of parameters and indices by themselves. */
  readonly uses: readonly (readonly [string | DeclaredName, Span])[];
  readonly used: ReadonlySet<string | DeclaredName>;
  /** What it defines, where that may take part in a circle. */
  readonly owner?: string;
  /** Definitions that the definition of the statement names. */
  readonly mentions: readonly string[];
  /** Parameters and indices that it declares. */
  readonly parameters: readonly DeclaredName[];
}

interface Kept {
  readonly visit: Visit;
  /** All names that were looked up. */
  readonly asked: ReadonlyMap<string, unknown>;
  version: number;
}

/** With more names changed at once, asking each statement for them is no faster than going through it. */
const mostChanged = 50;

export class VisitMemory {
  private names: ReadonlyMap<string, DeclaredName> = new Map();
  private readonly kept = new WeakMap<object, Kept>();
  private changed: readonly string[] = [];
  /** Which definitions each definition names, where there was no circle among them. */
  mentions: ReadonlyMap<string, readonly string[]> | undefined;
  private version = 0;

  /** The names that the next version declares; before any of its statements. */
  begin(names: ReadonlyMap<string, DeclaredName>): void {
    const changed = changedBetween(this.names, names, isSame);
    this.changed = changed;
    this.names = names;
    // Whatever was kept is out of date.
    this.version += changed.length > mostChanged ? 2 : 1;
  }

  /** The name declared so; the same object as in the version before where it was declared so there. */
  declared(
    name: string,
    kind: NameKind,
    declared: Span,
    declaration?: Declaration,
    definition?: LetDefinition,
  ): DeclaredName {
    const before = this.names.get(name);
    const isSame =
      before?.kind === kind &&
      before.declared === declared &&
      before.declaration === declaration &&
      before.definition === definition &&
      before.recursive === undefined &&
      before.clashes === undefined;
    if (isSame) return before;
    return {
      name,
      kind,
      declared,
      ...(declaration === undefined ? {} : { declaration }),
      ...(definition === undefined ? {} : { definition }),
    };
  }

  visit(statement: object): Visit | undefined {
    const kept = this.kept.get(statement);
    if (kept?.version !== this.version - 1) return undefined;
    for (const name of this.changed) if (kept.asked.has(name)) return undefined;
    kept.version = this.version;
    return kept.visit;
  }

  keep(statement: object, visit: Visit, asked: ReadonlyMap<string, unknown>): void {
    this.kept.set(statement, { visit, asked, version: this.version });
  }
}

/** The same for who looks it up here, where circles are not known yet. */
function isSame(a: DeclaredName, b: DeclaredName | undefined): boolean {
  return (
    a === b ||
    (a.kind === b?.kind &&
      a.declared === b.declared &&
      a.declaration === b.declaration &&
      a.definition === b.definition)
  );
}

/** Where every name is used, of all visits of one version. */
export class Uses {
  private readonly visits: readonly Visit[];
  private readonly names: Pick<ReadonlyMap<string, DeclaredName>, 'get'>;
  private readonly used = new Set<string | DeclaredName>();
  private places: Map<DeclaredName, Span[]> | undefined;

  constructor(visits: readonly Visit[], names: ReadonlyMap<string, DeclaredName>) {
    this.visits = visits;
    this.names = names;
    for (const visit of visits) for (const name of visit.used) this.used.add(name);
  }

  has(declared: DeclaredName): boolean {
    return this.used.has(isOfFile(declared) ? declared.name : declared);
  }

  /** In the order of the text. */
  of(declared: DeclaredName): readonly Span[] {
    this.places ??= this.collect();
    return this.places.get(declared) ?? [];
  }

  private collect(): Map<DeclaredName, Span[]> {
    const places = new Map<DeclaredName, Span[]>();
    for (const { uses } of this.visits) {
      for (const [name, span] of uses) {
        const declared = typeof name === 'string' ? this.names.get(name) : name;
        if (declared === undefined) continue;
        const known = places.get(declared);
        if (known === undefined) places.set(declared, [span]);
        else known.push(span);
      }
    }
    for (const spans of places.values()) spans.sort((a, b) => a.start - b.start);
    return places;
  }
}

function isOfFile({ kind }: DeclaredName): boolean {
  return kind !== 'parameter' && kind !== 'index';
}
