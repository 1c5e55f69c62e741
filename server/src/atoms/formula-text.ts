/**
 * Prints formulas and typed expressions as in a paper: `2·‖X‖²/n + 2·max(exp(lambda))`.
 * Operators are printed by their symbol, every other atom as a call; brackets only where needed.
 */
import { formatDimension } from '../base/dimension.ts';
import type { Atom, Parameters, SliceRange } from './atom.ts';
import type { ApplyTerm, Expression } from './expression.ts';
import { symbolText } from './expression.ts';
import type { Formula } from './formula.ts';
import { numberOf } from './formula.ts';
import { readable } from './readable-formula.ts';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** How strongly the outermost operator of a text binds. */
const Binding = { sum: 1, negation: 2, product: 3, power: 4, atom: 5 } as const;
type Binding = (typeof Binding)[keyof typeof Binding];
interface Text {
  readonly text: string;
  readonly binding: Binding;
}

export function formatFormula(formula: Formula): string {
  return formulaText(readable(formula)).text;
}

/** Numbers with at most four significant digits; bounds are rounded for reading only. */
export function formatNumber(value: number): string {
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

function bracket({ text, binding }: Text, least: Binding): string {
  return binding < least ? `(${text})` : text;
}

function formulaText(formula: Formula): Text {
  switch (formula.kind) {
    case 'number':
      return {
        text: formatNumber(formula.value),
        binding: formula.value < 0 ? Binding.negation : Binding.atom,
      };
    case 'radius':
      return { text: 'ε', binding: Binding.atom };
    case 'functional':
      return functionalText(formula.functional, formula.args);
    case 'operation':
      return operationText(formula.operation, formula.args);
    case 'over': {
      const sign = { maximum: 'max', minimum: 'min', sum: 'Σ' }[formula.reduce];
      const body = formulaText(formula.body);
      const text = formula.reduce === 'sum' ? ` ${bracket(body, Binding.product)}` : `(${body.text})`;
      return {
        text: `${sign}${subscript(formula.index)}${text}`,
        binding: formula.reduce === 'sum' ? Binding.sum : Binding.atom,
      };
    }
  }
}

const subscripts: Readonly<Record<string, string>> = {
  ...{ a: 'ₐ', e: 'ₑ', h: 'ₕ', i: 'ᵢ', j: 'ⱼ', k: 'ₖ', l: 'ₗ', m: 'ₘ', n: 'ₙ', o: 'ₒ', p: 'ₚ', r: 'ᵣ' },
  ...{ s: 'ₛ', t: 'ₜ', u: 'ᵤ', v: 'ᵥ', x: 'ₓ' },
};

function subscript(name: string): string {
  return subscripts[name] ?? `_${name}`;
}

function operationText(
  operation: (Formula & { kind: 'operation' })['operation'],
  args: readonly Formula[],
): Text {
  const texts = args.map(formulaText);
  const [first, second] = texts as [Text, Text];
  switch (operation) {
    case 'add':
      return {
        text: texts.reduce(joinTerm, { text: '', binding: Binding.sum }).text,
        binding: Binding.sum,
      };
    case 'negate':
      return { text: `−${bracket(first, Binding.product)}`, binding: Binding.negation };
    case 'multiply':
      // A negative number in front needs no brackets: −3·ε.
      return {
        text: texts
          .map((factor, at) => bracket(factor, at === 0 ? Binding.negation : Binding.product))
          .join('·'),
        binding: first.text.startsWith('−') ? Binding.negation : Binding.product,
      };
    case 'divide':
      return {
        text: `${bracket(first, Binding.product)}/${bracket(second, Binding.power)}`,
        binding: Binding.product,
      };
    case 'maximum':
    case 'minimum':
      return {
        text: `${operation === 'maximum' ? 'max' : 'min'}(${texts.map(({ text }) => text).join(', ')})`,
        binding: Binding.atom,
      };
    case 'sqrt':
      return {
        text: `√${first.binding === Binding.atom ? first.text : `(${first.text})`}`,
        binding: Binding.power,
      };
    case 'log':
      return { text: `ln(${first.text})`, binding: Binding.atom };
    case 'exp':
      return { text: `exp(${first.text})`, binding: Binding.atom };
    case 'power': {
      const exponent = numberOf(args[1] as Formula) ?? 1;
      const base = bracket(first, Binding.atom);
      const digits = Number.isInteger(exponent) && exponent >= 0;
      const raised = digits
        ? Array.from(String(exponent), (digit) => superscripts[Number(digit)]).join('')
        : `^${formatNumber(exponent)}`;
      return { text: base + raised, binding: Binding.power };
    }
  }
}

/** `a` and `−b` join to `a − b`. */
function joinTerm(sum: Text, term: Text): Text {
  const text =
    sum.text === ''
      ? term.text
      : term.text.startsWith('−')
        ? `${sum.text} − ${term.text.slice(1)}`
        : `${sum.text} + ${term.text}`;
  return { text, binding: Binding.sum };
}

function functionalText(
  name: (Formula & { kind: 'functional' })['functional'],
  args: readonly Expression[],
): Text {
  const inner = args.map((argument) => formatExpression(argument));
  const [first = ''] = inner;
  const matrix = inner.length === 1 ? first : `[${inner.join(', ')}]`;
  const isMatrix = inner.length > 1 || (args[0]?.shape.length ?? 0) >= 2;
  const simple = /^[\p{L}\p{N}_]+$|^\[.*\]$/u.test(matrix) ? matrix : `(${matrix})`;
  const call = (text: string): Text => ({ text, binding: Binding.atom });
  switch (name) {
    case 'largest':
      return call(`max(${first})`);
    case 'smallest':
      return call(`min(${first})`);
    case 'largest_absolute':
      return call(args[0]?.shape.length === 0 ? `|${first}|` : `max|${first}|`);
    case 'sum_absolute':
      return call(`sum|${first}|`);
    case 'norm':
      return call(isMatrix ? `‖${first}‖_F` : `‖${first}‖`);
    case 'value':
      return expressionText(args[0] as Expression);
    case 'largest_row_norm':
      return call(`maxᵢ‖${simple}ᵢ‖`);
    case 'spectral_norm':
      return call(`‖${matrix}‖`);
    case 'convolution_norm':
      return call(`‖${expressionText(unshaped(args[0] as Expression)).text} ∗‖`);
    case 'smallest_eigenvalue':
      return call(`λ_min(${first})`);
    case 'smallest_curvature':
      return call(`λ_min(∇²(${first}))`);
    case 'smallest_gram_eigenvalue':
      return call(`λ_min(${simple}ᵀ${simple})`);
  }
}

/** What is reshaped, without the reshaping. */
export function unshaped(e: Expression): Expression {
  return e.kind === 'apply' && e.atom.name === 'reshape' ? (e.args[0] as Expression) : e;
}

/** A typed expression as one would write it in the language. */
export function formatExpression(expression: Expression): string {
  return expressionText(expression).text;
}

function expressionText(expression: Expression): Text {
  switch (expression.kind) {
    case 'number':
      return {
        text: formatNumber(expression.value),
        binding: expression.value < 0 ? Binding.negation : Binding.atom,
      };
    case 'dimension':
      return { text: expression.name, binding: Binding.atom };
    case 'symbol':
      return { text: symbolText(expression.symbol), binding: Binding.atom };
    case 'source':
      return { text: `${expression.source.format}(…)`, binding: Binding.atom };
    case 'apply':
      return applicationText(expression);
    case 'comprehension': {
      const { operation, index, dimension, body } = expression;
      return {
        text: `${operation}(${index} in ${formatDimension(dimension)}, ${expressionText(body).text})`,
        binding: Binding.atom,
      };
    }
  }
}

const infix: Readonly<Record<string, Binding>> = {
  '+': Binding.sum,
  '-': Binding.sum,
  '*': Binding.product,
  '.*': Binding.product,
  '/': Binding.product,
  './': Binding.product,
  '^': Binding.power,
  '.^': Binding.power,
};

function applicationText({ atom, args, parameters }: ApplyTerm): Text {
  const texts = args.map(expressionText);
  const [first, second] = texts as [Text, Text | undefined];
  const { notation } = atom;
  if (notation !== undefined && first !== undefined) {
    const scaledRows = notation === "'" ? rowScaling(args[0] as Expression) : undefined;
    if (scaledRows !== undefined) {
      const [weights, matrix] = scaledRows.map(expressionText) as [Text, Text];
      return {
        text: `diag(${weights.text}) * ${bracket(matrix, Binding.product)}`,
        binding: Binding.product,
      };
    }
    if (notation === "'") return { text: `${bracket(first, Binding.atom)}'`, binding: Binding.atom };
    if (second === undefined && notation === '-') {
      return { text: `−${bracket(first, Binding.product)}`, binding: Binding.negation };
    }
    const binding = infix[notation];
    const exponent = parameters['exponent'];
    const right =
      second ??
      (typeof exponent === 'number' ? { text: formatNumber(exponent), binding: Binding.atom } : undefined);
    if (binding !== undefined && right !== undefined) {
      // The right operand of - and / binds more tightly; ^ takes atoms on both sides.
      const tighter = (binding + 1) as Binding;
      const left = bracket(first, binding === Binding.power ? Binding.atom : binding);
      const space = binding === Binding.power ? '' : ' ';
      return {
        text: `${left}${space}${notation}${space}${bracket(right, tighter > Binding.atom ? Binding.atom : tighter)}`,
        binding,
      };
    }
    const slices = Object.values(parameters).find((entry) => Array.isArray(entry)) as
      | readonly SliceRange[]
      | undefined;
    if (slices !== undefined) {
      return {
        text: `${bracket(first, Binding.atom)}[${slices.map(sliceText).join(', ')}]`,
        binding: Binding.atom,
      };
    }
  }
  if (isIdentity(args[0], atom.name)) return { text: 'I', binding: Binding.atom };
  const constants = constantTexts(atom, parameters);
  const choices = (atom.choices ?? []).flatMap((choice) => {
    const chosen = parameters[choice.name];
    return typeof chosen === 'string' && chosen !== choice.default ? [`${choice.name} = "${chosen}"`] : [];
  });
  return {
    text: `${atom.name}(${[...texts.map(({ text }) => text), ...constants, ...choices].join(', ')})`,
    binding: Binding.atom,
  };
}

/** The numbers after the arrays: `0.01`, `axis = 1`. */
function constantTexts(atom: Atom, parameters: Parameters): readonly string[] {
  return (atom.constants ?? []).flatMap((constant) => {
    const { name, named, optional } = constant;
    const value = parameters[name];
    // What is left out where it is written is left out here; no number without a name stands behind one that is.
    if (typeof value !== 'number' || value === constant.default) return [];
    return [named === true || optional === true ? `${name} = ${formatNumber(value)}` : formatNumber(value)];
  });
}

/** diag(1, …, 1), which no file contains but formulas of constants do. */
export function isIdentity(argument: Expression | undefined, atom: string): boolean {
  return (
    atom === 'diag' && argument?.kind === 'number' && argument.value === 1 && argument.shape.length === 1
  );
}

/** diag(c) A, which is written (A' .* c)'. */
function rowScaling(inner: Expression): readonly [Expression, Expression] | undefined {
  if (inner.kind !== 'apply' || inner.atom.notation !== '.*') return undefined;
  const [left, weights] = inner.args;
  if (left?.kind !== 'apply' || left.atom.notation !== "'" || weights?.shape.length !== 1) return undefined;
  return [weights, left.args[0] as Expression];
}

function sliceText(slice: SliceRange): string {
  if (slice.kind === 'all') return ':';
  if (slice.kind === 'entry') return formatDimension(slice.at);
  return `${formatDimension(slice.from)}..${formatDimension(slice.to)}`;
}
