/**
 * The arguments of an atom as written, sorted into arrays, numbers and dimensions by the atom's
 * contract; wrong counts and names are reported, undefined returned then.
 */
import type { Atom, AtomChoice, AtomConstant, Parameters, SliceRange } from '../../atoms/atom.ts';
import type { Argument, CallExpression, Expression as Syntax } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import { nearNames } from '../../base/near-names.ts';
import type { Place, Typist } from './shape.ts';

export interface SplitArguments {
  readonly arrays: readonly Syntax[];
  readonly parameters: Parameters;
}

export function splitArguments(
  atom: Atom,
  call: CallExpression,
  place: Place,
  typist: Typist,
): SplitArguments | undefined {
  const named = call.arguments.filter((argument) => argument.name !== undefined);
  const positional = call.arguments
    .filter((argument) => argument.name === undefined)
    .map(({ value }) => value);
  const arrayNames = atom.argumentNames ?? [];
  const constants = atom.constants ?? [];
  const choices = atom.choices ?? [];
  const known = [...arrayNames, ...[...constants, ...choices].map(({ name }) => name)];
  if (!namesAreKnown(call, named, known, typist)) return undefined;
  const byName = new Map(named.map((argument) => [argument.name?.text ?? '', argument.value]));
  const trailingArrays = arrayNames.flatMap((name) => byName.get(name) ?? []);
  const [least, most] = atom.arity;
  const arrayCount =
    atom.dimensions !== undefined ? most : Math.min(most - trailingArrays.length, positional.length);
  const arrays = [...positional.slice(0, arrayCount), ...trailingArrays];
  const rest = positional.slice(arrayCount);
  const given = positional.length + named.length;
  const needed = constants.filter(isNeeded).length;
  const positionalConstants = constants.filter((constant) => constant.named !== true);
  const tooMany = atom.dimensions === undefined && rest.length > positionalConstants.length;
  if (arrays.length < least || tooMany || (atom.dimensions !== undefined && rest.length === 0)) {
    const wanted = countWords(
      least + needed + (atom.dimensions === undefined ? 0 : 1),
      atom.dimensions === undefined ? most + positionalConstants.length : Infinity,
    );
    const { signature } = atom.documentation;
    const instead = tooMany ? insteadOfMore(atom) : undefined;
    typist.findings.add(report.argumentCount(call.callee.span, atom.name, wanted, given, signature, instead));
    return undefined;
  }
  const parameters =
    atom.dimensions === undefined
      ? readConstants(atom, call, constants, rest, byName, place, typist)
      : readDimensions(atom.dimensions, rest, place, typist);
  const chosen = readChoices(choices, byName, typist);
  return parameters === undefined || chosen === undefined
    ? undefined
    : { arrays, parameters: { ...parameters, ...chosen } };
}

/** True for an argument whose value is one of the texts that the atom offers. */
export function isChoice(atom: Atom | undefined, argument: Argument): boolean {
  return atom?.choices?.some(({ name }) => name === argument.name?.text) === true;
}

/** What is meant by further arguments of a reduction. */
function insteadOfMore({ name, constants }: Atom): string | undefined {
  if (name === 'max' || name === 'min') return `of several arrays write \`${name}imum(a, b)\``;
  const named = constants?.find((constant) => constant.named);
  return named && `an ${named.name} is written with its name: \`${name}(A, ${named.name} = 1)\``;
}

/** True when the number must be written. */
export function isNeeded(constant: AtomConstant): boolean {
  return constant.default === undefined && constant.optional !== true;
}

function readChoices(
  choices: readonly AtomChoice[],
  byName: ReadonlyMap<string, Syntax>,
  typist: Typist,
): Parameters | undefined {
  const parameters: Record<string, string> = {};
  for (const choice of choices) {
    const syntax = byName.get(choice.name);
    if (syntax === undefined) {
      parameters[choice.name] = choice.default;
      continue;
    }
    if (syntax.kind === 'string' && choice.choices.includes(syntax.value)) {
      parameters[choice.name] = syntax.value;
      continue;
    }
    if (syntax.kind !== 'missing') {
      const given = syntax.kind === 'string' ? syntax.value : syntax.kind === 'name' ? syntax.text : '';
      const candidates = choice.choices.includes(given) ? [given] : nearNames(given, choice.choices);
      typist.findings.add(report.unknownChoice(syntax.span, choice.name, choice.choices, candidates));
    }
    return undefined;
  }
  return parameters;
}

