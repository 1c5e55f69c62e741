/**
 * Errors of systems and determinants in the running error analysis (rounding.ts): what is proved of a matrix where
 * it is factored serves all that is solved with it. Of transposed systems it is proved when the first one comes.
 */
import type { Graph } from '../graph/graph.ts';
import type { GraphNode, NodeId, SystemForm } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { definiteBounds, logDetError, solutionErrors } from './definite-rounding.ts';
import type { DefiniteBounds } from './definite-rounding.ts';
import { matricesOf } from './dense-matmul.ts';
import {
  generalLogDetError,
  generalSolutionErrors,
  inverseBounds,
  transposed,
  transposedBounds,
} from './lu-rounding.ts';
import type { InverseBounds } from './lu-rounding.ts';

interface Values {
  readonly graph: Graph;
  readonly value: (id: NodeId) => Float64Array;
  /** Bounds of the entries' errors; undefined where they are exact. */
  readonly errors: (id: NodeId) => Float64Array | undefined;
}

/** Bounds of |computed − exact| of what is solved with one matrix [n, n]. */
interface Solved {
  readonly solution: (
    form: SystemForm,
    b: Float64Array,
    x: Float64Array,
    columns: number,
    errorsOfB: Float64Array | undefined,
    out: Float64Array,
  ) => void;
  readonly logDet: () => number;
}

export class SystemErrors {
  private readonly values: Values;
  private readonly known = new Map<NodeId, readonly Solved[]>();

  constructor(values: Values) {
    this.values = values;
  }

  /** Proves what can be of the matrices behind a factor, whose values have just been computed. */
  factored(node: GraphNode): void {
    const [a] = node.inputs as readonly [NodeId];
    const size = node.shape.at(-2) as number;
    const width = size * (node.shape.at(-1) as number);
    const count = sizeOf(node.shape) / width;
    const factors = matricesOf(this.values.value(node.id), width, count);
    const errors = this.errorsOf(a, size * size, count);
    const prove = node.primitive.op === 'lu' ? general : definite;
    const matrices = matricesOf(this.values.value(a), size * size, count);
    this.known.set(
      node.id,
      matrices.map((matrix, k) => prove(matrix, factors[k] as Float64Array, size, errors?.[k])),
    );
  }

  solutionErrors(node: GraphNode, form: SystemForm, out: Float64Array): void {
    const [, b, factor] = node.inputs as readonly [NodeId, NodeId, NodeId];
    const [size, columns] = node.shape.slice(-2) as [number, number];
    const width = size * columns;
    const count = sizeOf(node.shape) / width;
    const known = this.known.get(factor) ?? [];
    const sides = matricesOf(this.values.value(b), width, count);
    const errors = this.errorsOf(b, width, count);
    const parts = matricesOf(out, width, count);
    for (const [k, x] of matricesOf(this.values.value(node.id), width, count).entries()) {
      const [solved, side, part] = [known[k] as Solved, sides[k] as Float64Array, parts[k] as Float64Array];
      solved.solution(form, side, x, columns, errors?.[k], part);
    }
  }

  logDetErrors(node: GraphNode, out: Float64Array): void {
    const known = this.known.get(node.inputs[1] as NodeId) ?? [];
    for (let k = 0; k < out.length; k++) out[k] = (known[k] as Solved).logDet();
  }

  private errorsOf(id: NodeId, size: number, count: number): readonly Float64Array[] | undefined {
    const errors = this.values.errors(id);
    return errors && matricesOf(errors, size, count);
  }
}

type Prove = (
  a: Float64Array,
  factor: Float64Array,
  size: number,
  errors: Float64Array | undefined,
) => Solved;

const definite: Prove = (a, factor, size, errors) => {
  const bounds: DefiniteBounds = definiteBounds(a, size, errors);
  return {
    solution: (_form, b, x, columns, ofB, out) => {
      solutionErrors(bounds, a, b, x, size, columns, { a: errors, b: ofB }, out);
    },
    logDet: () => logDetError(bounds, factor, size),
  };
};

const general: Prove = (a, factor, size, errors) => {
  const bounds = inverseBounds(a, factor, size, errors);
  let ofTransposed: {
    readonly bounds: InverseBounds;
    readonly a: Float64Array;
    readonly errors?: Float64Array;
  };
  return {
    solution: (form, b, x, columns, ofB, out) => {
      if (form !== 'transposed') {
        generalSolutionErrors(bounds, a, b, x, size, columns, { a: errors, b: ofB }, out);
        return;
      }
      ofTransposed ??= {
        bounds: transposedBounds(a, bounds, size, errors),
        a: transposed(a, size),
        ...(errors === undefined ? {} : { errors: transposed(errors, size) }),
      };
      const own = { a: ofTransposed.errors, b: ofB };
      generalSolutionErrors(ofTransposed.bounds, ofTransposed.a, b, x, size, columns, own, out);
    },
    logDet: () => generalLogDetError(bounds, factor, size, errors),
  };
};
