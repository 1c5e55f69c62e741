/** Hover at every kind of place, without and with the solver's numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver';
import { hoverOf } from '../../server/src/features/hover/hover.ts';
import type { Numbers } from '../../server/src/features/numbers.ts';
import { openFixture, ridge, showRange } from './support.ts';

function hover(
  marked: string,
  numbers?: Numbers,
  abilities = { drawsFormulas: false, opensReference: false },
): { readonly text: string; readonly range: string } | undefined {
  const { snapshot, position } = openFixture(marked);
  const found = hoverOf(snapshot, position, numbers, abilities);
  if (found === null || found.range === undefined) return undefined;
  return { text: (found.contents as MarkupContent).value, range: showRange(snapshot, found.range) };
}

function at(before: string, text = ridge): string {
  assert.ok(text.includes(before), `the fixture has ${before}`);
  return text.replace(before, `${before.slice(0, 1)}<|>${before.slice(1)}`);
}

const numbers: Numbers = {
  dimensions: { d: { value: 3, origin: 'columns of X' } },
  constants: {
    mu: { value: 0.01987, kind: 'certified', from: '14:12', formula: '' },
    L: { value: 12.341, kind: 'certified', from: '14:12', formula: '' },
  },
  where: 'at the start',
};

test('a name says its declaration, its sizes and its set', () => {
  const found = hover(at('theta)'));
  assert.equal(found?.range, '14:42 theta');
  assert.match(found?.text ?? '', /theta : vector\[d\] in \[-3, 2\] = 0/u);
  assert.match(found?.text ?? '', /upper unknown; 3; every entry between −3 and 2/u);
  assert.match(hover(at('X * w'))?.text ?? '', /data; 4 × 3/u);
  const loaded = { ...numbers, data: [{ name: 'X', shape: [4, 3], density: 0.25 }] };
  assert.match(hover(at('X * w'), loaded)?.text ?? '', /data; 4 × 3; 25 % nonzero/u);
});

test('a dimension says its size and what bound it', () => {
  const text = hover(at('d] in'))?.text ?? '';
  assert.match(text, /d = 3/u);
  assert.match(text, /X/u);
});

test('a function says its signature, its formula and what it is', () => {
  const text = hover(at('exp(theta)'))?.text ?? '';
  assert.match(text, /exp\(.*\) : same shape/u);
  assert.match(text, /eᵗ|exp/u);
});

test('`lower` and its `minimize` say curvature, formulas and terms at once, numbers when known', () => {
  for (const place of ['lower {', 'minimize sumsq(X * w - y) / n + ']) {
    const before = hover(at(place))?.text ?? '';
    assert.match(before, /Quadratic in the lower unknowns/u);
    assert.match(before, /\| \*\*mu\*\* \| … \| `.*min\(exp\(θ\)\)/u);
    assert.match(before, /line 15/u);
    const after = hover(at(place), numbers)?.text ?? '';
    // mu rounds down, L rounds up.
    assert.match(after, /\| \*\*mu\*\* \| 0\.019 \(certified\)/u);
    assert.match(after, /\| \*\*L\*\* \| 13 \(certified\)/u);
    assert.match(after, /at the start/u);
  }
});

test('`upper` says the constants of the upper level', () => {
  assert.match(hover(at('upper {'))?.text ?? '', /\*\*L_fx\*\*/u);
});

test('a lower level that is not convex says which part and which rule', () => {
  const text = hover(at('lower {', ridge.replace('w .^ 2)', 'w .^ 3)')))?.text ?? '';
  assert.match(text, /w ?\.?\^ ?3/u);
});

test('an operator says the shape, dependence and curvature of what it makes', () => {
  const text = hover(ridge.replace('w - y) / n + ', 'w <|>- y) / n + '))?.text ?? '';
  assert.match(text, /X \* w - y : vector\[n\]/u);
  assert.match(text, /depends on data and lower unknowns\n\nAffine in the lower unknowns/u);
});

test('methods, options, entries and results explain themselves', () => {
  const text = `${ridge}
solve {
  lower = heavy_ball(tolerance = 0.1)
  hypergradient = implicit(cg(relative = 0.01))
  budget = 1000
}
expect {
  upper_objective <= 1
}
`;
  assert.match(hover(at('heavy_ball', text))?.text ?? '', /Polyak/u);
  assert.match(hover(at('tolerance', text))?.text ?? '', /absolute tolerance/u);
  assert.match(hover(at('implicit', text))?.text ?? '', /implicit differentiation/u);
  assert.match(hover(at('cg(', text))?.text ?? '', /conjugate gradients on H q = f_x/u);
  assert.match(hover(at('relative', text))?.text ?? '', /relative tolerance/u);
  assert.match(hover(at('budget', text))?.text ?? '', /default: 100000/u);
  assert.match(hover(at('upper_objective', text))?.text ?? '', /F\(theta\)/u);
  assert.match(hover(at('hypergradient =', text))?.text ?? '', /How the hypergradient is computed/u);
});

test('types, sources and their options explain themselves', () => {
  assert.match(hover(at('matrix'))?.text ?? '', /rows.*columns/u);
  assert.match(hover(at('npy('))?.text ?? '', /NumPy array/u);
  const text = ridge.replace('"X.npy"', '"X.npy", rows = 1..4');
  assert.match(hover(at('rows', text))?.text ?? '', /both ends included/u);
});

