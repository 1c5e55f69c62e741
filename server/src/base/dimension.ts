/**
 * Symbolic dimensions: polynomials with integer coefficients in dimension names,
 * kept in one canonical form so that equality is structural. A shape is a list of dimensions;
 * a scalar has the empty shape, a vector is a column.
 */

/** Sum of monomials; a key is the sorted names of one monomial joined by `*` ('' for the constant). */
export type Dimension = ReadonlyMap<string, number>;
export type Shape = readonly Dimension[];

function canonical(terms: Iterable<readonly [string, number]>): Dimension {
  const list = [...terms];
  const [only] = list;
  if (list.length === 1 && only !== undefined) return only[1] === 0 ? new Map() : new Map(list);
  return new Map(
    list.filter(([, coefficient]) => coefficient !== 0).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

export function fixedDimension(value: number): Dimension {
  return canonical([['', value]]);
}

export function namedDimension(name: string): Dimension {
  return canonical([[name, 1]]);
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const sum = new Map(a);
  for (const [key, coefficient] of b) sum.set(key, (sum.get(key) ?? 0) + coefficient);
  return canonical(sum);
}

export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  const product = new Map<string, number>();
  for (const [keyA, coefficientA] of a) {
    for (const [keyB, coefficientB] of b) {
      const key = [...keyA.split('*'), ...keyB.split('*')].filter(Boolean).sort().join('*');
      product.set(key, (product.get(key) ?? 0) + coefficientA * coefficientB);
    }
  }
  return canonical(product);
}

/** In the one form that all have, equal terms stand at equal places. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, coefficient] of a) if (b.get(key) !== coefficient) return false;
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return (
    a.length === b.length && a.every((dimension, axis) => sameDimension(dimension, b[axis] as Dimension))
  );
}

/** The number when the dimension has no names in it. */
export function constantDimension(dimension: Dimension): number | undefined {
  if (dimension.size === 0) return 0;
  if (dimension.size === 1) return dimension.get('');
  return undefined;
}

/** Every name that occurs. */
export function dimensionNames(dimension: Dimension): ReadonlySet<string> {
  return new Set([...dimension.keys()].flatMap((key) => key.split('*').filter(Boolean)));
}

/** The dimension with another in the place of a name. */
export function substituteDimension(dimension: Dimension, name: string, by: Dimension): Dimension {
  let result: Dimension = new Map();
  for (const [key, coefficient] of dimension) {
    let term = fixedDimension(coefficient);
    for (const factor of key.split('*').filter(Boolean))
      term = multiplyDimensions(term, factor === name ? by : namedDimension(factor));
    result = addDimensions(result, term);
  }
  return result;
}

/** The numbers of names. */
export type Sizes = Pick<ReadonlyMap<string, number>, 'get'>;

/** The value under a binding of names; undefined when a name is unbound. */
export function evaluateDimension(dimension: Dimension, bindings: Sizes): number | undefined {
  let total = 0;
  for (const [key, coefficient] of dimension) {
    let product = coefficient;
    for (const name of key.split('*').filter(Boolean)) {
      const value = bindings.get(name);
      if (value === undefined) return undefined;
      product *= value;
    }
    total += product;
  }
  return total;
}

export function formatDimension(dimension: Dimension): string {
  if (dimension.size === 0) return '0';
  // One name alone, which most dimensions are.
  if (dimension.size === 1) {
    for (const [key, coefficient] of dimension) if (coefficient === 1 && key !== '') return key;
  }
  // The constant comes last; differences arise from subscripts such as `2..n`.
  const terms = [...dimension].sort(([a], [b]) => Number(a === '') - Number(b === ''));
  return terms
    .map(([key, coefficient], position) => {
      const size = Math.abs(coefficient);
      const text = key === '' ? String(size) : size === 1 ? key : `${size}*${key}`;
      if (position === 0) return coefficient < 0 ? `-${text}` : text;
      return coefficient < 0 ? ` - ${text}` : ` + ${text}`;
    })
    .join('');
}

/** `scalar`, `vector[n]`, `matrix[m, n]` or `tensor[a, b, c]`. */
export function formatShape(shape: Shape): string {
  const kinds = ['scalar', 'vector', 'matrix'];
  const kind = kinds[shape.length] ?? 'tensor';
  return shape.length === 0 ? kind : `${kind}[${shape.map(formatDimension).join(', ')}]`;
}
