/**
 * Writes `bilevel.tmLanguage.json` from the token table: `node grammar/generate.ts`. A test fails
 * when the file is not what this writes.
 */
import { writeFileSync } from 'node:fs';
import { textMateGrammar } from './highlighting.ts';

writeFileSync(new URL('bilevel.tmLanguage.json', import.meta.url), textMateGrammar());
