/**
 * The rules of the house as functions from files and a table of rooms to violations, so that the test can turn
 * them on made-up files too. A violation is a sentence that says what to change.
 */
import { importsOf, openingComment, type SourceFiles } from './source-files.ts';

export interface Room {
  /** What stands in it, in a few words. */
  readonly holds: string;
  /** Rooms that it may import, by path; a file of a room ("server/src/data/headers.ts") opens that file alone. */
  readonly mayImport: readonly string[];
  /** npm packages that it may import. */
  readonly packages?: readonly string[];
  /** True where files, processes, sockets, threads and terminals may be touched. */
  readonly inputOutput?: true;
  /** Folder of its tests. */
  readonly tests: string;
}

/** Rooms by path from the project's root: a folder, or a single file that has other rights than its folder. */
export type Rooms = Readonly<Record<string, Room>>;

/** Node's modules that reach outside the process, or start something that does. */
const outsideWorld = new Set([
  ...[
    'fs',
    'fs/promises',
    'child_process',
    'cluster',
    'worker_threads',
    'readline',
    'readline/promises',
    'tty',
  ],
  ...['net', 'tls', 'dgram', 'dns', 'dns/promises', 'http', 'http2', 'https', 'zlib', 'repl', 'inspector'],
  ...['stream', 'stream/promises', 'process', 'os', 'vm', 'sqlite', 'wasi'],
]);

const longestFile = 500;
/** Shorter than this an opening comment says nothing that the file's name does not say. */
const shortestComment = 12;

export function importViolations(files: SourceFiles, rooms: Rooms): string[] {
  const found: string[] = [];
  for (const [path, text] of files) {
    const room = roomOf(path, rooms);
    if (room === undefined) continue;
    for (const { target, own } of importsOf(path, text)) {
      const allowed = own ? ownImportAllowed(room, target, rooms) : packageImportAllowed(target, rooms[room]);
      if (!allowed) found.push(`${path} imports ${target}, which ${room} may not`);
    }
  }
  return found;
}

export function unregisteredFiles(files: SourceFiles, rooms: Rooms): string[] {
  return [...files.keys()]
    .filter((path) => roomOf(path, rooms) === undefined)
    .map((path) => `${path} lies in no registered room`);
}

export function emptyRooms(files: SourceFiles, rooms: Rooms): string[] {
  return Object.keys(rooms)
    .filter((room) => ![...files.keys()].some((path) => isWithin(path, room)))
    .map((room) => `${room} is registered and holds no file`);
}

export function undocumentedFiles(files: SourceFiles): string[] {
  return [...files]
    .filter(([, text]) => openingComment(text).length < shortestComment)
    .map(([path]) => `${path} does not open with a comment that says what it is for`);
}

export function longFiles(files: SourceFiles): string[] {
  return [...files]
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > longestFile)
    .map(({ path, lines }) => `${path} has ${lines} lines and wants splitting (${longestFile} at most)`);
}

/** `tests` holds the files under test/. Rooms without any file of their own yet have nothing to test. */
export function untestedRooms(files: SourceFiles, tests: SourceFiles, rooms: Rooms): string[] {
  return Object.entries(rooms)
    .filter(([path]) => [...files.keys()].some((file) => roomOf(file, rooms) === path))
    .filter(
      ([, room]) =>
        ![...tests.keys()].some((file) => isWithin(file, room.tests) && file.endsWith('.test.ts')),
    )
    .map(([path, room]) => `${path} has no test under ${room.tests}`);
}

/** One direction: following `mayImport` from any room never comes back to it. */
export function circles(rooms: Rooms): string[] {
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    for (const next of rooms[path]?.mayImport ?? []) visit(next, [...trail, path]);
  };
  for (const path of Object.keys(rooms)) visit(path, []);
  return found;
}

/** The registered path that fits `path` most closely. */
function roomOf(path: string, rooms: Rooms): string | undefined {
  return Object.keys(rooms)
    .filter((room) => isWithin(path, room))
    .sort((one, other) => other.length - one.length)[0];
}

function isWithin(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function ownImportAllowed(room: string, target: string, rooms: Rooms): boolean {
  const home = roomOf(target, rooms);
  if (home === undefined) return false;
  // Within a room anybody may know anybody, whatever rights single files of it have.
  if (isWithin(home, room) || isWithin(room, home)) return true;
  return (rooms[room]?.mayImport ?? []).some((open) => isWithin(home, open));
}

function packageImportAllowed(target: string, room: Room | undefined): boolean {
  if (room === undefined) return false;
  if (target.startsWith('node:')) return room.inputOutput === true || !outsideWorld.has(target.slice(5));
  return (room.packages ?? []).some((name) => isWithin(target, name));
}
