/** Writes the generated pages of the reference: `npm run reference`. A test fails when one is not current. */
import { writeFileSync } from 'node:fs';
import { pages } from './pages.ts';

for (const { path, text } of pages()) writeFileSync(path, text);
