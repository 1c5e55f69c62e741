/**
 * Puts a smooth function in the place of one with a kink or a jump in its second derivative: `smooth_abs` for
 * `abs`, `softplus` for `relu`, `logsumexp` for `max`. A fix where a diagnostic complains of it, a rewrite elsewhere.
 */
import { CodeActionKind } from 'vscode-languageserver';
import { functionNamed } from '../../atoms/index.ts';
import { functionOf } from '../../check/facts.ts';
import type { CallExpression } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { ActionPlace, ProposedAction } from './action.ts';

interface Replacement {
  /** The function that makes it smooth. */
  readonly by: string;
  /** Of the arguments as written. */
  readonly write: (args: readonly string[]) => string | undefined;
}

/** Where an absolute value is smoothed when nothing tells a better width. */
const width = '0.01';

const replacements: Readonly<Record<string, Replacement>> = {
  abs: { by: 'smooth_abs', write: ([t]) => t && `smooth_abs(${t}, ${width})` },
  norm1: { by: 'smooth_abs', write: ([t]) => t && `sum(smooth_abs(${t}, ${width}))` },
  relu: { by: 'softplus', write: ([t]) => t && `softplus(${t})` },
  pos: { by: 'softplus', write: ([t]) => t && `softplus(${t})` },
  max: { by: 'logsumexp', write: ([x]) => x && `logsumexp(${x})` },
  min: { by: 'logsumexp', write: ([x]) => x && `(-logsumexp(-(${x})))` },
  hinge: { by: 'softplus', write: ([t]) => t && `softplus(1 - (${t}))` },
  maximum: {
    by: 'softplus',
    write: ([a, b, ...more]) =>
      a && b && more.length === 0 ? `((${b}) + softplus(${a} - (${b})))` : undefined,
  },
  std: { by: 'sqrt', write: ([x]) => x && `sqrt(0.0001 + var(${x}))` },
  norm2: { by: 'sqrt', write: ([x]) => x && `sqrt(0.0001 + sumsq(${x}))` },
  // huber is t² for small t and 2M|t| for large: so is this.
  huber: {
    by: 'smooth_abs',
    write: ([t, given = '1']) => {
      const threshold = given.replace(/^threshold\s*=\s*/u, '');
      return t && /^[\w.]+$/u.test(threshold)
        ? `(2 * ${threshold} * (smooth_abs(${t}, ${threshold}) - ${threshold}))`
        : undefined;
    },
  },
};

export function smoothKinks({ snapshot, selection, diagnostics }: ActionPlace): readonly ProposedAction[] {
  const actions: ProposedAction[] = [];
  for (const call of callsAt({ snapshot, selection })) {
    if (functionOf(snapshot.checked.facts, call.callee.text) !== undefined) continue;
    const replacement = Object.hasOwn(replacements, call.callee.text)
      ? replacements[call.callee.text]
      : undefined;
    if (replacement === undefined || functionNamed(replacement.by) === undefined) continue;
    const text = replacement.write(call.arguments.map(({ span }) => snapshot.slice(span)));
    if (text === undefined) continue;
    const complaint = diagnostics.find(
      ({ span }) => span.start === call.span.start && span.end === call.span.end,
    );
    const written = isWhole(snapshot.text, call) ? withoutBrackets(text) : text;
    actions.push({
      title: `Replace ${call.callee.text} by ${replacement.by}`,
      kind: complaint === undefined ? CodeActionKind.RefactorRewrite : CodeActionKind.QuickFix,
      changes: [{ span: call.span, text: written }],
      ...(complaint === undefined ? {} : { mends: complaint, isPreferred: true }),
    });
  }
  return actions;
}

/** The innermost first; a cursor is inside a call when it stands on its name or among its arguments. */
function callsAt({
  snapshot,
  selection,
}: Pick<ActionPlace, 'snapshot' | 'selection'>): readonly CallExpression[] {
  return nodeAt(snapshot.parsed.tree, selection.start)
    .flatMap((node) => (node.role === 'expression' && node.node.kind === 'call' ? [node.node] : []))
    .filter(({ span }) => selection.end <= span.end)
    .toReversed()
    .slice(0, 2);
}

/** Alone between brackets, commas or at the end of its statement, where no operator can bind it. */
function isWhole(text: string, { span }: CallExpression): boolean {
  const before = /\S(?=\s*$)/u.exec(text.slice(0, span.start))?.[0] ?? '';
  const after = /^\s*(\S)/u.exec(text.slice(span.end))?.[1] ?? '';
  return '(,'.includes(before) && '),'.includes(after);
}

function withoutBrackets(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}
