/**
 * How an expression depends on the rows over a dimension n: not at all, row by row (entry i of the result uses
 * rows i only), as a sum over the rows, as a mean, or in a way that couples rows, which is a `Coupling` with
 * the smallest subexpression responsible. Sums and means may have terms free of n beside them. What has no
 * rule couples; so a mean that is found is one.
 */
import type { Dimension, Shape } from '../../base/dimension.ts';
import { namedDimension, sameDimension } from '../../base/dimension.ts';
import { reducedAxis } from '../../atoms/axis.ts';
import { definitionOf } from '../../atoms/definition.ts';
import type { ApplyTerm, ComprehensionTerm, Expression } from '../../atoms/expression.ts';
import { namesIn } from '../../atoms/expression.ts';
import { subscriptsOf } from '../../atoms/indexing.ts';
import { namesOf } from '../typing/dimensions.ts';

export type RowRole =
  | { readonly kind: 'free' }
  /** n itself to the power 1 or −1, times what is free of n. */
  | { readonly kind: 'count'; readonly power: 1 | -1 }
  | { readonly kind: 'rows'; readonly axis: number }
  /** `term`: where the sum over the rows is taken. */
  | { readonly kind: 'sum' | 'mean'; readonly term: Expression }
  | { readonly kind: 'coupled'; readonly expression: Expression; readonly why: string };

const free: RowRole = { kind: 'free' };

/** Two or more arrays, entry by entry with the trailing axes aligned. */
const entrywise: ReadonlySet<string> = new Set([
  'maximum',
  'minimum',
  'power',
  'square',
  'kl_div',
  'rel_entr',
  'sign',
]);
/** Of each row along the last axis, which disappears in some. */
const rowwise: ReadonlySet<string> = new Set([
  'softmax',
  'log_softmax',
  'logsumexp',
  'cross_entropy',
  'sumsq_rows',
]);
/** Reductions with an option `axis`. */
const reductions: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'norm1',
  'norm2',
  'norm_inf',
  'max',
  'min',
  'var',
  'std',
  'logsumexp',
]);

/** The role of rows over `dimension`, the index `index` (if any) standing for one row. */
export function rowRoleOf(expression: Expression, dimension: string, index?: string): RowRole {
  return new RowStructure(dimension, index).role(expression);
}

class RowStructure {
  private readonly name: string;
  private readonly size: Dimension;
  private readonly index: string | undefined;
  private readonly known = new Map<Expression, RowRole>();

  constructor(name: string, index: string | undefined) {
    this.name = name;
    this.size = namedDimension(name);
    this.index = index;
  }

  role(e: Expression): RowRole {
    let role = this.known.get(e);
    if (role === undefined) this.known.set(e, (role = this.compute(e)));
    return role;
  }

  private compute(e: Expression): RowRole {
    switch (e.kind) {
      case 'number':
      case 'source':
        return free;
      case 'dimension':
        return e.name === this.name ? { kind: 'count', power: 1 } : free;
      case 'symbol':
        if (e.symbol.slice !== undefined && e.symbol.slice.index === this.index) return free;
        return this.arrayRole(e, e.shape);
      case 'comprehension':
        return this.comprehension(e);
      case 'apply':
        return this.application(e);
    }
  }

  /** An array of the file: rows along the one axis that is n. */
  private arrayRole(e: Expression, shape: Shape): RowRole {
    const axes = [...shape.keys()].filter((axis) => this.mentions(shape[axis]));
    const [axis, ...others] = axes;
    if (axis === undefined) return free;
    const isWhole = others.length === 0 && sameDimension(shape[axis] as Dimension, this.size);
    return isWhole
      ? { kind: 'rows', axis }
      : this.coupled(e, `its shape has \`${this.name}\` in another way than as rows`);
  }

  private mentions(dimension: Dimension | undefined): boolean {
    return dimension !== undefined && namesOf(dimension).includes(this.name);
  }

