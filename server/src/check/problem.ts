/**
 * What the checker makes of a file: the problem with every expression typed, its dimensions, its
 * methods and its constants as formulas. It is complete exactly when there is no error diagnostic;
 * otherwise it holds what could be understood, for hover, outline and completion.
 */
import type { Certainty } from '../base/certainty.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { LowerKind } from '../base/lower-kind.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import type { Span } from '../base/span.ts';
import type { ArraySymbol, Expression, Interval } from '../atoms/expression.ts';
import type { Formula } from '../atoms/formula.ts';
import type { GivenConstant } from './blocks/given-constants.ts';
import type { ProximalSplit } from './blocks/proximal.ts';
import type { ResultOperation } from './blocks/results.ts';
import type { SetKind } from '../sets/set.ts';

export interface CheckedProblem {
  readonly title?: string;
  readonly dimensions: ReadonlyMap<string, DimensionFact>;
  readonly data: readonly DataDefinition[];
  readonly upper: CheckedLevel;
  readonly lower: CheckedLower;
  readonly options: SolveOptions;
  /** Constants among the options, with their places. */
  readonly given: readonly GivenConstant[];
  readonly expectations: readonly Expectation[];
  readonly reports: readonly ReportedValue[];
  readonly samples: readonly SampledDimension[];
  readonly constants: ConstantTable;
  /** The lower objective is quadratic in the lower unknowns, or the map affine. */
  readonly lowerIsQuadratic: boolean;
}

/** What could be understood of a file that may have errors. */
export interface PartialProblem {
  readonly title?: string;
  readonly dimensions: ReadonlyMap<string, DimensionFact>;
  readonly data: readonly DataDefinition[];
  readonly upper: PartialLevel;
  readonly lower: PartialLevel;
  readonly options: SolveOptions;
  readonly given: readonly GivenConstant[];
  readonly expectations: readonly Expectation[];
  readonly reports: readonly ReportedValue[];
  readonly samples: readonly SampledDimension[];
  readonly constants?: ConstantTable;
  readonly lowerIsQuadratic?: boolean;
}

export type Sense = 'minimize' | 'maximize';

export interface PartialLevel {
  /** Of the lower level, once it is known; of the upper always a minimum. */
  readonly kind: LowerKind;
  readonly unknowns: readonly CheckedUnknown[];
  readonly proximal?: ProximalSplit;
  /** Of a fixed point, in the order of the unknowns; absent where one has a mistake. */
  readonly maps?: readonly FixedPointMap[];
  readonly objective?: Expression;
  readonly sense: Sense;
  readonly span?: Span;
  readonly objectiveKeyword?: Span;
}

/** A dimension name: its value when a header, a literal or a `let` binds it. */
export interface DimensionFact {
  readonly name: string;
  readonly value?: number;
  /** Where it was bound. */
  readonly span: Span;
  /** `rows of X`, `let h = 200` … for messages and hover. */
  readonly origin: string;
}

export interface DataDefinition {
  readonly symbol: ArraySymbol;
  /** Over source terms and earlier data only. */
  readonly value: Expression;
  readonly span: Span;
  /** What is promised of the data and verified when it is loaded. */
  readonly set?: UnknownSet;
}

export interface CheckedLevel {
  readonly unknowns: readonly CheckedUnknown[];
  /** Scalar. */
  readonly objective: Expression;
  readonly sense: Sense;
  readonly span: Span;
  /** Of the keyword `minimize`: results are shown there. */
  readonly objectiveKeyword: Span;
}

export type CheckedLower = MinimisedLevel | FixedPointLevel;

export interface MinimisedLevel extends CheckedLevel {
  readonly kind: 'minimum' | 'proximal';
  /** What is minimised, less its proximal terms; present with them or with a set on an unknown. */
  readonly proximal?: ProximalSplit;
}

export interface FixedPointLevel extends Omit<CheckedLevel, 'objective'> {
  readonly kind: 'fixed_point';
  /** In the order of the unknowns. */
  readonly maps: readonly FixedPointMap[];
}

