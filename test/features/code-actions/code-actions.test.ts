/** Every code action as a table: what it is called, what it makes of a text, and that the checker accepts that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeActionKind } from 'vscode-languageserver';
import { codeActionsOf } from '../../../server/src/features/code-actions/index.ts';
import { ridge, snapshotOf, wholeFile } from '../support.ts';
import { actionsAt, afterAction, applied, errorsOf } from './support.ts';

const lower = 'minimize sumsq(X * w - y) / n + sum(exp(theta) .* w .^ 2)';

interface Row {
  readonly what: string;
  /** With a cursor `<|>` or a selection `<[ … ]>`. */
  readonly before: string;
  readonly title: RegExp;
  readonly after: string;
  readonly kind?: string;
  /** Errors that are there before and stay. */
  readonly left?: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: 'a misspelt name becomes the near one',
    before: ridge.replace('exp(theta)', 'exp(tet<|>a)'),
    title: /^Change to theta$/u,
    after: ridge,
  },
  {
    what: 'a subscript that counts from 0, with the others of its brackets',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'w[<|>0] ^ 2 + X[1, 2] * w[1]\n'),
    title: /^Count from 1: w\[1\]$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'w[1] ^ 2 + X[1, 2] * w[1]\n'),
  },
  {
    what: 'several subscripts, and a range to the last',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(X[0, <|>0..d - 1] - w[1..d])\n'),
    title: /^Count from 1: X\[1, 1\.\.d\]$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(X[1, 1..d] - w[1..d])\n'),
  },
  {
    what: 'the last entry by its number',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'w[-<|>1] ^ 2\n'),
    title: /^Count from 1: w\[d\]$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'w[d] ^ 2\n'),
  },
  {
    what: 'exchanged ends of a box',
    before: ridge.replace('[-3, 2]', '[<|>2, -3]'),
    title: /^Exchange 2 and -3$/u,
    after: ridge,
  },
  {
    what: 'exchanged ends in an intersection',
    before: ridge.replace('[-3, 2]', '[<|>2, -3] & ball(4)'),
    title: /^Exchange 2 and -3$/u,
    after: ridge.replace('[-3, 2]', '[-3, 2] & ball(4)'),
  },
  {
    what: 'exchanged ends of a distribution',
    before: ridge.replace('npy("y.npy")', 'uniform(2, <|>-1, seed = 3)'),
    title: /^Exchange 2 and -1$/u,
    after: ridge.replace('npy("y.npy")', 'uniform(-1, 2, seed = 3)'),
  },
  {
    what: 'a linear solver alone goes into the method that uses it',
    before: `${ridge}\nsolve {\n  hypergradient = c<|>g(tolerance = 1e-6)\n}\n`,
    title: /^Write implicit\(cg\(tolerance = 1e-6\)\)$/u,
    after: `${ridge}\nsolve {\n  hypergradient = implicit(cg(tolerance = 1e-6))\n}\n`,
  },
  {
    what: 'a linear solver by its name only',
    before: `${ridge}\nsolve {\n  hypergradient = <|>cg\n}\n`,
    title: /^Write implicit\(cg\)$/u,
    after: `${ridge}\nsolve {\n  hypergradient = implicit(cg)\n}\n`,
  },
  {
    what: 'a power of an array becomes elementwise',
    before: ridge.replace('w .^ 2', 'w <|>^ 2'),
    title: /^Write \.\^$/u,
    after: ridge,
  },
  {
    what: 'all of one kind at once',
    before: ridge.replace('w .^ 2', 'w <|>^ 2 + w ^ 2'),
    title: /^Fix all 2 of this kind$/u,
    after: ridge.replace('w .^ 2', 'w .^ 2 + w .^ 2'),
  },
  {
    what: 'a lower level without a strongly convex term gets one',
    before: ridge.replace(lower, 'minimize mean(log_cosh(X * <|>w - y)) + 0 * theta[1]'),
    title: /^Add `0\.001 \* sumsq\(w\)`$/u,
    after: ridge.replace(lower, 'minimize mean(log_cosh(X * w - y)) + 0 * theta[1] + 0.001 * sumsq(w)'),
  },
  {
    what: 'strong convexity that only the data show becomes certain',
    before: ridge.replace(lower, 'minimize sumsq(X * <|>w - y) / n'),
    title: /^Make strongly convex: add 0\.001 \* sumsq\(w\)$/u,
    after: ridge.replace(lower, 'minimize sumsq(X * w - y) / n + 0.001 * sumsq(w)'),
  },
  {
    what: 'only the unknown that lacks it gets a term',
    before: ridge
      .replace('w : vector[d] = 0', 'w : vector[d] = 0\n  b : vector[d] = 0')
      .replace(lower, 'minimize sumsq(X * b - y) + 0.1 * sumsq(<|>w)'),
    title: /^Make strongly convex/u,
    after: ridge
      .replace('w : vector[d] = 0', 'w : vector[d] = 0\n  b : vector[d] = 0')
      .replace(lower, 'minimize sumsq(X * b - y) + 0.1 * sumsq(w) + 0.001 * sumsq(b)'),
  },
  {
    what: 'an unknown that the lower objective lacks gets a term',
    before: ridge.replace('w : vector[d] = 0', 'w : vector[d] = 0\n  <|>b : scalar = 0'),
    title: /^Add `0\.001 \* sumsq\(b\)`$/u,
    after: ridge
      .replace('w : vector[d] = 0', 'w : vector[d] = 0\n  b : scalar = 0')
      .replace('w .^ 2)\n}', 'w .^ 2) + 0.001 * sumsq(b)\n}'),
  },
  {
    what: 'huber becomes a scaled smooth_abs',
    before: ridge.replace('sumsq(X * w - y) / n + sum', 'mean(hub<|>er(X * w - y, 2)) + sum'),
    title: /^Replace huber by smooth_abs$/u,
    after: ridge.replace('sumsq(X * w - y) / n + sum', 'mean(2 * 2 * (smooth_abs(X * w - y, 2) - 2)) + sum'),
  },
  {
    what: 'abs of the upper level becomes smooth_abs',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'sum(ab<|>s(X * w - y)) / n\n'),
    title: /^Replace abs by smooth_abs$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'sum(smooth_abs(X * w - y, 0.01)) / n\n'),
  },
  {
    what: 'relu becomes softplus',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(re<|>lu(X * w - y)) / n\n'),
    title: /^Replace relu by softplus$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(softplus(X * w - y)) / n\n'),
  },
  {
    what: 'max becomes logsumexp',
    before: ridge.replace('sumsq(X * w - y) / n\n', '1 + m<|>ax(X * w - y)\n'),
    title: /^Replace max by logsumexp$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', '1 + logsumexp(X * w - y)\n'),
  },
  {
    what: 'min becomes a negative logsumexp, in brackets where it needs them',
    before: ridge.replace('sumsq(X * w - y) / n\n', '2 * m<|>in(X * w - y)\n'),
    title: /^Replace min by logsumexp$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', '2 * (-logsumexp(-(X * w - y)))\n'),
  },
  {
    what: 'a norm becomes a smooth root',
    before: ridge.replace('sumsq(X * w - y) / n\n', 'nor<|>m2(X * w - y) / n\n'),
    title: /^Replace norm2 by sqrt$/u,
    after: ridge.replace('sumsq(X * w - y) / n\n', 'sqrt(0.0001 + sumsq(X * w - y)) / n\n'),
  },
  {
    what: 'a missing lower level gets the unknown that the upper one names, in the shape that fits',
    before: `${ridge.slice(0, ridge.indexOf('lower {')).trimEnd().replace('upper', 'up<|>per')}\n`,
    title: /^Add lower with w : vector\[d\]$/u,
    after: ridge.replace(lower, 'minimize sumsq(w)').replace(/\n\}\n$/u, '\n}\n'),
  },
  {
    what: 'a missing upper level',
    before: ridge.replace(/upper \{[^}]*\}\n\n/u, '').replace('lower', 'lo<|>wer'),
    title: /^Add upper with theta : vector\[d\]$/u,
    after: `${ridge.replace(/upper \{[^}]*\}\n\n/u, '')}
upper {
  theta : vector[d] = 0
  minimize sumsq(w)
}
`,
  },
  {
    what: 'a missing objective',
    before: ridge.replace('\n  minimize sumsq(X * w - y) / n\n', '\n').replace('upper', 'up<|>per'),
    title: /^Add minimize sumsq\(w\)$/u,
    after: ridge.replace('minimize sumsq(X * w - y) / n\n', 'minimize sumsq(w)\n'),
  },
  {
    what: 'a dimension that nothing gives becomes a let',
    before: ridge
      .replace('theta : vector[d]', 'theta : vector[<|>k]')
      .replace('exp(theta) .*', 'sum(exp(theta)) *'),
    title: /^Add let k = 10$/u,
    after: ridge
      .replace('theta : vector[d]', 'theta : vector[k]')
      .replace('exp(theta) .*', 'sum(exp(theta)) *')
      .replace('upper {', 'let k = 10\n\nupper {'),
  },
  {
    what: 'a name that nothing declares becomes an upper unknown',
    before: ridge.replace('sum(exp(theta)', 'exp(al<|>pha) * sum(exp(theta)'),
    title: /^Declare alpha as an upper unknown$/u,
    after: ridge
      .replace('sum(exp(theta)', 'exp(alpha) * sum(exp(theta)')
      .replace('  theta :', '  alpha : scalar = 0\n  theta :'),
  },
  {
    what: 'a declaration that nothing uses goes with its line',
    before: ridge.replace('  y : vector', '  Z<|> : matrix[n, d] = npy("X.npy")\n  y : vector'),
    title: /^Remove Z$/u,
    after: ridge,
  },
  {
    what: 'an expression becomes a let before its statement',
    before: ridge.replace('minimize sumsq(X * w - y) / n +', 'minimize sumsq(<[X * w - y]>) / n +'),
    title: /^Extract to a let$/u,
    after: ridge.replace(
      'minimize sumsq(X * w - y) / n +',
      'let part = X * w - y\n  minimize sumsq(part) / n +',
    ),
    kind: CodeActionKind.RefactorExtract,
  },
  {
    what: 'a selection may have space around it; the name made up is free',
    before: ridge
      .replace('upper {', 'let part = 2\nupper {')
      .replace('sumsq(X * w - y) / n\n', 'part * sumsq(<[ X * w ]>- y) / n\n'),
    title: /^Extract to a let$/u,
    after: ridge
      .replace('upper {', 'let part = 2\nupper {')
      .replace(
        'minimize sumsq(X * w - y) / n\n',
        'let part2 = X * w\n  minimize part * sumsq( part2 - y) / n\n',
      ),
  },
  {
    what: 'a number becomes a let at the top',
    before: ridge.replace('sum(exp(theta)', '0.<|>5 * sum(exp(theta)'),
    title: /^Name 0\.5 by a let$/u,
    after: ridge
      .replace('sum(exp(theta)', 'value * sum(exp(theta)')
      .replace('lower {', 'let value = 0.5\n\nlower {'),
  },
  {
    what: 'a let goes into the place of its name, in brackets',
    before: ridge
      .replace('upper {', 'let residual = X * w - y\n\nupper {')
      .replace('sumsq(X * w - y) / n\n', 'sumsq(2 * resi<|>dual) / n\n'),
    title: /^Put the definition of residual in its place$/u,
    after: ridge
      .replace('upper {', '\nupper {')
      .replace('sumsq(X * w - y) / n\n', 'sumsq(2 * (X * w - y)) / n\n'),
    kind: CodeActionKind.RefactorInline,
  },
  {
    what: 'a let with parameters too, everywhere it is used',
    before: ridge
      .replace('upper {', 'let penal<|>ty(a, t) = sum(exp(t) .* a .^ 2)\nupper {')
      .replace('sumsq(X * w - y) / n\n', 'sumsq(X * w - y) / n + penalty(w - 1, theta)\n')
      .replace('sum(exp(theta) .* w .^ 2)', 'penalty(w, theta)'),
    title: /^Put the definition of penalty in its place$/u,
    after: ridge.replace(
      'sumsq(X * w - y) / n\n',
      'sumsq(X * w - y) / n + sum(exp(theta) .* (w - 1) .^ 2)\n',
    ),
  },
];