  private coupled(expression: Expression, why: string): RowRole {
    return { kind: 'coupled', expression, why };
  }

  private comprehension(e: ComprehensionTerm): RowRole {
    if (!sameDimension(e.dimension, this.size)) {
      if (this.mentions(e.dimension)) return this.coupled(e, `it runs over a part of \`${this.name}\` only`);
      const body = this.role(e.body);
      return body.kind === 'rows' && e.operation === 'stack' ? { kind: 'rows', axis: body.axis + 1 } : body;
    }
    const body = rowRoleOf(e.body, this.name, e.index);
    if (body.kind === 'coupled') return body;
    if (body.kind !== 'free' && body.kind !== 'count') {
      return this.coupled(e.body, `one term uses more rows than that of its index \`${e.index}\``);
    }
    if (e.operation === 'stack') return { kind: 'rows', axis: 0 };
    return { kind: e.operation, term: e };
  }

  private application(e: ApplyTerm): RowRole {
    const definition = definitionOf(e);
    const roles = e.args.map((argument) => this.role(argument));
    const broken = roles.find(({ kind }) => kind === 'coupled');
    if (broken !== undefined) return broken;
    if (e.atom.name === 'index') return this.subscripts(e, roles[0] ?? free);
    const scaled = this.scaling(e, roles);
    if (scaled !== undefined) return scaled;
    const dependent = roles.filter(({ kind }) => kind !== 'free' && kind !== 'count');
    if (dependent.length === 0) return this.mentionsInShape(e) ? this.arrayRole(e, e.shape) : free;
    const found = this.structural(e, roles);
    if (found !== undefined) return found;
    if (definition !== undefined) return this.role(definition);
    return this.refuse(e, roles);
  }

  private mentionsInShape(e: Expression): boolean {
    return e.shape.some((dimension) => this.mentions(dimension));
  }

  private refuse(e: ApplyTerm, roles: readonly RowRole[]): RowRole {
    const name = e.atom.notation ?? e.atom.name;
    return roles.some(({ kind }) => kind === 'sum' || kind === 'mean')
      ? this.coupled(e, `\`${name}\` of a sum over all rows is no sum of terms of single rows`)
      : this.coupled(e, `\`${name}\` joins rows over \`${this.name}\``);
  }

  /** Subscripts leave the rows as they are, or choose the one of the index. */
  private subscripts(e: ApplyTerm, base: RowRole): RowRole {
    const subscripts = subscriptsOf(e.parameters);
    if (base.kind !== 'rows') {
      return namesIn(e).has(this.name) && base.kind === 'free'
        ? this.coupled(e, `a subscript names \`${this.name}\``)
        : base;
    }
    const own = subscripts[base.axis] ?? { kind: 'all' };
    const isIndex =
      own.kind === 'entry' && this.index !== undefined && sameDimension(own.at, namedDimension(this.index));
    if (isIndex) return free;
    if (own.kind !== 'all') return this.coupled(e, `it chooses some rows over \`${this.name}\``);
    const gone = subscripts.slice(0, base.axis).filter(({ kind }) => kind === 'entry').length;
    return { kind: 'rows', axis: base.axis - gone };
  }

  /** Products and quotients with n and with what is free of it; undefined: no scalar is involved. */
  private scaling(e: ApplyTerm, roles: readonly RowRole[]): RowRole | undefined {
    const { name } = e.atom;
    const [a = free, b = free] = roles;
    const isProduct = name === 'multiply' || name === 'matmul';
    if (name !== 'divide' && !isProduct) return undefined;
    const [left, right] = e.args as readonly [Expression, Expression];
    if (name === 'divide') {
      if (b.kind === 'count') return timesCount(a, b.power === 1 ? -1 : 1);
      if (b.kind === 'free' && right.shape.length === 0) return a;
      return undefined;
    }
    if (b.kind === 'count' && right.shape.length === 0) return timesCount(a, b.power);
    if (a.kind === 'count' && left.shape.length === 0) return timesCount(b, a.power);
    if (a.kind === 'free' && left.shape.length === 0) return b;
    if (b.kind === 'free' && right.shape.length === 0) return a;
    return undefined;
  }

