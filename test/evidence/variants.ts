/**
 * Further .bilevel files made from the samples by transformations that keep or change the problem in
 * known ways: every declared name renamed, blocks and declarations reordered, sums commuted, unknowns
 * reshaped or split, other data. Nothing that works for a sample only survives them.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const samplesFolder = join(dirname(fileURLToPath(import.meta.url)), '../../samples');

export interface Variant {
  readonly name: string;
  readonly text: string;
}

type Transformation = (text: string) => string;

const piece = /"(?:[^"\\\n]|\\.)*"|#[^\n]*|[\p{L}_][\p{L}\p{N}_]*|[^]/gu;

/** Replaces whole identifiers outside strings and comments. */
function renameAll(names: Readonly<Record<string, string>>): Transformation {
  return (text) =>
    text.replace(piece, (found) => (Object.hasOwn(names, found) ? (names[found] ?? found) : found));
}

/** Renames every declared array and dimension to a name that says nothing, some of them Unicode. */
const anonymise: Transformation = (text) => {
  const names: Record<string, string> = {};
  let count = 0;
  const fresh = (): string => {
    count += 1;
    return count % 3 === 0 ? `ψ${count}` : `quantity_${count}`;
  };
  for (const [, name] of text.matchAll(/^\s*([\p{L}_][\p{L}\p{N}_]*)\s*:/gmu))
    if (name) names[name] ??= fresh();
  for (const [, list] of text.matchAll(/(?:vector|matrix|labels)\[([^\]]*)\]/g)) {
    for (const [name] of (list ?? '').matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) names[name] ??= fresh();
  }
  return renameAll(names)(text);
};

/** Top-level blocks in reverse order. */
const reverseBlocks: Transformation = (text) => {
  const blocks = text.match(/^(?:data|upper|lower|solve|expect)\b[^]*?^\}/gmu) ?? [];
  return `${blocks.toReversed().join('\n\n')}\n`;
};

/** Declarations inside `data` in reverse order: nothing depends on the order of writing. */
const reverseData: Transformation = (text) =>
  text.replace(
    /^data \{\n([^]*?)^\}/mu,
    (_, body: string) => `data {\n${body.trimEnd().split('\n').toReversed().join('\n')}\n}`,
  );

const withoutExpectations: Transformation = (text) => text.replace(/^expect \{[^]*?^\}/mu, '');

/** `minimize a + b` written `minimize b + a`. */
const commute: Transformation = (text) =>
  text.replace(/^( {2}minimize )(.*?) \+ (.*)$/gmu, (line, head: string, first: string, second: string) =>
    balanced(first) && balanced(second) ? `${head}${second} + ${first}` : line,
  );

function balanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function swap(from: string | RegExp, to: string): Transformation {
  return (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`the transformation found nothing to change: ${String(from)}`);
    return changed;
  };
}

function sample(name: string): string {
  return readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8');
}

function variant(name: string, base: string, ...transformations: Transformation[]): Variant {
  let text = withoutExpectations(base);
  for (const transformation of transformations) text = transformation(text);
  return { name, text };
}

/** A quadratic over generated data, with two lower unknowns of different shape. */
const generated = `
let n = 40
let d = 7
let p = 3
data {
  A : matrix[n, d] = normal(0, 1, seed = 11)
  B : matrix[n, p] = uniform(-1, 1, seed = 12)
  y : vector[n] = normal(0, 1, seed = 13)
  V : matrix[n, d] = normal(0, 1, seed = 14)
  z : vector[n] = normal(1, 2, seed = 15)
}
upper {
  alpha : vector[p] = 0.3
  rho : scalar in [-3, 3] = -1
  minimize sumsq(V * x + shift - z) / n + 0.01 * sumsq(alpha)
}
lower {
  x : vector[d] = 0
  shift : scalar = 0
  minimize sumsq(A * x + shift + B * alpha - y) / (2 * n) + exp(rho) * sumsq(x) + 0.01 * shift ^ 2
}
`;

/** Multinomial classification of wines with one penalty per class. */
const wine = `
data {
  Xraw : matrix[n, d] = csv("data/wine.csv", columns = "alcohol".."proline", rows = 1..100, shuffle = 3)
  X : matrix[n, d] = standardize(Xraw, like = Xraw)
  y : labels[n, 3] = csv("data/wine.csv", columns = "class", rows = 1..100, shuffle = 3)
  Xv : matrix[m, d] = standardize(csv("data/wine.csv", columns = "alcohol".."proline", rows = 101..178, shuffle = 3), like = Xraw)
  yv : labels[m, 3] = csv("data/wine.csv", columns = "class", rows = 101..178, shuffle = 3)
}
upper {
  penalty : vector[3] in [-9, 3] = -3
  minimize mean(cross_entropy(Xv * W + c, yv))
}
lower {
  W : matrix[d, 3] = 0
  c : vector[3] = 0
  minimize mean(cross_entropy(X * W + c, y)) + sum(exp(penalty) .* W .^ 2) + 0.01 * sumsq(c)
}
`;

