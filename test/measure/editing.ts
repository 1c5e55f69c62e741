/**
 * From an edit to its diagnostics, as an editor has it: the bundled server over standard input and output,
 * files of growing size, random single edits spread over the file (half of them break something, the next
 * one mends it), diagnostics asked for after each. Prints how long each took until the answer was read, the
 * same for hovers, the memory of the server, and the exponent of growth between the first and the last size.
 * `--push`: for a client that does not ask for diagnostics. `--typing`: the requests of VS Code after
 * every edit besides (semantic tokens, inlay hints, outline, lenses, links, folding).
 *
 *   node server/build/setup.mjs && node test/measure/editing.ts [--edits N] [--push] [--typing] [LINES…]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { projectRoot, RawClient } from '../server/raw-client.ts';
import { largeFile } from '../support/large-file.ts';
import { RandomProgram } from '../support/random-program.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const { values, positionals } = parseArgs({
  options: {
    edits: { type: 'string', default: '300' },
    push: { type: 'boolean', default: false },
    typing: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const sizes = positionals.length === 0 ? [1000, 2000, 5000, 10_000, 20_000] : positionals.map(Number);
const uri = pathToFileURL(join(projectRoot, 'samples', 'measured.bilevel')).href;
const textDocument = { uri };
const editsPerHover = 4;
const afterEdits = [
  'semanticTokens/full',
  'inlayHint',
  'documentSymbol',
  'codeLens',
  'documentLink',
  'foldingRange',
];

/** What people do to a line; most of these leave the file wrong until they are undone. */
function randomEdit(text: string, random: RandomProgram): Edit {
  const lines = text.split('\n');
  const line = random.integer(lines.length);
  const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
  const written = lines[line] ?? '';
  const at = start + random.integer(written.length + 1);
  const places = [...written.matchAll(/[A-Za-z_0-9]+|[()[\]{}]/g)];
  const word = places.length === 0 ? undefined : random.pick(places);
  const from = word === undefined ? at : start + word.index;
  const to = word === undefined ? at : from + word[0].length;
  switch (random.integer(8)) {
    case 0: // another character
      return { start: at, end: at, text: random.pick(['x', '1', ' ', '.', '#', '(', '"', ',']) };
    case 1: // a word or bracket deleted
      return { start: from, end: to, text: '' };
    case 2: // another name or number
      return { start: from, end: to, text: random.pick(['w_1', '0.25', 'd', 'sumsq', 'nothing']) };
    case 3: // the line deleted
      return { start, end: start + written.length, text: '' };
    case 4: // another statement
      return {
        start,
        end: start,
        text: random.pick(['let extra = 2\n', 'let other = sumsq(w_1)\n', '# note\n']),
      };
    case 5: // typing goes on at the end of the line
      return {
        start: start + written.length,
        end: start + written.length,
        text: random.pick([' + 1', ' *', ' # why']),
      };
    case 6: // the line twice
      return { start, end: start, text: `${written}\n` };
    default: // a number changed
      return { start: from, end: to, text: `${1 + random.integer(9)}` };
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const marks = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share).toFixed(1).padStart(7));
  return `${marks.join('')}${(sorted.at(-1) ?? 0).toFixed(1).padStart(8)}`;
}

/** Resident memory of a process in megabytes. */
function memoryOf(pid = 0): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Processor time that a process has used, in milliseconds; what else the machine does hardly shows in it. */
function processorTimeOf(pid = 0): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function measure(lines: number): Promise<number> {
  const client = new RawClient([join(projectRoot, 'dist', 'server.cjs'), '--stdio']);
  await client.initialize(values.push ? {} : { textDocument: { diagnostic: {} } });
  const random = new RandomProgram(lines);
  const original = largeFile(lines);
  let document = TextDocument.create(uri, 'bilevel', 1, original);
  /** Sends what is given and waits for the diagnostics. */
  const answered = async (send: () => void): Promise<{ milliseconds: number; count: number }> => {
    const begin = performance.now();
    if (values.push) {
      const pushed = client.next<{ diagnostics: unknown[]; version: number }>(
        'textDocument/publishDiagnostics',
        ({ version }) => version === document.version,
      );
      send();
      const { diagnostics } = await pushed;
      return { milliseconds: performance.now() - begin, count: diagnostics.length };
    }
    send();
    const { items } = await client.ask<{ items: unknown[] }>('textDocument/diagnostic', { textDocument });
    return { milliseconds: performance.now() - begin, count: items.length };
  };
  const opening = await answered(() => client.open(uri, original));
  const busy = processorTimeOf(client.server.pid);
  const edits: number[] = [];
  const hovers: number[] = [];
  const rest: number[] = [];
  const whole = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
  let mend: Edit | undefined;
  let wrong = 0;
  let early = 0;
  for (let count = 0; count < Number(values.edits); count++) {
    const text = document.getText();
    const edit = mend ?? randomEdit(text, random);
    mend =
      mend === undefined
        ? { start: edit.start, end: edit.start + edit.text.length, text: text.slice(edit.start, edit.end) }
        : undefined;
    const range = { start: document.positionAt(edit.start), end: document.positionAt(edit.end) };
    const change = { range, text: edit.text };
    document = TextDocument.update(document, [change], document.version + 1);
    const { milliseconds, count: found } = await answered(() =>
      client.notify('textDocument/didChange', {
        textDocument: { uri, version: document.version },
        contentChanges: [change],
      }),
    );
    if (found > 0) wrong++;
    edits.push(milliseconds);
    if (count % editsPerHover === 0) {
      const position = document.positionAt(random.integer(document.getText().length));
      const begin = performance.now();
      await client.ask('textDocument/hover', { textDocument, position });
      hovers.push(performance.now() - begin);
    }
    if (values.typing) {
      const asked = performance.now();
      await Promise.all(
        afterEdits.map((method) => client.ask(`textDocument/${method}`, { textDocument, range: whole })),
      );
      rest.push(performance.now() - asked);
    }
    if (count === Math.floor(Number(values.edits) / 10)) early = memoryOf(client.server.pid);
    client.received.length = 0;
  }
  const each = (processorTimeOf(client.server.pid) - busy) / edits.length;
  const memory = memoryOf(client.server.pid);
  client.notify('textDocument/didClose', { textDocument });
  await client.stop();
  const columns = [
    String(original.split('\n').length).padStart(6),
    opening.milliseconds.toFixed(0).padStart(7),
    summary(edits),
    summary(hovers),
    ...(values.typing ? [summary(rest)] : []),
    each.toFixed(1).padStart(9),
    `${early.toFixed(0)}, ${memory.toFixed(0)} MB`.padStart(12),
    `${wrong}`.padStart(6),
  ];
  console.log(columns.join(' |'));
  return quantile(
    edits.toSorted((a, b) => a - b),
    0.5,
  );
}

const heads = ['    p50    p95    p99     max (edit)', '(hover)', ...(values.typing ? ['(the rest)'] : [])];
console.log(
  ` lines |  open |${heads.map((head) => head.padEnd(29)).join(' |')} | processor | memory (at a tenth, end) | wrong   in milliseconds`,
);
const medians: number[] = [];
for (const size of sizes) medians.push(await measure(size));
const ends = (list: readonly number[]): readonly [number, number] => [list[0] ?? 1, list.at(-1) ?? 1];
const [[fewest, most], [first, last]] = [ends(sizes), ends(medians)];
if (most > fewest) {
  const exponent = Math.log(last / first) / Math.log(most / fewest);
  console.log(`exponent of growth from ${fewest} to ${most} lines: ${exponent.toFixed(2)}`);
}
