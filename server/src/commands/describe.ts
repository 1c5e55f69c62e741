/**
 * `bilevel describe FILE`: what the program understood of a problem before it solves anything: dimensions
 * and what bound them, unknowns, data, curvature, constants at the start, and the methods that will be used.
 */
import process from 'node:process';
import type { Description } from '../protocol/solver.ts';
import { densityWords, short } from '../protocol/result-text.ts';
import { formatWarnings } from '../terminal/result-table.ts';
import { displayWidth, styleFor } from '../terminal/style.ts';
import type { Style } from '../terminal/style.ts';
import { ExitCode, onlyFile, readArguments } from './command.ts';
import type { Command } from './command.ts';
import { formatJson } from './json-text.ts';
import { adjustmentHelp, adjustmentOptions, readAdjustments, solveAndShow } from './solver-command.ts';

export const describe: Command = {
  help: `Usage: bilevel describe FILE [options]

Shows dimensions, curvature, constants at the start and the chosen methods of the problem in FILE.

${adjustmentHelp}`,
  async run(args) {
    const { values, positionals } = readArguments(args, adjustmentOptions);
    const adjustments = readAdjustments(values);
    return solveAndShow({
      file: onlyFile(positionals),
      json: values.json ?? false,
      quiet: values.quiet ?? false,
      task: (source) => ({ kind: 'describe', source, adjustments }),
      show: (answer) => {
        if (answer.kind !== 'described') return ExitCode.unfinished;
        const { description } = answer;
        const text =
          values.json === true
            ? formatJson(description)
            : formatDescription(description, styleFor(process.stdout));
        process.stdout.write(`${text}\n`);
        return ExitCode.done;
      },
    });
  },
};

export function formatDescription(description: Description, style: Style): string {
  const { dimensions, unknowns, data, curvature, constants, methods, samples, warnings } = description;
  const sections: [string, string[][]][] = [
    [
      'dimensions',
      Object.entries(dimensions).map(([name, { value, origin }]) => [name, String(value), origin]),
    ],
    ['data', data.map(({ name, shape, density }) => [name, `[${shape.join(', ')}]`, densityWords(density)])],
    ['unknowns', unknowns.map(({ level, name, shape }) => [name, `[${shape.join(', ')}]`, level])],
    [
      'constants at the start',
      Object.entries(constants).map(([name, { value, kind, formula, from }]) => [
        name,
        `${short(value)} (${kind})`,
        `${formula}   from ${from}`,
      ]),
    ],
    [
      'minibatches (this version uses all rows)',
      samples.map(({ dimension, size, arrays }) => [dimension, `${size} rows`, `of ${arrays.join(', ')}`]),
    ],
    ['methods', Object.entries(methods).map(([axis, method]) => [axis, method])],
  ];
  return [
    `${style('bold', 'lower level')}\n  ${curvature}`,
    ...sections
      .filter(([, rows]) => rows.length > 0)
      .map(([title, rows]) => `${style('bold', title)}\n${columns(rows)}`),
    ...formatWarnings(warnings, style),
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  return rows
    .map((row) =>
      `  ${row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))).join('  ')}`.trimEnd(),
    )
    .join('\n');
}
