/**
 * Options from outside the file (`--option lower.tolerance=0.1`, `--option upper=projected_gradient`, a whole
 * method as in the file, `--option lower=fista(tolerance = 0.1)`) put over those of the file, against the same catalogue. Every mistake is a sentence; what is wrong
 * changes nothing.
 */
import type { MethodAxis, MethodOption } from '../../base/method-catalogue.ts';
import { methodsFor, solveSettings } from '../../base/method-catalogue.ts';
import type { LowerKind } from '../../base/lower-kind.ts';
import { lowerKindWords } from '../../base/lower-kind.ts';
import type { SolveOptions } from '../../base/solve-options.ts';
import { nearNames } from '../../base/near-names.ts';
import { admits, entryAxes, entryNames, isAutomatic, methodsOf, valueWords } from './solve-block.ts';

export interface AdjustedOptions {
  readonly options: SolveOptions;
  /** One sentence a mistake, with what to write instead. */
  readonly problems: readonly string[];
}

type Chosen = Readonly<Record<string, unknown>> & { readonly method: string };

const seedSetting: MethodOption = {
  name: 'seed',
  type: 'integer',
  default: '0',
  summary: 'seed of random starts',
  least: 0,
};

/** `entries`: path → value as written, for example `hypergradient.linear.tolerance` → `1e-10`. */
export function applyAdjustments(
  options: SolveOptions,
  entries: Readonly<Record<string, string>>,
  kind: LowerKind = 'minimum',
): AdjustedOptions {
  const problems: string[] = [];
  let adjusted = options as unknown as Readonly<Record<string, unknown>>;
  for (const [path, text] of Object.entries(entries)) {
    const result = adjust(adjusted, path, text, kind);
    if (typeof result === 'string') problems.push(result);
    else adjusted = result;
  }
  return { options: adjusted as unknown as SolveOptions, problems };
}

function adjust(
  options: Readonly<Record<string, unknown>>,
  path: string,
  text: string,
  kind: LowerKind,
): Readonly<Record<string, unknown>> | string {
  const [first = '', ...rest] = path.split('.');
  const axis = entryAxes.find((each) => each === first);
  if (axis !== undefined) {
    const changed = adjustMethod(options[axis] as Chosen, axis, path, rest, text, kind);
    return typeof changed === 'string' ? changed : { ...options, [axis]: changed };
  }
  const setting = [...solveSettings, seedSetting].find((each) => each.name === first);
  if (setting === undefined || rest.length > 0) {
    return `there is no option \`${path}\`${suggestion(first, [...entryNames(), 'seed'])}`;
  }
  const value = readValue(setting, text);
  if (value === undefined) return `\`${path}\` must be ${valueWords(setting)}, not \`${text}\``;
  return { ...options, [setting.name === 'warm_start' ? 'warmStart' : setting.name]: value };
}

function adjustMethod(
  chosen: Chosen,
  axis: MethodAxis,
  path: string,
  rest: readonly string[],
  text: string,
  kind: LowerKind,
): Chosen | string {
  const methods = methodsOf(axis);
  const [name, ...deeper] = rest;
  if (name === undefined || name === 'method') {
    const call = readCall(text);
    if (call !== undefined) return writtenMethod(chosen, axis, path, call, kind);
    const known = [
      ...methods.map((method) => method.name),
      ...(isAutomatic(axis, 'automatic') ? ['automatic'] : []),
    ];
    if (!known.includes(text)) return `there is no ${axis} method \`${text}\`${suggestion(text, known)}`;
    const fitting = methodsFor(axis, kind).map((method) => method.name);
    if (text !== 'automatic' && !fitting.includes(text)) {
      return `\`${text}\` does not fit this lower level, which is ${lowerKindWords[kind]}; there are ${fitting.map((each) => `\`${each}\``).join(', ')}`;
    }
    return chosen.method === text ? chosen : { ...inheritedParts(chosen), method: text };
  }
  const method = methods.find((each) => each.name === chosen.method);
  if (method?.positional === name) {
    const inner = adjustMethod(chosen[name] as Chosen, method.positional, path, deeper, text, kind);
    return typeof inner === 'string' ? inner : { ...chosen, [name]: inner };
  }
  // The automatic choice takes the options that every method has.
  const [first, ...others] = methods.map(({ options }) => options);
  const shared = first?.filter((each) => others.every((options) => options.includes(each))) ?? [];
  const available = method?.options ?? shared;
  const option = available.find((each) => each.name === name);
  if (option === undefined || deeper.length > 0) {
    const known = [
      ...available.map((each) => each.name),
      ...(method?.positional === undefined ? [] : [method.positional]),
    ];
    return `\`${path}\`: ${chosen.method} has no option \`${name}\`${suggestion(name, known)}`;
  }
  const value = readValue(option, text);
  if (value === undefined) return `\`${path}\` must be ${valueWords(option)}, not \`${text}\``;
  return { ...chosen, [option.name]: value };
}

interface MethodCall {
  readonly name: string;
  readonly args: readonly string[];
}

/** `name(argument, …)`, each argument as written; brackets inside an argument keep its commas. */
function readCall(text: string): MethodCall | undefined {
  const [, name = '', inside = ''] = /^(\w+)\s*\((.*)\)$/su.exec(text.trim()) ?? [];
  if (name === '') return undefined;
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= inside.length; at++) {
    const letter = inside[at] ?? ',';
    if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (letter === ',' && depth === 0) {
      args.push(inside.slice(from, at).trim());
      from = at + 1;
    }
  }
  return { name, args: args.filter((each) => each !== '') };
}

/** A method with its options, as the file would have it: nothing of the one before stays. */
function writtenMethod(
  chosen: Chosen,
  axis: MethodAxis,
  path: string,
  { name, args }: MethodCall,
  kind: LowerKind,
): Chosen | string {
  const named = adjustMethod(chosen, axis, path, [], name, kind);
  if (typeof named === 'string') return named;
  const inner = methodsOf(axis).find((each) => each.name === name)?.positional;
  let written: Chosen = { method: name, ...(inner !== undefined && { [inner]: { method: 'automatic' } }) };
  const seen = new Set<string>();
  for (const argument of args) {
    const [, option, value] = /^(\w+)\s*=(.*)$/su.exec(argument) ?? [];
    const key = option ?? inner;
    if (key === undefined) return `\`${path}\`: \`${argument}\` wants a name, as in \`tolerance = 1e-6\``;
    if (seen.has(key)) return `\`${path}\`: \`${key}\` is given twice`;
    seen.add(key);
    const next = adjustMethod(written, axis, `${path}.${key}`, [key], (value ?? argument).trim(), kind);
    if (typeof next === 'string') return next;
    written = next;
  }
  return written;
}

/** Another method keeps the linear solver inside, and the tolerances that every method has. */
function inheritedParts(chosen: Chosen): Readonly<Record<string, unknown>> {
  const kept = ['linear', 'tolerance', 'relative', 'iterations'];
  return Object.fromEntries(Object.entries(chosen).filter(([key]) => kept.includes(key)));
}

function readValue(option: MethodOption, text: string): number | boolean | undefined {
  if (option.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  return admits(option, value) ? value : undefined;
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearNames(name, known);
  const list = (near.length > 0 ? near : known).map((each) => `\`${each}\``);
  return near.length > 0 ? `; did you mean ${list.join(' or ')}?` : `; there are ${list.join(', ')}`;
}
