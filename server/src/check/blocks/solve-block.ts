/**
 * The `solve` block against the catalogue of methods: entries, methods, options, their types and
 * bounds, put together as the options of a run. What is wrong keeps its default.
 */
import { functionNamed } from '../../atoms/index.ts';
import type { MethodAxis, MethodDescription, MethodOption } from '../../base/method-catalogue.ts';
import type { LowerKind } from '../../base/lower-kind.ts';
import { lowerKindWords } from '../../base/lower-kind.ts';
import { methodCatalogue, methodsFor, solveSettings } from '../../base/method-catalogue.ts';
import type { SolveOptions } from '../../base/solve-options.ts';
import { defaultSolveOptions } from '../../base/solve-options.ts';
import type { Span } from '../../base/span.ts';
import type { Argument, Expression as Syntax, Name, SolveBlock, SolveEntry } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import { nearNames } from '../../base/near-names.ts';
import { isFunction } from '../names/kinds.ts';
import type { Typist } from '../typing/shape.ts';
import { ungrouped } from '../syntax-walk.ts';

export const entryAxes = ['lower', 'hypergradient', 'upper'] as const satisfies readonly MethodAxis[];

export function entryNames(): readonly string[] {
  return [...entryAxes, ...solveSettings.map(({ name }) => name)];
}

export function methodsOf(axis: MethodAxis): readonly MethodDescription[] {
  return methodCatalogue.filter((method) => method.axis === axis);
}

type OptionValue = number | boolean;
/** A method with the options that were given, and the method inside it. */
interface ChosenMethod {
  readonly method: string;
  readonly [option: string]: OptionValue | string | ChosenMethod;
}

/** `automatic` may stand for a method where one is chosen by the problem. */
export function isAutomatic(axis: MethodAxis, name: string): boolean {
  return name === 'automatic' && (axis === 'lower' || axis === 'linear');
}

/** Options of the run, defaults where nothing (or nothing valid) is written. */
export function readSolveBlock(block: SolveBlock | undefined, kind: LowerKind, typist: Typist): SolveOptions {
  const reader = new SolveReader(typist, kind);
  const settings: Record<string, unknown> = {};
  const seen = new Map<string, Name>();
  for (const entry of block?.entries ?? []) {
    const { name } = entry;
    const key = entry.over === undefined ? name.text : `${name.text} ${entry.over.text}`;
    const first = seen.get(key);
    if (first !== undefined && name.text !== '') {
      typist.findings.add(report.duplicateEntry(name.span, key, first.span));
      continue;
    }
    seen.set(key, name);
    reader.entry(entry, settings);
  }
  return { ...defaultSolveOptions, ...settings };
}

