/**
 * Options from outside the file (`--option lower.tolerance=0.1`, `--option upper=projected_gradient`)
 * put over those of the file, against the same catalogue. Every mistake is a sentence; what is wrong
 * changes nothing.
 */
import type { MethodAxis, MethodOption } from '../base/method-catalogue.ts';
import { methodsFor, solveSettings } from '../base/method-catalogue.ts';
import type { LowerKind } from '../base/lower-kind.ts';
import { lowerKindWords } from '../base/lower-kind.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import { nearNames } from '../base/near-names.ts';
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
