/**
 * The page of all messages, grammar/messages.md: each code with its meaning, a file that provokes it, the message as
 * the terminal shows it, and the quick fix where there is one. Made from the corpus of wrong files, so that what the
 * page says is what a test has seen.
 */
import { syntaxCodes } from '../../grammar/problems.ts';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import * as constantKinds from '../../server/src/check/constants/diagnostics.ts';
import * as checkKinds from '../../server/src/check/diagnostics.ts';
import * as compileKinds from '../../server/src/compile/diagnostics.ts';
import { formatDiagnostic } from '../../server/src/terminal/diagnostic-text.ts';
import type { Style } from '../../server/src/terminal/style.ts';
import type { WrongFile } from '../check/corpus.ts';
import { applyFix, diagnoseFile, readCorpus } from '../check/corpus.ts';

interface Code {
  readonly code: string;
  readonly meaning: string;
}

interface Example {
  readonly file: WrongFile;
  readonly diagnostic: Diagnostic;
}

const introduction = `# Messages

Every message of the language: what its code means, a file that provokes it, the message as the terminal shows it,
and the quick fix of the editor where there is one. A message says what is wrong and where, \`why\` the rule is there,
\`help\` what to do, and \`see\` other places that belong to it. This page is generated from the wrong files that the
tests are made of; change those or the messages and run \`npm run reference\`.
`;

const parts: readonly { readonly title: string; readonly codes: readonly Code[] }[] = [
  {
    title: 'Syntax',
    codes: Object.entries(syntaxCodes).map(([code, meaning]) => ({ code, meaning })),
  },
  { title: 'Names, shapes, data and methods', codes: codesOf(checkKinds) },
  { title: 'Convexity, smoothness and fixed points', codes: codesOf(constantKinds) },
  { title: 'What only the data show', codes: codesOf(compileKinds) },
];

function codesOf(table: Readonly<Record<string, unknown>>): readonly Code[] {
  return Object.values(table).flatMap((kind) =>
    typeof kind === 'function' && 'code' in kind && 'summary' in kind
      ? [{ code: String(kind.code), meaning: String(kind.summary) }]
      : [],
  );
}

export function messagesPage(): string {
  const examples = Map.groupBy(
    readCorpus().flatMap((file) => diagnoseFile(file).map((diagnostic): Example => ({ file, diagnostic }))),
    ({ diagnostic }) => diagnostic.code,
  );
  const sections = parts.flatMap(({ title, codes }) => [
    `## ${title}\n`,
    ...codes.flatMap((code) => section(code, examples.get(code.code) ?? [])),
  ]);
  const contents = parts.map(({ title, codes }) => {
    const shown = codes.filter(({ code }) => examples.has(code));
    return `- ${title}: ${shown.map(({ code }) => `[\`${code}\`](#${code})`).join(', ')}`;
  });
  return `${introduction}\n${contents.join('\n')}\n\n${sections.join('\n')}`;
}

function section({ code, meaning }: Code, examples: readonly Example[]): readonly string[] {
  const [first, ...others] = distinct(examples).toSorted((a, b) => rank(a, code) - rank(b, code));
  if (first === undefined) return [];
  const more = others.map((example) => `${messageBlock(example)}${fixesOf(example)}`);
  return [
    `### \`${code}\`\n\n${meaning}\n`,
    `\`\`\`bilevel\n${first.file.text.trimEnd()}\n\`\`\`\n`,
    `${messageBlock(first)}${fixesOf(first)}`,
    ...(more.length === 0 ? [] : ['Further forms:\n', ...more]),
  ];
}

/** The file named after its code comes first, then the one with the fewest mistakes. */
function rank({ file, diagnostic }: Example, code: string): number {
  if (file.name.endsWith(`/${code.replace(/^syntax-/, '')}`)) return -1;
  return diagnostic.fixes === undefined ? 1 : 0;
}

/** One example for each wording: what differs in quoted names and numbers only is the same. */
function distinct(examples: readonly Example[]): readonly Example[] {
  const seen = new Map<string, Example>();
  for (const example of examples) {
    const { message, remedy = '' } = example.diagnostic;
    const key = `${message} ${remedy}`.replaceAll(/`[^`]*`|[−\d.]+/g, '_');
    if (!seen.has(key)) seen.set(key, example);
  }
  return [...seen.values()];
}

const plain: Style = (_, text) => text;

function messageBlock({ file, diagnostic }: Example): string {
  const shown = formatDiagnostic(diagnostic, { name: 'problem.bilevel', text: file.text }, plain);
  return `\`\`\`text\n${shown}\n\`\`\`\n`;
}

function fixesOf({ file, diagnostic }: Example): string {
  const lines = (diagnostic.fixes ?? []).map((fix) => {
    const fixed = applyFix(file.text, fix);
    const from = fixed.lastIndexOf('\n', fix.span.start - 1) + 1;
    const end = fixed.indexOf('\n', Math.max(fix.span.start + fix.replacement.trimStart().length, from));
    const line = fixed.slice(from, end < 0 ? undefined : end).trim();
    return `- Quick fix *${fix.title}*: \`\`${line}\`\`\n`;
  });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}
