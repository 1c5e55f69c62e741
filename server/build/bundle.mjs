/**
 * Turns the programs (extension, its language client, language server, command line, solver process and its thread)
 * into one CommonJS file each under dist/, and writes the licences of everything that went into them beside it. The
 * large ones get a second, small file that starts them with the compiled code of an earlier start. Not minified:
 * stack traces stay readable.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { bundleFolder, fingerprint, projectRoot } from './fingerprint.mjs';

/**
 * The oldest Node that the bundles run on: the first with zlib.crc32. The oldest VS Code of package.json's `engines`
 * has a newer one.
 */
const oldestNode = '22.2';

/**
 * `start`: the file by which the program is started or loaded (start.ts); `banner`: what that begins with. One program
 * loads another by importing its entry when it needs it (`await import(…)`).
 * @type {ReadonlyArray<{ entry: string, output: string, start?: string, banner?: string }>}
 */
export const programs = [
  { entry: 'client/src/extension.ts', output: 'extension.cjs' },
  {
    entry: 'client/src/language-client.ts',
    output: 'language-client-program.cjs',
    start: 'language-client.cjs',
  },
  { entry: 'server/src/main.ts', output: 'server-program.cjs', start: 'server.cjs' },
  {
    entry: 'server/src/cli.ts',
    output: 'cli-program.cjs',
    start: 'cli.cjs',
    banner: `#!/usr/bin/env node\n${nodeCheck()}`,
  },
  { entry: 'server/src/runner/main.ts', output: 'solver.cjs' },
  {
    entry: 'server/src/runner/solver-thread.ts',
    output: 'solver-thread-program.cjs',
    start: 'solver-thread.cjs',
  },
];

/** Every file of the bundles that runs. */
export const programFiles = programs.flatMap(({ output, start }) => (start ? [output, start] : [output]));

/** An older Node gets a sentence instead of a stack trace. Exit code 2: wrong usage. */
export function nodeCheck() {
  const message = `bilevel needs Node.js ${oldestNode} or newer; this one is `;
  const advice = 'In a checkout, `npm start` and `npm exec bilevel` bring their own.';
  const [major, minor] = oldestNode.split('.').map(Number);
  return [
    `const [major, minor] = process.versions.node.split(".").map(Number);`,
    `if (major < ${String(major)} || (major === ${String(major)} && minor < ${String(minor)})) {`,
    `  console.error(${JSON.stringify(message)} + process.versions.node + ${JSON.stringify(`. ${advice}`)});`,
    `  process.exit(2);`,
    `}`,
  ].join('\n');
}

/** @returns {Promise<{ built: string[], missing: string[] }>} outputs written, and entries that do not exist */
export async function bundle() {
  rmSync(bundleFolder, { recursive: true, force: true });
  mkdirSync(bundleFolder, { recursive: true });
  const present = programs.filter(({ entry }) => existsSync(join(projectRoot, entry)));
  const results = await Promise.all(present.map((program) => bundleProgram(program)));
  await Promise.all(present.map((program) => writeStart(program)));
  const inputs = new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  writeFileSync(join(bundleFolder, 'licenses.txt'), licensesOf(inputs));
  return {
    built: present.map(({ output, start }) => `dist/${start ?? output}`),
    missing: programs.filter((program) => !present.includes(program)).map(({ entry }) => entry),
  };
}

/**
 * Writes the file by which a program is started, where it has one.
 * @param {{ readonly output: string, readonly start?: string, readonly banner?: string }} program
 * @param {string} [folder] where the program lies
 */
export async function writeStart({ output, start, banner = '' }, folder = bundleFolder) {
  if (start === undefined) return;
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['server/src/start.ts'],
    outfile: join(folder, start),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${oldestNode}`,
    define: {
      programFile: JSON.stringify(output),
      programFingerprint: JSON.stringify(fingerprint([output], folder).slice(0, 16)),
    },
    banner: { js: banner },
    logLevel: 'warning',
  });
  // npm made the command a link to such a file; it must stay executable when it is written anew.
  if (banner.startsWith('#!')) chmodSync(join(folder, start), 0o755);
}

/** @param {typeof programs[number]} program */
function bundleProgram({ entry, output }) {
  return build({
    absWorkingDir: projectRoot,
    entryPoints: [entry],
    outfile: join(bundleFolder, output),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${oldestNode}`,
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['vscode'],
    // The sources are modules and ask where they are; in a bundle that is the bundle's own folder.
    define: {
      'import.meta.url': 'bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [otherPrograms],
    // What is loaded later is loaded as everything else is: an editor puts `vscode` into \`require\` alone.
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
}

/**
 * A program that another one loads stays a file of its own.
 * @type {import('esbuild').Plugin}
 */
const otherPrograms = {
  name: 'other-programs',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const program = programs.find(({ entry }) => join(projectRoot, entry) === join(resolveDir, path));
      return program && { path: `./${program.start ?? program.output}`, external: true };
    });
  },
};

/**
 * @param {ReadonlySet<string>} inputs bundled files, relative to the project
 * @returns {string} name, version and licence text of each package among them
 */
function licensesOf(inputs) {
  /** @type {Set<string>} */
  const packages = new Set();
  for (const input of inputs) {
    const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    if (found) packages.add(found[0]);
  }
  return [...packages].sort().map(licenseOf).join('\n\n');
}

/** @param {string} folder */
function licenseOf(folder) {
  const path = join(projectRoot, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((candidate) => /^licen[cs]e/i.test(basename(candidate)));
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n${'-'.repeat(60)}\n${text}\n`;
}