for (const { what, before, title, after, kind, left = [] } of rows) {
  test(what, () => {
    const { actions } = actionsAt(before);
    assert.equal(afterAction(before, title), after);
    assert.deepEqual(errorsOf(after), left);
    if (kind !== undefined) assert.equal(actions.find((each) => title.test(each.title))?.kind, kind);
  });
}

test('with CRLF the lines put in end as the others', () => {
  const before = ridge
    .replace('upper {\n', 'up<|>per {\n')
    .replace('\n  minimize sumsq(X * w - y) / n\n', '\n');
  const after = afterAction(before.replaceAll('\n', '\r\n'), /^Add minimize/u);
  assert.equal(after, ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(w)\n').replaceAll('\n', '\r\n'));
});

test('what the checker does not confirm is not offered', () => {
  const titles = (marked: string): readonly string[] => actionsAt(marked).actions.map(({ title }) => title);
  // `t` is near to `y` and to nothing that fits: a scalar exponent of an array would be needed.
  const shapes = ridge.replace('X * w - y) / n + sum', 'X * w - <|>Y) / n + sum');
  assert.deepEqual(
    titles(shapes).filter((title) => title.startsWith('Change to')),
    ['Change to y'],
  );
  // A parameter cannot leave its `let`.
  const inBody = ridge
    .replace('upper {', 'let f(a) = sum(<[2 * a]>)\nupper {')
    .replace('sumsq(X * w - y) / n\n', 'f(w)\n');
  assert.ok(!titles(inBody).some((title) => title.startsWith('Extract')));
  // Its first argument is no array of numbers to take the logarithm of.
  const kink = ridge.replace('sumsq(X * w - y) / n\n', 'ma<|>x(X)\n');
  assert.ok(!titles(kink).includes('Replace max by logsumexp'), 'the shape would change');
});

test('mending a name that hides a weak level is offered all the same', () => {
  const weak = ridge.replace(lower, 'minimize mean(log_cosh(X * <|>ww - y)) + sum(theta)');
  assert.equal(
    afterAction(weak, /^Change to w$/u),
    ridge.replace(lower, 'minimize mean(log_cosh(X * w - y)) + sum(theta)'),
  );
});

test('only where the mistake is, and only the kinds asked for', () => {
  const quick = (marked: string, only?: string[]): number =>
    actionsAt(marked, only === undefined ? {} : { only }).actions.filter(({ kind }) => kind === 'quickfix')
      .length;
  assert.equal(quick(ridge.replace('exp(theta)', 'exp(teta)').replace('Ridge', 'Ri<|>dge')), 0);
  const marked = ridge.replace('exp(theta)', 'exp(tet<|>a)');
  assert.ok(quick(marked, ['quickfix']) > 0 && quick(marked, ['']) > 0);
  assert.equal(quick(marked, ['refactor']), 0);
});

test('the only mend is preferred', () => {
  const { actions } = actionsAt(ridge.replace('w .^ 2', 'w <|>^ 2'));
  assert.equal(actions.find(({ title }) => title === 'Write .^')?.isPreferred, true);
});

test('on saving, what only concerns the writing is fixed at once', () => {
  const text = ridge.replace('w .^ 2', 'w ^ 2').replace('Ridge', 'Ri<|>dge');
  const { actions } = actionsAt(text, { only: ['source.fixAll'] });
  assert.equal(actions.length, 1);
  assert.equal(applied(text.replace('<|>', ''), actions[0]), ridge);
  assert.deepEqual(
    actionsAt(ridge.replace('exp(theta)', 'exp(te<|>ta)'), { only: ['source.fixAll'] }).actions,
    [],
  );
  assert.ok(!actionsAt(text).actions.some(({ kind }) => kind?.startsWith('source')));
});

test('a client that can is asked to rename the name that was made up', () => {
  const marked = ridge.replace('minimize sumsq(X * w - y) / n +', 'minimize sumsq(<[X * w - y]>) / n +');
  const { text, actions } = actionsAt(marked, { clientRenames: true });
  const action = actions.find(({ title }) => title === 'Extract to a let');
  const [, position] = (action?.command?.arguments ?? []) as [string, { line: number; character: number }];
  const line = applied(text, action).split('\n')[position.line] ?? '';
  assert.equal(line.slice(position.character), 'part = X * w - y');
  assert.ok(actionsAt(marked).actions.every(({ command }) => command === undefined));
});

test('a range over the file offers every fix', () => {
  const text = ridge.replace('exp(theta)', 'exp(teta)').replace('minimize sumsq', 'minimize sumsk');
  const settings = { result: undefined, clientRenames: false };
  const found = codeActionsOf(snapshotOf(text), wholeFile, { diagnostics: [] }, settings);
  assert.ok(found.filter(({ kind }) => kind === 'quickfix').length >= 2);
});
