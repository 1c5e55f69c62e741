/**
 * A second, tiny extension beside the one under test, through which a test asks the extension host what the screen
 * cannot tell exactly: positions of diagnostics, semantic tokens, the exported API. It answers over a local port;
 * functions travel as text, so that a test writes them in place, as with Playwright's `page.evaluate`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as VSCode from 'vscode';
import type { BilevelApi } from '../../../client/src/extension.ts';
import { until } from './until.ts';

/** What a travelling function gets first; it can use nothing else from outside but its own arguments. */
export interface ProbeContext {
  readonly vscode: typeof VSCode;
  /** The API that the extension under test exports, once it is active. */
  readonly api: () => Promise<BilevelApi>;
  /** What one question keeps for a later one, in the extension host. */
  readonly memory: Map<string, unknown>;
}

type Json = string | number | boolean | null | undefined | object;

export interface Probe {
  ask<Args extends readonly Json[], Answer>(
    question: (context: ProbeContext, ...args: Args) => Answer | PromiseLike<Answer>,
    ...args: Args
  ): Promise<Answer>;
}

const portFile = 'probe-port';

const program = `
const { createServer } = require('node:http');
const { writeFileSync, renameSync } = require('node:fs');
const vscode = require('vscode');
const api = () => vscode.extensions.getExtension('bilevel.bilevel').activate();
const memory = new Map();
exports.activate = (context) => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', async () => {
      let answer;
      try {
        const { question, args } = JSON.parse(body);
        answer = { value: await new Function('return ' + question)()({ vscode, api, memory }, ...args) };
      } catch (error) {
        answer = { error: String(error && error.stack || error) };
      }
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(PORT_FILE + '.part', String(server.address().port));
    renameSync(PORT_FILE + '.part', PORT_FILE);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};`;

/** Puts the probe among the extensions of a user data folder that no workbench uses yet. */
export function installProbe(userDataFolder: string): void {
  const place = JSON.stringify(join(userDataFolder, portFile));
  install(
    userDataFolder,
    'probe',
    program.replaceAll('PORT_FILE', () => place),
    ['onStartupFinished'],
  );
}

/** An extension that does nothing once it is activated: what that takes is VS Code's own. */
export function installIdleExtension(userDataFolder: string): void {
  install(userDataFolder, 'idle', 'exports.activate = () => undefined;', []);
}

function install(
  userDataFolder: string,
  name: string,
  main: string,
  activationEvents: readonly string[],
): void {
  const folder = join(userDataFolder, 'extensions', `test.${name}-0.0.1`);
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name,
    publisher: 'test',
    version: '0.0.1',
    engines: { vscode: '^1.101.0' },
    main: './main.js',
    activationEvents,
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'main.js'), main);
}

export async function connectProbe(userDataFolder: string): Promise<Probe> {
  const file = join(userDataFolder, portFile);
  const port = await until('the probe to start', () => readIfThere(file));
  return {
    async ask(question, ...args) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: JSON.stringify({ question: question.toString(), args }),
      });
      const answer = (await response.json()) as { value?: unknown; error?: string };
      if (answer.error !== undefined) throw new Error(`In the extension host: ${answer.error}`);
      return answer.value as never;
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
