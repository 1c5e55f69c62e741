/**
 * What functions, data sources, methods, options, entries and results are, from their registries: for
 * hover, completion and signature help.
 */
import { expectableQuantities, methodCatalogue, solveSettings } from '../../base/method-catalogue.ts';
import type { MethodAxis, MethodDescription, MethodOption } from '../../base/method-catalogue.ts';
import type { Atom } from '../../atoms/atom.ts';
import { functionNamed } from '../../atoms/index.ts';
import { sourceFormats } from '../../check/blocks/source-formats.ts';
import { writtenSets } from '../../check/blocks/sets.ts';
import { codeBlock, formula, reference } from '../markdown.ts';
import { unicodeMath } from '../mathematics/from-unicode.ts';
import { sourceOptionWords } from '../words.ts';

const entryWords: Readonly<Record<string, string>> = {
  lower: 'The method that solves the lower level.',
  hypergradient: 'How the hypergradient is computed, with the method for its linear system.',
  upper: 'The method of the upper level.',
};

export function functionText(name: string): string | undefined {
  const atom = functionNamed(name);
  return atom === undefined ? sourceText(name) : atomText(atom);
}

export function atomText({ documentation }: Atom): string {
  const { signature, summary } = documentation;
  return `${codeBlock(signature)}\n\n${formula(unicodeMath(documentation.formula))}\n\n${summary}`;
}

/** Without the signature, for where that is shown already. */
export function atomDescription({ documentation }: Atom): string {
  return `${formula(unicodeMath(documentation.formula))}\n\n${documentation.summary}`;
}

export function sourceText(name: string): string | undefined {
  const source = sourceFormats.get(name);
  if (source === undefined) return undefined;
  return `${codeBlock(sourceSignature(name))}\n\n${source.summary}\n\n${reference('data-sources')}`;
}

/** A set by its name, with what it demands. */
export function setText(name: string): string | undefined {
  const set = writtenSets.find((each) => each.name === name && name !== 'box');
  if (set === undefined) return undefined;
  return `${codeBlock(set.signature)}\n\n${formula(unicodeMath(set.formula))}\n\n${set.summary}\n\n${reference('sets')}`;
}

/** `csv("path", rows, columns, …)`, the options in brackets as they may be left out. */
export function sourceSignature(name: string): string {
  const source = sourceFormats.get(name);
  const positional =
    source?.positional === 'path'
      ? ['"path"']
      : source?.positional === 'numbers'
        ? (source.numbers ?? []).map(({ name: number }) => number)
        : [];
  return `${name}(${[...positional, ...(source?.options ?? []).map((option) => `${option} = …`)].join(', ')})`;
}

/** `depth`: 1 for the method of the entry itself, 2 for the linear method inside it. */
export function methodText(name: string, entry: string, depth: number): string | undefined {
  const axis = axisOf(entry, depth);
  const method = methodCatalogue.find((each) => each.name === name && each.axis === axis);
  return method === undefined ? undefined : describeMethod(method);
}

/** The axis of a method in `entry`, or of the method inside that. */
export function axisOf(entry: string, depth: number): MethodAxis | undefined {
  const outer = methodCatalogue.find(({ axis }) => axis === entry)?.axis;
  if (outer === undefined || depth <= 1) return outer;
  return methodCatalogue.find(({ axis, positional }) => axis === outer && positional !== undefined)
    ?.positional;
}

export function methodSignature({ name, positional, options }: MethodDescription): string {
  const parameters = [
    ...(positional === undefined ? [] : [`${positional} method`]),
    ...options.map((option) => `${option.name} = …`),
  ];
  return parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`;
}

export function describeMethod(method: MethodDescription): string {
  const options = method.options.map((option) => `- \`${option.name}\`: ${describeOption(option)}`);
  return [
    codeBlock(methodSignature(method)),
    method.summary,
    method.reference,
    ...(options.length === 0 ? [] : [options.join('\n')]),
    reference('solve'),
  ].join('\n\n');
}

export function describeOption({ summary, default: otherwise }: MethodOption): string {
  return `${summary}; default: ${otherwise}`;
}

/** An option of a method, or of a data source. */
export function optionText(callee: string, name: string, inSolve: boolean): string | undefined {
  if (!inSolve) return sourceFormats.has(callee) ? sourceOptionWords[name] : undefined;
  const option = methodCatalogue
    .filter((method) => method.name === callee)
    .flatMap(({ options }) => options)
    .find((each) => each.name === name);
  return option === undefined ? undefined : `**${name}**: ${describeOption(option)}`;
}

/** An entry of `solve`. */
export function settingText(name: string): string | undefined {
  const setting = solveSettings.find((each) => each.name === name);
  if (setting !== undefined) return `**${name}**: ${describeOption(setting)}`;
  const words = entryWords[name];
  if (words === undefined) return undefined;
  const methods = methodCatalogue.filter(({ axis }) => axis === name);
  return `${words}\n\n${methods.map((method) => `- \`${method.name}\`: ${method.summary}`).join('\n')}`;
}

/** A result that `expect` may name. */
export function quantityText(name: string): string | undefined {
  const quantity = expectableQuantities.find((each) => each.name === name);
  return quantity === undefined ? undefined : `**${name}**: ${quantity.summary}`;
}
