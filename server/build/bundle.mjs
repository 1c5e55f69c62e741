/**
 * Turns the four programs (extension, language server, command line, solver process) into one CommonJS file
 * each under dist/, and writes the licences of everything that went into them beside it. Not minified: stack
 * traces stay readable, and start-up is not what size decides here.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { bundleFolder, projectRoot } from './fingerprint.mjs';

/** The oldest Node that the bundles run on: the one in the oldest VS Code of package.json's `engines`. */
const oldestNode = 22;

/** @type {ReadonlyArray<{ entry: string, output: string, banner?: string }>} */
export const programs = [
  { entry: 'client/src/extension.ts', output: 'extension.cjs' },
  { entry: 'server/src/main.ts', output: 'server.cjs' },
  { entry: 'server/src/cli.ts', output: 'cli.cjs', banner: `#!/usr/bin/env node\n${nodeCheck()}` },
  { entry: 'server/src/runner/main.ts', output: 'solver.cjs' },
];

/** An older Node gets a sentence instead of a stack trace. Exit code 2: wrong usage. */
export function nodeCheck() {
  const message = `bilevel needs Node.js ${oldestNode} or newer; this one is `;
  const advice = 'In a checkout, `npm start` and `npm exec bilevel` bring their own.';
  return [
    `if (Number(process.versions.node.split(".")[0]) < ${oldestNode}) {`,
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
  // npm made the command a link to this file; it must stay executable when it is written anew.
  const commandLine = join(bundleFolder, 'cli.cjs');
  if (existsSync(commandLine)) chmodSync(commandLine, 0o755);
  const inputs = new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  writeFileSync(join(bundleFolder, 'licenses.txt'), licensesOf(inputs));
  return {
    built: present.map(({ output }) => `dist/${output}`),
    missing: programs.filter((program) => !present.includes(program)).map(({ entry }) => entry),
  };
}

/** @param {typeof programs[number]} program */
function bundleProgram({ entry, output, banner = '' }) {
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
    banner: {
      js: `${banner}\nconst bundleUrl = require("node:url").pathToFileURL(__filename).href;`.trimStart(),
    },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
}

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
