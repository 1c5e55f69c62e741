/**
 * Every class of bad input through the whole program: a located error `file:line:column`, the exit code of
 * its class, one JSON object with `--json`, and nothing written.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { JsonDiagnostic } from '../../server/src/commands/json-text.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { bilevel } from './command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilevel-bad-'));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, 'good.csv'), 'a,b\n1,2\n3,4\n5,6\n');
writeFileSync(join(folder, 'ragged.csv'), 'a,b\n1,2\n3\n5,6\n');
writeFileSync(join(folder, 'nan.csv'), 'a,b\n1,2\n3,nan\n5,6\n');
const whole = encodeNpy([3, 2], Float64Array.of(1, 2, 3, 4, 5, 6));
writeFileSync(join(folder, 'cut.npy'), whole.subarray(0, whole.length - 5));

interface Wording {
  readonly data?: string;
  readonly type?: string;
  readonly lower?: string;
  readonly more?: string;
}

/** A problem that is right unless told otherwise; the data is on line 2, the lower objective on line 10. */
function problem({
  data = 'csv("good.csv")',
  type = 'matrix[n, d]',
  lower = 'sumsq(X * w - 1) + sumsq(w) * exp(lambda)',
  more = '',
}: Wording): string {
  return `data {
  X : ${type} = ${data}
}
upper {
  lambda : scalar = 0
  minimize sumsq(w) + sumsq(X * w)
}
lower {
  w : vector[d] = 0
  minimize ${lower}
}
${more}`;
}

const cases: readonly {
  readonly name: string;
  readonly text: string;
  /** line:column in the .bilevel file. */
  readonly place: string;
  readonly message: RegExp;
}[] = [
  { name: 'missing file', text: problem({ data: 'csv("gone.csv")' }), place: '2:22', message: /gone\.csv/ },
  {
    name: 'ragged csv',
    text: problem({ data: 'csv("ragged.csv")' }),
    place: '2:22',
    message: /ragged\.csv:3/,
  },
  {
    name: 'truncated npy',
    text: problem({ data: 'npy("cut.npy")' }),
    place: '2:22',
    message: /cut\.npy.*byte/,
  },
  {
    name: 'wrong shape',
    text: problem({ type: 'matrix[n, 7]', lower: 'sumsq(w) * exp(lambda)' }).replace(
      'vector[d]',
      'vector[7]',
    ),
    place: '2:22',
    message: /7/,
  },
  {
    name: 'shapes that do not fit',
    text: problem({ lower: "sumsq(X' * w) + sumsq(w)" }),
    place: '10:18',
    message: /d/,
  },
  {
    name: 'not strongly convex',
    text: problem({ lower: 'sum(w) * exp(lambda)' }),
    place: '10:12',
    message: /strongly convex/,
  },
  {
    name: 'unknown method',
    text: problem({ more: 'solve { lower = fistra }' }),
    place: '12:17',
    message: /fistra/,
  },
  { name: 'NaN in data', text: problem({ data: 'csv("nan.csv")' }), place: '2:22', message: /nan\.csv:3:3/ },
  { name: 'half-typed file', text: 'upper { theta : vec', place: '1:17', message: /vec/ },
];

for (const { name, text, place, message } of cases) {
  test(`${name}: a located error, exit code 1, nothing written`, async () => {
    const file = `${name.replaceAll(' ', '-')}.bilevel`;
    writeFileSync(join(folder, file), text);
    const before = readdirSync(folder).sort();
    const [plain, json] = await Promise.all([
      bilevel(['run', file], folder),
      bilevel(['run', file, '--json', '--out', 'results'], folder),
    ]);
    assert.equal(plain.code, 1, plain.error);
    assert.equal(plain.out, '');
    const headline = plain.error.split('\n').find((line) => line.startsWith(`${file}:${place}: error[`));
    assert.ok(headline !== undefined, plain.error);
    assert.match(headline, message);
    assert.match(plain.error, /\n +\| +\^+/);
    assert.match(plain.error, /= help: /);

    assert.equal(json.code, 1);
    assert.equal(json.error, '');
    const object = JSON.parse(json.out) as { status: string; diagnostics: JsonDiagnostic[] };
    assert.equal(object.status, 'rejected');
    const diagnostic = object.diagnostics.find(({ line, column }) => `${line}:${column}` === place);
    assert.equal(diagnostic?.file, file);
    assert.match(diagnostic?.message ?? '', message);
    assert.ok(diagnostic?.remedy);
    assert.ok(!existsSync(join(folder, 'results', 'result.json')));
    assert.deepEqual(
      readdirSync(folder)
        .filter((entry) => entry !== 'results')
        .sort(),
      before.filter((entry) => entry !== 'results'),
    );
  });
}

test('strong convexity that the data do not give is refused before the run', async () => {
  writeFileSync(join(folder, 'flat.csv'), 'a,b\n1,1\n2,2\n3,3\n');
  writeFileSync(
    join(folder, 'flat.bilevel'),
    problem({ data: 'csv("flat.csv")', lower: 'sumsq(X * w - lambda)' }),
  );
  const { code, error } = await bilevel(['run', 'flat.bilevel'], folder);
  assert.equal(code, 1);
  assert.match(error, /^flat\.bilevel:10:12: error\[not-strongly-convex-here\]: .*mu = /m);
});

test('wrong usage has its own exit code and says what is right', async () => {
  writeFileSync(join(folder, 'good.bilevel'), problem({}));
  const wrong: readonly [args: string[], message: RegExp][] = [
    [['run'], /a \.bilevel file is missing/],
    [['run', 'gone.bilevel'], /gone\.bilevel: there is no such file/],
    [['run', '.'], /a folder/],
    [['run', 'good.bilevel', 'other.bilevel'], /one file at a time/],
    [['run', 'good.bilevel', '--fast'], /--fast/],
    [['run', 'good.bilevel', '--set', 'w=1'], /nothing that can be set.*`w`/],
    [['run', 'good.bilevel', '--option', 'lower.tolerence=1'], /tolerance/],
    [
      ['run', 'good.bilevel', '--out', 'good.bilevel'],
      /cannot make the folder good.bilevel: there is a file of that name/,
    ],
    [['run', 'good.bilevel', '--quiett'], /no option --quiett; did you mean --quiet\?/],
    [['gradient', 'good.bilevel', '--at', 'good.csv'], /cannot take theta/],
    [['solve', 'good.bilevel'], /there is no command `solve`/],
    [[], /Usage/],
    [['lsp'], /--stdio/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => bilevel(args, folder)));
  ended.forEach(({ code, out, error }, position) => {
    const [args, message] = wrong[position] ?? [[], /./];
    assert.equal(code, 2, `bilevel ${args.join(' ')}: ${error}`);
    assert.equal(out, '');
    assert.match(error, message);
  });
});
