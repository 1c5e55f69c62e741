/**
 * An edited text read from the text before is read as if it were new: tree, errors, tokens and beginnings of
 * statements, after long chains of edits of every kind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, ParseMemory } from '../../server/src/syntax/parse.ts';
import { readCorpus } from '../check/corpus.ts';
import { sampleNames, sampleText } from '../check/support.ts';
import { caseCount } from '../support/long.ts';
import { largeFile } from '../support/large-file.ts';
import { RandomEdits } from '../support/random-edits.ts';
import { firstDifference } from '../support/same.ts';

const texts = {
  'a file of many statements': [largeFile(150)],
  samples: sampleNames.map(sampleText),
  'wrong files': readCorpus().map(({ marked }) => marked),
  'all samples in one': [sampleNames.map(sampleText).join('\n')],
};

function everything(text: string, memory?: ParseMemory) {
  const { tree, diagnostics, tokens, starts } = parse(text, memory);
  return { tree, diagnostics, tokens, starts };
}

for (const [name, begins] of Object.entries(texts)) {
  test(`edited, ${name}`, () => {
    for (let seed = 0; seed < caseCount(1, 60); seed++) {
      const edits = new RandomEdits(3000 + seed, begins);
      const memory = new ParseMemory();
      parse(edits.text, memory);
      for (let edit = 0; edit < 250; edit++) {
        const before = edits.text;
        const text = edits.next();
        const difference = firstDifference(everything(text, memory), everything(text));
        const where = `${JSON.stringify(before)}\n=== to\n${JSON.stringify(text)}`;
        assert.equal(difference, undefined, `${difference ?? ''} after\n${where}`);
      }
    }
  });
}
