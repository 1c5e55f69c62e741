/**
 * The one marker parser of the tests. A fixture is a text with marks: `<|>` is a cursor, and a comment
 * line of carets under a line says which diagnostic is expected there:
 *
 *     x : vector[n = 3
 *     #         ^ error[syntax-unclosed]: never closed
 *
 * The carets cover the diagnostic's span in the line above; a `|` instead marks an empty span; `#^^`
 * without a space lets the `#` itself be the first column, and `#<` be the only one. The text after the colon must occur in
 * the message. The marks are no part of the text that is tested.
 */
import assert from 'node:assert/strict';
import type { Diagnostic, Severity } from '../../server/src/base/diagnostic.ts';
import type { Span } from '../../server/src/base/span.ts';

export interface ExpectedDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** Part of the message; '' when any will do. */
  readonly message: string;
}

export interface Fixture {
  readonly text: string;
  /** Offset of `<|>`, when there is one. */
  readonly cursor?: number;
  readonly expected: readonly ExpectedDiagnostic[];
}

const mark = /^(\s*)#( *)(\^+|\||<)\s*(error|warning|information|hint)\[([\w-]+)\](?::\s*(.*?))?\s*$/;

/** Reads a fixture; a second cursor or a mark without a line above is an error of the test. */
export function readFixture(marked: string): Fixture {
  const expected: ExpectedDiagnostic[] = [];
  let text = '';
  let cursor: number | undefined;
  let lineStart: number | undefined;
  for (const line of marked.split(/(?<=\n)/)) {
    const found = mark.exec(line);
    if (found !== null) {
      assert.ok(lineStart !== undefined, `a mark has no line above: ${line}`);
      const [, indent = '', space = '', carets = '', severity = '', code = '', message = ''] = found;
      const attached = space === '' && carets !== '|';
      const start = lineStart + indent.length + (attached ? 0 : 1 + space.length);
      const length = carets === '|' ? 0 : carets === '<' ? 1 : carets.length + (attached ? 1 : 0);
      const span = { start, end: start + length };
      expected.push({ code, severity: severity as Severity, span, message });
      continue;
    }
    lineStart = text.length;
    const at = line.indexOf('<|>');
    if (at < 0) {
      text += line;
      continue;
    }
    assert.equal(cursor, undefined, 'a fixture has at most one cursor');
    assert.equal(line.indexOf('<|>', at + 3), -1, 'a fixture has at most one cursor');
    cursor = text.length + at;
    text += line.slice(0, at) + line.slice(at + 3);
  }
  return cursor === undefined ? { text, expected } : { text, cursor, expected };
}

/** Asserts that the diagnostics of the fixture's text are exactly those that are marked. */
export function checkMarked(marked: string, diagnose: (text: string) => readonly Diagnostic[]): void {
  const { text, expected } = readFixture(marked);
  const actual = diagnose(text);
  const wanted = expected.map((item) => describe(text, item));
  const messages = new Map(expected.map((item) => [`${item.span.start} ${item.code}`, item.message]));
  const got = actual.map((item) => {
    const part = messages.get(`${item.span.start} ${item.code}`);
    const message = part !== undefined && item.message.includes(part) ? part : item.message;
    return describe(text, { ...item, message });
  });
  assert.deepEqual(got.toSorted(), wanted.toSorted());
}

function describe(text: string, item: ExpectedDiagnostic): string {
  const { start, end } = item.span;
  const line = text.slice(0, start).split('\n').length;
  const shown = JSON.stringify(text.slice(start, end));
  return `${line}: [${start}, ${end}) ${shown} ${item.severity}[${item.code}]: ${item.message}`;
}
