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
  const compared = new Set<string>();
  for (const candidate of candidates) {
    if (compared.size === mostCompared) break;
    if (compared.size === compared.add(candidate).size) continue;
    if (candidate === name || Math.abs(candidate.length - name.length) > allowed) continue;
    const edits = editDistance(wanted, candidate.toLowerCase(), allowed);
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

const rows: readonly [number[], number[]] = [[], []];

/** More than `allowed` where that is not enough. */
function editDistance(a: string, b: string, allowed: number): number {
  // Equal ends need no edits.
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [own, other] = [a.length, b.length];
  while (own > start && other > start && a[own - 1] === b[other - 1]) {
    own--;
    other--;
  }
  if (own === start || other === start) return Math.max(own, other) - start;
  let [previous, current] = rows;
  const length = other - start;
  for (let j = 0; j <= length; j++) previous[j] = j;
  for (let i = 1; i <= own - start; i++) {
    current[0] = i;
    let least = i;
    for (let j = 1; j <= length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[start + i - 1] === b[start + j - 1] ? 0 : 1);
      const edits = Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      current[j] = edits;
      least = Math.min(least, edits);
    }
    if (least > allowed) return least;
    [previous, current] = [current, previous];
  }
  return previous[length] ?? 0;
}
