/**
 * Wrong files made from right ones: each operator makes one mistake at each place of a sample where it can, and says
 * which error must follow from it and where. Deterministic; the samples are right, so the mistake is the only one.
 */
import type { Span } from '../../server/src/base/span.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import type {
  CallExpression,
  Declaration,
  Expression,
  LevelBlock,
  SyntaxTree,
} from '../../server/src/syntax/tree.ts';
import { rootOf, walk } from '../../server/src/syntax/walk.ts';

export interface Mutation {
  readonly operator: string;
  readonly text: string;
  readonly code: string;
  /** The exact place of the error in the mutated text, or only the line on which it begins. */
  readonly at: Span | { readonly line: number };
}

type Operator = (text: string, tree: SyntaxTree) => readonly Omit<Mutation, 'operator'>[];

/** All mutations of a text. */
export function mutationsOf(text: string): readonly Mutation[] {
  const { tree } = parse(text);
  return Object.entries(operators).flatMap(([operator, make]) =>
    make(text, tree).map((mutation) => ({ operator, ...mutation })),
  );
}

/** The text with a span replaced, and the error expected at what replaces it. */
function inPlace(text: string, span: Span, replacement: string, code: string): Omit<Mutation, 'operator'> {
  const at = { start: span.start, end: span.start + replacement.length };
  return { text: text.slice(0, span.start) + replacement + text.slice(span.end), code, at };
}

/** The text with a span replaced, and the error expected on the line where that stands. */
function inLine(text: string, span: Span, replacement: string, code: string): Omit<Mutation, 'operator'> {
  const { text: mutated } = inPlace(text, span, replacement, code);
  return { text: mutated, code, at: { line: text.slice(0, span.start).split('\n').length } };
}

