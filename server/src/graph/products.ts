/**
 * Shapes and simplifications of matrix products. The last two axes are the matrices; axes before them are
 * a batch, of equal lengths in both factors. A factor that is the same for the whole batch is a broadcast,
 * and where the other one can be read as one tall matrix the batch becomes a single product.
 */
import type { Graph } from './graph.ts';
import type { NodeId } from './primitive.ts';
import { commonShape, equalShapes, shapeText, sizeOf } from './shapes.ts';
import { negated } from './simplify.ts';

export interface TransposeFlags {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The lengths of op(A) op(B) = [rows, inner] [inner, columns] and of the batch before them. */
interface ProductSizes {
  readonly batch: readonly number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Throws, naming both sides, when the factors do not fit. */
export function productSizes(graph: Graph, a: NodeId, b: NodeId, flags: TransposeFlags): ProductSizes {
  const [left, right] = [graph.shape(a), graph.shape(b)];
  if (left.length < 2 || right.length < 2) {
    throw new Error(`matmul needs two matrices, not ${shapeText(left)} and ${shapeText(right)}`);
  }
  const [rows, innerA] = matrixLengths(left, flags.transposeA);
  const [innerB, columns] = matrixLengths(right, flags.transposeB);
  if (innerA !== innerB) {
    throw new Error(
      `matmul of ${rows} x ${innerA} and ${innerB} x ${columns}: the inner lengths ${innerA} and ${innerB} differ`,
    );
  }
  return { batch: commonShape(left.slice(0, -2), right.slice(0, -2)), rows, inner: innerA, columns };
}

function matrixLengths(shape: readonly number[], transposed: boolean | undefined): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed === true ? [columns, rows] : [rows, columns];
}

/** The node that stands for the product, or undefined when there is nothing to simplify. */
export function simplifiedProduct(
  graph: Graph,
  a: NodeId,
  b: NodeId,
  flags: TransposeFlags,
): NodeId | undefined {
  const sizes = productSizes(graph, a, b, flags);
  const { batch, rows, inner, columns } = sizes;
  const shape = [...batch, rows, columns];
  if (graph.isZero(a) || graph.isZero(b) || sizeOf(shape) === 0 || inner === 0) return graph.filled(0, shape);
  const [left, right] = [graph.node(a), graph.node(b)];
  const { transposeA = false, transposeB = false } = flags;
  if (left.primitive.op === 'transpose' && exchangesLastTwo(left.primitive.permutation)) {
    return graph.matmul(left.inputs[0] as NodeId, b, { transposeA: !transposeA, transposeB });
  }
  if (right.primitive.op === 'transpose' && exchangesLastTwo(right.primitive.permutation)) {
    return graph.matmul(a, right.inputs[0] as NodeId, { transposeA, transposeB: !transposeB });
  }
  const negatedA = negated(graph, a);
  if (negatedA !== undefined) return graph.negate(graph.matmul(negatedA, b, flags));
  const negatedB = negated(graph, b);
  if (negatedB !== undefined) return graph.negate(graph.matmul(a, negatedB, flags));
  return batch.length === 0 ? undefined : batchAsOneProduct(graph, a, b, flags, sizes);
}

/** True when the permutation exchanges the last two axes and leaves the others. */
export function exchangesLastTwo(permutation: readonly number[]): boolean {
  const last = permutation.length - 1;
  return permutation.every(
    (axis, k) => axis === (k === last ? last - 1 : k === last - 1 ? last : k) && last >= 1,
  );
}

/**
 * A_i B for all i is the product of the A_i on top of each other with B; A b_i for all i, with the vectors
 * b_i as rows, is B A'. A batch of one is one product.
 */
function batchAsOneProduct(
  graph: Graph,
  a: NodeId,
  b: NodeId,
  { transposeA = false, transposeB = false }: TransposeFlags,
  { batch, rows, inner, columns }: ProductSizes,
): NodeId | undefined {
  const count = sizeOf(batch);
  const shape = [...batch, rows, columns];
  const matrixOf = (id: NodeId): NodeId => graph.reshape(id, graph.shape(id).slice(-2));
  const [sharedA, sharedB] = count === 1 ? [matrixOf(a), matrixOf(b)] : [shared(graph, a), shared(graph, b)];
  if (sharedA !== undefined && sharedB !== undefined) {
    return graph.broadcast(graph.matmul(sharedA, sharedB, { transposeA, transposeB }), shape);
  }
  if (sharedB !== undefined && (!transposeA || rows === 1)) {
    const tall = graph.reshape(a, [count * rows, inner]);
    return graph.reshape(graph.matmul(tall, sharedB, { transposeB }), shape);
  }
  if (sharedA !== undefined && columns === 1) {
    const vectors = graph.reshape(b, [count, inner]);
    return graph.reshape(graph.matmul(vectors, sharedA, { transposeB: !transposeA }), shape);
  }
  return undefined;
}

/** The matrix that a broadcast repeats for the whole batch. */
function shared(graph: Graph, id: NodeId): NodeId | undefined {
  const { primitive, inputs, shape } = graph.node(id);
  if (primitive.op !== 'broadcast') return undefined;
  const source = inputs[0] as NodeId;
  const matrix = shape.slice(-2);
  const own = graph.shape(source);
  if (own.length < 2 || !equalShapes(own.slice(-2), matrix) || sizeOf(own) !== sizeOf(matrix))
    return undefined;
  return graph.reshape(source, matrix);
}
