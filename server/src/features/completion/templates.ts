/**
 * Whole problems and lower levels of the usual kinds, to be filled in: offered at the top of a file, as far as they fit
 * what is there already. Bodies are snippets of the protocol; every one is a text without an error once its files are
 * there.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { presentBlocks } from './statements.ts';
import type { Suggestion } from './suggestion.ts';

export interface Template {
  readonly label: string;
  /** Further words by which it is found. */
  readonly aliases?: string;
  readonly detail: string;
  readonly body: readonly string[];
}

export const templates: readonly Template[] = [
  {
    label: 'ridge regression',
    detail: 'Penalties of a ridge regression, learned on held-out rows',
    body: [
      'problem "${1:title}"',
      '',
      'data {',
      '  X  : matrix[n, d] = csv("${2:train.csv}", columns = 1..${3:10})',
      '  y  : vector[n]    = csv("$2", columns = ${4:11})',
      '  Xv : matrix[m, d] = csv("${5:validation.csv}", columns = 1..$3)',
      '  yv : vector[m]    = csv("$5", columns = $4)',
      '}',
      '',
      'upper {',
      '  lambda : vector[d] in [-10, 5] = -2',
      '  minimize sumsq(Xv * w - yv) / m',
      '}',
      '',
      'lower {',
      '  w : vector[d] = 0',
      '  minimize sumsq(X * w - y) / n + sum(exp(lambda) .* w .^ 2)',
      '}',
    ],
  },
  {
    label: 'logistic regression',
    detail: 'Penalties of a logistic regression, learned on held-out rows',
    body: [
      'problem "${1:Logistic regression}"',
      '',
      'data {',
      '  X  : matrix[n, d] = csv("${2:train.csv}", columns = 1..${3:10})',
      '  y  : vector[n]    = 2 * csv("$2", columns = ${4:11}) - 1',
      '  Xv : matrix[m, d] = csv("${5:validation.csv}", columns = 1..$3)',
      '  yv : vector[m]    = 2 * csv("$5", columns = $4) - 1',
      '}',
      '',
      'upper {',
      '  lambda : vector[d] in [-10, 5] = -2',
      '  minimize mean(logistic_loss(yv .* (Xv * w)))',
      '}',
      '',
      'lower {',
      '  w : vector[d] = 0',
      '  minimize mean(logistic_loss(y .* (X * w))) + sum(exp(lambda) .* w .^ 2)',
      '}',
    ],
  },
  {
    label: 'data hyper-cleaning',
    detail: 'One weight for each training row, some labels of which are wrong',
    body: [
      'problem "${1:Data hyper-cleaning}"',
      '',
      'data {',
      '  X  : matrix[n, d] = npy("${2:X.npy}")',
      '  y  : labels[n, ${3:10}]  = npy("${4:y.npy}")',
      '  Xv : matrix[m, d] = npy("${5:X-validation.npy}")',
      '  yv : labels[m, $3]  = npy("${6:y-validation.npy}")',
      '}',
      '',
      'upper {',
      '  weight : vector[n] = 0',
      '  minimize mean(cross_entropy(Xv * W, yv))',
      '}',
      '',
      'lower {',
      '  W : matrix[d, $3] = 0',
      '  minimize mean(sigmoid(weight) .* cross_entropy(X * W, y)) + ${7:0.001} * sumsq(W)',
      '}',
    ],
  },
  {
    label: 'fixed point',
    aliases: 'equilibrium',
    detail: 'A lower level that is the fixed point of a contraction',
    body: [
      'lower {',
      '  ${1:z} : matrix[${2:n}, ${3:h}] = 0',
      "  fixed_point $1 = tanh($1 * ${4:A}' + ${5:X * B'})",
      '}',
    ],
  },
  {
    label: 'lower each',
    detail: 'Independent lower problems, one for each row of the data',
    body: [
      'lower each ${1:i} in ${2:s} {',
      '  ${3:u} : vector[${4:d}] = ${5:noisy}[$1]',
      '  minimize sumsq($3 - $5[$1]) / 2 + ${6:alpha} * sum(smooth_abs(${7:diff($3)}, 0.01))',
      '}',
    ],
  },
  {
    label: 'learned regulariser',
    aliases: 'denoising',
    detail: 'The weight of a smoothed total variation, learned from clean signals',
    body: [
      'upper {',
      '  alpha : scalar in [1e-4, 1] = 0.1',
      '  minimize mean(sumsq_rows(u - ${1:clean})) / 2',
      '}',
      '',
      'lower each i in ${2:s} {',
      '  u : vector[${3:64}] = ${4:noisy}[i]',
      '  minimize sumsq(u - $4[i]) / 2 + alpha * sum(smooth_abs(diff(u), 0.01))',
      '}',
    ],
  },
];

const blocks = ['problem', 'data', 'upper', 'lower'] as const;

/** Those that have no block which is there already. */
export function templateSuggestions(snapshot: Snapshot, word: Span): readonly Suggestion[] {
  const present = presentBlocks(snapshot, word);
  const isNew = ({ body }: Template): boolean =>
    blocks.every((block) => !present.has(block) || !body.some((line) => line.startsWith(block)));
  return templates.filter(isNew).map(({ label, aliases = '', detail, body }) => {
    const snippet = body.join('\n');
    return {
      label,
      kind: CompletionItemKind.Snippet,
      detail: 'template',
      filter: `${label} ${aliases}`.trim(),
      documentation: () => `${detail}.\n\n\`\`\`bilevel\n${filled(snippet)}\n\`\`\``,
      snippet,
      text: filled(snippet),
    };
  });
}

/** The text with every place filled by what it proposes. */
export function filled(snippet: string): string {
  const values = new Map<string, string>();
  const place = /\$\{(\d+):((?:[^{}$]|\$\d)*)\}/u;
  let text = snippet;
  for (let found = place.exec(text); found !== null; found = place.exec(text)) {
    const [whole, number = '', value = ''] = found;
    values.set(number, value);
    text = text.replace(whole, () => value);
  }
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(/\$(\d)/gu, (_, number: string) => values.get(number) ?? '');
  }
  return text;
}
