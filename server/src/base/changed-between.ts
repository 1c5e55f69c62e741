/** The names under which two maps differ: with another value, or in one of them only. */
export function changedBetween<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
  isSame: (a: Value, b: Value | undefined) => boolean,
): readonly string[] {
  const changed: string[] = [];
  now.forEach((value, name) => {
    if (!isSame(value, before.get(name))) changed.push(name);
  });
  before.forEach((_, name) => {
    if (!now.has(name)) changed.push(name);
  });
  return changed;
}
