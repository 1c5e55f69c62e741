/**
 * The house as a table: who may import whom, who may touch the outside world, where each room's tests are. The
 * table is the truth; this test holds the source files to it, fails on what is not registered, not documented or
 * not tested, and proves on made-up files that it would notice.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  circles,
  emptyRooms,
  importViolations,
  longFiles,
  undocumentedFiles,
  unregisteredFiles,
  untestedRooms,
  type Rooms,
} from './architecture/rules.ts';
import { importsOf, openingComment, readSourceFiles } from './architecture/source-files.ts';

const rooms = inServer({
  '/base': { holds: 'leaf types: spans, results, cancellation', mayImport: [] },
  '/protocol': { holds: 'messages between the processes', mayImport: ['/base'] },

  // From text to meaning.
  grammar: { holds: 'tokens and parser', mayImport: [], packages: ['chevrotain'] },
  'grammar/generate.ts': {
    holds: 'the script that writes the generated grammar',
    mayImport: ['grammar'],
    inputOutput: true,
  },
  '/syntax': {
    holds: 'tree and printer',
    mayImport: ['grammar', '/base'],
    packages: ['chevrotain'],
  },
  '/graph': { holds: 'the intermediate representation', mayImport: [] },
  '/atoms': { holds: 'one function of the language per file', mayImport: ['/graph', '/base'] },
  '/sets': { holds: 'one set per file, and projections', mayImport: ['/base'], packages: ['ml-matrix'] },
  '/check': {
    holds: 'names, shapes, curvature, constants',
    mayImport: ['/syntax', '/atoms', '/sets', '/graph', '/autodiff', '/kernels/reference.ts', '/base'],
  },

  // From meaning to numbers.
  '/autodiff': { holds: 'derivatives per primitive', mayImport: ['/graph', '/base'] },
  '/kernels': { holds: 'evaluation per primitive', mayImport: ['/graph', '/base'], packages: ['ml-matrix'] },
  '/kernels/reference.ts': {
    holds: 'the meaning of every primitive',
    mayImport: ['/kernels', '/graph', '/base'],
  },
  '/compile': {
    holds: 'problem to staged evaluators',
    mayImport: ['/check', '/atoms', '/sets', '/graph', '/autodiff', '/kernels', '/syntax', '/base'],
  },
  '/solve': { holds: 'methods on plain vectors', mayImport: ['/base'], packages: ['ml-matrix'] },
  '/solve/outcome.ts': { holds: 'every way a run can end', mayImport: ['/base'] },
  '/data': { holds: 'one reader per format', mayImport: ['/base'], inputOutput: true },
  '/data/headers.ts': { holds: 'dimensions without the data', mayImport: ['/base'], inputOutput: true },

  // The solver process, and the handle by which others hold it.
  '/runner': {
    holds: 'the background process',
    mayImport: ['/compile', '/atoms', '/data', '/solve', '/check', '/syntax', '/graph', '/protocol', '/base'],
    inputOutput: true,
  },
  '/runner/handle.ts': {
    holds: 'spawn, cancel, recover',
    mayImport: ['/protocol', '/base'],
    inputOutput: true,
  },
  '/runner/source-headers.ts': {
    holds: 'what data files say of themselves, for the editor too',
    mayImport: ['/check', '/atoms', '/data', '/data/headers.ts', '/base'],
    inputOutput: true,
  },

  // The editor's side.
  '/workspace': {
    holds: 'open documents and their stages',
    mayImport: ['/check', '/syntax', '/atoms', '/runner/source-headers.ts', '/protocol', '/base', 'grammar'],
    packages: languageServer(),
  },
  '/workspace/problem-files.ts': {
    holds: 'the problems on disk',
    mayImport: [],
    inputOutput: true,
  },
  '/features': {
    holds: 'one file per editor request',
    mayImport: [
      '/workspace',
      '/check',
      '/syntax',
      '/atoms',
      '/protocol',
      '/runner/handle.ts',
      '/runner/source-headers.ts',
      '/graph',
      '/solve/outcome.ts',
      '/base',
      'grammar',
    ],
    packages: languageServer(),
  },
  '/main.ts': {
    holds: 'the language server',
    mayImport: ['/features', '/workspace', '/runner/handle.ts', '/protocol', '/base'],
    packages: languageServer(),
    inputOutput: true,
    tests: 'test/server',
  },
  client: {
    holds: 'the extension',
    mayImport: ['/protocol', '/base'],
    packages: ['vscode', 'vscode-languageclient'],
    inputOutput: true,
    tests: 'test/vscode',
  },

  // The command line.
  '/terminal': { holds: 'results as text', mayImport: ['/protocol', '/base'] },
  '/commands': {
    holds: 'one file per command',
    mayImport: [
      '/main.ts',
      '/terminal',
      '/runner/handle.ts',
      '/runner/source-headers.ts',
      '/check',
      '/syntax',
      '/data',
      '/solve/outcome.ts',
      '/protocol',
      '/base',
    ],
    inputOutput: true,
    tests: 'test/cli',
  },
  '/cli.ts': {
    holds: 'the command line',
    mayImport: ['/commands', '/terminal', '/protocol', '/base'],
    inputOutput: true,
    tests: 'test/cli',
  },

  '/start.ts': {
    holds: 'starting a program with compiled code',
    mayImport: [],
    inputOutput: true,
    tests: 'test/build',
  },
  'server/build': {
    holds: 'set-up and bundling',
    mayImport: [],
    packages: ['esbuild', '@vscode/vsce'],
    inputOutput: true,
    tests: 'test/build',
  },
});

/** Writes the table's short names out: "/graph" is server/src/graph, tested under test/graph. */
function inServer(
  table: Readonly<Record<string, Omit<Rooms[string], 'tests'> & { readonly tests?: string }>>,
): Rooms {
  const whole = (name: string): string => (name.startsWith('/') ? `server/src${name}` : name);
  return Object.fromEntries(
    Object.entries(table).map(([name, room]) => {
      const tests = room.tests ?? `test/${name.replace(/^\//, '').replace(/\/[^/]*\.ts$/, '')}`;
      return [whole(name), { ...room, tests, mayImport: room.mayImport.map(whole) }];
    }),
  );
}