/** `fixed_point x = Phi(x)`, for one unknown. */
export interface FixedPointMap {
  readonly symbol: ArraySymbol;
  /** Of the unknown's shape. */
  readonly expression: Expression;
}

export interface CheckedUnknown {
  readonly symbol: ArraySymbol;
  readonly start: Expression;
  /** Absent: the whole space. */
  readonly set?: UnknownSet;
  readonly span: Span;
}

/** A set as written. The arguments depend on data at most. */
export type UnknownSet =
  | {
      readonly kind: 'basic';
      readonly basis: SetKind;
      readonly args: readonly Expression[];
      readonly span: Span;
    }
  /** Each row in a set. */
  | { readonly kind: 'rows'; readonly of: UnknownSet; readonly span: Span }
  | { readonly kind: 'intersection'; readonly parts: readonly UnknownSet[]; readonly span: Span };

/** `sample n = 128`, checked. */
export interface SampledDimension {
  readonly dimension: string;
  /** Rows in one minibatch. */
  readonly size: number;
  /** The arrays of the file that are taken apart by rows. */
  readonly arrays: readonly string[];
  readonly span: Span;
}

/** An entry of `report`: a number of the result, or an expression at the solution. */
export type ReportedValue = {
  readonly name: string;
  readonly span: Span;
} & (
  | { readonly kind: 'result'; readonly quantity: string }
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      /** How it moves with x, on the ball around the lower solution. */
      readonly dependence: LowerDependence;
      /** The lower level with other data, where that is another one. */
      readonly again?: Pick<CheckedProblem, 'lower' | 'constants' | 'lowerIsQuadratic'>;
    }
);

/** Upper bounds of derivatives in the lower unknowns, of all entries together. */
export interface LowerDependence {
  readonly first: Formula;
  /** Infinite for arrays, whose first derivative has to do. */
  readonly second: Formula;
  /** Of the second, for scalars. */
  readonly shares?: () => ConstantShares;
}

/** A number of the result by its name. */
export interface ExpectedQuantity {
  readonly quantity: string;
  /** `estimated(name)` accepts an uncertified number. */
  readonly acceptsEstimate: boolean;
  /** Holds the true number whatever its bound says: a share lies in [0, 1], a sum of squares is not negative. */
  readonly range?: Interval;
}

/** A side of a relation: arithmetic over results and numbers. */
export type ResultExpression =
  | { readonly kind: 'number'; readonly value: number }
  | ({ readonly kind: 'result' } & ExpectedQuantity)
  | {
      readonly kind: 'operation';
      /** A power has a whole number as its exponent. */
      readonly operation: ResultOperation;
      readonly args: readonly ResultExpression[];
    };

export interface Expectation {
  /** Names at least one result. */
  readonly left: ResultExpression;
  readonly operator: '<=' | '>=' | '<' | '>' | '==';
  readonly right: ResultExpression;
  readonly span: Span;
}

export type ConstantName = 'mu' | 'L' | 'L_H' | 'L_J' | 'L_fx' | 'L_ftheta' | 'jacobianNorm';

export interface DerivedConstant {
  readonly formula: Formula;
  readonly kind: Certainty;
  /** The term responsible. */
  readonly from: Span;
  /** The rule in words. */
  readonly because: string;
  /** What the terms contribute, of constants on a ball; made when an estimate needs it. */
  readonly shares?: () => ConstantShares;
}

/** A constant as it is put together from its terms, so that those without a bound can be left out. */
export interface ConstantShares {
  readonly terms: readonly {
    /** The part of the term that stands in the way of a bound, where there is one. */
    readonly name: string;
    readonly bound: Formula;
    /** Without the kinks of its atoms; may be infinite too. */
    readonly smoothPart: Formula;
  }[];
  /** The constant from a bound of each term, in the same order. */
  readonly combine: (bounds: readonly Formula[]) => Formula;
}

export type ConstantTable = Readonly<Record<ConstantName, DerivedConstant>>;

/** What is known of one expression, for hover. */
export interface ExpressionFact {
  readonly span: Span;
  readonly shape: Shape;
  readonly description: string;
}

export type { Dimension };
