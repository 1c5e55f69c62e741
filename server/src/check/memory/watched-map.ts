/**
 * A map that notes what is asked of it while somebody watches, so that what was made of its answers is known
 * to hold as long as the answers are the same. One watch at a time; an inner one hides the outer.
 */
export class WatchedMap<Value> {
  private readonly entries: Map<string, Value>;
  private asked: Map<string, Value | undefined> | undefined;
  private readonly listeners: ((name: string, value: Value) => void)[] = [];

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    this.entries = new Map(entries);
  }

  get(name: string): Value | undefined {
    const value = this.entries.get(name);
    if (this.asked?.has(name) === false) this.asked.set(name, value);
    return value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: Value): void {
    this.entries.set(name, value);
    for (const tell of this.listeners) tell(name, value);
  }

  /** From now on each entry that is made is told. */
  listen(listener: (name: string, value: Value) => void): void {
    this.listeners.push(listener);
  }

  /** All of it, unwatched: for messages and for what is not remembered. */
  get all(): ReadonlyMap<string, Value> {
    return this.entries;
  }

  get isWatched(): boolean {
    return this.asked !== undefined;
  }

  /** From now on the first answer for each name is noted in `asked`; returns what was noted in before. */
  watch(asked: Map<string, Value | undefined> | undefined): Map<string, Value | undefined> | undefined {
    const before = this.asked;
    this.asked = asked;
    return before;
  }
}
