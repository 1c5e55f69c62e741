/**
 * Fixtures of the feature tests: a marked text becomes a snapshot with a cursor. Data files exist in
 * words only: `X.npy` has 4 rows and 3 columns, `y.npy` 4 rows, `k.npy` 4 labels, anything else is missing.
 */
import assert from 'node:assert/strict';
import type { Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DataSource } from '../../server/src/atoms/expression.ts';
import type { Environment, HeaderAnswer } from '../../server/src/check/environment.ts';
import { Snapshot } from '../../server/src/workspace/document.ts';
import { readFixture } from '../support/markers.ts';

const shapes: Readonly<Record<string, readonly number[]>> = { 'X.npy': [4, 3], 'y.npy': [4], 'k.npy': [4] };

const environment: Environment = {
  header: ({ path, format }: DataSource): HeaderAnswer | undefined => {
    if (!['csv', 'npy', 'idx'].includes(format)) return undefined;
    const shape = shapes[path ?? ''];
    return shape === undefined ? { error: `${path ?? 'nothing'}: there is no such file` } : { shape };
  },
};

export const uri = 'file:///problems/fixture.bilevel';

export function snapshotOf(text: string, version = 1): Snapshot {
  const content = TextDocument.create(uri, 'bilevel', version, text);
  return new Snapshot(content, '/problems/fixture.bilevel', () => environment);
}

export interface OpenFixture {
  readonly snapshot: Snapshot;
  readonly position: Position;
}

export function openFixture(marked: string): OpenFixture {
  const { text, cursor } = readFixture(marked);
  assert.ok(cursor !== undefined, 'the fixture needs a cursor');
  const snapshot = snapshotOf(text);
  return { snapshot, position: snapshot.position(cursor) };
}

/** A text of the protocol that this server always sends as a plain string. */
export function plain(text: unknown): string {
  assert.equal(typeof text, 'string');
  return text as string;
}

/** `line:character text` of a range, both 0-based. */
export function showRange(snapshot: Snapshot, range: Range): string {
  return `${range.start.line}:${range.start.character} ${snapshot.slice(snapshot.span(range))}`;
}

export const wholeFile: Range = {
  start: { line: 0, character: 0 },
  end: { line: 100_000, character: 0 },
};

/** A complete problem; `\n` line ends. */
export const ridge = `problem "Ridge"

data {
  X : matrix[n, d] = npy("X.npy")
  y : vector[n] = npy("y.npy")
}

upper {
  theta : vector[d] in [-3, 2] = 0
  minimize sumsq(X * w - y) / n
}

lower {
  w : vector[d] = 0
  minimize sumsq(X * w - y) / n + sum(exp(theta) .* w .^ 2)
}
`;
