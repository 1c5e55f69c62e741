/**
 * The `let`s of a file put in place of their names. One without parameters is typed once for each kind of
 * place, in this check or, when nothing it depends on has changed, in that of the version before
 * (memory.ts); functions are typed where they are called, and counted.
 */
import { formatShape } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { Expression } from '../atoms/expression.ts';
import type { LetDefinition } from '../syntax/tree.ts';
import * as report from './diagnostics.ts';
import { noIndices, scopeKey } from './index-scope.ts';
import type { CheckMemory, Present } from './memory.ts';
import { meaningsIn, Recording } from './memory.ts';
import type { Place, Typist } from './shape.ts';

/** Definitions put in place in one file; functions that call each other twice would never end without it. */
const mostInlined = 10_000;

export class TypedLets {
  private readonly typist: Typist;
  private readonly memory: CheckMemory;
  private readonly typed = new Map<string, Expression | undefined>();
  /** Which `let`s of the version before are the same now. */
  private readonly current = new Map<string, boolean>();
  private recording: Recording | undefined;
  private inlined = 0;
  private remembers = false;

  constructor(typist: Typist, memory: CheckMemory) {
    this.typist = typist;
    this.memory = memory;
  }

  /** From now on no array is declared, so that what is typed may be taken over and kept. */
  allDeclared(): void {
    this.remembers = this.typist.environment.settings === undefined;
  }

  /** One more definition in place; false, and reported, when there are too many. */
  count(span: Span): boolean {
    if (++this.inlined <= mostInlined) return true;
    this.typist.findings.add(report.tooLarge(span, mostInlined));
    return false;
  }

  /** The type of a `let` without parameters where it is named at `span`. */
  type(name: string, definition: LetDefinition, span: Span, place: Place): Expression | undefined {
    const scope = scopeKey(place.scope ?? noIndices);
    const expected = place.expected === undefined ? '' : formatShape(place.expected);
    const key = `${name} ${place.data} ${expected} ${scope}`;
    const outer = this.recording;
    const before = this.inlined;
    outer?.pause();
    if (!this.typed.has(key)) {
      // What stands around a body, or reads files, may change without a change of names.
      const plain = this.remembers && !place.data && expected === '' && scope === '';
      if (plain && this.canTakeOver(key)) this.takeOver(key);
      else if (this.count(span)) this.typeAnew(key, name, definition, place, plain);
    }
    const result = this.typed.get(key);
    outer?.resume(key, result, this.inlined - before);
    return result;
  }

  private typeAnew(key: string, name: string, definition: LetDefinition, place: Place, plain: boolean): void {
    const { findings, dimensions, names, symbols } = this.typist;
    const outer = this.recording;
    const recording = new Recording(findings);
    const sizes = dimensions.state;
    const { attempts } = findings;
    const before = this.inlined;
    this.recording = recording;
    const result = this.typist.infer(definition.value, { ...place, local: new Map() });
    recording.pause();
    this.recording = outer;
    this.typed.set(key, result);
    if (!plain || findings.attempts > attempts || dimensions.state !== sizes) return;
    const { steps } = recording;
    const meanings = meaningsIn(definition, names, symbols);
    this.memory.keep(key, {
      name,
      definition,
      result,
      meanings,
      sizes,
      steps,
      inlined: this.inlined - before,
      inlinedInside: recording.inlinedInside,
    });
  }

  private canTakeOver(key: string): boolean {
    const kept = this.memory.get(key);
    if (kept === undefined || this.inlined + kept.inlined >= mostInlined) return false;
    return this.memory.isCurrent(key, this.present(), this.current);
  }

  /** The facts of a `let` of the version before, as typing it would find them. */
  private takeOver(key: string): void {
    const kept = this.memory.get(key);
    if (kept === undefined) return;
    this.inlined += 1 + kept.inlined - kept.inlinedInside;
    for (const step of kept.steps) {
      if ('facts' in step) this.typist.findings.addFacts(step.facts);
      else if (!this.typed.has(step.key)) this.takeOver(step.key);
    }
    this.typed.set(key, kept.result);
  }

  private present(): Present {
    const { names, symbols, dimensions } = this.typist;
    return { names, symbols, sizes: dimensions.state, typed: this.typed };
  }
}
