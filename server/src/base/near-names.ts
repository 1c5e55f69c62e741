/**
 * The names that a misspelt one may have meant, by edit distance (Levenshtein), for the remedies of
 * errors and for quick fixes. Bounded in cost, whatever the names are.
 */

/** Names longer than this are not compared: the distance costs the product of the lengths. */
const longestCompared = 100;

/** At most this many candidates are compared, so that a file with a million columns cannot stall an error. */
const mostCompared = 2000;

/**
 * Up to three of `candidates` within a third of the length of `name` in edits (at least one edit),
 * nearest first; letter case counts as no difference. `name` itself is never among them.
 */
export function nearNames(name: string, candidates: Iterable<string>): string[] {
  if (name.length > longestCompared) return [];
  const wanted = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const found: { readonly candidate: string; readonly edits: number }[] = [];
  for (const candidate of [...new Set(candidates)].slice(0, mostCompared)) {
    if (candidate === name || Math.abs(candidate.length - name.length) > allowed) continue;
    const edits = editDistance(wanted, candidate.toLowerCase());
    // A name of one letter is one edit from every other one; another letter case is none.
    if (edits <= allowed && (edits < name.length || edits === 0)) found.push({ candidate, edits });
  }
  return found
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** A sentence that names the near candidates, or else the first few of all. */
export function nearNamesText(name: string, candidates: readonly string[], kind: string): string {
  const near = nearNames(name, candidates);
  if (near.length > 0) return `Did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`;
  const shown = candidates.slice(0, 8).map((each) => `"${each}"`);
  const rest = candidates.length - shown.length;
  return `The ${kind} are ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
