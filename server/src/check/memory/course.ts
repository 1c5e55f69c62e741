/**
 * The course of a check: every array that it declares and every size that it finds, in order, laid beside the
 * course of the version before. Who was answered at the same place there need not ask again for everything: but
 * for the names that `differs` tells, what is known here is what was known there.
 */
import type { ArraySymbol } from '../../atoms/expression.ts';
import type { Dimension } from '../../base/dimension.ts';
import { sameDimension } from '../../base/dimension.ts';
import type { Dimensions } from '../typing/dimensions.ts';
import type { WatchedMap } from './watched-map.ts';

/** What is declared and found: arrays, numbers of sizes, second names of sizes. */
interface Known {
  symbols: ArraySymbol;
  values: number;
  aliases: Dimension;
}
type Kind = keyof Known;

interface Note {
  readonly kind: Kind;
  readonly name: string;
  readonly value: Known[Kind];
}

export class Course {
  private before: readonly Note[] = [];
  private notes: Note[] = [];
  /** Of the notes before, by kind and name; made when something stands elsewhere. */
  private placesBefore: ReadonlyMap<string, number> | undefined;
  /** How much of the course before has been met, or will not be met any more. */
  private reached = 0;
  private readonly differing = {
    symbols: new Set<string>(),
    values: new Set<string>(),
    aliases: new Set<string>(),
  };

  /** Another check begins; what it declares and finds is noted from now on. */
  begin(symbols: WatchedMap<ArraySymbol>, { values, aliases }: Dimensions): void {
    this.before = this.notes;
    this.placesBefore = undefined;
    this.notes = [];
    this.reached = 0;
    for (const names of Object.values(this.differing)) names.clear();
    symbols.listen((name, value) => this.note('symbols', name, value));
    values.listen((name, value) => this.note('values', name, value));
    aliases.listen((name, value) => this.note('aliases', name, value));
  }

  /** How much has been noted. */
  get length(): number {
    return this.notes.length;
  }

  /** Whether the check stands where that of the version before stood when it had noted so much. */
  isAt(length: number): boolean {
    return this.reached === length;
  }

  /** What may be known otherwise than at this place in the version before, of one kind. */
  differs(kind: Kind): ReadonlySet<string> {
    return this.differing[kind];
  }

  private placeBefore(kind: Kind, name: string): number {
    this.placesBefore ??= new Map(this.before.map((note, at) => [keyOf(note.kind, note.name), at]));
    return this.placesBefore.get(keyOf(kind, name)) ?? -1;
  }

  private note(kind: Kind, name: string, value: Known[Kind]): void {
    const next = this.before[this.reached];
    if (next?.kind === kind && next.name === name && next.value === value) {
      this.notes.push(next);
      this.reached++;
      return;
    }
    this.notes.push({ kind, name, value });
    const isNext = next?.kind === kind && next.name === name;
    const place = isNext ? this.reached : this.placeBefore(kind, name);
    if (place < this.reached) {
      this.differing[kind].add(name);
      return;
    }
    // What is left out here is not known, or only later.
    for (; this.reached < place; this.reached++) {
      const { kind: other, name: left } = this.before[this.reached] as Note;
      this.differing[other].add(left);
    }
    this.reached++;
    if (!isSame(value, this.before[place]?.value)) this.differing[kind].add(name);
  }
}

const keyOf = (kind: Kind, name: string): string => `${kind} ${name}`;

function isSame(a: Known[Kind], b: Known[Kind] | undefined): boolean {
  return a === b || (a instanceof Map && b instanceof Map && sameDimension(a, b));
}