function slice(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/** Every expression of the tree. */
function expressionsOf(tree: SyntaxTree): readonly Expression[] {
  const found: Expression[] = [];
  walk(rootOf(tree), (node) => {
    if (node.role === 'expression') found.push(node.node);
  });
  return found;
}

function callsOf(tree: SyntaxTree): readonly CallExpression[] {
  return expressionsOf(tree).filter((each): each is CallExpression => each.kind === 'call');
}

function levelsOf(tree: SyntaxTree): readonly LevelBlock[] {
  return tree.items.flatMap((item) => (item.kind === 'upper' || item.kind === 'lower' ? [item] : []));
}

function dataOf(tree: SyntaxTree): readonly Declaration[] {
  return tree.items.flatMap((item) => (item.kind === 'data' ? item.declarations : []));
}

function declarationsOf(tree: SyntaxTree): readonly Declaration[] {
  return [...dataOf(tree), ...levelsOf(tree).flatMap(({ unknowns }) => unknowns)];
}

const sources: ReadonlySet<string> = new Set(['csv', 'npy', 'idx']);

/** Calls inside the levels, where methods and sources do not stand. */
function functionCalls(tree: SyntaxTree): readonly CallExpression[] {
  const levels = levelsOf(tree);
  const inside = ({ start, end }: Span): boolean =>
    levels.some(({ span }) => span.start <= start && end <= span.end);
  return callsOf(tree).filter(({ span, callee }) => inside(span) && !sources.has(callee.text));
}

/** No name of the samples has this ending, and none of its parts is near it. */
const strange = 'Zzzzz';

const operators: Readonly<Record<string, Operator>> = {
  'rename a use': (text, tree) => {
    const levels = levelsOf(tree);
    return expressionsOf(tree)
      .filter(({ kind, span }) => kind === 'name' && levels.some((level) => level.span.start < span.start))
      .filter(({ span }) => declarationsOf(tree).some(({ name }) => name.text === slice(text, span)))
      .map(({ span }) => inPlace(text, span, `${slice(text, span)}${strange}`, 'unknown-name'));
  },
  'misspell a function': (text, tree) =>
    functionCalls(tree).map(({ callee }) =>
      inPlace(text, callee.span, `${callee.text}${callee.text.at(-1) ?? ''}`, 'unknown-function'),
    ),
  'give a function one argument too many': (text, tree) =>
    functionCalls(tree)
      .filter(({ callee }) => ['exp', 'sigmoid', 'sumsq', 'logistic_loss'].includes(callee.text))
      .map(({ callee, span }) => ({
        text: `${text.slice(0, span.end - 1)}, 2)${text.slice(span.end)}`,
        code: 'argument-count',
        at: callee.span,
      })),
  'delete the bracket that closes a call': (text, tree) =>
    functionCalls(tree).map(({ span }) =>
      inLine(text, { start: span.end - 1, end: span.end }, '', 'syntax-unclosed'),
    ),
  'close a bracket twice': (text, tree) =>
    levelsOf(tree).flatMap(({ objectives }) =>
      objectives.map(({ expression: { span } }) => ({
        text: `${text.slice(0, span.end)})${text.slice(span.end)}`,
        code: 'syntax-unopened',
        at: { start: span.end, end: span.end + 1 },
      })),
    ),
  'write the product of NumPy': (text, tree) =>
    expressionsOf(tree).flatMap((each) =>
      each.kind === 'binary' && each.operator === '*'
        ? [inPlace(text, each.operatorSpan, '@', 'syntax-character')]
        : [],
    ),
  'write the power of Python': (text, tree) =>
    expressionsOf(tree).flatMap((each) =>
      each.kind === 'binary' && (each.operator === '^' || each.operator === '.^')
        ? [inPlace(text, each.operatorSpan, '**', 'syntax-character')]
        : [],
    ),
  'take the power of an array': (text, tree) =>
    expressionsOf(tree).flatMap((each) =>
      each.kind === 'binary' && each.operator === '.^'
        ? [inLine(text, each.operatorSpan, '^', 'elementwise-power')]
        : [],
    ),
  'delete an operand': (text, tree) =>
    expressionsOf(tree).flatMap((each) =>
      each.kind === 'binary' && each.right.kind === 'name' && text[each.right.span.end] === ')'
        ? [inLine(text, each.right.span, '', 'syntax-missing-expression')]
        : [],
    ),
  'misspell a type': (text, tree) =>
    declarationsOf(tree).flatMap(({ type }) =>
      type === undefined ? [] : [inPlace(text, type.name.span, `${type.name.text}s`, 'unknown-type')],
    ),
  'forget the colon of a declaration': (text, tree) =>
    declarationsOf(tree).flatMap(({ name, type }) =>
      type === undefined
        ? []
        : [
            {
              ...inPlace(text, { start: name.span.end, end: type.span.start }, ' ', 'syntax-missing-type'),
              at: name.span,
            },
          ],
    ),
  'declare twice': (text, tree) =>
    declarationsOf(tree).map(({ span, name }) => {
      const copy = `\n  ${slice(text, span)}`;
      const start = span.end + 3 + (name.span.start - span.start);
      const at = { start, end: start + name.text.length };
      return { text: text.slice(0, span.end) + copy + text.slice(span.end), code: 'duplicate-name', at };
    }),
  'choose rows by a fraction': (text, tree) =>
    callsOf(tree).flatMap(({ arguments: args }) =>
      args.flatMap(({ name, value }) =>
        name?.text === 'rows' && value.kind === 'range'
          ? [inLine(text, value.to.span, `${slice(text, value.to.span)}.5`, 'source-argument')]
          : [],
      ),
    ),
  'choose rows backwards': (text, tree) =>
    callsOf(tree).flatMap(({ arguments: args }) =>
      args.flatMap(({ name, value }) =>
        name?.text === 'rows' && value.kind === 'range'
          ? [
              inLine(
                text,
                value.span,
                `${slice(text, value.to.span)}..${slice(text, value.from.span)}`,
                'source-argument',
              ),
            ]
          : [],
      ),
    ),
  'misspell an option of a source': (text, tree) =>
    callsOf(tree)
      .filter(({ callee }) => sources.has(callee.text))
      .flatMap(({ arguments: args }) =>
        args.flatMap(({ name }) =>
          name === undefined ? [] : [inPlace(text, name.span, `${name.text}x`, 'unknown-argument')],
        ),
      ),
  'name a file that is not there': (text, tree) =>
    callsOf(tree)
      .filter(({ callee }) => sources.has(callee.text))
      .flatMap(({ arguments: [path] }) =>
        path === undefined ? [] : [inLine(text, path.span, '"nowhere/gone.csv"', 'data-file')],
      ),
  'misspell a column': (text, tree) =>
    expressionsOf(tree).flatMap((each) =>
      each.kind === 'string' && !each.value.includes('.')
        ? [inLine(text, each.span, `"${each.value}x"`, 'data-file')]
        : [],
    ),
  'exchange the ends of a box': (text, tree) =>
    declarationsOf(tree).flatMap(({ set }) => {
      const [lower, upper] = set?.kind === 'list' ? set.items : [];
      if (set === undefined || lower === undefined || upper === undefined) return [];
      const turned = `[${slice(text, upper.span)}, ${slice(text, lower.span)}]`;
      return [inPlace(text, set.span, turned, 'empty-set')];
    }),
  'write a box in round brackets': (text, tree) =>
    declarationsOf(tree).flatMap(({ set }) =>
      set?.kind === 'list'
        ? [inPlace(text, set.span, `(${slice(text, set.span).slice(1, -1)})`, 'syntax-expected')]
        : [],
    ),
  'misspell a block': (text, tree) =>
    levelsOf(tree).map(({ keyword, kind }) =>
      inPlace(text, keyword, kind === 'upper' ? 'uppr' : 'lowr', 'syntax-unknown-block'),
    ),
  'misspell an objective': (text, tree) =>
    levelsOf(tree).flatMap(({ objectives }) =>
      objectives
        .filter(({ kind }) => kind === 'minimize')
        .map(({ keyword }) => inPlace(text, keyword, 'minimise', 'syntax-unknown-statement')),
    ),
  'state an objective twice': (text, tree) =>
    levelsOf(tree).flatMap(({ objectives }) =>
      objectives.slice(0, 1).map(({ span, keyword }) => {
        const start = span.end + 3;
        const copy = `\n  ${slice(text, span)}`;
        return {
          text: text.slice(0, span.end) + copy + text.slice(span.end),
          code: 'duplicate-objective',
          at: { start, end: start + keyword.end - keyword.start },
        };
      }),
    ),
  'leave an objective out': (text, tree) =>
    levelsOf(tree).flatMap(({ objectives, keyword }) =>
      objectives.slice(0, 1).map(({ span }) => ({
        text: text.slice(0, span.start) + text.slice(span.end),
        code: 'missing-objective',
        at: keyword,
      })),
    ),
  'leave a block unclosed': (text, tree) =>
    levelsOf(tree).map(({ span, keyword }) => ({
      text: text.slice(0, span.end - 1) + text.slice(span.end),
      code: 'syntax-unclosed',
      at: { line: text.slice(0, keyword.start).split('\n').length },
    })),
  'misspell an entry of solve': (text, tree) =>
    entriesOf(tree).map(({ name }) => inPlace(text, name.span, `${name.text}x`, 'unknown-entry')),
  'misspell a method': (text, tree) =>
    entriesOf(tree).flatMap(({ value }) =>
      value.kind === 'call'
        ? [inPlace(text, value.callee.span, `${value.callee.text}x`, 'unknown-method')]
        : [],
    ),
  'misspell an option': (text, tree) =>
    entriesOf(tree).flatMap(({ value }) =>
      value.kind === 'call'
        ? value.arguments.flatMap(({ name }) =>
            name === undefined ? [] : [inPlace(text, name.span, `${name.text}x`, 'unknown-option')],
          )
        : [],
    ),
  'give an option a negative value': (text, tree) =>
    entriesOf(tree).flatMap(({ value }) =>
      value.kind === 'call'
        ? value.arguments.flatMap((argument) =>
            argument.name === undefined || argument.value.kind !== 'number'
              ? []
              : [inPlace(text, argument.value.span, `-${argument.value.text}`, 'option-value')],
          )
        : [],
    ),
};

function entriesOf(tree: SyntaxTree) {
  return tree.items.flatMap((item) => (item.kind === 'solve' ? item.entries : []));
}