test('a let says its value', () => {
  const text = ridge
    .replace('upper {', 'let scale = 2 * 3\nlet f(a) = a + scale\nupper {')
    .replace('/ n\n', '/ n + scale + f(1)\n');
  assert.match(hover(at('scale + f', text))?.text ?? '', /let scale = 2 \* 3[\s\S]*equal to 6/u);
  assert.match(hover(at('f(1', text))?.text ?? '', /let f\(a\) = a \+ scale/u);
});

test('what is written is told as a formula', () => {
  assert.match(hover(at('lower {'))?.text ?? '', /`w\*\(θ\) = arg min_w ‖X w − y‖²\/n \+ ∑ exp\(θ\) ⊙ w²`/u);
  assert.match(hover(at('upper {'))?.text ?? '', /`min_θ ‖X w − y‖²\/n`/u);
  assert.match(hover(at('theta : '))?.text ?? '', /`θ ∈ \[−3, 2\]ᵈ`/u);
  assert.match(hover(at('X : '))?.text ?? '', /`X ∈ ℝⁿˣᵈ`/u);
});

test('a client that draws gets the formula beside its text, one that opens the reference the links', () => {
  const drawn = hover(at('lower {'), undefined, { drawsFormulas: true, opensReference: true })?.text ?? '';
  assert.match(drawn, /!\[w\*\(θ\) = [^\n]*\]\(bilevel-formula:[\w-]+\)/u);
  assert.match(drawn, /\[Language reference\]\(bilevel-reference:upper-and-lower\)/u);
  const plain = hover(at('lower {'))?.text ?? '';
  assert.doesNotMatch(plain, /bilevel-/u);
});

test('curvature says the rule, and where a rule breaks the smallest part and its place', () => {
  const power = hover(ridge.replace('.* w .^ 2)', '.* w <|>.^ 2)'))?.text ?? '';
  assert.match(power, /Convex in the lower unknowns: a square of `w`, which is affine/u);
  const composed = ridge.replace('sumsq(X * w - y) / n + sum', 'sum(log_cosh(X * w)) + sum');
  const convex =
    hover(at('log_cosh', composed).replace('l<|>og_cosh', 'log_cosh').replace('X * w)', 'X <|>* w)'))?.text ??
    '';
  assert.match(convex, /Affine in the lower unknowns: `\*` is affine, and so is what moves in it/u);
  const broken = ridge.replace('.^ 2)', '.^ 2) + sum(w <|>- tanh(w))');
  assert.match(
    hover(broken)?.text ?? '',
    /Not known to be convex or concave .*in `tanh\(w\)` \(\[line 15\]\(file:\S+#L15,\d+\)\), `tanh` is neither convex nor concave/u,
  );
});

test('comments, space and brackets say nothing', () => {
  assert.equal(hover(`# wo<|>rds\n${ridge}`), undefined);
  assert.equal(hover(`<|>\n${ridge}`), undefined);
});

const tasks = `data {
  A : matrix[s, 4] = normal(0, 1)
}
let s = 3
upper {
  r : scalar
  minimize sumsq(u - A)
}
lower each i in s {
  u : vector[4] = A[i]
  minimize sumsq(u - A[i]) + exp(r) * sumsq(u)
}
`;

test('an index says what it runs over, and an unknown of many problems what it is inside and outside', () => {
  assert.match(hover(at('i in s', tasks))?.text ?? '', /an index, from 1 to `s`, which is 3/u);
  assert.match(
    hover(at('u : vector', tasks))?.text ?? '',
    /of one problem; outside this level the stack of all; 3 × 4/u,
  );
  const level = hover(at('lower', tasks))?.text ?? '';
  assert.match(level, /arg minᵤ .*, i = 1, …, s/u);
});

test("an array called as a function is says what it is, and so does a function in the place of the language's", () => {
  const beside = ridge.replaceAll('theta', 'exp');
  assert.match(hover(beside.replace('exp(exp)', 'exp(e<|>xp)'))?.text ?? '', /upper unknown/u);
  assert.match(hover(beside.replace('exp(exp)', 'e<|>xp(exp)'))?.text ?? '', /exponential of each entry/u);
  const own = `let exp(a) = a .^ 2\n${ridge}`;
  assert.match(hover(own.replace('exp(theta)', 'e<|>xp(theta)'))?.text ?? '', /let exp\(a\) = a \.\^ 2/u);
});

test('unknowns in sets of matrices are written as on paper', () => {
  const text = `upper {
  M : matrix[3, 3] in psd
  N : matrix[3, 3] in psd(0.1)
  S : matrix[3, 3] in symmetric
  minimize sumsq(w) + trace(M + N + S)
}
lower {
  w : vector[3] = 0
  minimize sumsq(w - 1)
}
`;
  assert.match(hover(at('M :', text))?.text ?? '', /M ∈ S₊³/u);
  assert.match(hover(at('N :', text))?.text ?? '', /N ∈ S³, λₘᵢₙ ≥ 0\.1/u);
  assert.match(hover(at('S :', text))?.text ?? '', /S ∈ S³/u);
});
