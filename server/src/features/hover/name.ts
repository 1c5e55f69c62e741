/**
 * What is known of a name: its declaration, its type with the sizes that the data binds, and for what
 * it stands.
 */
import type { Dimension } from '../../base/dimension.ts';
import { evaluateDimension, formatDimension, formatShape } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import type { ArraySymbol } from '../../atoms/expression.ts';
import type { NameFact } from '../../check/facts.ts';
import { nameAt } from '../../check/facts.ts';
import { densityWords } from '../../protocol/result-text.ts';
import { printExpression } from '../../syntax/print.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { factsText, rangeText, knownOf } from './expression.ts';
import { declarationsOf } from '../inlay-hints.ts';
import { codeBlock, formula, reference } from '../markdown.ts';
import { declarationMath, letMath } from '../mathematics/from-syntax.ts';
import type { Numbers } from '../numbers.ts';
import { typeText } from '../outline.ts';

const longestValue = 120;

export function nameText(
  snapshot: Snapshot,
  span: Span,
  numbers: Numbers | undefined,
): { readonly span: Span; readonly text: string } | undefined {
  const name = nameAt(snapshot.checked.facts, span.start);
  if (name === undefined) return undefined;
  const covered = [name.declared, ...name.uses].some(
    ({ start, end }) => start === span.start && end === span.end,
  );
  return covered ? { span, text: factText(snapshot, name, numbers) } : undefined;
}

/** Also the documentation of a name in completion. */
export function factText(snapshot: Snapshot, name: NameFact, numbers: Numbers | undefined): string {
  const { kind, symbol, definition } = name;
  const sizes = sizesOf(snapshot, numbers);
  if (kind === 'dimension') return dimensionText(snapshot, name, sizes);
  if (kind === 'parameter') return `**${name.name}**: a parameter of a \`let\``;
  if (kind === 'report') {
    return `**${name.name}**: a reported value, evaluated at the end of a run\n\n${reference('report')}`;
  }
  if (kind === 'index') {
    const { over = '' } = name;
    const size = sizes.get(over);
    return `**${name.name}**: an index, from 1 to \`${over}\`${size === undefined ? '' : `, which is ${size}`}`;
  }
  if (kind === 'let') {
    if (definition === undefined) return `**${name.name}**: a \`let\``;
    const { parameters, value } = definition;
    const head =
      parameters === undefined ? name.name : `${name.name}(${parameters.map(({ text }) => text).join(', ')})`;
    const typed = snapshot.checked.facts.expressions.find(({ span }) => span === value.span);
    const known =
      name.value !== undefined
        ? `equal to ${name.value}`
        : typed === undefined
          ? ''
          : factsText(typed.expression);
    const shape =
      typed === undefined || parameters !== undefined ? '' : ` : ${formatShape(typed.expression.shape)}`;
    return [
      codeBlock(`let ${head} = ${cut(printExpression(value))}`),
      formula(letMath(definition, knownOf(snapshot))),
      [shape.slice(3), known].filter((part) => part !== '').join('; '),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }
  const declaration = declarationsOf(snapshot.parsed.tree).find(
    (each) => each.name.span.start === name.declared.start,
  );
  const type = declaration?.type === undefined ? '' : ` : ${typeText(declaration.type)}`;
  const set = declaration?.set === undefined ? '' : ` in ${printExpression(declaration.set)}`;
  const value = declaration?.value === undefined ? '' : ` = ${cut(printExpression(declaration.value))}`;
  const role = { data: 'data', upper: 'upper unknown', lower: 'lower unknown' }[kind];
  const each = kind === 'lower' && eachOf(snapshot) !== undefined;
  const density = numbers?.data?.find((loaded) => loaded.name === name.name)?.density;
  const facts = [
    each ? `${role} of one problem` : role,
    ...(each ? ['outside this level the stack of all'] : []),
    symbolText(symbol, sizes),
    density === undefined ? '' : densityWords(density),
  ];
  const lines = [
    codeBlock(`${name.name}${type}${set}${value}`),
    ...(declaration?.type === undefined ? [] : [formula(declarationMath(declaration))]),
    facts.filter((part) => part !== '').join('; '),
  ];
  return lines.join('\n\n');
}

/** The index of `lower each i in s`. */
function eachOf(snapshot: Snapshot): LevelBlock['each'] {
  const lower = snapshot.parsed.tree.items.find((item) => item.kind === 'lower');
  return lower?.kind === 'lower' ? lower.each : undefined;
}

function dimensionText(
  snapshot: Snapshot,
  { name, value }: NameFact,
  sizes: ReadonlyMap<string, number>,
): string {
  const origin = snapshot.checked.partial.dimensions.get(name)?.origin;
  const size = value ?? sizes.get(name);
  const known = size === undefined ? 'not known yet' : `= ${size}`;
  return `${codeBlock(`${name} ${known}`)}\n\ndimension${origin === undefined ? '' : `, ${origin}`}`;
}

function symbolText(symbol: ArraySymbol | undefined, sizes: ReadonlyMap<string, number>): string {
  if (symbol === undefined) return '';
  const { shape, classes, range } = symbol;
  const parts: string[] = [];
  if (shape.length > 0) parts.push(sizeText(shape, sizes));
  if (classes !== undefined) parts.push(`${dimensionValue(classes, sizes)} classes`);
  const limits = rangeText(range);
  if (limits !== undefined && classes === undefined) parts.push(`every entry ${limits}`);
  return parts.filter((part) => part !== '').join('; ');
}

/** `300 × 10`, as far as it is known. */
function sizeText(shape: readonly Dimension[], sizes: ReadonlyMap<string, number>): string {
  return shape.map((dimension) => dimensionValue(dimension, sizes)).join(' × ');
}

function dimensionValue(dimension: Dimension, sizes: ReadonlyMap<string, number>): string {
  const value = evaluateDimension(dimension, sizes);
  return value === undefined ? formatDimension(dimension) : String(value);
}

/** Sizes from headers, and from the data itself where a description knows more. */
export function sizesOf(snapshot: Snapshot, numbers: Numbers | undefined): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, value } of snapshot.checked.facts.names) if (value !== undefined) sizes.set(name, value);
  for (const [name, { value }] of Object.entries(numbers?.dimensions ?? {})) sizes.set(name, value);
  return sizes;
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
