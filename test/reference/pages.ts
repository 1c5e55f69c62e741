/** The generated pages of the reference, each with its place and what it should hold. */
import { join } from 'node:path';
import { functionsPage } from './functions-page.ts';
import { messagesPage } from './messages-page.ts';
import { methodsPage } from './methods-page.ts';

export interface Page {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const grammarFolder = join(import.meta.dirname, '..', '..', 'grammar');

export function pages(): readonly Page[] {
  const page = (name: string, text: string): Page => ({ name, path: join(grammarFolder, name), text });
  return [
    page('functions.md', functionsPage()),
    page('methods.md', methodsPage()),
    page('messages.md', messagesPage()),
  ];
}
