/** Definition, references, highlights and rename agree on where a name stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  definitionOf,
  highlightsOf,
  prepareRename,
  referencesOf,
  rename,
} from '../../server/src/features/names.ts';
import { openFixture, ridge, showRange, snapshotOf, uri } from './support.ts';

const atUse = openFixture(ridge.replace('exp(theta)', 'exp(the<|>ta)'));

test('definition', () => {
  const { snapshot, position } = atUse;
  const found = definitionOf(snapshot, position);
  assert.ok(found !== null);
  assert.equal(showRange(snapshot, found.range), '8:2 theta');
});

test('references, with and without the declaration', () => {
  const { snapshot, position } = openFixture(ridge.replace('w : vector[d]', 'w<|> : vector[d]'));
  const places = (withDeclaration: boolean): string[] =>
    referencesOf(snapshot, position, withDeclaration).map(({ range }) => showRange(snapshot, range));
  assert.deepEqual(places(false), ['9:21 w', '14:21 w', '14:52 w']);
  assert.deepEqual(places(true), ['13:2 w', '9:21 w', '14:21 w', '14:52 w']);
});

test('highlights', () => {
  assert.equal(highlightsOf(atUse.snapshot, atUse.position).length, 2);
});

test('a dimension is a name too', () => {
  const { snapshot, position } = openFixture(ridge.replace('/ n +', '/ n<|> +'));
  assert.deepEqual(
    referencesOf(snapshot, position, true).map(({ range }) => showRange(snapshot, range)),
    ['3:13 n', '4:13 n', '9:30 n', '14:30 n'],
  );
});

test('rename edits every place, and the renamed text means the same', () => {
  const { snapshot, position } = atUse;
  const prepared = prepareRename(snapshot, position);
  assert.equal(prepared?.placeholder, 'theta');
  const edits = rename(snapshot, position, 'θ₂')?.changes?.[uri] ?? [];
  const spans = edits.map(({ range }) => snapshot.span(range)).sort((a, b) => b.start - a.start);
  const text = spans.reduce(
    (now, { start, end }) => `${now.slice(0, start)}θ₂${now.slice(end)}`,
    snapshot.text,
  );
  assert.equal(text, ridge.replaceAll('theta', 'θ₂'));
  assert.deepEqual(snapshotOf(text).diagnostics, []);
});

test('a name that cannot be is refused with the reason', () => {
  const { snapshot, position } = atUse;
  const refused = (name: string): string => {
    try {
      rename(snapshot, position, name);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  assert.match(refused('2x'), /not a name/u);
  assert.match(refused('a b'), /not a name/u);
  assert.match(refused(''), /not a name/u);
  assert.match(refused('minimize'), /keyword/u);
  assert.match(refused('w'), /line 14/u);
  assert.equal(refused('theta'), 'accepted');
});

const sideBySide = `let tv(a) = sumsq(a)
data {
  X : matrix[n, d] = npy("X.npy")
  mean : vector[n] = npy("y.npy")
}
upper {
  exp : vector[d] = 0
  minimize mean(X * w - mean)
}
lower {
  w : vector[d] = 0
  minimize sumsq(X * w - mean) + sum(exp(exp) .* w .^ 2) + tv(w)
}
`;

test('names of functions and arrays live side by side, and the places of the one are not those of the other', () => {
  const places = (marked: string): string[] => {
    const { snapshot, position } = openFixture(marked);
    return referencesOf(snapshot, position, true).map(({ range }) => showRange(snapshot, range));
  };
  assert.deepEqual(snapshotOf(sideBySide).diagnostics, []);
  assert.deepEqual(places(sideBySide.replace('mean :', 'me<|>an :')), [
    '3:2 mean',
    '7:24 mean',
    '11:25 mean',
  ]);
  assert.deepEqual(places(sideBySide.replace('exp(exp)', 'exp(e<|>xp)')), ['6:2 exp', '11:41 exp']);
  assert.deepEqual(places(sideBySide.replace('exp(exp)', 'e<|>xp(exp)')), []);
  assert.deepEqual(places(sideBySide.replace('tv(w)', 't<|>v(w)')), ['0:4 tv', '11:59 tv']);
});

test('an array takes the name of a function, a function does not: calls would change their meaning', () => {
  const array = openFixture(sideBySide.replace('exp :', 'e<|>xp :'));
  assert.equal(rename(array.snapshot, array.position, 'log')?.changes?.[uri]?.length, 2);
  const own = openFixture(sideBySide.replace('tv(w)', 't<|>v(w)'));
  assert.throws(
    () => rename(own.snapshot, own.position, 'log'),
    /`log` is a function of the language, whose place it would take/u,
  );
  assert.equal(rename(own.snapshot, own.position, 'roughness')?.changes?.[uri]?.length, 2);
});

test('where there is no name there is nothing', () => {
  const { snapshot, position } = openFixture(ridge.replace('sumsq', 'su<|>msq'));
  assert.equal(definitionOf(snapshot, position), null);
  assert.deepEqual(referencesOf(snapshot, position, true), []);
  assert.deepEqual(highlightsOf(snapshot, position), []);
  assert.throws(() => prepareRename(snapshot, position), /`sumsq` is a function of the language/u);
  assert.equal(rename(snapshot, position, 'a'), null);
});

test('the unknown that a fixed point is of is renamed with its other places', () => {
  const text =
    'upper {\n  t : scalar = 0\n  minimize sumsq(z)\n}\nlower {\n  z<|> : vector[2]\n  fixed_point z = 0.5 * z + t\n}\n';
  const { snapshot, position } = openFixture(text);
  const edits = rename(snapshot, position, 'state')?.changes?.[snapshot.uri] ?? [];
  assert.equal(edits.length, 4);
  const target = snapshot.position(snapshot.text.indexOf('z = 0.5'));
  assert.deepEqual(definitionOf(snapshot, target)?.range.start, { line: 5, character: 2 });
});

test('between letters beyond the basic plane a client that knows annotations gets its changes with one', () => {
  const text =
    'upper { 𝜃 : scalar = 1\n minimize sumsq(x) + 𝜃 ^ 2 }\nlower { x : vector[2]\n minimize sumsq(x - 𝜃) }\n';
  const snapshot = snapshotOf(text);
  const position = snapshot.position(text.indexOf('𝜃'));
  const plain = rename(snapshot, position, '𝛼');
  assert.equal(plain?.changes?.[snapshot.uri]?.length, 3);
  assert.equal(plain?.documentChanges, undefined);

  const whole = rename(snapshot, position, '𝛼', true);
  const [change] = whole?.documentChanges ?? [];
  assert.ok(change !== undefined && 'edits' in change);
  assert.deepEqual(change.textDocument, { uri: snapshot.uri, version: snapshot.version });
  for (const edit of change.edits) {
    assert.ok('annotationId' in edit);
    const annotation = whole?.changeAnnotations?.[edit.annotationId];
    assert.deepEqual(annotation, { label: 'Rename `𝜃`', needsConfirmation: false });
  }
  // What VS Code shortens without harm is left to it.
  assert.equal(rename(snapshot, position, 'theta', true)?.documentChanges, undefined);
});
