/** Signature help: which signature, which argument. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signatureHelpOf } from '../../server/src/features/signature-help.ts';
import { openFixture, ridge } from './support.ts';

function help(marked: string): string | undefined {
  const { snapshot, position } = openFixture(marked);
  const [signature] =
    signatureHelpOf(snapshot, position, { drawsFormulas: false, opensReference: false })?.signatures ?? [];
  if (signature === undefined) return undefined;
  const active = signature.parameters?.[signature.activeParameter ?? -1]?.label;
  return `${signature.label} → ${typeof active === 'string' ? active : 'none'}`;
}

const objective = (expression: string): string =>
  ridge.replace('sumsq(X * w - y) / n\n}', `${expression}\n}`);

test('functions, with the argument the cursor is at', () => {
  assert.match(help(objective('smooth_abs(<|>')) ?? '', /^smooth_abs\(.*→ t : any shape$/u);
  assert.match(help(objective('smooth_abs(w, 0<|>)')) ?? '', /→ width : number > 0$/u);
  assert.match(help(objective('smooth_abs(w, width = 0<|>)')) ?? '', /→ width : number > 0$/u);
  assert.match(help(objective('cross_entropy(X * w, <|>)')) ?? '', /→ y : labels\[n, k\]$/u);
  assert.match(help(objective('sum(exp(w<|>))')) ?? '', /^exp\(/u);
  assert.match(help(objective('sum(exp(w), <|>)')) ?? '', /^sum\(.*→ axis = k$/u);
});

test('sources and methods', () => {
  assert.match(help(ridge.replace('"X.npy"', '"X.npy", rows = <|>')) ?? '', /^npy\("path".*→ rows = …$/u);
  assert.match(
    help(`${ridge}solve {\n  lower = heavy_ball(tolerance = <|>`) ?? '',
    /^heavy_ball\(.*→ tolerance = …$/u,
  );
  assert.match(help(`${ridge}solve {\n  hypergradient = implicit(<|>`) ?? '', /→ linear method$/u);
  assert.match(
    help(`${ridge}solve {\n  hypergradient = implicit(cg(relative = <|>`) ?? '',
    /^cg\(.*→ relative = …$/u,
  );
});

test('lets with parameters', () => {
  assert.equal(
    help(objective('f(w, <|>)').replace('upper {', 'let f(a, b) = a + b\nupper {')),
    'f(a, b) → b',
  );
});

test('nothing outside calls', () => {
  assert.equal(help(objective('(w + <|>)')), undefined);
  assert.equal(help(objective('X[<|>]')), undefined);
  assert.equal(help(`# sum(<|>\n${ridge}`), undefined);
});
