/**
 * Answers remembered as long as the object lives that they are about. Expressions and formulas never change and
 * outlive an edit elsewhere in the file, so what is known of one is found out once.
 */
export function perObject<Key extends object, Answer>(compute: (key: Key) => Answer): (key: Key) => Answer {
  const known = new WeakMap<Key, { readonly answer: Answer }>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = { answer: compute(key) };
      known.set(key, found);
    }
    return found.answer;
  };
}
