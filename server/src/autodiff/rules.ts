/**
 * The derivative of every primitive, in one table: `reverse` gives the adjoint of each input from the
 * adjoint of the output, `forward` the tangent of the output from the tangents of the inputs (undefined:
 * structurally zero, and then nothing is computed). Both build graph nodes, so that derivatives can be
 * differentiated again. At kinks the rules choose one element of the subdifferential: sign(0) = step(0)
 * = 0, ties of a largest entry share equally, and of two equal arguments the second is the larger one.
 */
import { diagonalMatrix } from '../graph/diagonal.ts';
import type { Graph } from '../graph/graph.ts';
import type { BinaryFunction, GraphNode, MatrixForm, NodeId, UnaryFunction } from '../graph/primitive.ts';
import { repeatedAxes, withUnitAxes } from '../graph/shapes.ts';
import { transposedForm } from '../graph/systems.ts';

/** undefined: no adjoint (structurally zero, or labels and other inputs that are not differentiated). */
export type Adjoints = readonly (NodeId | undefined)[];
export type Tangents = readonly (NodeId | undefined)[];

/** phi'(t) as nodes, undefined where it is zero everywhere; y = phi(t). */
export function unaryDerivative(graph: Graph, fn: UnaryFunction, t: NodeId, y: NodeId): NodeId | undefined {
  switch (fn) {
    case 'negate':
      return graph.filled(-1, graph.shape(t));
    case 'exp':
      return y;
    case 'expm1':
      return graph.unary('exp', t);
    case 'log':
      return graph.unary('reciprocal', t);
    case 'log1p':
      return graph.unary('reciprocal', graph.add(t, graph.constant(1)));
    case 'sqrt':
      return graph.divide(graph.constant(0.5), y);
    case 'reciprocal':
      return graph.negate(graph.power(y, 2));
    case 'absolute':
      return graph.unary('sign', t);
    case 'sign':
    case 'step':
      return undefined;
    case 'sin':
      return graph.unary('cos', t);
    case 'cos':
      return graph.negate(graph.unary('sin', t));
    case 'atan':
      return graph.unary('reciprocal', graph.add(graph.constant(1), graph.power(t, 2)));
    case 'tanh':
      // (1 - y)(1 + y) keeps its relative accuracy where y is near 1, 1 - y^2 does not.
      return graph.multiply(graph.subtract(graph.constant(1), y), graph.add(graph.constant(1), y));
    case 'sigmoid':
      return graph.multiply(y, graph.unary('sigmoid', graph.negate(t)));
    case 'softplus':
      return graph.unary('sigmoid', t);
    case 'erf': {
      // 2/√π = 1/√(arctan 1): a node over a literal, whose rounding is seen; √π as a literal would not be one.
      const rootOfQuarterPi = graph.unary('sqrt', graph.unary('atan', graph.constant(1)));
      return graph.divide(graph.unary('exp', graph.negate(graph.power(t, 2))), rootOfQuarterPi);
    }
    case 'xlogx':
      return graph.add(graph.unary('log', t), graph.constant(1));
  }
}

/** Partial derivatives of a function of two arguments; undefined where zero or not asked for. */
function binaryDerivatives(
  graph: Graph,
  fn: BinaryFunction,
  node: GraphNode,
  wanted: readonly boolean[],
): readonly (NodeId | undefined)[] {
  const [a, b] = node.inputs as readonly [NodeId, NodeId];
  const literal = (value: number) => graph.filled(value, node.shape);
  const either = (forA: () => NodeId, forB: () => NodeId) => [
    wanted[0] === true ? forA() : undefined,
    wanted[1] === true ? forB() : undefined,
  ];
  switch (fn) {
    case 'add':
      return [literal(1), literal(1)];
    case 'subtract':
      return [literal(1), literal(-1)];
    case 'multiply':
      return [b, a];
    case 'divide':
      return either(
        () => graph.unary('reciprocal', b),
        () => graph.negate(graph.divide(node.id, b)),
      );
    case 'power':
      return either(
        () => graph.multiply(b, graph.binary('power', a, graph.subtract(b, literal(1)))),
        () => graph.multiply(node.id, graph.unary('log', a)),
      );
    case 'maximum':
    case 'minimum': {
      const difference = fn === 'maximum' ? graph.subtract(a, b) : graph.subtract(b, a);
      const chosen = graph.unary('step', difference);
      return either(
        () => chosen,
        () => graph.subtract(literal(1), chosen),
      );
    }
  }
}

