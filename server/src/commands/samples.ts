/**
 * `bilevel samples`: lists the problems that come along, and copies one with its data into a folder of the
 * user's, so that it can be changed. Data that lies outside the samples is copied as well, and the copy's
 * paths are changed to it; nothing that exists is overwritten.
 */
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import process from 'node:process';
import type { Span } from '../base/span.ts';
import { ExitCode, readArguments, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { samplesFolder } from './installation.ts';
import { writeWhole } from './output-folder.ts';

export const samples: Command = {
  help: `Usage: bilevel samples [list]
       bilevel samples copy NAME DIR

Lists the samples, or copies one with its data into the folder DIR.
`,
  async run(args) {
    const { positionals } = readArguments(args, {});
    const [action = 'list', name, folder, ...more] = positionals;
    if (action === 'list' && name === undefined) {
      process.stdout.write(listSamples());
      return ExitCode.done;
    }
    if (action !== 'copy' || name === undefined || folder === undefined || more.length > 0) {
      throw new UsageError('say `list`, or `copy NAME DIR`');
    }
    const copied = await copySample(name, folder);
    process.stdout.write(`${copied.join('\n')}\n`);
    return ExitCode.done;
  },
};

function sampleNames(): string[] {
  return readdirSync(samplesFolder)
    .filter((file) => file.endsWith('.bilevel'))
    .map((file) => basename(file, '.bilevel'))
    .sort();
}

/** Name and title of each sample. */
function listSamples(): string {
  const names = sampleNames();
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => {
      const title = /^\s*problem\s+"([^"]*)"/m.exec(
        readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8'),
      )?.[1];
      return `${name.padEnd(width)}  ${title ?? ''}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Copies a sample and its data; returns the files written. */
async function copySample(name: string, folder: string): Promise<string[]> {
  const names = sampleNames();
  if (!names.includes(name)) {
    throw new UsageError(`there is no sample \`${name}\`; the samples are ${names.join(', ')}`);
  }
  const text = readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8');
  const target = join(folder, `${name}.bilevel`);
  const copies = (await dataFiles(text)).map(({ path, span }) => {
    const inside = relative(samplesFolder, join(samplesFolder, path));
    const kept = !inside.startsWith('..') && !isAbsolute(inside);
    return { span, from: join(samplesFolder, path), path: kept ? path : `data/${basename(path)}` };
  });
  const missing = copies.find(({ from }) => !existsSync(from));
  if (missing !== undefined) {
    throw new UsageError(
      `the data of ${name} does not come along: ${missing.from} is missing. In a checkout, \`npm ci\` installs it`,
    );
  }
  if (existsSync(target)) throw new UsageError(`${target} exists already; name another folder`);
  const written: string[] = [];
  for (const { from, path } of copies) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    if (existsSync(to)) continue;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    written.push(to);
  }
  mkdirSync(folder, { recursive: true });
  writeWhole(target, replaceSpans(text, copies));
  return [...written, target];
}

/** The files that the data blocks name, with the place of each name. */
async function dataFiles(text: string): Promise<{ path: string; span: Span }[]> {
  const { parse } = await import('../syntax/parse.ts');
  const found: { path: string; span: Span }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const call = node as {
      kind?: string;
      arguments?: { name?: unknown; value: { kind: string; value?: string; span: Span } }[];
    };
    const first = call.kind === 'call' ? call.arguments?.[0] : undefined;
    if (first !== undefined && first.name === undefined && first.value.kind === 'string') {
      found.push({ path: first.value.value ?? '', span: first.value.span });
    }
    for (const child of Object.values(node)) visit(child);
  };
  for (const item of parse(text).tree.items) if (item.kind === 'data') visit(item.declarations);
  return found;
}

function replaceSpans(text: string, copies: readonly { span: Span; path: string }[]): string {
  let result = '';
  let end = 0;
  for (const { span, path } of [...copies].sort((a, b) => a.span.start - b.span.start)) {
    result += `${text.slice(end, span.start)}${JSON.stringify(path)}`;
    end = span.end;
  }
  return result + text.slice(end);
}
