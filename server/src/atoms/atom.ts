/**
 * The contract of an atom: everything the language knows of one function, in one file per atom,
 * registered by one line in index.ts. Operators (`+`, `*`, `'`, indexing) are atoms too.
 * An atom lowers to graph primitives; derivatives and kernels belong to those, never to an atom.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { Span } from '../base/span.ts';
import type { Expression, Interval } from './expression.ts';
import type { Formula } from './formula.ts';

/** Static attributes of one use: axis numbers, slice ends (1-based, inclusive, symbolic), options. */
export type Parameters = Readonly<Record<string, number | string | boolean | readonly SliceRange[]>>;

/** One axis of an index: all of it, one entry (the axis disappears), or a range. */
export type SliceRange =
  | { readonly kind: 'all' }
  | { readonly kind: 'entry'; readonly at: Dimension; readonly numbers?: SliceNumbers }
  | {
      readonly kind: 'range';
      readonly from: Dimension;
      readonly to: Dimension;
      readonly numbers?: SliceNumbers;
    };

/** What the text alone tells, by literals and by `let`: the first and the last entry, and the length of the axis. */
export interface SliceNumbers {
  readonly from?: number;
  readonly to?: number;
  readonly size?: number;
}

/** Why the arguments do not fit; `argument` is the index of the one to blame, if one. */
export interface ShapeProblem {
  readonly problem: string;
  readonly remedy?: string;
  readonly argument?: number;
  /** Holds by the names of the dimensions: that their numbers are equal by chance does not mend it. */
  readonly final?: boolean;
}

/** Values outside `interval` have no image; `words` completes "x must be …". */
export interface DomainRule {
  readonly interval: Interval;
  readonly words: string;
}

/** How the value moves with one argument, on the given ranges. */
export type Monotonicity = 'increasing' | 'decreasing' | 'none';
/** Curvature of the atom as a function of all its arguments jointly, on the given ranges. */
export type AtomCurvature = 'affine' | 'convex' | 'concave' | 'none';

/** Which way a function bends: up where its second derivative is positive. */
export type Bend = 'up' | 'down';

export interface ArgumentFacts {
  readonly shape: Shape;
  readonly range: Interval;
  /** True when the argument depends on no unknown of the lower level. */
  readonly fixed: boolean;
}

/** Norms of the derivatives of psi, where the atom is psi of each row of `argument`. */
export interface RowwiseFacts {
  readonly argument: number;
  /** Upper bounds of ‖∇psi‖, ‖∇²psi‖ and ‖∇³psi‖ (2-norms as multilinear maps), anywhere. */
  readonly bounds: readonly [number, number, number];
}

/** A trailing argument that must be a number known to the checker, such as the width of smooth_abs. */
export interface AtomConstant {
  /** Its key in the parameters; it may also be written `name = value`. */
  readonly name: string;
  readonly default?: number;
  /** May be left out, and is then absent from the parameters. */
  readonly optional?: boolean;
  /** Smallest admissible value; `exclusive` when it must be larger. */
  readonly least?: number;
  readonly exclusive?: boolean;
  /** Largest admissible value. */
  readonly most?: number;
  /** The constant that it must not be below. */
  readonly notBelow?: string;
  /** A whole number, such as an axis. */
  readonly whole?: boolean;
  /** Only written `name = value`. */
  readonly named?: true;
}

/** An option written `name = "choice"`; its text goes to the parameters. */
export interface AtomChoice {
  readonly name: string;
  readonly choices: readonly [string, ...string[]];
  readonly default: string;
}

/** Norms of a fixed linear map A as formulas in sizes: upper bounds, except for `gram`. */
export interface LinearNorms {
  /** ‖A‖ in the 2-norm. */
  readonly euclid: Formula;
  /** Largest 2-norm of a row of A, which makes one entry of the result. */
  readonly largest: Formula;
  /** ‖A_r‖ for the rows of A that make one row (last axis) of the result. */
  readonly rows: Formula;
  /** Largest sum of absolute entries of a row of A. */
  readonly rowSum: Formula;
  /** Largest sum of absolute entries of a column of A. */
  readonly columnSum: Formula;
  /** Lower bound of the smallest eigenvalue of A'A. */
  readonly gram: Formula;
}