/** `a` [...without the axes] repeated along `axes` of `shape`. */
function spread(graph: Graph, a: NodeId, shape: readonly number[], axes: readonly number[]): NodeId {
  return graph.broadcast(graph.reshape(a, withUnitAxes(shape, axes)), shape);
}

/** Weights of the largest entries: 1 / ties at each, 0 elsewhere. */
function largestWeights(graph: Graph, node: GraphNode, axes: readonly number[]): NodeId {
  const a = node.inputs[0] as NodeId;
  const shape = graph.shape(a);
  const below = graph.unary('step', graph.subtract(spread(graph, node.id, shape, axes), a));
  const mask = graph.subtract(graph.filled(1, shape), below);
  return graph.divide(mask, spread(graph, graph.sum(mask, axes), shape, axes));
}

function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length).fill(0);
  permutation.forEach((axis, position) => {
    inverse[axis] = position;
  });
  return inverse;
}

/**
 * Adjoints of the inputs of `node` from the adjoint of its output (of the node's shape), for the
 * inputs marked as wanted.
 */
export function reverseRule(
  graph: Graph,
  node: GraphNode,
  adjoint: NodeId,
  wanted: readonly boolean[],
): Adjoints {
  const { primitive, inputs, shape } = node;
  const [a, b] = inputs as readonly [NodeId, NodeId];
  switch (primitive.op) {
    case 'constant':
    case 'input':
      return [];
    case 'unary': {
      const derivative = unaryDerivative(graph, primitive.fn, a, node.id);
      return [derivative === undefined ? undefined : graph.multiply(adjoint, derivative)];
    }
    case 'binary': {
      if (primitive.fn === 'divide') {
        // adjoint / b once, for both arguments.
        const quotient = graph.divide(adjoint, b);
        return [quotient, wanted[1] === true ? graph.negate(graph.multiply(quotient, node.id)) : undefined];
      }
      return binaryDerivatives(graph, primitive.fn, node, wanted).map((derivative, k) =>
        derivative === undefined || wanted[k] !== true ? undefined : graph.multiply(adjoint, derivative),
      );
    }
    case 'power':
      return [
        graph.multiply(adjoint, graph.scale(graph.power(a, primitive.exponent - 1), primitive.exponent)),
      ];
    case 'broadcast': {
      const source = graph.shape(a);
      return [graph.reshape(graph.sum(adjoint, repeatedAxes(source, shape)), source)];
    }
    case 'sum':
      return [spread(graph, adjoint, graph.shape(a), primitive.axes)];
    case 'largest': {
      const weights = largestWeights(graph, node, primitive.axes);
      return [graph.multiply(spread(graph, adjoint, graph.shape(a), primitive.axes), weights)];
    }
    case 'reshape':
      return [graph.reshape(adjoint, graph.shape(a))];
    case 'transpose':
      return [graph.transpose(adjoint, inversePermutation(primitive.permutation))];
    case 'matmul': {
      const { transposeA, transposeB } = primitive;
      // C = op(A) op(B): d op(A) = adjoint op(B)', d op(B) = op(A)' adjoint, transposed back where flagged.
      const forA = () =>
        transposeA
          ? graph.matmul(b, adjoint, { transposeA: transposeB, transposeB: true })
          : graph.matmul(adjoint, b, { transposeB: !transposeB });
      const forB = () =>
        transposeB
          ? graph.matmul(adjoint, a, { transposeA: true, transposeB: transposeA })
          : graph.matmul(a, adjoint, { transposeA: !transposeA });
      return [wanted[0] === true ? forA() : undefined, wanted[1] === true ? forB() : undefined];
    }
    case 'slice': {
      const after = graph.shape(a).map((length, axis) => length - (primitive.stop[axis] as number));
      return [graph.pad(adjoint, primitive.start, after)];
    }
    case 'pad': {
      const stop = shape.map((length, axis) => length - (primitive.after[axis] as number));
      return [graph.slice(adjoint, primitive.before, stop)];
    }
    case 'concatenate': {
      let begin = 0;
      return inputs.map((part, k) => {
        const start = shape.map((_, axis) => (axis === primitive.axis ? begin : 0));
        begin += graph.shape(part)[primitive.axis] as number;
        const stop = shape.map((length, axis) => (axis === primitive.axis ? begin : length));
        return wanted[k] === true ? graph.slice(adjoint, start, stop) : undefined;
      });
    }
    case 'windows':
      return [graph.overlapAdd(adjoint, primitive.lengths)];
    case 'overlap_add':
      return [graph.windows(adjoint, primitive.lengths)];
    case 'pick':
      return [graph.place(adjoint, b, graph.shape(a)[1] as number), undefined];
    case 'place':
      return [graph.pick(adjoint, b), undefined];
    case 'logsumexp': {
      const source = graph.shape(a);
      return [graph.multiply(spread(graph, adjoint, source, [source.length - 1]), graph.softmax(a))];
    }
    case 'softmax':
      return [softmaxProduct(graph, node, adjoint)];
    case 'cholesky':
    case 'lu':
      return [undefined];
    case 'solve': {
      // With Y = S⁻ᵀ adjoint: dB = Y and dS = −Y X'; of a definite matrix only the symmetric part counts.
      const { form } = primitive;
      const y = graph.solve(a, adjoint, transposedForm(form));
      const forA = (): NodeId => {
        const [left, right] = form === 'transposed' ? [node.id, y] : [y, node.id];
        const product = graph.matmul(left, right, { transposeB: true });
        return graph.negate(form === 'definite' ? symmetricPart(graph, product) : product);
      };
      return [wanted[0] === true ? forA() : undefined, y, undefined];
    }
    case 'log_det': {
      const slope = transposedInverse(graph, a, primitive.form);
      return [graph.multiply(graph.reshape(adjoint, [...shape, 1, 1]), slope), undefined];
    }
    case 'spectral_norm':
    case 'convolution_norm':
    case 'smallest_eigenvalue':
      throw new Error(`${primitive.op} is a bound for constants and has no derivative`);
  }
}

