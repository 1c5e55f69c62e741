/**
 * The page of methods, options, results, sets and data sources, grammar/methods.md, from their registries: what the
 * checker accepts, in the words that the editor shows.
 */
import {
  expectableQuantities,
  methodCatalogue,
  solveSettings,
} from '../../server/src/base/method-catalogue.ts';
import type { MethodAxis, MethodDescription, MethodOption } from '../../server/src/base/method-catalogue.ts';
import { sourceFormats } from '../../server/src/check/blocks/source-formats.ts';
import { valueWords } from '../../server/src/check/blocks/solve-block.ts';
import { methodSignature, sourceSignature } from '../../server/src/features/hover/words.ts';
import { setWords, sourceOptionWords } from '../../server/src/features/words.ts';

const axes: readonly { readonly axis: MethodAxis; readonly title: string; readonly about: string }[] = [
  { axis: 'lower', title: 'Lower methods', about: '`lower = …` solves the lower level.' },
  {
    axis: 'hypergradient',
    title: 'Hypergradient methods',
    about: '`hypergradient = …` computes the gradient of the upper objective through the lower solution.',
  },
  {
    axis: 'linear',
    title: 'Linear methods',
    about:
      'They stand inside a hypergradient method, as in `hypergradient = implicit(cg(tolerance = 0.01))`.',
  },
  { axis: 'upper', title: 'Upper methods', about: '`upper = …` moves the upper unknowns.' },
];

export function methodsPage(): string {
  return [
    '# Methods, options, results, sets and data sources',
    `Everything that \`solve\`, \`expect\`, \`in\` and \`data\` know by name. This page is generated from the registries
of the language; change those and run \`npm run reference\`.`,
    ...axes.flatMap(({ axis, title, about }) => [
      `## ${title}`,
      about,
      ...methodCatalogue.filter((method) => method.axis === axis).map(methodSection),
    ]),
    '## Settings',
    'Entries of `solve` that are no methods.',
    optionTable(solveSettings),
    '## Results',
    'What `expect` may compare with a number. A relation holds only where the number is certified; `estimated(name)` accepts an estimate.',
    table(
      ['result', 'meaning'],
      expectableQuantities.map(({ name, summary }) => [`\`${name}\``, summary]),
    ),
    '## Sets',
    'What may stand after `in`.',
    table(
      ['set', 'meaning'],
      Object.entries(setWords).map(([name, { summary }]) => [`\`${name}\``, summary]),
    ),
    '## Data sources',
    'What may stand after `=` in `data` and in starts; paths are relative to the file.',
    table(
      ['source', 'what it gives'],
      [...sourceFormats.values()].map(({ name, summary }) => [`\`${sourceSignature(name)}\``, summary]),
    ),
    'Their options:',
    table(
      ['option', 'meaning'],
      sourceOptions().map((name) => [`\`${name}\``, lowerCase(sourceOptionWords[name] ?? '')]),
    ),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

function methodSection(method: MethodDescription): string {
  const { name, summary, reference, options } = method;
  const parts = [
    `### \`${name}\``,
    `\`\`\`\n${methodSignature(method)}\n\`\`\``,
    `${summary}\n\n> ${reference}`,
    ...(options.length === 0 ? [] : [optionTable(options)]),
  ];
  return parts.join('\n\n');
}

function optionTable(options: readonly MethodOption[]): string {
  return table(
    ['option', 'value', 'meaning', 'when it is not given'],
    options.map((option) => [`\`${option.name}\``, valueWords(option), option.summary, option.default]),
  );
}

function sourceOptions(): readonly string[] {
  return [...new Set([...sourceFormats.values()].flatMap(({ options }) => options))];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function lowerCase(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
