/** Typed expressions written by hand, for tests that do not want the parser and the checker between. */
import type { Parameters } from '../../../server/src/atoms/atom.ts';
import type { ArraySymbol, Expression, Interval } from '../../../server/src/atoms/expression.ts';
import { wholeLine } from '../../../server/src/atoms/expression.ts';
import { atomNamed } from '../../../server/src/atoms/index.ts';
import type { Shape } from '../../../server/src/base/dimension.ts';
import { fixedDimension, namedDimension } from '../../../server/src/base/dimension.ts';
import { Dependence } from '../../../server/src/graph/primitive.ts';

const nowhere = { start: 0, end: 0 };

export function shapeOf(...dimensions: readonly (string | number)[]): Shape {
  return dimensions.map((each) => (typeof each === 'string' ? namedDimension(each) : fixedDimension(each)));
}

export function symbol(
  name: string,
  role: ArraySymbol['role'],
  dimensions: readonly (string | number)[],
  range: Interval = wholeLine,
  classes?: string | number,
): Expression & { kind: 'symbol' } {
  const shape = shapeOf(...dimensions);
  const extra = classes === undefined ? {} : { classes: shapeOf(classes)[0] as Shape[number] };
  return {
    kind: 'symbol',
    symbol: { name, role, shape, range, declared: nowhere, ...extra },
    shape,
    dependence: Dependence[role],
    span: nowhere,
  };
}

export function number(value: number): Expression {
  return { kind: 'number', value, shape: [], dependence: 0, span: nowhere };
}

export function size(name: string): Expression {
  return { kind: 'dimension', name, shape: [], dependence: 0, span: nowhere };
}

/** An atom by its name; trailing numbers are the atom's constants, numbers elsewhere are literals. */
export function apply(
  name: string,
  args: readonly (Expression | number)[],
  parameters: Parameters = {},
): Expression {
  const atom = atomNamed(name);
  if (atom === undefined) throw new Error(`no atom ${name}`);
  const expressions = args.map((arg) => (typeof arg === 'number' ? number(arg) : arg));
  const shape = atom.shape(
    expressions.map((each) => each.shape),
    parameters,
  );
  if ('problem' in shape) throw new Error(`${name}: ${shape.problem}`);
  const dependence = expressions.reduce((union, each) => union | each.dependence, 0);
  return { kind: 'apply', atom, args: expressions, parameters, shape, dependence, span: nowhere };
}

type Argument = Expression | number;
export const add = (...terms: readonly Argument[]): Expression =>
  terms.slice(1).reduce<Expression>((sum, term) => apply('add', [sum, term]), terms[0] as Expression);
export const subtract = (a: Argument, b: Argument): Expression => apply('subtract', [a, b]);
export const times = (a: Argument, b: Argument): Expression => apply('matmul', [a, b]);
export const entrywise = (a: Argument, b: Argument): Expression => apply('multiply', [a, b]);
export const divide = (a: Argument, b: Argument): Expression => apply('divide', [a, b]);
export const power = (a: Expression, exponent: number): Expression => apply('power', [a], { exponent });
/** e[1..2], e[1, :]: a pair is a range, a number an entry, ':' all of an axis. */
export const slice = (
  e: Expression,
  ...subscripts: readonly (number | ':' | readonly [number, number | string])[]
): Expression =>
  apply('index', [e], {
    subscripts: subscripts.map((each) => {
      if (each === ':') return { kind: 'all' as const };
      const [from, to] = shapeOf(...(typeof each === 'number' ? [each, each] : each));
      if (from === undefined || to === undefined) throw new Error('two ends');
      return typeof each === 'number'
        ? { kind: 'entry' as const, at: from }
        : { kind: 'range' as const, from, to };
    }),
  });
export const call = (name: string, ...args: readonly Argument[]): Expression => apply(name, args);
