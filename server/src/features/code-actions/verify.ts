/**
 * Whether an action does what it claims: the text that it makes is parsed and checked before it is offered. It must
 * be free of the mistake that it mends, make no new one, and, where it claims so, mean the same.
 */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { expressionKey } from '../../atoms/formula-key.ts';
import type { PartialLevel } from '../../check/problem.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ProposedAction } from './action.ts';
import { changed } from './action.ts';

/**
 * What is judged only once names and shapes are right: mending these uncovers it, and is not to blame for it.
 */
const judgedLast: ReadonlySet<string> = new Set([
  'not-convex',
  'not-strongly-convex',
  'not-smooth',
  'not-determined',
  'once-differentiable',
  'upper-not-smooth',
  'no-influence',
  'levels-apart',
]);

/** A source may look for the best of several, which is then looked at once more. */
const known = new WeakMap<ProposedAction['changes'], boolean>();

export function isVerified(action: ProposedAction, snapshot: Snapshot): boolean {
  let verified = known.get(action.changes);
  if (verified === undefined) {
    verified = verify(action, snapshot);
    known.set(action.changes, verified);
  }
  return verified;
}

function verify(action: ProposedAction, snapshot: Snapshot): boolean {
  const after = snapshot.withText(changed(snapshot.text, action.changes));
  const { mends } = action;
  const told = after.diagnostics.filter((each) => !isUncovered(each, action, snapshot));
  const [before, left] = [countsOf(snapshot.diagnostics), countsOf(told)];
  if (mends !== undefined && (left.get(keyOf(mends)) ?? 0) >= (before.get(keyOf(mends)) ?? 0)) return false;
  for (const each of told) {
    if (each.severity !== 'error') continue;
    const key = keyOf(each);
    if ((left.get(key) ?? 0) > (before.get(key) ?? 0)) return false;
  }
  return action.keepsMeaning !== true || meaningOf(snapshot) === meaningOf(after);
}

/** Whether a diagnostic of the new text was there before, behind the one that is mended. */
function isUncovered(
  { code, span }: Diagnostic,
  { mends, changes }: ProposedAction,
  { text }: Snapshot,
): boolean {
  if (mends?.severity !== 'error') return false;
  if (judgedLast.has(code)) return !judgedLast.has(mends.code);
  if (!mends.code.startsWith('syntax-')) return false;
  // Names are looked up once the text can be read, and it is read up to the first mistake of a statement.
  const behind =
    changed(text, changes).length - text.length + Math.max(...changes.map((each) => each.span.end));
  return code === 'unknown-function' || (code.startsWith('syntax-') && span.start >= behind);
}

/** By what is said and not where: edits move places. */
function keyOf({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

function countsOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const diagnostic of diagnostics) {
    const key = keyOf(diagnostic);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Both objectives with every `let` in its place, and everything that the unknowns and data are. */
function meaningOf({ checked }: Snapshot): string {
  const { upper, lower, data, options, expectations } = checked.partial;
  const level = ({ objective, unknowns, sense }: PartialLevel): string =>
    [
      sense,
      objective === undefined ? 'none' : expressionKey(objective),
      ...unknowns.map(({ symbol, start }) => `${symbol.name} ${expressionKey(start)}`),
    ].join('\n');
  return [
    level(upper),
    level(lower),
    ...data.map(({ symbol, value }) => `${symbol.name} ${expressionKey(value)}`),
    ...expectations.map(
      ({ left, operator, right }) => `${JSON.stringify(left)} ${operator} ${JSON.stringify(right)}`,
    ),
    JSON.stringify(options),
  ].join('\n\n');
}