  private structural(e: ApplyTerm, roles: readonly RowRole[]): RowRole | undefined {
    const { atom, args } = e;
    const [a = free, b = free] = roles;
    switch (atom.name) {
      case 'add':
      case 'subtract':
      case 'negate':
        return this.sum(e, roles);
      case 'multiply':
        return this.linear(a, b) ?? this.aligned(e, roles);
      case 'divide':
        return (b.kind === 'free' ? this.linear(a, b) : undefined) ?? this.aligned(e, roles);
      case 'transpose':
        return a.kind === 'rows'
          ? { kind: 'rows', axis: transposedAxis(a.axis, args[0]?.shape.length ?? 0) }
          : a;
      case 'matmul':
        return this.product(e, a, b);
      case 'batched_matmul':
        return this.batchedProduct(e, a, b) ?? this.refuse(e, roles);
      case 'dot':
        return a.kind === 'rows' && b.kind === 'rows' ? { kind: 'sum', term: e } : this.linear(a, b);
      case 'sumsq':
        return a.kind === 'rows' ? { kind: 'sum', term: e } : undefined;
      default:
    }
    if (reductions.has(atom.name) && !rowwise.has(atom.name)) return this.reduction(e, a);
    if (rowwise.has(atom.name) && reducedAxis(e.parameters) === undefined) return this.ofEachRow(e, roles);
    const isEntrywise = entrywise.has(atom.name) || (atom.derivativeBound !== undefined && args.length === 1);
    return isEntrywise ? this.aligned(e, roles) : undefined;
  }

  /** Sums keep their kind beside terms free of n; a row cannot have the sum over all rows added. */
  private sum(e: ApplyTerm, roles: readonly RowRole[]): RowRole {
    const kinds = new Set(
      roles.map(({ kind }) => kind).filter((kind) => kind !== 'free' && kind !== 'count'),
    );
    if (kinds.has('rows')) return this.aligned(e, roles);
    const [first, ...others] = kinds;
    const found = roles.find(({ kind }) => kind === first) ?? free;
    return others.length === 0
      ? found
      : this.coupled(e, 'a sum over the rows and a mean over them are added');
  }

  /** Entry by entry: the axes of all rows must meet. */
  private aligned(e: ApplyTerm, roles: readonly RowRole[]): RowRole {
    const rank = e.shape.length;
    const axes = new Set<number>();
    for (const [position, role] of roles.entries()) {
      if (role.kind === 'sum' || role.kind === 'mean') return this.refuse(e, roles);
      if (role.kind === 'rows') axes.add(role.axis + rank - (e.args[position]?.shape.length ?? 0));
    }
    const [axis, ...others] = axes;
    if (axis === undefined) return free;
    return others.length === 0
      ? { kind: 'rows', axis }
      : this.coupled(e, `rows over \`${this.name}\` meet in different axes`);
  }

  /** What is linear in one sum is one of the same kind. */
  private linear(a: RowRole, b: RowRole): RowRole | undefined {
    const isTotal = ({ kind }: RowRole): boolean => kind === 'sum' || kind === 'mean';
    if (isTotal(a) && b.kind === 'free') return a;
    return isTotal(b) && a.kind === 'free' ? b : undefined;
  }

  private product(e: ApplyTerm, a: RowRole, b: RowRole): RowRole | undefined {
    const [left, right] = e.args as readonly [Expression, Expression];
    if (left.shape.length === 0 || right.shape.length === 0) {
      return a.kind === 'rows' || b.kind === 'rows' ? this.aligned(e, [a, b]) : undefined;
    }
    const last = left.shape.length - 1;
    if (a.kind === 'rows' && b.kind === 'rows') {
      return a.axis === last && b.axis === 0 ? { kind: 'sum', term: e } : undefined;
    }
    if (a.kind === 'rows') return b.kind === 'free' && a.axis < last ? a : undefined;
    if (b.kind === 'rows') {
      // The axis behind the contraction, in the result's shape.
      return a.kind === 'free' && b.axis > 0 ? { kind: 'rows', axis: e.shape.length - 1 } : undefined;
    }
    return this.linear(a, b);
  }

