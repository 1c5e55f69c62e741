/**
 * The `let`s of a file put in place of their names, and pieces of work that need not be done again. A `let`
 * without parameters is typed once for each kind of place, in this check or, when nothing that it depends on
 * has changed, in that of the version before (check-memory.ts); functions are typed where they are called, and
 * counted.
 */
import { formatShape } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import type { DataSource, Expression } from '../../atoms/expression.ts';
import type { LetDefinition } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { HeaderAnswer } from '../environment.ts';
import { scopeKey } from '../typing/index-scope.ts';
import type { CheckMemory } from './check-memory.ts';
import type { Recorded, Step } from './recording.ts';
import { Recording } from './recording.ts';
import type { Place, Typist } from '../typing/shape.ts';

/** Definitions put in place in one file; functions that call each other twice would never end without it. */
const mostInlined = 10_000;

export class TypedLets {
  private readonly typist: Typist;
  private readonly memory: CheckMemory;
  private readonly typed = new Map<string, Expression | undefined>();
  /** Which `let`s of the version before are the same now. */
  private readonly current = new Map<string, boolean>();
  /** How much was declared and bound when that was found out. */
  private currentAt = 0;
  private recording: Recording | undefined;
  private inlined = 0;
  private readonly remembers: boolean;

  constructor(typist: Typist, memory: CheckMemory) {
    this.typist = typist;
    this.memory = memory;
    // Settings from outside come with one check only.
    this.remembers = typist.environment.settings === undefined;
    memory.begin(typist);
  }

  /** One more definition in place; false, and reported, when there are too many. */
  count(span: Span): boolean {
    if (++this.inlined <= mostInlined) return true;
    this.typist.findings.add(report.tooLarge(span, mostInlined));
    return false;
  }

  /** What the header of a data file says. */
  header(source: DataSource): HeaderAnswer | undefined {
    const answer = this.typist.environment.header(source);
    this.recording?.header(source, answer);
    return answer;
  }

  /**
   * Does a piece of work on a node of the tree, or takes it over from the version before. All that it depends
   * on but the node is asked of the typist, or `given`; all that it does is to find facts, diagnostics and
   * sizes. It is not part of another piece.
   */
  once<Result>(node: object, what: string, given: readonly unknown[], work: () => Result): Result {
    if (!this.remembers || this.recording !== undefined) return work();
    const kept = this.memory.unit(node, what, given) as Recorded<Result> | undefined;
    if (kept !== undefined && this.inlined + kept.inlined < mostInlined && this.isCurrent(kept)) {
      this.inlined += kept.inlined - kept.inlinedInside;
      this.replay(kept);
      return kept.result;
    }
    const { result, recorded } = this.recorded(work);
    if (recorded !== undefined) this.memory.keepUnit(node, { what, given, recorded });
    return result;
  }

  /** The type of a `let` without parameters where it is named at `span`. */
  type(name: string, definition: LetDefinition, span: Span, place: Place): Expression | undefined {
    const scope = place.scope === undefined ? '' : scopeKey(place.scope);
    const expected = place.expected === undefined ? '' : formatShape(place.expected);
    const key = `${name} ${place.data} ${expected} ${scope}`;
    const outer = this.recording;
    const before = this.inlined;
    outer?.pause();
    if (!this.typed.has(key)) {
      // What stands around a body may change without a change of names.
      const kept = scope === '' && this.remembers ? this.memory.typedLet(key) : undefined;
      const fits = kept?.definition === definition && this.inlined + kept.recorded.inlined < mostInlined;
      if (kept !== undefined && fits && this.isCurrentLet(key)) this.takeOver(key);
      else if (this.count(span)) this.typeAnew(key, name, definition, place, scope === '');
    }
    const result = this.typed.get(key);
    outer?.resume(key, result, this.inlined - before);
    return result;
  }

  private typeAnew(key: string, name: string, definition: LetDefinition, place: Place, keeps: boolean): void {
    const { result, recorded } = this.recorded(() =>
      this.typist.infer(definition.value, { ...place, local: new Map() }),
    );
    this.typed.set(key, result);
    // A size that is found on the way is found by whoever comes first.
    if (keeps && this.remembers && recorded?.bindings.length === 0)
      this.memory.keepLet(key, { name, definition, recorded });
  }

  private recorded<Result>(work: () => Result): {
    readonly result: Result;
    readonly recorded: Recorded<Result> | undefined;
  } {
    const outer = this.recording;
    const before = this.inlined;
    const { place } = this.memory;
    const recording = new Recording(this.typist, this.typist.findings);
    this.recording = recording;
    const result = work();
    this.recording = outer;
    const recorded = recording.end(result, this.inlined - before);
    if (recorded !== undefined) this.memory.agree(recorded, place);
    return { result, recorded };
  }

  /** Whether the work would go as it went. */
  private isCurrent(recorded: Recorded<unknown>): boolean {
    if (!this.memory.isAnsweredAlike(recorded, this.typist)) return false;
    for (const step of recorded.steps) if ('key' in step && !this.isSameLet(step)) return false;
    return true;
  }

  private isSameLet({ key, result }: Extract<Step, { key: string }>): boolean {
    if (this.typed.has(key)) return this.typed.get(key) === result;
    return this.isCurrentLet(key) && this.memory.typedLet(key)?.recorded.result === result;
  }

  private isCurrentLet(key: string): boolean {
    // Answers change as arrays are declared and sizes found, and only then.
    const { symbols, dimensions } = this.typist;
    const now = symbols.all.size + dimensions.bindings.length;
    if (now !== this.currentAt) this.current.clear();
    this.currentAt = now;
    const before = this.current.get(key);
    if (before !== undefined) return before;
    const kept = this.memory.typedLet(key);
    const current =
      kept !== undefined &&
      this.typist.names.all.get(kept.name)?.definition === kept.definition &&
      this.isCurrent(kept.recorded);
    this.current.set(key, current);
    return current;
  }

  /** The type of a `let` of the version before, with all that typing it would find. */
  private takeOver(key: string): void {
    const kept = this.memory.typedLet(key)?.recorded;
    if (kept === undefined) return;
    this.inlined += 1 + kept.inlined - kept.inlinedInside;
    this.replay(kept);
    this.typed.set(key, kept.result);
  }

  private replay({ steps, bindings }: Recorded<unknown>): void {
    for (const step of steps) this.repeat(step);
    for (const binding of bindings) this.typist.dimensions.bind(binding);
  }

  private repeat(step: Step): void {
    if ('facts' in step) this.typist.findings.addFacts(step.facts);
    else if (!this.typed.has(step.key)) this.takeOver(step.key);
  }
}
