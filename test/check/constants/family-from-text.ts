/** Objectives written in the language, for the tests of constants: the lower level's, with all unknowns. */
import type { ArraySymbol, Expression } from '../../../server/src/atoms/expression.ts';
import { Dependence } from '../../../server/src/graph/primitive.ts';
import { checkText } from '../support.ts';
import type { Family } from './families.ts';

export interface WrittenFamily {
  readonly name: string;
  /** `lower`, or `lower each …`. */
  readonly level?: string;
  /** Declarations, a line each. */
  readonly upper: string;
  readonly lower: string;
  readonly objective: string;
  /** The same function, written so that it can be evaluated where the objective under- or overflows. */
  readonly evaluated?: string;
}

export function familyFromText({ evaluated, ...family }: WrittenFamily): Family {
  const made = fromText(family);
  return evaluated === undefined
    ? made
    : { ...made, evaluated: fromText({ ...family, objective: evaluated }).objective };
}

function fromText({ name, level = 'lower', upper, lower, objective }: WrittenFamily): Family {
  const text = `data {
  G : tensor[s, n, d] = npy("G.npy")
  C : matrix[n, p] = npy("C.npy")
  P : matrix[d, d] = npy("P.npy")
  Y : matrix[n, k] = npy("Y.npy")
  X : matrix[n, d] = npy("X.npy")
  Z : matrix[n, d] = npy("Z.npy")
  signal : vector[7] = npy("signal.npy")
  picture : matrix[3, 4] = npy("picture.npy")
  filter : vector[3] = npy("filter.npy")
  filters : tensor[2, 2, 3] = npy("filters.npy")
}
let three = 3
let four = 4
let rate = 0.7
upper {
  ${upper}
  minimize sumsq(${/^(\w+)/u.exec(lower)?.[1] ?? ''}) + sumsq(${/^(\w+)/u.exec(upper)?.[1] ?? ''})
}
${level} {
  ${lower}
  minimize ${objective}
}
`;
  const { partial, diagnostics } = checkText(text, { header: () => undefined });
  const unexpected = diagnostics.filter(({ severity }) => severity === 'error');
  if (partial.lower.objective === undefined || unexpected.some(({ code }) => code !== 'not-convex')) {
    throw new Error(`${name}: ${unexpected.map(({ message }) => message).join('; ')}`);
  }
  const term = (symbol: ArraySymbol): Expression & { kind: 'symbol' } => ({
    kind: 'symbol',
    symbol,
    shape: symbol.shape,
    dependence: Dependence[symbol.role],
    span: symbol.declared,
  });
  return {
    name,
    objective: partial.lower.objective,
    lower: partial.lower.unknowns.map(({ symbol }) => term(symbol)),
    upper: partial.upper.unknowns.map(({ symbol }) => term(symbol)),
    stronglyConvex: unexpected.length === 0,
  };
}