export interface Atom {
  /** As written in the language; operators by words: `add`, `matmul`, `transpose`, `index`. */
  readonly name: string;
  /** The symbol of an operator; such an atom cannot be called by its name. */
  readonly notation?: string;
  readonly documentation: {
    /** `cross_entropy(Z : matrix[n, k], y : labels[n, k]) : vector[n]` */
    readonly signature: string;
    /** One line. */
    readonly summary: string;
    /** Unicode mathematics: `logΣⱼ exp(Zᵢⱼ) − Zᵢ,yᵢ` */
    readonly formula: string;
  };
  /** Least and largest number of array arguments. */
  readonly arity: readonly [number, number];
  /** Numbers written after the array arguments; they go to the parameters, not to the arguments. */
  readonly constants?: readonly AtomConstant[];
  readonly choices?: readonly AtomChoice[];
  /** Arguments written after the arrays that are dimensions; they go to `parameters[dimensions]` as entries. */
  readonly dimensions?: string;
  /** This argument must be `labels`, with as many classes as argument `classesOf` has columns. */
  readonly labels?: { readonly argument: number; readonly classesOf: number };
  /** A name under which the last array argument may be written: `standardize(X, like = Y)`. */
  readonly argumentNames?: readonly string[];
  /** Only in `data`: no derivative is needed. */
  readonly dataOnly?: boolean;
  readonly shape: (args: readonly Shape[], parameters: Parameters) => Shape | ShapeProblem;
  /** Where each argument must lie, when not the whole line. */
  readonly domain?: (parameters: Parameters) => readonly (DomainRule | undefined)[];
  /** What an argument must be that no interval of its entries says; a sentence for where a value is not a number. */
  readonly needs?: (parameters: Parameters) => string;
  /**
   * What the symbolic shapes decide and numbers cannot (a dimension that happens to be 1 keeps its
   * axis), and what is known of the arguments by how they are written; the checker merges it into the parameters.
   * Absent parameters mean: judge by the numbers.
   */
  readonly attributes?: (shapes: readonly Shape[], args: readonly Expression[]) => Parameters;
  readonly range: (args: readonly ArgumentFacts[], parameters: Parameters) => Interval;
  readonly monotonicity: (args: readonly ArgumentFacts[], parameters: Parameters) => readonly Monotonicity[];
  readonly curvature: (args: readonly ArgumentFacts[], parameters: Parameters) => AtomCurvature;
  /** How often the atom is continuously differentiable: −1 for what jumps, 0 for relu, 1 for huber, Infinity for exp. */
  readonly smoothness: number;
  /**
   * For atoms that act on each entry of one argument, phi: upper bound of |phi^(order)| on
   * [lower, upper], the ends being formulas (numbers or expressions over a ball).
   */
  readonly derivativeBound?: (
    order: 1 | 2 | 3,
    lower: Formula,
    upper: Formula,
    parameters: Parameters,
  ) => Formula;
  /** Lower bound of |phi''| on [lower, upper] for entrywise atoms that are convex or concave there. */
  readonly leastCurvature?: (lower: Formula, upper: Formula, parameters: Parameters) => Formula;
  /**
   * Upper bound of max(φ″, 0) ('up') or max(−φ″, 0) ('down') on [lower, upper], for entrywise atoms that bend both
   * ways and by different amounts.
   */
  readonly bend?: (way: Bend, lower: Formula, upper: Formula, parameters: Parameters) => Formula;
  /** For atoms that are a fixed linear map of one argument, of this shape. */
  readonly linear?: (shape: Shape, parameters: Parameters) => LinearNorms;
  /** For atoms that act on each row of one matrix (last axis). */
  readonly rowwise?: RowwiseFacts;
  /** The same by simpler atoms, from which constants are derived; undefined where it is simple itself. */
  readonly definition?: (
    args: readonly Expression[],
    parameters: Parameters,
    span: Span,
  ) => Expression | undefined;
  readonly lower: (
    graph: Graph,
    args: readonly NodeId[],
    parameters: Parameters,
    dimension: (d: Dimension) => number,
  ) => NodeId;
}