  /** As `product` on the last two axes; rows along an axis of the batch stay where it is. */
  private batchedProduct(e: ApplyTerm, a: RowRole, b: RowRole): RowRole | undefined {
    const [left, right] = e.args.map(({ shape }) => shape.length) as [number, number];
    // Counted from the end, where the result has its rows and columns too: 1 for columns, 2 for rows.
    const fromEnd = [
      a.kind === 'rows' ? left - a.axis + (left === 1 ? 1 : 0) : 0,
      b.kind === 'rows' ? right - b.axis + (right === 1 ? 1 : 0) : 0,
    ] as const;
    const axisAt = (place: number): RowRole => ({
      kind: 'rows',
      axis: e.shape.length + (right === 1 ? 1 : 0) - place,
    });
    const [ofLeft, ofRight] = fromEnd;
    if (ofLeft === 1 || ofRight === 2)
      return ofLeft === 1 && ofRight === 2 ? { kind: 'sum', term: e } : undefined;
    if (ofLeft > 2 && (ofRight === ofLeft || b.kind === 'free')) return axisAt(ofLeft);
    if (ofRight > 2 && a.kind === 'free') return axisAt(ofRight);
    if (ofLeft === 2 && b.kind === 'free') return axisAt(2);
    if (ofRight === 1 && a.kind === 'free') return axisAt(1);
    return ofLeft + ofRight === 0 ? this.linear(a, b) : undefined;
  }

  private reduction(e: ApplyTerm, a: RowRole): RowRole | undefined {
    const { name } = e.atom;
    const isLinear = name === 'sum' || name === 'mean';
    if (a.kind !== 'rows') return isLinear ? a : undefined;
    const axis = reducedAxis(e.parameters);
    if (axis !== undefined && axis !== a.axis)
      return { kind: 'rows', axis: a.axis - (axis < a.axis ? 1 : 0) };
    if (name === 'sum' || name === 'norm1') return { kind: 'sum', term: e };
    return name === 'mean' ? { kind: 'mean', term: e } : undefined;
  }

  /** Functions of each row along the last axis; n must be one of the axes in front. */
  private ofEachRow(e: ApplyTerm, roles: readonly RowRole[]): RowRole | undefined {
    let axis: number | undefined;
    for (const [position, role] of roles.entries()) {
      if (role.kind === 'free' || role.kind === 'count') continue;
      if (role.kind !== 'rows') return undefined;
      const rank = e.args[position]?.shape.length ?? 0;
      const isLabels = e.atom.labels?.argument === position;
      if (!isLabels && role.axis === rank - 1) {
        return e.atom.name === 'sumsq_rows' ? { kind: 'sum', term: e } : undefined;
      }
      if (axis !== undefined && axis !== role.axis) return undefined;
      axis = role.axis;
    }
    return axis === undefined ? free : { kind: 'rows', axis };
  }
}

/** Where an axis is after the last two are exchanged; of a vector, which becomes a row, its only one. */
function transposedAxis(axis: number, rank: number): number {
  if (rank === 1) return 1;
  return axis < rank - 2 ? axis : 2 * rank - 3 - axis;
}

function timesCount(role: RowRole, power: 1 | -1): RowRole {
  switch (role.kind) {
    case 'free':
      return { kind: 'count', power };
    case 'sum':
      return power === -1 ? { ...role, kind: 'mean' } : role;
    case 'mean':
      return power === 1 ? { ...role, kind: 'sum' } : role;
    case 'count':
      return free;
    case 'rows':
    case 'coupled':
      return role;
  }
}
