/** A size may be written by its name or by its number, wherever it stands: that changes no constant and breaks nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInfinite } from '../../server/src/atoms/formula.ts';
import { check } from '../../server/src/check/check.ts';
import type { DerivedConstant } from '../../server/src/check/problem.ts';
import { fileEnvironment } from '../../server/src/runner/source-headers.ts';
import { parse } from '../../server/src/syntax/parse.ts';

const folder = join(import.meta.dirname, '..', '..', 'samples');
const names = readdirSync(folder).filter((file) => file.endsWith('.bilevel'));

const checked = (text: string): ReturnType<typeof check> => check(parse(text).tree, fileEnvironment(folder));

test('a size of the samples written as its number gives the same constants', () => {
  let compared = 0;
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8');
    const { partial } = checked(text);
    for (const { name: size, value } of partial.dimensions.values()) {
      if (value === undefined) continue;
      for (const { index } of text.matchAll(new RegExp(`(?<=[[,] ?)${size}(?=[,\\]])`, 'g'))) {
        const changed = checked(text.slice(0, index) + String(value) + text.slice(index + size.length));
        // Some sizes are known only from the place that has the number now, and reports may bring other sizes.
        if (changed.problem === undefined || partial.constants === undefined) continue;
        for (const [which, constant] of Object.entries(partial.constants)) {
          const other: DerivedConstant = changed.problem.constants[which as keyof typeof partial.constants];
          const where = `${which} of ${name}, ${size} at ${index}`;
          assert.equal(other.kind, constant.kind, where);
          assert.equal(isInfinite(other.formula), isInfinite(constant.formula), where);
          compared++;
        }
      }
    }
  }
  assert.ok(compared > 700, `${compared} constants compared`);
});
