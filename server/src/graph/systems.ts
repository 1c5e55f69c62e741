/**
 * Shapes and simplifications of systems A X = B, with a positive definite or any invertible A. As in products the last two axes
 * are the matrices and those before them a batch. A matrix that serves a whole batch is factored once: the
 * right-hand sides of all problems are columns of one system.
 */
import type { Graph } from './graph.ts';
import type { MatrixForm, NodeId, SystemForm } from './primitive.ts';
import { exchangesLastTwo } from './products.ts';
import { commonShape, shapeText, sizeOf } from './shapes.ts';
import { negated } from './simplify.ts';

interface SystemSizes {
  readonly batch: readonly number[];
  readonly size: number;
  readonly columns: number;
}

/** Throws unless the last two axes make a square matrix; their length. */
export function squareSize(shape: readonly number[], name: string): number {
  const [rows, columns] = shape.slice(-2);
  if (shape.length < 2 || rows !== columns || rows === 0) {
    throw new Error(`${name} needs a square matrix, not ${shapeText(shape)}`);
  }
  return rows as number;
}

/** Throws, naming both sides, when the right-hand sides do not fit the matrix. */
export function systemSizes(graph: Graph, a: NodeId, b: NodeId): SystemSizes {
  const [left, right] = [graph.shape(a), graph.shape(b)];
  const size = squareSize(left, 'solve');
  const [rows, columns] = right.slice(-2);
  if (right.length < 2 || rows !== size) {
    throw new Error(`solve with ${shapeText(left)} does not fit right-hand sides ${shapeText(right)}`);
  }
  return { batch: commonShape(left.slice(0, -2), right.slice(0, -2)), size, columns: columns as number };
}

/** What the matrix of a system of this form is factored as. */
export function matrixForm(form: SystemForm): MatrixForm {
  return form === 'definite' ? 'definite' : 'general';
}

/** The form of the system with the transpose of the matrix. */
export function transposedForm(form: SystemForm): SystemForm {
  return form === 'definite' ? form : form === 'general' ? 'transposed' : 'general';
}

/** The node that stands for the solution, or undefined when there is nothing to simplify. */
export function simplifiedSolve(
  graph: Graph,
  a: NodeId,
  b: NodeId,
  batch: readonly number[],
  form: SystemForm,
): NodeId | undefined {
  const opposite = negated(graph, b);
  if (opposite !== undefined) return graph.negate(graph.solve(a, opposite, form));
  // A matrix and its transpose share their factors.
  const { primitive, inputs, shape: own } = graph.node(a);
  if (form !== 'definite' && primitive.op === 'transpose' && exchangesLastTwo(primitive.permutation))
    return graph.solve(inputs[0] as NodeId, b, transposedForm(form));
  const count = sizeOf(batch);
  const [size, columns] = graph.shape(b).slice(-2) as [number, number];
  if (batch.length === 0 || sizeOf(own.slice(0, -2)) > 1) return undefined;
  const matrix = graph.reshape(a, [size, size]);
  if (count === 1) {
    const one = graph.solve(matrix, graph.reshape(b, [size, columns]), form);
    return graph.reshape(one, [...batch, size, columns]);
  }
  // [..., n, k] of all problems to [n, ... k]: one system with the columns of all.
  const sides = graph.reshape(graph.broadcast(b, [...batch, size, columns]), [count, size, columns]);
  const beside = graph.reshape(graph.transpose(sides, [1, 0, 2]), [size, count * columns]);
  const solved = graph.reshape(graph.solve(matrix, beside, form), [size, count, columns]);
  return graph.reshape(graph.transpose(solved, [1, 0, 2]), [...batch, size, columns]);
}
