/**
 * Diagnostics as a person reads them in a terminal: the place, what is wrong, the line with the exact
 * range underlined, why, and what to do. The first line has the form `file:line:column: error[code]: …`,
 * which editors and other tools recognise.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { LineIndex } from '../base/span.ts';
import type { Span } from '../base/span.ts';
import type { Emphasis, Style } from './style.ts';
import { displayWidth } from './style.ts';

export interface SourceText {
  /** As the user named the file. */
  readonly name: string;
  readonly text: string;
}

/** Longer lines are shown around the place only: nobody reads a thousand columns. */
const longestShownLine = 160;
const tab = '    ';

export function formatDiagnostic(diagnostic: Diagnostic, source: SourceText, style: Style): string {
  const index = new LineIndex(source.text);
  const { line, column } = index.at(diagnostic.span.start);
  const colour = severityColour(diagnostic.severity);
  const margin = ' '.repeat(String(line).length);
  const bar = style('blue', '|');
  const note = (word: string, text: string): string =>
    `${margin} ${style('blue', '=')} ${style('bold', word)}: ${text}`;
  return [
    `${source.name}:${line}:${column}: ${style(['bold', colour], `${diagnostic.severity}[${diagnostic.code}]`)}: ${style('bold', diagnostic.message)}`,
    `${margin} ${bar}`,
    ...excerpt(source.text, index, diagnostic.span, (underline) => style(colour, underline)).map(
      ({ label, text }) => `${style('blue', label)} ${bar}${text === '' ? '' : ` ${text}`}`,
    ),
    ...(diagnostic.reason === undefined ? [] : [note('why', diagnostic.reason)]),
    ...(diagnostic.remedy === undefined ? [] : [note('help', diagnostic.remedy)]),
    ...(diagnostic.related ?? []).map(({ span, message }) => {
      const place = index.at(span.start);
      return note('see', `${source.name}:${place.line}:${place.column}: ${message}`);
    }),
  ].join('\n');
}

/** The first line of the span and its underline; an empty span is underlined by one caret. */
function excerpt(
  text: string,
  index: LineIndex,
  span: Span,
  colour: (underline: string) => string,
): { label: string; text: string }[] {
  const { line, column } = index.at(span.start);
  const lineStart = span.start - (column - 1);
  const found = /[\r\n]/.exec(text.slice(lineStart));
  const whole = text.slice(lineStart, found === null ? text.length : lineStart + found.index);
  const length = Math.max(1, Math.min(span.end - span.start, whole.length - (column - 1)));
  const cut = whole.length <= longestShownLine ? 0 : Math.max(0, column - 1 - 40);
  const shown = whole.slice(cut, cut + longestShownLine);
  const before = (cut > 0 ? '… ' : '') + shown.slice(0, column - 1 - cut);
  const marked = shown.slice(column - 1 - cut, column - 1 - cut + length);
  const label = String(line);
  const expand = (part: string): string => part.replaceAll('\t', tab);
  return [
    { label, text: expand((cut > 0 ? '… ' : '') + shown + (cut + shown.length < whole.length ? ' …' : '')) },
    {
      label: ' '.repeat(label.length),
      text:
        ' '.repeat(displayWidth(expand(before))) +
        colour('^'.repeat(Math.max(1, displayWidth(expand(marked))))),
    },
  ];
}

function severityColour(severity: Diagnostic['severity']): Emphasis {
  switch (severity) {
    case 'error':
      return 'red';
    case 'warning':
      return 'yellow';
    case 'information':
    case 'hint':
      return 'cyan';
  }
}

/** `2 errors and 1 warning`; empty without either. */
export function summarise(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): string[] => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning')].join(' and ');
}
