/**
 * Dense products of row-major matrices, in four forms by which factor is transposed. Dot products use
 * four partial sums, outer forms take four rows at a time; the order of every sum is fixed by the sizes
 * alone. Sizes: out [m, k] = op(A) [m, n] op(B) [n, k].
 */

/** out = A B. */
export function multiplyPlain(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  if (k === 1) {
    for (let i = 0; i < m; i++) dot(a, i * n, b, 0, n, out, i);
    return;
  }
  for (let i = 0; i < m; i++) {
    const o = i * k;
    out.fill(0, o, o + k);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const p = i * n + j;
      addFourRows(
        a[p] as number,
        a[p + 1] as number,
        a[p + 2] as number,
        a[p + 3] as number,
        b,
        j * k,
        k,
        out,
        o,
      );
    }
    for (; j < n; j++) addRow(a[i * n + j] as number, b, j * k, k, out, o);
  }
}

/** out = A' B with A stored [n, m]. */
export function multiplyTransposedA(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  out.fill(0);
  if (k === 1) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      addFourRows(
        b[j] as number,
        b[j + 1] as number,
        b[j + 2] as number,
        b[j + 3] as number,
        a,
        j * m,
        m,
        out,
        0,
      );
    }
    for (; j < n; j++) addRow(b[j] as number, a, j * m, m, out, 0);
    return;
  }
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const p = j * m;
    for (let i = 0; i < m; i++) {
      addFourRows(
        a[p + i] as number,
        a[p + m + i] as number,
        a[p + 2 * m + i] as number,
        a[p + 3 * m + i] as number,
        b,
        j * k,
        k,
        out,
        i * k,
      );
    }
  }
  for (; j < n; j++) {
    for (let i = 0; i < m; i++) addRow(a[j * m + i] as number, b, j * k, k, out, i * k);
  }
}

/** out = A B' with B stored [k, n]. */
export function multiplyTransposedB(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < k; c++) dot(a, i * n, b, c * n, n, out, i * k + c);
  }
}

/** out = A' B' with A stored [n, m] and B stored [k, n]. */
export function multiplyTransposedBoth(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    for (let c = 0; c < k; c++) {
      let total = 0;
      for (let j = 0; j < n; j++) total += (a[j * m + i] as number) * (b[c * n + j] as number);
      out[i * k + c] = total;
    }
  }
}

/** out[o] = the dot product; stored and not returned, for a returned double is boxed, and boxes cost more than sums. */
function dot(
  a: Float64Array,
  p: number,
  b: Float64Array,
  q: number,
  n: number,
  out: Float64Array,
  o: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    s0 += (a[p + j] as number) * (b[q + j] as number);
    s1 += (a[p + j + 1] as number) * (b[q + j + 1] as number);
    s2 += (a[p + j + 2] as number) * (b[q + j + 2] as number);
    s3 += (a[p + j + 3] as number) * (b[q + j + 3] as number);
  }
  for (; j < n; j++) s0 += (a[p + j] as number) * (b[q + j] as number);
  out[o] = s0 + s1 + (s2 + s3);
}

/** out[o ..] += s * row, over k entries. */
export function addRow(
  s: number,
  rows: Float64Array,
  q: number,
  k: number,
  out: Float64Array,
  o: number,
): void {
  for (let c = 0; c < k; c++) out[o + c] = (out[o + c] as number) + s * (rows[q + c] as number);
}

/** out[o ..] += the combination of four consecutive rows of length k. */
export function addFourRows(
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  rows: Float64Array,
  q: number,
  k: number,
  out: Float64Array,
  o: number,
): void {
  const [q1, q2, q3] = [q + k, q + 2 * k, q + 3 * k];
  for (let c = 0; c < k; c++) {
    out[o + c] =
      (out[o + c] as number) +
      (s0 * (rows[q + c] as number) +
        s1 * (rows[q1 + c] as number) +
        (s2 * (rows[q2 + c] as number) + s3 * (rows[q3 + c] as number)));
  }
}

/** The matrices of a batch as windows on their memory; one that is given once serves all. */
export function matricesOf(values: Float64Array, size: number, count: number): readonly Float64Array[] {
  return Array.from({ length: count }, (_, i) =>
    values.length === size ? values : values.subarray(i * size, (i + 1) * size),
  );
}
