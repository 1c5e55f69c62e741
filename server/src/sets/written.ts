/** The demands of a set as written, `rows` and `&` included, once its arguments are numbers. */
import { intersect } from './projector.ts';
import type { Demands, Empty, SetKind } from './set.ts';
import { isEmpty } from './set.ts';

/** `Argument` is whatever stands for a number or an array before it is evaluated. */
export type WrittenSet<Argument> =
  | { readonly kind: 'basic'; readonly basis: SetKind; readonly args: readonly Argument[] }
  | { readonly kind: 'rows'; readonly of: WrittenSet<Argument> }
  | { readonly kind: 'intersection'; readonly parts: readonly WrittenSet<Argument>[] };

/**
 * What the set demands of an array of this shape. `evaluate` gives an argument's values: one, or as many as
 * the shape (inside `rows`: the row) has entries; undefined there is undefined here.
 */
export function demandsOf<Argument>(
  set: WrittenSet<Argument>,
  shape: readonly number[],
  evaluate: (argument: Argument, shape: readonly number[]) => Float64Array | undefined,
): Demands | Empty | undefined {
  switch (set.kind) {
    case 'basic': {
      const args = set.basis.arguments.map(({ kind, default: usual = 0 }, position) => {
        const argument = set.args[position];
        if (argument === undefined) return Float64Array.of(usual);
        return evaluate(argument, kind === 'entries' ? shape : []);
      });
      const values = args.filter((value) => value !== undefined);
      return values.length < args.length ? undefined : set.basis.demands(values, shape);
    }
    case 'rows': {
      const each = demandsOf(set.of, shape.slice(-1), evaluate);
      if (each === undefined || isEmpty(each)) return each;
      const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
      return { rows: Array<Demands>(count).fill(each) };
    }
    case 'intersection': {
      let all: Demands = {};
      for (const part of set.parts) {
        const demands = demandsOf(part, shape, evaluate);
        if (demands === undefined || isEmpty(demands)) return demands;
        const both = intersect(all, demands);
        if (isEmpty(both)) return both;
        all = both;
      }
      return all;
    }
  }
}
