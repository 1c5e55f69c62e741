/**
 * Expressions that atoms are defined by: `var(x)` is the mean square of x − mean(x), `kl_div(x, y)` a sum of
 * entropies and logarithms. Constants, degrees and, where the atom's own rule does not decide it, curvature
 * are those of the definition; values come from the atom's own lowering, and a test holds the two together.
 */
import type { Dimension } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import { add } from './add.ts';
import type { Atom, Parameters } from './atom.ts';
import type { ApplyTerm, Expression } from './expression.ts';
import { multiply } from './multiply.ts';
import { isShapeProblem } from './shape-rules.ts';

/** The atom applied to arguments that are known to fit, at the place of what it stands for. */
export function applied(
  atom: Atom,
  args: readonly Expression[],
  span: Span,
  parameters: Parameters = {},
): ApplyTerm {
  const shapes = args.map((argument) => argument.shape);
  const shape = atom.shape(shapes, parameters);
  if (isShapeProblem(shape)) throw new Error(`${atom.name}: ${shape.problem}`);
  return {
    kind: 'apply',
    atom,
    args,
    parameters: { ...atom.attributes?.(shapes, args), ...parameters },
    shape,
    dependence: args.reduce((union, argument) => union | argument.dependence, 0),
    span,
  };
}

const known = new WeakMap<Expression, Expression | undefined>();

/** What the term means by simpler atoms; undefined for an atom that is simple itself. */
export function definitionOf(term: ApplyTerm): Expression | undefined {
  const { definition } = term.atom;
  if (definition === undefined) return undefined;
  if (!known.has(term)) known.set(term, definition(term.args, term.parameters, term.span));
  return known.get(term);
}

/** The number of entries with these dimensions, as it stands in an expression. */
export function sizeTerm(dimensions: readonly Dimension[], span: Span): Expression {
  const number = (value: number): Expression => ({ kind: 'number', value, shape: [], dependence: 0, span });
  const name = (text: string): Expression => ({
    kind: 'dimension',
    name: text,
    shape: [],
    dependence: 0,
    span,
  });
  const product = (factors: readonly Expression[]): Expression =>
    factors.length === 0 ? number(1) : factors.reduce((all, each) => applied(multiply, [all, each], span));
  const sums = dimensions.map((dimension) =>
    [...dimension]
      .map(([key, coefficient]) => {
        const names = key.split('*').filter(Boolean).map(name);
        return product(coefficient === 1 && names.length > 0 ? names : [number(coefficient), ...names]);
      })
      .reduce((sum, term) => applied(add, [sum, term], span)),
  );
  return product(sums);
}
