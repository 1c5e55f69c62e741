/**
 * Texts that are large or deep in some one way: each is answered in words, soon, and without running out of
 * stack. Half a minute is a hang on any machine, however busy.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../server/src/syntax/parse.ts';
import { caseCount } from '../support/long.ts';
import { checkText } from './support.ts';

const many = 10_000;
const hang = 30_000;

function problem(lets: string, lowerObjective: string, data = ''): string {
  return `${data}
${lets}
upper {
  t : scalar = 0
  minimize t ^ 2 + x ^ 2
}
lower {
  x : scalar = 0
  minimize ${lowerObjective}
}
`;
}

const list = (count: number, make: (at: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(between);

/** What the first diagnostic must be; undefined: there is none. */
const texts: readonly (readonly [name: string, text: string, code: string | undefined])[] = [
  ['a sum of 490 terms', problem('', `${list(490, () => 'x ^ 2', ' + ')} + t`), undefined],
  [
    'a product of 490 factors',
    problem(
      '',
      list(490, () => 'x', ' * '),
    ),
    'not-convex',
  ],
  [
    'a sum of a sum',
    problem(`let a = ${list(240, () => 'x ^ 2', ' + ')}`, `a${' + x ^ 2'.repeat(240)}`),
    undefined,
  ],
  [
    'definitions of definitions',
    problem(`let a0 = x ^ 2\n${list(many, (k) => `let a${k + 1} = a${k} + 1`)}`, `a${many}`),
    'nested-too-deep',
  ],
  [
    'functions of functions',
    problem(`let a0(u) = u ^ 2\n${list(many, (k) => `let a${k + 1}(u) = a${k}(u) + 1`)}`, `a${many}(x)`),
    'nested-too-deep',
  ],
  [
    'long definitions of definitions',
    problem(`let a0 = x ^ 2\n${list(90, (k) => `let a${k + 1} = a${k}${' + x ^ 2'.repeat(240)}`)}`, 'a90'),
    'nested-too-deep',
  ],
  [
    'brackets around definitions',
    problem(
      `let a0 = x ^ 2\n${list(90, (k) => `let a${k + 1} = ${'('.repeat(60)}a${k}${')^2'.repeat(60)}`)}`,
      'a90',
    ),
    'nested-too-deep',
  ],
  [
    'definitions that double',
    problem(`let a0 = x ^ 2\n${list(60, (k) => `let a${k + 1} = a${k} + a${k}`)}`, 'a60'),
    'too-large',
  ],
  [
    'functions that double',
    problem(`let a0(u) = u ^ 2\n${list(60, (k) => `let a${k + 1}(u) = a${k}(u) + a${k}(2 * u)`)}`, 'a60(x)'),
    'too-large',
  ],
  [
    'functions that double inside',
    problem(`let a0(u) = tanh(u)\n${list(60, (k) => `let a${k + 1}(u) = a${k}(a${k}(u))`)}`, 'a60(x) ^ 2'),
    'nested-too-deep',
  ],
  [
    'a long circle',
    problem(
      list(many, (k) => `let q${k} = q${(k + 1) % many} * x`),
      'q1',
    ),
    'recursion',
  ],
  ['64 brackets', problem('', `${'('.repeat(60)}x${')'.repeat(60)} ^ 2 + t`), undefined],
  ['64 functions', problem('', `${'tanh('.repeat(60)}x${')'.repeat(60)} ^ 2`), 'not-convex'],
  [
    'many data arrays',
    problem('', 'x ^ 2', `data {\n${list(many, (k) => `  A${k} : vector[n${k}] = normal(0, 1)`)}\n}`),
    'unused-name',
  ],
  [
    'many definitions',
    problem(
      list(many, (k) => `let q${k} = ${k} * x`),
      'x ^ 2',
    ),
    'unused-name',
  ],
  [
    'many unknown names',
    problem(
      list(many, (k) => `let q${k} = nothing${k} * x`),
      'x ^ 2',
    ),
    'unknown-name',
  ],
  [
    'one name many times',
    problem(
      list(many, (k) => `let q = ${k} * x`),
      'q',
    ),
    'duplicate-name',
  ],
];

for (const [name, text, code] of texts) {
  test(name, () => {
    const begin = performance.now();
    const [first] = checkText(text).diagnostics.filter(
      ({ severity }) => code === 'unused-name' || severity === 'error',
    );
    assert.equal(first?.code, code, first?.message);
    assert.ok(performance.now() - begin < hang);
  });
}

test('a megabyte on one line, or an eighth of it', () => {
  const mega = caseCount(2 ** 17, 2 ** 20);
  for (const [part, after] of [
    ['x ^ 2 + ', 'x'],
    ['x', ''],
    ['( ', ''],
    ["x' ", ''],
    ['-', 'x'],
    [';', ''],
    ['{', ''],
    ["'", ''],
    ['x.', ''],
    ['x ** ', ''],
    ['# ', ''],
    ['"', ''],
    ['1', ''],
    ['let ', ''],
  ] as const) {
    const begin = performance.now();
    const text = problem('', part.repeat(mega / part.length) + after);
    assert.ok(parse(text).tree.items.length > 0);
    checkText(text);
    assert.ok(performance.now() - begin < hang, part);
  }
});
