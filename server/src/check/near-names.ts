/**
 * The names that a misspelt one may have meant, by edit distance (Levenshtein), for remedies and fixes.
 */

/** Longer names are not compared: the distance costs the product of the lengths. */
const longestCompared = 60;

/** Up to three candidates within a third of the length of `name` in edits (at least one), nearest first. */
export function nearNames(name: string, candidates: Iterable<string>): readonly string[] {
  if (name.length > longestCompared) return [];
  const wanted = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const found: { readonly candidate: string; readonly edits: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate === name || Math.abs(candidate.length - name.length) > allowed) continue;
    const edits = editDistance(wanted, candidate.toLowerCase());
    // A name of one letter is one edit from every other one.
    if (edits <= allowed && edits < name.length) found.push({ candidate, edits });
  }
  return found
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
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
