/**
 * What each process begins with: runs the program that lies beside it with the compiled code of an earlier start,
 * the functions included that are compiled only once they are called. That saves more than half of the time to the
 * first answer. Invariant: the code of another build, of another user, cut or damaged is never run, and a cache that
 * cannot be read or written changes nothing but the time.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

/** Written in by the build: the program's file beside this one, and a hash over its content (16 characters). */
declare const programFile: string;
declare const programFingerprint: string;

interface CompiledCode {
  readonly code: Buffer;
  /** Bytes of compiled code that the process held when this was written, Node's own included. */
  readonly held: number;
}

/** CRC-32 of what follows it, `held`; V8 itself does not notice damage. */
const headerBytes = 8;
/** By then a server has answered for the first file; a process that ends earlier writes when it ends. */
const settledMilliseconds = 2000;
/** So much more compiled code is worth the writing, which takes some 20 ms; Node's own varies by less. */
const noticeableGrowth = 100_000;
/** Thirty days. */
const keptMilliseconds = 30 * 24 * 3600 * 1000;

/** In a process shared with others, as an editor's extensions are, what is held tells nothing of this program. */
const ownProcess = require.main === module || !isMainThread;
const programName = programFile.replace(/-program\.cjs$/, '');
// V8 refuses the code of another version, and several builds may be in use.
const cacheFile = join(
  cacheFolder(),
  `${programName}-${programFingerprint}-${process.arch}-${process.versions.v8}`,
);
const known = attempt(readCode);
const script = new Script(
  `(function (exports, require, module, __filename, __dirname, keepCompiledCode) {${source()}\n})`,
  {
    filename: join(__dirname, programFile),
    ...(known !== undefined && { cachedData: known.code }),
  },
);
const usable = script.cachedDataRejected === false ? known : undefined;
let lastHeld = usable?.held;
setTimeout(keepCompiledCode, settledMilliseconds).unref();
process.once('exit', keepCompiledCode);
// With this file's own `require`, which in an editor is the only one that knows `vscode`.
(script.runInThisContext() as (...given: readonly unknown[]) => void)(
  exports,
  require,
  module,
  __filename,
  __dirname,
  keepCompiledCode,
);

function source(): string {
  return readFileSync(join(__dirname, programFile), 'utf8');
}

/** Where this user alone writes: what lies there is run. Relative, and then not used, where there is no such place. */
function cacheFolder(): string {
  const { env, platform } = process;
  const home = attempt(homedir) ?? '';
  const ofSystem =
    platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? join(home, 'Library', 'Caches')
        : (env['XDG_CACHE_HOME'] ?? '');
  return join(isAbsolute(ofSystem) ? ofSystem : join(home, '.cache'), 'bilevel');
}

function readCode(): CompiledCode | undefined {
  if (!isAbsolute(cacheFile)) return undefined;
  const file = openSync(cacheFile, 'r');
  try {
    if (process.getuid !== undefined && fstatSync(file).uid !== process.getuid()) return undefined;
    const bytes = readFileSync(file);
    if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return undefined;
    return { code: bytes.subarray(headerBytes), held: bytes.readUInt32LE(4) };
  } finally {
    closeSync(file);
  }
}

/** For the next start; a program that may be ended by force calls this itself. */
function keepCompiledCode(): void {
  if (!isAbsolute(cacheFile)) return;
  attempt(() => {
    const held = getHeapCodeStatistics().bytecode_and_metadata_size;
    if (lastHeld !== undefined && !(ownProcess && held - lastHeld > noticeableGrowth)) return;
    lastHeld = held;
    const code = script.createCachedData();
    const bytes = Buffer.alloc(headerBytes + code.length);
    bytes.writeUInt32LE(held, 4);
    bytes.set(code, headerBytes);
    bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
    writeWhole(bytes);
    removeOld();
  });
}

/** Another process may read, or write the same, at this moment; two that write at once spoil it, which its sum tells. */
function writeWhole(bytes: Buffer): void {
  mkdirSync(dirname(cacheFile), { recursive: true, mode: 0o700 });
  const part = `${cacheFile}.part`;
  writeFileSync(part, bytes, { mode: 0o600 });
  renameSync(part, cacheFile);
}

/** Builds come and go; what was written long ago is most likely of one that is gone, and else written anew. */
function removeOld(): void {
  const folder = dirname(cacheFile);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const age = Date.now() - statSync(file).mtimeMs;
    if (name.startsWith(`${programName}-`) && file !== cacheFile && age > keptMilliseconds) rmSync(file);
  }
}

function attempt<Value>(step: () => Value): Value | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
