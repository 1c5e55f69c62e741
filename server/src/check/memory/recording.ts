/**
 * One piece of checking as it went: every question that it asked of what stands around it, with the answer,
 * and everything that it found. While it lasts the names, arrays, sizes and headers are watched, so that
 * nothing can be asked unseen; a `let` that is typed on the way has a recording of its own.
 */
import type { ArraySymbol, DataSource, Expression } from '../../atoms/expression.ts';
import type { Dimension } from '../../base/dimension.ts';
import type { Binding, Dimensions } from '../typing/dimensions.ts';
import type { Environment, HeaderAnswer } from '../environment.ts';
import type { Facts, Findings } from '../facts.ts';
import type { DeclaredName } from '../names/resolve.ts';
import type { WatchedMap } from './watched-map.ts';

/** What may be asked. */
export interface Sources {
  readonly names: WatchedMap<DeclaredName>;
  /** Every index that the file declares, in whatever place. */
  readonly indexNames: WatchedMap<true>;
  readonly symbols: WatchedMap<ArraySymbol>;
  readonly dimensions: Dimensions;
  readonly environment: Environment;
}

/** What the checker asks of a name. */
export type Meaning = Pick<DeclaredName, 'kind' | 'definition' | 'declaration' | 'recursive' | 'clashes'>;

/** By name; lists, as they are gone through at every edit. */
export type Answers<Value> = readonly (readonly [string, Value | undefined])[];

export interface Asked {
  readonly names: ReadonlyMap<string, Meaning | undefined>;
  readonly indexNames: Answers<true>;
  readonly symbols: Answers<ArraySymbol>;
  readonly values: Answers<number>;
  readonly aliases: Answers<Dimension>;
  readonly headers: readonly (readonly [DataSource, HeaderAnswer | undefined])[];
}

/** What was done, in its order: facts found, and `let`s asked for. */
export type Step =
  | { readonly facts: Facts }
  | { readonly key: string; readonly result: Expression | undefined };

export interface Recorded<Result> {
  readonly asked: Asked;
  readonly steps: readonly Step[];
  readonly bindings: readonly Binding[];
  /** How many definitions were put in place for it, and how many of them for `let`s in it. */
  readonly inlined: number;
  readonly inlinedInside: number;
  readonly result: Result;
}

export class Recording {
  private readonly sources: Sources;
  private readonly findings: Findings;
  private readonly names = new Map<string, DeclaredName | undefined>();
  private readonly indexNames = new Map<string, true | undefined>();
  private readonly symbols = new Map<string, ArraySymbol | undefined>();
  private readonly values = new Map<string, number | undefined>();
  private readonly aliases = new Map<string, Dimension | undefined>();
  private readonly headers: (readonly [DataSource, HeaderAnswer | undefined])[] = [];
  private readonly steps: Step[] = [];
  private inlinedInside = 0;
  private readonly attempts: number;
  private readonly bound: number;
  /** What was watched before. */
  private readonly outer: readonly [
    Map<string, DeclaredName | undefined> | undefined,
    Map<string, ArraySymbol | undefined> | undefined,
    Map<string, number | undefined> | undefined,
    Map<string, Dimension | undefined> | undefined,
    Map<string, true | undefined> | undefined,
  ];

  constructor(sources: Sources, findings: Findings) {
    this.sources = sources;
    this.findings = findings;
    findings.cut();
    this.attempts = findings.attempts;
    const { names, indexNames, symbols, dimensions } = sources;
    this.bound = dimensions.bindings.length;
    this.outer = [
      names.watch(this.names),
      symbols.watch(this.symbols),
      dimensions.values.watch(this.values),
      dimensions.aliases.watch(this.aliases),
      indexNames.watch(this.indexNames),
    ];
  }

  private unwatch(): void {
    const { names, symbols, dimensions, indexNames } = this.sources;
    const { outer } = this;
    names.watch(outer[0]);
    symbols.watch(outer[1]);
    dimensions.values.watch(outer[2]);
    dimensions.aliases.watch(outer[3]);
    indexNames.watch(outer[4]);
  }

  header(source: DataSource, answer: HeaderAnswer | undefined): void {
    this.headers.push([source, answer]);
  }

  /** Another `let` is about to be asked for. */
  pause(): void {
    const facts = this.findings.cut();
    if (facts !== undefined) this.steps.push({ facts });
  }

  /** The other `let` has been typed, or was before. */
  resume(key: string, result: Expression | undefined, inlined: number): void {
    this.steps.push({ key, result });
    this.inlinedInside += inlined;
  }

  /** The end; undefined when there was something to say, which has to be said again. */
  end<Result>(result: Result, inlined: number): Recorded<Result> | undefined {
    this.pause();
    this.unwatch();
    if (this.findings.attempts > this.attempts) return undefined;
    const { indexNames, symbols, values, aliases, headers, steps, inlinedInside } = this;
    const names = new Map<string, Meaning | undefined>();
    for (const [name, declared] of this.names) names.set(name, declared && meaningOf(declared));
    const bindings = this.sources.dimensions.bindings.slice(this.bound);
    const asked = {
      names,
      indexNames: [...indexNames],
      symbols: [...symbols],
      values: [...values],
      aliases: [...aliases],
      headers,
    };
    return { asked, steps, bindings, inlined, inlinedInside, result };
  }
}

/** Without its uses, which are those of one version. */
function meaningOf({ kind, definition, declaration, recursive, clashes }: DeclaredName): Meaning {
  return {
    kind,
    ...(definition === undefined ? {} : { definition }),
    ...(declaration === undefined ? {} : { declaration }),
    ...(recursive === undefined ? {} : { recursive }),
    ...(clashes === undefined ? {} : { clashes }),
  };
}
