// Choosing columns: every form of choice, and the near names of a wrong one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveColumns } from '../../server/src/data/columns.ts';
import type { ColumnChoice } from '../../server/src/data/columns.ts';
import { errorOf, valueOf } from './temporary-files.ts';

const names = ['age', 'bmi', 'target', 'bmi'];

function choose(choice: ColumnChoice) {
  return resolveColumns('a.csv', choice, { count: 4, names, place: { line: 1 } });
}

test('every form of choice', () => {
  const cases: [ColumnChoice, number[], boolean][] = [
    ['target', [2], true],
    [4, [3], true],
    [['target', 1], [2, 0], false],
    [['age'], [0], false],
    [{ from: 2, to: 4 }, [1, 2, 3], false],
    [{ from: 'age', to: 'target' }, [0, 1, 2], false],
    [{ from: 'age', to: 1 }, [0], false],
    [{ except: 'target' }, [0, 1, 3], false],
    [{ except: [2, 4] }, [0, 2], false],
  ];
  for (const [choice, indices, single] of cases) {
    assert.deepEqual(valueOf(choose(choice)), { indices: Uint32Array.from(indices), single });
  }
});

test('columns that a file does not have are named with the near ones', () => {
  assert.equal(errorOf(choose('tarjet'), /no column "tarjet"/).remedy, 'Did you mean "target"?');
  assert.equal(errorOf(choose('tarjet'), /no column/).line, 1);
  assert.match(errorOf(choose('weight'), /no column "weight"/).remedy, /The columns are "age", "bmi"/);
  errorOf(choose('bmi'), /stands for two columns, number 2 and number 4/);
  errorOf(choose(5), /no column number 5: the file has 4 columns/);
  errorOf(choose(0), /no column number 0/);
  errorOf(choose(1.5), /no column number 1.5/);
  errorOf(choose(['age', 1]), /named twice/);
  errorOf(choose([]), /no column is left/);
  errorOf(choose({ from: 3, to: 'age' }), /3 \(number 3\) comes after "age" \(number 1\)/);
  errorOf(choose({ except: [1, 2, 3, 4] }), /no column is left/);
});