function languageServer(): string[] {
  return [
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
    'vscode-languageserver-types',
    'vscode-languageserver-protocol',
  ];
}

const projectRoot = `${import.meta.dirname}/..`;
const sources = readSourceFiles(projectRoot, ['client', 'server', 'grammar']);
const tests = readSourceFiles(projectRoot, ['test']);

describe('the house', () => {
  test('each room imports only what the table allows', () => {
    assert.deepEqual(importViolations(sources, rooms), []);
  });
  test('the table has one direction', () => {
    assert.deepEqual(circles(rooms), []);
  });
  test('every source file lies in a registered room', () => {
    assert.deepEqual(unregisteredFiles(sources, rooms), []);
  });
  test('every registered room is there', () => {
    assert.deepEqual(emptyRooms(sources, rooms), []);
  });
  test('every file opens with a comment', () => {
    assert.deepEqual(undocumentedFiles(new Map([...sources, ...tests])), []);
  });
  test('no file is too long', () => {
    assert.deepEqual(longFiles(new Map([...sources, ...tests])), []);
  });
  test('every room has tests', () => {
    assert.deepEqual(untestedRooms(sources, tests, rooms), []);
  });
});

describe('the rules notice', () => {
  const made = (path: string, text: string): ReadonlyMap<string, string> => new Map([[path, text]]);
  const violations = (path: string, text: string): number => importViolations(made(path, text), rooms).length;

  test('an import between rooms that the table forbids, in every form', () => {
    const path = 'server/src/solve/lower/made-up.ts';
    assert.equal(violations(path, "import { parse } from '../../syntax/tree.ts';"), 1);
    assert.equal(violations(path, "import type {\n  Tree,\n  Node,\n} from '../../syntax/tree.ts';"), 1);
    assert.equal(violations(path, "export * from '../../syntax/tree.ts';"), 1);
    assert.equal(violations(path, "import '../../syntax/tree.ts';"), 1);
    assert.equal(violations(path, "const tree = await import('../../syntax/tree.ts');"), 1);
    assert.equal(
      violations(path, "import { Span } from '../../base/span.ts';\nimport { x } from '../vector.ts';"),
      0,
    );
  });
  test('an import of a file that no room holds', () => {
    assert.equal(
      violations('server/src/check/made-up.ts', "import { x } from '../../../test/support/x.ts';"),
      1,
    );
  });
  test('a single file that is open to others does not open its room', () => {
    const path = 'server/src/workspace/made-up.ts';
    assert.equal(violations(path, "import { x } from '../runner/source-headers.ts';"), 0);
    assert.equal(violations(path, "import { x } from '../runner/pipeline.ts';"), 1);
  });
  test('the outside world where it does not belong', () => {
    assert.equal(violations('server/src/graph/made-up.ts', "import { readFileSync } from 'node:fs';"), 1);
    assert.equal(
      violations('server/src/kernels/made-up.ts', "import { Worker } from 'node:worker_threads';"),
      1,
    );
    assert.equal(violations('server/src/data/made-up.ts', "import { readFileSync } from 'node:fs';"), 0);
  });
  test('a package where it does not belong', () => {
    assert.equal(
      violations('server/src/check/made-up.ts', "import { Hover } from 'vscode-languageserver';"),
      1,
    );
    assert.equal(
      violations('server/src/features/made-up.ts', "import { x } from 'vscode-languageserver/node';"),
      0,
    );
    assert.equal(violations('server/src/features/made-up.ts', "import * as vscode from 'vscode';"), 1);
  });
  test('a comment is no import', () => {
    assert.deepEqual(
      importsOf('a.ts', "// import 'x'\n/* import y from 'y'; */\nconst url = 'https://example.org';"),
      [],
    );
  });
  test('a room that is not registered', () => {
    assert.equal(unregisteredFiles(made('server/src/helpers/made-up.ts', ''), rooms).length, 1);
    assert.equal(unregisteredFiles(made('server/src/solve/upper/made-up.ts', ''), rooms).length, 0);
  });
  test('a file without an opening comment', () => {
    assert.equal(
      undocumentedFiles(made('a.ts', "import x from 'x';\n/** A comment that comes much too late. */"))
        .length,
      1,
    );
    assert.equal(undocumentedFiles(made('a.ts', '/** Short. */')).length, 1);
    assert.equal(openingComment('#!/usr/bin/env node\n/**\n * Runs\n * it.\n */\n'), 'Runs it.');
    assert.equal(openingComment('// Runs\n// it.\nlet x;'), 'Runs it.');
  });
  test('a file that is too long', () => {
    assert.equal(longFiles(made('a.ts', 'x\n'.repeat(501))).length, 1);
    assert.equal(longFiles(made('a.ts', 'x\n'.repeat(500))).length, 0);
  });
  test('a room without tests, and a circle', () => {
    const source = made('server/src/graph/graph.ts', '');
    assert.equal(untestedRooms(source, made('test/atoms/abs.test.ts', ''), rooms).length, 1);
    assert.equal(untestedRooms(source, made('test/graph/graph.test.ts', ''), rooms).length, 0);
    const room = { holds: '', tests: '' };
    assert.deepEqual(circles({ a: { ...room, mayImport: ['b'] }, b: { ...room, mayImport: ['a'] } }), [
      'a → b → a',
      'b → a → b',
    ]);
  });
});
