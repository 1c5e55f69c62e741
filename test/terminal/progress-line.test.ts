/** The progress line on a terminal of known width, and plain lines where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { createProgressLine } from '../../server/src/terminal/progress-line.ts';
import { displayWidth, fitWidth, plainStyle, styleFor } from '../../server/src/terminal/style.ts';

function streamOf(properties: object): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = {
    write: (text: string) => written.push(text),
    ...properties,
  } as unknown as NodeJS.WriteStream;
  return { stream, written };
}

test('a terminal line is redrawn at most ten times a second, ends with the newest, and never wraps', async () => {
  const { stream, written } = streamOf({ isTTY: true, columns: 40 });
  let time = 0;
  const line = createProgressLine(stream, plainStyle, () => time);
  for (let step = 0; step < 100; step++, time += 1) {
    line.update({ phase: 'upper', text: `step ${step}: F = 0.123456789, ‖h‖ = 2.1e-3 ± 4.0e-5` });
  }
  assert.equal(written.length, 1);
  await delay(150);
  assert.equal(written.length, 2);
  assert.match(written[1] ?? '', /step 99/);
  for (const text of written) {
    assert.ok(text.startsWith('\r\u001B[2K'));
    assert.ok(displayWidth(stripVTControlCharacters(text).replace('\r', '')) < 40);
  }
  line.clear();
  assert.equal(written.at(-1), '\r\u001B[2K');
  line.clear();
  assert.equal(written.length, 3);
});

test('a terminal that does not know its width is taken for eighty columns', () => {
  const { stream, written } = streamOf({ isTTY: true, columns: 0 });
  createProgressLine(stream, plainStyle, () => 0).update({ phase: 'upper', text: 'x'.repeat(200) });
  const width = displayWidth(stripVTControlCharacters(written[0] ?? '').replace('\r', ''));
  assert.ok(width > 70 && width < 80, `${width}`);
});

test('without a terminal plain lines come at most once a second', () => {
  const { stream, written } = streamOf({ isTTY: false });
  let time = 0;
  const line = createProgressLine(stream, plainStyle, () => time);
  for (; time <= 2500; time += 100) line.update({ phase: 'lower', text: `at ${time}` });
  line.clear();
  assert.deepEqual(written, ['at 0\n', 'at 1000\n', 'at 2000\n']);
});

test('colour is for terminals that have it', () => {
  const colour = (properties: object): boolean => styleFor(streamOf(properties).stream)('red', 'x') !== 'x';
  assert.ok(colour({ isTTY: true, hasColors: () => true }));
  assert.ok(!colour({ isTTY: true, hasColors: () => false }));
  assert.ok(!colour({ isTTY: false, hasColors: () => true }));
});

test('texts are cut to a width that counts what is seen', () => {
  assert.equal(fitWidth('abc', 3), 'abc');
  assert.equal(fitWidth('abcd', 3), 'ab…');
  assert.equal(fitWidth('重み付け', 5), '重み…');
  assert.equal(fitWidth('abc', 0), '');
  assert.equal(displayWidth('‖x‖ ≤ λ'), 7);
  assert.equal(displayWidth('é'), 1);
});