/** (diag(y) - y y') v for each row; the Jacobian of softmax is symmetric. */
function softmaxProduct(graph: Graph, node: GraphNode, v: NodeId): NodeId {
  const last = node.shape.length - 1;
  const weighted = graph.multiply(node.id, v);
  return graph.subtract(
    weighted,
    graph.multiply(node.id, spread(graph, graph.sum(weighted, [last]), node.shape, [last])),
  );
}

/** (A + A')/2 of the last two axes. */
function symmetricPart(graph: Graph, a: NodeId): NodeId {
  const axes = graph.shape(a).map((_, axis) => axis);
  const [rows, columns] = axes.splice(-2) as [number, number];
  return graph.scale(graph.add(a, graph.transpose(a, [...axes, columns, rows])), 0.5);
}

/** The gradient A⁻ᵀ of log |det A|, as the solution for the columns of the identity. */
function transposedInverse(graph: Graph, a: NodeId, form: MatrixForm): NodeId {
  const ones = graph.filled(1, graph.shape(a).slice(-1));
  return graph.solve(a, diagonalMatrix(graph, ones), transposedForm(form));
}

function plus(graph: Graph, a: NodeId | undefined, b: NodeId | undefined): NodeId | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : graph.add(a, b);
}

/** Tangent of the output of `node` from those of its inputs; undefined when it is structurally zero. */
export function forwardRule(graph: Graph, node: GraphNode, tangents: Tangents): NodeId | undefined {
  const { primitive, inputs, shape } = node;
  const [a, b] = inputs as readonly [NodeId, NodeId];
  const [da, db] = tangents;
  if (tangents.every((tangent) => tangent === undefined)) return undefined;
  switch (primitive.op) {
    case 'constant':
    case 'input':
      return undefined;
    case 'unary': {
      const derivative = unaryDerivative(graph, primitive.fn, a, node.id);
      return derivative === undefined || da === undefined ? undefined : graph.multiply(derivative, da);
    }
    case 'binary': {
      if (primitive.fn === 'divide') {
        // (da - y db) / b
        const numerator =
          db === undefined
            ? (da as NodeId)
            : da === undefined
              ? graph.negate(graph.multiply(node.id, db))
              : graph.subtract(da, graph.multiply(node.id, db));
        return graph.divide(numerator, b);
      }
      const wanted = [da !== undefined, db !== undefined];
      const [forA, forB] = binaryDerivatives(graph, primitive.fn, node, wanted);
      return plus(
        graph,
        da === undefined || forA === undefined ? undefined : graph.multiply(forA, da),
        db === undefined || forB === undefined ? undefined : graph.multiply(forB, db),
      );
    }
    case 'power':
      return graph.multiply(
        graph.scale(graph.power(a, primitive.exponent - 1), primitive.exponent),
        da as NodeId,
      );
    case 'broadcast':
      return graph.broadcast(da as NodeId, shape);
    case 'sum':
      return graph.sum(da as NodeId, primitive.axes);
    case 'largest':
      return graph.sum(
        graph.multiply(largestWeights(graph, node, primitive.axes), da as NodeId),
        primitive.axes,
      );
    case 'reshape':
      return graph.reshape(da as NodeId, shape);
    case 'transpose':
      return graph.transpose(da as NodeId, primitive.permutation);
    case 'matmul': {
      const { transposeA, transposeB } = primitive;
      return plus(
        graph,
        da === undefined ? undefined : graph.matmul(da, b, { transposeA, transposeB }),
        db === undefined ? undefined : graph.matmul(a, db, { transposeA, transposeB }),
      );
    }
    case 'slice':
      return graph.slice(da as NodeId, primitive.start, primitive.stop);
    case 'pad':
      return graph.pad(da as NodeId, primitive.before, primitive.after);
    case 'concatenate':
      return graph.concatenate(
        inputs.map((part, k) => tangents[k] ?? graph.filled(0, graph.shape(part))),
        primitive.axis,
      );
    case 'windows':
      return graph.windows(da as NodeId, primitive.lengths);
    case 'overlap_add':
      return graph.overlapAdd(da as NodeId, primitive.lengths);
    case 'pick':
      return da === undefined ? undefined : graph.pick(da, b);
    case 'place':
      return da === undefined ? undefined : graph.place(da, b, shape[1] as number);
    case 'logsumexp': {
      const source = graph.shape(a);
      return graph.sum(graph.multiply(graph.softmax(a), da as NodeId), [source.length - 1]);
    }
    case 'softmax':
      return softmaxProduct(graph, node, da as NodeId);
    case 'cholesky':
    case 'lu':
      return undefined;
    case 'solve': {
      // dX = S⁻¹ (dB − dS X)
      const { form } = primitive;
      const moved = (direction: NodeId): NodeId =>
        graph.matmul(form === 'definite' ? symmetricPart(graph, direction) : direction, node.id, {
          transposeA: form === 'transposed',
        });
      const side = plus(graph, db, da === undefined ? undefined : graph.negate(moved(da)));
      return graph.solve(a, side as NodeId, form);
    }
    case 'log_det': {
      const slope = transposedInverse(graph, a, primitive.form);
      return graph.sum(graph.multiply(slope, da as NodeId), [shape.length, shape.length + 1]);
    }
    case 'spectral_norm':
    case 'convolution_norm':
    case 'smallest_eigenvalue':
      throw new Error(`${primitive.op} is a bound for constants and has no derivative`);
  }
}