/** Words for the values an option takes, also for options from outside. */
export function valueWords(option: MethodOption): string {
  if (option.type === 'boolean') return '`true` or `false`';
  const kind = option.type === 'integer' ? 'a whole number' : 'a number';
  const { least, exclusive, below } = option;
  const bounds = [
    ...(least === undefined ? [] : [exclusive === true ? `larger than ${least}` : `of at least ${least}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return bounds.length === 0 ? kind : `${kind} ${bounds.join(' and ')}`;
}

export function admits(option: MethodOption, value: number): boolean {
  if (!Number.isFinite(value) || (option.type === 'integer' && !Number.isSafeInteger(value))) return false;
  const least = option.least ?? -Infinity;
  if (option.below !== undefined && value >= option.below) return false;
  return option.exclusive === true ? value > least : value >= least;
}

class SolveReader {
  private readonly typist: Typist;
  private readonly kind: LowerKind;

  constructor(typist: Typist, kind: LowerKind) {
    this.typist = typist;
    this.kind = kind;
  }

  entry(entry: SolveEntry, settings: Record<string, unknown>): void {
    const { name, value } = entry;
    const { findings } = this.typist;
    if (name.text === '') return;
    // Minibatches are looked at with the objectives (sample.ts).
    if (entry.over !== undefined) return;
    const axis = entryAxes.find((each) => each === name.text);
    if (axis !== undefined) {
      const chosen = this.method(value, axis);
      if (chosen === undefined) return;
      settings[axis] = axis === 'hypergradient' ? { linear: { method: 'automatic' }, ...chosen } : chosen;
      return;
    }
    const setting = solveSettings.find((each) => each.name === name.text);
    if (setting === undefined) {
      const known = entryNames();
      findings.add(report.unknownEntry(name.span, name.text, nearNames(name.text, known), known));
      return;
    }
    const read = this.value(setting, value);
    if (read !== undefined) settings[setting.name === 'warm_start' ? 'warmStart' : setting.name] = read;
  }

  private method(syntax: Syntax, axis: MethodAxis): ChosenMethod | undefined {
    const value = ungrouped(syntax);
    if (value.kind === 'missing') return undefined;
    const name: Name | undefined =
      value.kind === 'call'
        ? value.callee
        : value.kind === 'name'
          ? { text: value.text, span: value.span }
          : undefined;
    const methods = methodsOf(axis);
    const known = methodsFor(axis, this.kind).map((method) => method.name);
    if (name === undefined) {
      this.typist.findings.add(report.methodNeeded(value.span, axis, known));
      return undefined;
    }
    if (isAutomatic(axis, name.text) && value.kind === 'name') return { method: 'automatic' };
    const method = methods.find((each) => each.name === name.text);
    if (method === undefined) {
      this.typist.findings.add(
        report.unknownMethod(
          name.span,
          name.text,
          axis,
          nearNames(name.text, known),
          known,
          placeOf(name.text),
        ),
      );
      return undefined;
    }
    if (method.fits?.includes(this.kind) === false) {
      const fitting = methodsFor(axis, this.kind).map((each) => each.name);
      this.typist.findings.add(
        report.methodDoesNotFit(name.span, name.text, lowerKindWords[this.kind], fitting),
      );
      return undefined;
    }
    return { method: method.name, ...this.options(method, value.kind === 'call' ? value.arguments : []) };
  }

  private options(
    method: MethodDescription,
    args: readonly Argument[],
  ): Readonly<Record<string, OptionValue | ChosenMethod>> {
    const options: Record<string, OptionValue | ChosenMethod> = {};
    const seen = new Map<string, Span>();
    const known = method.options.map((option) => option.name);
    for (const argument of args) {
      const { name } = argument;
      const axis = name === undefined || name.text === method.positional ? method.positional : undefined;
      if (axis !== undefined) {
        if (this.twice(axis, argument.span, seen)) continue;
        const inner = this.method(argument.value, axis);
        if (inner !== undefined) options[axis] = inner;
        continue;
      }
      if (name === undefined) {
        if (argument.value.kind !== 'missing') {
          this.typist.findings.add(report.optionWithoutName(argument.span, method.name, signatureOf(method)));
        }
        continue;
      }
      const option = method.options.find((each) => each.name === name.text);
      if (option === undefined) {
        const candidates = nearNames(name.text, known);
        this.typist.findings.add(report.unknownOption(name.span, name.text, method.name, candidates, known));
        continue;
      }
      if (this.twice(option.name, name.span, seen)) continue;
      const value = this.value(option, argument.value);
      if (value !== undefined) options[option.name] = value;
    }
    return options;
  }

  private twice(name: string, span: Span, seen: Map<string, Span>): boolean {
    const first = seen.get(name);
    seen.set(name, first ?? span);
    if (first === undefined) return false;
    this.typist.findings.add(report.duplicateEntry(span, name, first));
    return true;
  }

  private value(option: MethodOption, syntax: Syntax): OptionValue | undefined {
    const value = ungrouped(syntax);
    if (value.kind === 'missing') return undefined;
    let words = valueWords(option);
    if (option.type === 'boolean') {
      if (value.kind === 'name' && (value.text === 'true' || value.text === 'false'))
        return value.text === 'true';
    } else if (!this.mentionsMethod(value)) {
      const before = this.typist.findings.count;
      const number = this.typist.number(value);
      if (number !== undefined && admits(option, number)) return number;
      if (this.typist.findings.count > before) return undefined;
      if (number === undefined) words += ', known before any data are read';
    }
    this.typist.findings.add(report.optionValue(value.span, option.name, words, option.default));
    return undefined;
  }

  /** Methods and texts are no numbers; they are not looked up as names. */
  private mentionsMethod(value: Syntax): boolean {
    if (value.kind !== 'call') return value.kind === 'string' || value.kind === 'list';
    const { text } = value.callee;
    return functionNamed(text) === undefined && !isFunction(this.typist.names.get(text));
  }
}

/** Where a method for linear systems belongs that stands elsewhere. */
function placeOf(name: string): string | undefined {
  const isLinear = methodsOf('linear').some((method) => method.name === name);
  return isLinear ? `hypergradient = implicit(${name})` : undefined;
}

function signatureOf(method: MethodDescription): string {
  return `${method.name}(${method.options.map((option) => `${option.name} = …`).join(', ')})`;
}
