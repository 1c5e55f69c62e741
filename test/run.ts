/**
 * Runs the tests: first all that need no editor, file by file on every core, then those in the real VS Code, one
 * at a time because each fills the machine. Both parts report as one run of node:test, with one summary at the end.
 *
 *   node test/run.ts [--unit | --vscode] [WORD…]      only files whose path contains one of the words
 *   node test/run.ts --long [WORD…]                   only files that import support/long.ts, with full counts
 *
 * A test that draws many cases asks `caseCount(slice, full)` of support/long.ts how many: the slice runs among
 * the unit tests, the full count with --long. Nothing else has to be registered.
 */
import { globSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { run } from 'node:test';
import { spec, type TestEvent } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { longVariable } from './support/long.ts';
import { screenshotFolder } from './vscode/host/paths.ts';

interface Part {
  readonly files: readonly string[];
  readonly concurrency: number;
}

/** The lines that end a run, in their order: "tests 12", "suites 3" and so on, to be summed over the parts. */
const totalLine = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

async function* eventsOf(parts: readonly Part[]): AsyncGenerator<TestEvent, void> {
  const totals = new Map<string, number>();
  for (const { files, concurrency } of parts) {
    for await (const event of run({ files, concurrency }) as AsyncIterable<TestEvent>) {
      const [, name, count] =
        event.type === 'test:diagnostic' ? (totalLine.exec(event.data.message) ?? []) : [];
      if (name === undefined) yield event;
      else totals.set(name, (totals.get(name) ?? 0) + Number(count));
      if (event.type === 'test:summary' && !event.data.success) process.exitCode = 1;
    }
  }
  for (const [name, count] of totals) {
    yield { type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${count}`, level: 'info' } };
  }
}

const { values, positionals: words } = parseArgs({
  options: { unit: { type: 'boolean' }, vscode: { type: 'boolean' }, long: { type: 'boolean' } },
  allowPositionals: true,
});
const needsEditor = (file: string): boolean => file.startsWith(`vscode${sep}`);
const absolute = (file: string): string => join(import.meta.dirname, file);
const hasFullCount = (file: string): boolean =>
  readFileSync(absolute(file), 'utf8').includes('/support/long.ts');
const wanted = globSync('**/*.test.ts', { cwd: import.meta.dirname })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .filter((file) => !(needsEditor(file) ? values.unit : values.vscode))
  .filter((file) => values.long !== true || hasFullCount(file))
  .sort();

if (wanted.length === 0) {
  console.error(`No test file fits ${words.join(', ')}.`);
  process.exit(1);
}
const inEditor = wanted.filter(needsEditor);
const elsewhere = wanted.filter((file) => !needsEditor(file));
// Old pictures would pass for new ones; a run of chosen files leaves the others' pictures alone.
if (inEditor.length > 0 && words.length === 0) rmSync(screenshotFolder, { recursive: true, force: true });

// Inherited by the processes of the test files.
if (values.long === true) process.env[longVariable] = '1';
const events = eventsOf(
  [
    { files: elsewhere.map(absolute), concurrency: availableParallelism() },
    { files: inEditor.map(absolute), concurrency: 1 },
  ].filter(({ files }) => files.length > 0),
);
const reporter = new spec();
reporter.pipe(process.stdout);
for await (const event of events) reporter.write(event);
reporter.end();
