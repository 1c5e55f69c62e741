/**
 * Adds a level that is missing, or the objective of one: with the names that the rest of the file already uses for
 * its unknowns, in the first shape that the checker accepts.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { lineEndOf } from './action.ts';
import { isVerified } from './verify.ts';

export function addMissingBlock({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.code === 'missing-block') return missingLevel(snapshot, diagnostic);
    return diagnostic.code === 'missing-objective' ? missingObjective(snapshot, diagnostic) : [];
  });
}

function missingLevel(snapshot: Snapshot, diagnostic: Diagnostic): readonly ProposedAction[] {
  const kind =
    levelOf(snapshot, 'upper') === undefined && diagnostic.message.includes('upper') ? 'upper' : 'lower';
  const end = snapshot.text.trimEnd().length;
  const newLine = lineEndOf(snapshot.text);
  const unknown = undeclaredName(snapshot) ?? freeName(snapshot, kind === 'upper' ? 'theta' : 'x');
  const other = levelOf(snapshot, kind === 'upper' ? 'lower' : 'upper')?.unknowns[0]?.name.text;
  const objective =
    kind === 'lower' ? `sumsq(${unknown})` : other === undefined ? `sumsq(${unknown})` : `sumsq(${other})`;
  const actions = typesToTry(snapshot).map((type): ProposedAction => ({
    title: `Add ${kind} with ${unknown} : ${type}`,
    kind: CodeActionKind.QuickFix,
    changes: [
      {
        span: { start: end, end: snapshot.text.length },
        text: [
          `${newLine}${newLine}${kind} {`,
          `  ${unknown} : ${type} = 0`,
          `  minimize ${objective}`,
          `}${newLine}`,
        ].join(newLine),
      },
    ],
    mends: diagnostic,
    isPreferred: true,
  }));
  const first = actions.find((action) => isVerified(action, snapshot));
  return first === undefined ? [] : [first];
}

function missingObjective(snapshot: Snapshot, diagnostic: Diagnostic): readonly ProposedAction[] {
  const level = snapshot.parsed.tree.items.find(
    (item): item is LevelBlock =>
      (item.kind === 'upper' || item.kind === 'lower') && item.keyword.start === diagnostic.span.start,
  );
  const last = level?.unknowns.at(-1);
  if (level === undefined || last === undefined) return [];
  const own = level.unknowns.map(({ name }) => name.text);
  const names =
    level.kind === 'lower' ? own : [levelOf(snapshot, 'lower')?.unknowns[0]?.name.text ?? own[0] ?? ''];
  const objective = names.map((name) => `sumsq(${name})`).join(' + ');
  return [
    {
      title: `Add minimize ${objective}`,
      kind: CodeActionKind.QuickFix,
      changes: [
        {
          span: { start: last.span.end, end: last.span.end },
          text: `${lineEndOf(snapshot.text)}  minimize ${objective}`,
        },
      ],
      mends: diagnostic,
      isPreferred: true,
    },
  ];
}

function levelOf({ parsed }: Snapshot, kind: 'upper' | 'lower'): LevelBlock | undefined {
  return parsed.tree.items.find((item): item is LevelBlock => item.kind === kind);
}

/** A name that is used and that nothing declares: most likely the unknown of the missing level. */
function undeclaredName(snapshot: Snapshot): string | undefined {
  const found = snapshot.diagnostics.find(({ code }) => code === 'unknown-name');
  return found === undefined ? undefined : snapshot.slice(found.span);
}

export function freeName({ checked }: Snapshot, wanted: string): string {
  const taken = new Set(checked.facts.names.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!taken.has(name)) return name;
  }
}

/** A vector of each dimension of the file, a scalar last: the first that fits counts. */
export function typesToTry({ checked }: Snapshot): readonly string[] {
  const sizes = checked.facts.names.filter(({ kind }) => kind === 'dimension').map(({ name }) => name);
  return [...sizes.map((size) => `vector[${size}]`), 'scalar'];
}
