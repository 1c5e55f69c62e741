/**
 * Starting with compiled code: a second start uses what the first has left; code of another build, cut, damaged or of
 * another program is never run; where nothing can be kept, programs run as ever. Looked at from outside, with small
 * programs that are started as the bundles are.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { writeStart } from '../../server/build/bundle.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'bilevel-start-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Installed {
  readonly start: string;
  /** The folder that the user's programs keep things in. */
  readonly caches: string;
  readonly environment: NodeJS.ProcessEnv;
}

let count = 0;
/** A program in a folder of its own, with a cache of its own unless it shares one. */
async function install(text: string, caches = join(scratch, `caches-${count}`)): Promise<Installed> {
  const folder = join(scratch, `program-${count++}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'small-program.cjs'), text);
  await writeStart({ output: 'small-program.cjs', start: 'small.cjs' }, folder);
  const environment = { ...process.env, XDG_CACHE_HOME: caches, LOCALAPPDATA: caches, HOME: caches };
  return { start: join(folder, 'small.cjs'), caches, environment };
}

function run({ start, environment }: Installed, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [start, ...args], {
    encoding: 'utf8',
    env: environment,
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  return stdout;
}

/** The file with the code of an installed program, which is there. */
function kept({ caches, start }: Installed): string {
  const files = readdirSync(caches, { recursive: true, withFileTypes: true });
  const file = files.find((each) => each.isFile() && each.name.includes(fingerprintIn(start)));
  assert.ok(file !== undefined, 'nothing is kept');
  return join(file.parentPath, file.name);
}

/** As they are written: a sum over the rest, bytes held, code. */
function withSum(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

const says = (word: string): string =>
  `module.exports = { word: '${word}' };\n` +
  `function say() { return '${word}' + process.argv.slice(2).join(','); }\nprocess.stdout.write(say());\n`;

test('what a start leaves is used by the next, and left as it is', async () => {
  const one = await install(says('one'));
  assert.equal(run(one, 'a', 'b'), 'onea,b');
  const first = readFileSync(kept(one));
  assert.equal(run(one), 'one');
  assert.deepEqual(readFileSync(kept(one)), first);

  // Put the kept code of one program under the name of another of the same length: what runs is what was kept.
  const two = await install(says('two'), one.caches);
  assert.equal(run(two), 'two');
  writeFileSync(kept(two), first);
  assert.equal(run(two), 'one');
});

test('several builds keep their own code, and what is old is removed', async () => {
  const one = await install(says('one'));
  run(one);
  const two = await install(says('two'), one.caches);
  const first = readFileSync(kept(one));
  assert.equal(run(two), 'two');
  assert.equal(run(one), 'one');
  assert.deepEqual(readFileSync(kept(one)), first);

  const old = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  const forgotten = kept(one);
  utimesSync(forgotten, old, old);
  // Of something else, which is not ours to remove.
  const foreign = join(dirname(forgotten), 'other-x64');
  writeFileSync(foreign, '');
  utimesSync(foreign, old, old);
  const three = await install(says('three'), one.caches);
  assert.equal(run(three), 'three');
  assert.ok(!existsSync(forgotten) && existsSync(kept(two)) && existsSync(foreign));
  assert.equal(run(one), 'one');
});

test('code that is cut or damaged is not run, and is replaced', async () => {
  const program = await install(says('whole'));
  run(program);
  const whole = readFileSync(kept(program));
  const damages: ReadonlyArray<readonly [string, Buffer]> = [
    ['empty', Buffer.alloc(0)],
    ['half', whole.subarray(0, whole.length / 2)],
    ['without its head', whole.subarray(8)],
    ['one bit', withBit(whole, Math.floor(whole.length / 2))],
    ['zeros', Buffer.concat([whole.subarray(0, 8), Buffer.alloc(whole.length - 8)])],
    [
      'zeros with the right sum',
      withSum(Buffer.concat([whole.subarray(0, 8), Buffer.alloc(whole.length - 8)])),
    ],
    ['something else', Buffer.from('x'.repeat(4096))],
  ];
  for (const [name, bytes] of damages) {
    writeFileSync(kept(program), bytes);
    assert.equal(run(program), 'whole', name);
    assert.equal(readFileSync(kept(program)).length, whole.length, `${name}: it is replaced`);
  }
});

test('where nothing can be kept, the program runs', async () => {
  const program = await install(says('anyway'));
  // A file where the folder should be: no right helps against that, not even those of root.
  writeFileSync(program.caches, '');
  assert.equal(run(program), 'anyway');
  const homeless = { ...program.environment, XDG_CACHE_HOME: 'not/absolute', HOME: '', LOCALAPPDATA: '' };
  assert.equal(run({ ...program, environment: homeless }), 'anyway');
  assert.ok(!existsSync('not'), 'nothing is written below the folder that happens to be the current one');
});

test('what is kept is open to its owner alone', { skip: process.platform === 'win32' }, async () => {
  const program = await install(says('mine'));
  run(program);
  assert.equal(statSync(kept(program)).mode & 0o077, 0);
});

test('functions that a later start needs for the first time are added', async () => {
  const body = Array.from(
    { length: 400 },
    (_, index) => `total += Math.sin(${index}) * values[${index}];`,
  ).join('\n');
  const large = Array.from(
    { length: 20 },
    (_, index) => `function large${index}(values) { let total = 0;\n${body}\nreturn total; }`,
  ).join('\n');
  const calls = Array.from({ length: 20 }, (_, index) => `large${index}([])`).join(' + ');
  const program = await install(
    `${large}\nif (process.argv[2] === 'all') process.stdout.write(String(${calls}));\n`,
  );
  run(program);
  const small = readFileSync(kept(program)).length;
  assert.equal(run(program, 'all'), 'NaN');
  const grown = readFileSync(kept(program)).length;
  assert.ok(grown > 5 * small, `${small} bytes, then ${grown}`);
  run(program);
  assert.equal(readFileSync(kept(program)).length, grown, 'a start that needs less leaves it');
});

test('a program that another loads gives what it exports', async () => {
  const program = await install(says('loaded'));
  const loader = join(scratch, 'loader.cjs');
  writeFileSync(loader, `process.stdout.write(' ' + require(${JSON.stringify(program.start)}).word);`);
  for (let start = 0; start < 2; start++) assert.equal(run({ ...program, start: loader }), 'loaded loaded');
});

test('errors name the place in the program', async () => {
  const program = await install('\nfunction fails() { throw new Error("on purpose"); }\nfails();\n');
  for (let start = 0; start < 2; start++) {
    const { status, stderr } = spawnSync(process.execPath, [program.start], {
      encoding: 'utf8',
      env: program.environment,
    });
    assert.equal(status, 1);
    assert.match(stderr, /small-program\.cjs:2/);
  }
});

function withBit(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}

function fingerprintIn(start: string): string {
  return /"([0-9a-f]{16})"/.exec(readFileSync(start, 'utf8'))?.[1] ?? '';
}
