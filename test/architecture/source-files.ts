/**
 * Reads source files as the architecture test sees them: by text, without a compiler. Good enough because the
 * formatter has brought every import into one shape, and type imports count like any other: a room that names
 * another's type knows of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** Paths relative to the project, with `/`, to their texts. */
export type SourceFiles = ReadonlyMap<string, string>;

export interface Import {
  /** A path relative to the project for our own files; otherwise the name as written ("node:fs", "chevrotain"). */
  readonly target: string;
  readonly own: boolean;
}

const sourceEnding = /\.(ts|mts|mjs)$/;

export function readSourceFiles(projectRoot: string, folders: readonly string[]): SourceFiles {
  const files = new Map<string, string>();
  for (const folder of folders.filter((name) => existsSync(join(projectRoot, name)))) {
    for (const entry of readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !sourceEnding.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(projectRoot, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    }
  }
  return files;
}

/** Every way to name another module: import and export … from, a bare import, import(…) and require(…). */
const importForms = [
  /(?:^|[\n;}])\s*(?:import|export)\s+(?:type\s+)?[\w$*{}\s,]*?\bfrom\s*['"]([^'"\n]+)['"]/g,
  /(?:^|[\n;}])\s*import\s*['"]([^'"\n]+)['"]/g,
  /\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g,
];

export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const names = importForms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''));
  return [...new Set(names)].map((name) => {
    if (!name.startsWith('.')) return { target: name, own: false };
    return { target: posix.normalize(posix.join(dirname(path), name)), own: true };
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[\s;{}(,])\/\/.*$/gm, '$1');
}

/** The comment that a file opens with, without its marks; empty when it opens with something else. */
export function openingComment(text: string): string {
  const start = text.replace(/^#!.*\n/, '').trimStart();
  const block = /^\/\*\*?([\s\S]*?)\*\//.exec(start)?.[1];
  const lines = /^(?:\/\/.*\n)+/.exec(start)?.[0];
  return (block ?? lines ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*|\/\/+)?\s?/, '').trim())
    .join(' ')
    .trim();
}
