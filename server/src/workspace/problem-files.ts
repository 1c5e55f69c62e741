/**
 * The `.bilevel` files below the folders of the workspace, for symbols of files that are not open. Read with limits,
 * so that a large tree of folders costs little: what lies beyond them is not found.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const deepest = 6;
const mostFolders = 2000;
const mostFiles = 300;
const largestBytes = 500_000;

/** Folders that hold what others made. */
const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'out', 'venv']);

export interface ProblemFile {
  readonly path: string;
  readonly text: string;
}

export function problemFiles(folders: readonly string[]): readonly ProblemFile[] {
  const files: ProblemFile[] = [];
  let visited = 0;
  const visit = (folder: string, depth: number): void => {
    if (depth > deepest || ++visited > mostFolders) return;
    for (const entry of entriesOf(folder)) {
      if (files.length >= mostFiles) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !skipped.has(entry.name)) visit(path, depth + 1);
      } else if (entry.isFile() && entry.name.endsWith('.bilevel')) {
        const text = textOf(path);
        if (text !== undefined) files.push({ path, text });
      }
    }
  };
  for (const folder of folders) visit(folder, 0);
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return statSync(path).size > largestBytes ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