function namesAreKnown(
  call: CallExpression,
  named: readonly Argument[],
  known: readonly string[],
  typist: Typist,
): boolean {
  const seen = new Map<string, Argument>();
  for (const argument of named) {
    const name = argument.name;
    if (name === undefined) continue;
    if (!known.includes(name.text)) {
      const candidates = nearNames(name.text, known);
      typist.findings.add(report.unknownArgument(name.span, name.text, call.callee.text, candidates, known));
      return false;
    }
    const first = seen.get(name.text);
    if (first !== undefined) {
      typist.findings.add(report.duplicateEntry(name.span, name.text, first.span));
      return false;
    }
    seen.set(name.text, argument);
  }
  return true;
}

function readConstants(
  atom: Atom,
  call: CallExpression,
  constants: readonly AtomConstant[],
  rest: readonly Syntax[],
  byName: ReadonlyMap<string, Syntax>,
  place: Place,
  typist: Typist,
): Parameters | undefined {
  const parameters: Record<string, number> = {};
  let position = 0;
  for (const constant of constants) {
    const syntax = byName.get(constant.name) ?? (constant.named === true ? undefined : rest[position++]);
    if (syntax === undefined) {
      if (constant.optional === true) continue;
      if (constant.default === undefined) {
        const { signature } = atom.documentation;
        const wanted = countWords(
          atom.arity[0] + constants.filter(isNeeded).length,
          atom.arity[1] + constants.length,
        );
        typist.findings.add(
          report.argumentCount(call.callee.span, atom.name, wanted, call.arguments.length, signature),
        );
        return undefined;
      }
      parameters[constant.name] = constant.default;
      continue;
    }
    const before = typist.findings.count;
    const value = typist.number(syntax, place.local);
    const floor = constant.notBelow === undefined ? undefined : parameters[constant.notBelow];
    if (value !== undefined && isAdmissible(constant, value, floor)) {
      parameters[constant.name] = value;
      continue;
    }
    if (syntax.kind !== 'missing' && typist.findings.count === before) {
      const wanted = `a ${constant.whole === true ? 'whole ' : ''}number${admissibleWords(constant, floor)}`;
      typist.findings.add(
        report.numberNeeded(syntax.span, `the ${constant.name} of \`${atom.name}\``, wanted),
      );
    }
    return undefined;
  }
  return parameters;
}

function isAdmissible(constant: AtomConstant, value: number, floor: number | undefined): boolean {
  const { least = -Infinity, most = Infinity, exclusive, whole } = constant;
  if (whole === true && !Number.isInteger(value)) return false;
  return (exclusive === true ? value > least : value >= least) && value <= most && value >= (floor ?? value);
}

function admissibleWords({ least, most, exclusive, notBelow }: AtomConstant, floor?: number): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (floor !== undefined) return ` of at least ${floor}, its ${notBelow ?? ''}`;
  if (least === undefined) return most === undefined ? '' : ` of at most ${most}`;
  return exclusive === true ? ` above ${least}` : ` of at least ${least}`;
}

function readDimensions(
  name: string,
  rest: readonly Syntax[],
  place: Place,
  typist: Typist,
): Parameters | undefined {
  const entries: SliceRange[] = [];
  for (const syntax of rest) {
    const at = typist.dimension(syntax, undefined, place.local);
    if (at === undefined) {
      if (syntax.kind !== 'missing') {
        const isLeftOpen = syntax.kind === 'unary' && syntax.operator === '-';
        typist.findings.add(
          report.badDimension(
            syntax.span,
            isLeftOpen ? 'no size is left to be found: each is written, as `m * n`' : 'this is no dimension',
          ),
        );
      }
      return undefined;
    }
    entries.push({ kind: 'entry', at });
  }
  return { [name]: entries };
}

/** `1 argument`, `2 to 3 arguments`, `at least 1 argument`. */
export function countWords(least: number, most: number): string {
  if (most === Infinity) return `at least ${least} argument${least === 1 ? '' : 's'}`;
  if (least === most) return least === 0 ? 'no arguments' : `${least} argument${least === 1 ? '' : 's'}`;
  return `${least} to ${most} arguments`;
}
