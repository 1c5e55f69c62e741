/** How expressions group: every pair of neighbouring operators, signs, postfixes; and printing them back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../server/src/syntax/parse.ts';
import { printExpression } from '../../server/src/syntax/print.ts';
import type { Expression } from '../../server/src/syntax/tree.ts';
import { RandomProgram } from '../support/random-program.ts';

function read(source: string): Expression {
  const { tree, diagnostics } = parse(`let value = ${source}`);
  assert.deepEqual(
    diagnostics.map((item) => item.message),
    [],
    source,
  );
  const item = tree.items[0];
  assert.ok(item?.kind === 'let');
  return item.value;
}

/** Fully bracketed, with written groups dropped. */
function bracketed(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'string':
      return `"${node.value}"`;
    case 'name':
      return node.text;
    case 'missing':
      return '?';
    case 'group':
      return bracketed(node.inner);
    case 'unary':
      return `(${node.operator}${bracketed(node.operand)})`;
    case 'binary':
      return `(${bracketed(node.left)} ${node.operator} ${bracketed(node.right)})`;
    case 'range':
      return `(${bracketed(node.from)} .. ${bracketed(node.to)})`;
    case 'transpose':
      return `(${bracketed(node.operand)}')`;
    case 'index':
      return `${bracketed(node.base)}[${node.subscripts.map((part) => (part.kind === 'all' ? ':' : bracketed(part.value))).join(', ')}]`;
    case 'list':
      return `[${node.items.map(bracketed).join(', ')}]`;
    case 'call':
      return `${node.callee.text}(${node.arguments.map((part) => (part.name === undefined ? '' : `${part.name.text} = `) + bracketed(part.value)).join(', ')})`;
    case 'comprehension':
      return `${node.callee.text}(${node.index.text} in ${node.dimension.text}, ${bracketed(node.body)})`;
  }
}

const cases: readonly (readonly [source: string, grouped: string])[] = [
  ['a + b * c', '(a + (b * c))'],
  ['a * b + c', '((a * b) + c)'],
  ['a - b - c', '((a - b) - c)'],
  ['a - b + c', '((a - b) + c)'],
  ['a / b * c', '((a / b) * c)'],
  ['a / b ./ c .* d', '(((a / b) ./ c) .* d)'],
  ['a ^ b ^ c', '(a ^ (b ^ c))'],
  ['a .^ b ^ c', '(a .^ (b ^ c))'],
  ['a * b ^ c', '(a * (b ^ c))'],
  ['a ^ b * c', '((a ^ b) * c)'],
  ['-a ^ b', '(-(a ^ b))'],
  ['-a .^ 2', '(-(a .^ 2))'],
  ['-a * b', '((-a) * b)'],
  ['-a + b', '((-a) + b)'],
  ['a * -b', '(a * (-b))'],
  ['a - -b', '(a - (-b))'],
  ['--a', '(-(-a))'],
  ['+a', '(+a)'],
  ['2^-1', '(2 ^ (-1))'],
  ['2 ^ -x ^ y', '(2 ^ (-(x ^ y)))'],
  ['2 ^ -x * y', '((2 ^ (-x)) * y)'],
  ["a * b'", "(a * (b'))"],
  ["a' * b", "((a') * b)"],
  ["a''", "((a')')"],
  ["-a'", "(-(a'))"],
  ["a ^ b'", "(a ^ (b'))"],
  ["(a * b)'", "((a * b)')"],
  ["A[i, :]'", "(A[i, :]')"],
  ["A'[i]", "(A')[i]"],
  ['A[1..k, :]', 'A[(1 .. k), :]'],
  ['A[:]', 'A[:]'],
  ['x[i][j]', 'x[i][j]'],
  ['1..300', '(1 .. 300)'],
  ['1..k + 1', '(1 .. (k + 1))'],
  ['"age".."s6"', '("age" .. "s6")'],
  ['a & b & c', '((a & b) & c)'],
  ['[0, 1] & ball(r + 1)', '([0, 1] & ball((r + 1)))'],
  ['2.*x', '(2 .* x)'],
  ['2./x', '(2 ./ x)'],
  ['2.^x', '(2 .^ x)'],
  ['2.5.*x', '(2.5 .* x)'],
  ['2. * x', '(2. * x)'],
  ['2. .. 3', '(2. .. 3)'],
  ['2. .. .5', '(2. .. .5)'],
  ['.5 + 1e-4', '(.5 + 1e-4)'],
  ['1.5e3', '1.5e3'],
  ['f()', 'f()'],
  ['f (x)', 'f(x)'],
  ['f(x, k = -1)', 'f(x, k = (-1))'],
  ['sum(i in s, x[i] + 1)', 'sum(i in s, (x[i] + 1))'],
  ['sum(i in s, mean(j in t, a))', 'sum(i in s, mean(j in t, a))'],
  ['[a, [b]]', '[a, [b]]'],
  ['[]', '[]'],
  ['in + data * upper', '(in + (data * upper))'],
  ['λ₁ * 𝛼', '(λ₁ * 𝛼)'],
  ['cg', 'cg'],
];

test('operators group as in the table of the reference', () => {
  for (const [source, grouped] of cases) assert.equal(bracketed(read(source)), grouped, source);
});

test('numbers have their value and their text', () => {
  for (const source of ['0', '1e-4', '.5', '2.', '1E+3', '0.001', '100000']) {
    const node = read(source);
    assert.ok(node.kind === 'number');
    assert.equal(node.text, source);
    assert.equal(node.value, Number(source));
  }
});

test('a printed expression reads back as the same expression', () => {
  for (const [source] of cases)
    assert.equal(bracketed(read(printExpression(read(source)))), bracketed(read(source)));
  for (let seed = 0; seed < 300; seed++) {
    const node = read(new RandomProgram(seed).expression(6));
    const printed = printExpression(node);
    assert.equal(bracketed(read(printed)), bracketed(node), printed);
    assert.equal(printExpression(read(printed)), printed);
  }
});

/** Without groups printing must put parentheses wherever they are needed. */
function withoutGroups(node: Expression): Expression {
  switch (node.kind) {
    case 'group':
      return withoutGroups(node.inner);
    case 'unary':
    case 'transpose':
      return { ...node, operand: withoutGroups(node.operand) };
    case 'binary':
      return { ...node, left: withoutGroups(node.left), right: withoutGroups(node.right) };
    case 'range':
      return { ...node, from: withoutGroups(node.from), to: withoutGroups(node.to) };
    case 'index':
      return { ...node, base: withoutGroups(node.base) };
    case 'call':
      return {
        ...node,
        arguments: node.arguments.map((part) => ({ ...part, value: withoutGroups(part.value) })),
      };
    case 'comprehension':
      return { ...node, body: withoutGroups(node.body) };
    case 'list':
      return { ...node, items: node.items.map(withoutGroups) };
    case 'number':
    case 'string':
    case 'name':
    case 'missing':
      return node;
  }
}

test('a tree without groups is printed with the parentheses it needs', () => {
  for (let seed = 1000; seed < 1400; seed++) {
    const node = withoutGroups(read(new RandomProgram(seed).expression(6)));
    const printed = printExpression(node);
    assert.equal(bracketed(read(printed)), bracketed(node), printed);
  }
});