/** Weighted classification of small digit images: hyper-cleaning at a size for tests. */
const digits = `
data {
  X : matrix[n, 64] = csv("data/digits.csv.gz", columns = 1..64, rows = 1..120) / 16
  y : labels[n, 10] = csv("data/digits.csv.gz", columns = 65, rows = 1..120)
  Xv : matrix[m, 64] = csv("data/digits.csv.gz", columns = 1..64, rows = 121..200) / 16
  yv : labels[m, 10] = csv("data/digits.csv.gz", columns = 65, rows = 121..200)
}
upper {
  weight : vector[n] = 0
  minimize mean(cross_entropy(Xv * W + b, yv))
}
lower {
  W : matrix[64, 10] = 0
  b : vector[10] = 0
  minimize mean(sigmoid(weight) .* cross_entropy(X * W + b, y)) + 0.01 * (sumsq(W) + sumsq(b))
}
`;

/** The variants: at least five per sample family, twenty or more in all. */
export function variants(): readonly Variant[] {
  const quadratic = sample('quadratic');
  const ridge = sample('ridge');
  const logistic = sample('logistic');
  return [
    variant('quadratic, renamed', quadratic, anonymise),
    variant('quadratic, blocks and data reversed', quadratic, reverseBlocks, reverseData),
    variant('quadratic, signs turned', quadratic, swap('C * theta + D * x - e', 'e - D * x - C * theta')),
    variant('quadratic, transposed data', quadratic, swap('A * x - b', "(x' * A')' - b")),
    variant(
      'quadratic, unknown as a matrix',
      quadratic,
      swap('x : vector[d] = 0', 'x : matrix[d, 1] = 0'),
      swap('D * x - e', 'D * x[:, 1] - e'),
      swap('A * x - b', 'A * x[:, 1] - b'),
    ),
    variant('quadratic, generated data, two unknowns', generated),
    variant('quadratic, generated data, renamed and reversed', generated, anonymise),
    variant('ridge, renamed', ridge, anonymise),
    variant('ridge, blocks, data and sums reversed', ridge, reverseBlocks, reverseData, commute),
    variant('ridge, mean of squares', ridge, swap('sumsq(X * w + b - y) / n', 'mean((X * w + b - y) .^ 2)')),
    variant(
      'ridge, one penalty',
      ridge,
      swap('lambda : vector[d]', 'lambda : scalar'),
      swap('sum(exp(lambda) .* w .^ 2)', 'exp(lambda) * sumsq(w)'),
    ),
    variant(
      'ridge, other split and columns',
      ridge,
      swap(/shuffle = 1/g, 'shuffle = 7'),
      swap(/"age"\.\."s6"/g, '"bmi".."s4"'),
    ),
    variant(
      'ridge, predicts from breast cancer',
      ridge,
      swap(/data\/diabetes\.csv/g, 'data/breast_cancer.csv'),
      swap(/"age"\.\."s6"/g, '2..9'),
      swap(/"target"/g, '"mean_radius"'),
      swap(/\/ 100/g, '/ 10'),
      swap(/301\.\.442/g, '301..500'),
    ),
    variant('logistic, renamed', logistic, anonymise),
    variant('logistic, blocks and data reversed', logistic, reverseBlocks, reverseData),
    variant(
      'logistic, softplus of the margin',
      logistic,
      swap('minimize mean(logistic_loss(y .* (X * w)))', 'minimize mean(softplus(-(y .* (X * w))))'),
    ),
    variant(
      'logistic, a let for the scores',
      logistic,
      swap('lower {\n', 'let scores(M) = M * w\n\nlower {\n'),
      swap('(X * w)', 'scores(X)'),
      swap('(Xv * w)', 'scores(Xv)'),
    ),
    variant(
      'logistic, fewer columns and rows',
      logistic,
      swap(/1\.\.30/g, '4..15'),
      swap(/1\.\.400/g, '1..150'),
      swap(/401\.\.569/g, '200..330'),
    ),
    variant('wine, three classes', wine),
    variant('wine, renamed, reversed', wine, anonymise, reverseBlocks, reverseData),
    variant('digits, weights per image', digits),
    variant('digits, renamed, sums commuted', digits, anonymise, commute),
  ];
}
