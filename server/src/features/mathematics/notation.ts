/**
 * How the language's operators and functions are written on paper: fractions, powers, norms, sums, Greek letters
 * for their names. Each function takes notations and gives one, with how strongly its outermost operator binds, so
 * that brackets stand only where they are needed. A function without a notation of its own is a call: new ones
 * appear by themselves.
 */
import type { Fence, Mathematics } from '../../protocol/mathematics.ts';

/** How strongly the outermost operator binds; a prefix such as ∑ reaches to the end of its product. */
export const Binding = { relation: 0, sum: 1, prefix: 2, product: 3, power: 4, atom: 5 } as const;
export type Binding = (typeof Binding)[keyof typeof Binding];

export interface Notation {
  readonly math: Mathematics;
  readonly binding: Binding;
  /** Number of axes, where known: norms of matrices are marked. */
  readonly rank?: number | undefined;
  /** True for an argument by its name, for which a sign in place of the function has no room. */
  readonly isOption?: true;
}

const greekLetters = new Map(
  (
    'alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ ' +
    'pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω ' +
    'Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω'
  )
    .split(' ')
    .flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1] ?? word] as const] : [])),
);

export function atom(math: Mathematics, rank?: number): Notation {
  return { math, binding: Binding.atom, rank };
}

export function italic(text: string): Mathematics {
  return { kind: 'word', text, style: 'italic' };
}

export function upright(text: string): Mathematics {
  return { kind: 'word', text, style: 'upright' };
}

export function operator(
  text: string,
  space: 'binary' | 'relation' | 'after' | 'thin' | 'none',
): Mathematics {
  return { kind: 'operator', text, space };
}

export function row(...parts: readonly Mathematics[]): Mathematics {
  const flat = parts.flatMap((part) => (part.kind === 'row' ? part.parts : [part]));
  return flat.length === 1 ? (flat[0] as Mathematics) : { kind: 'row', parts: flat };
}

export function fence(open: Fence, inner: Mathematics, close: Fence): Mathematics {
  return { kind: 'fence', open, close, inner };
}

export function scripts(base: Mathematics, below?: Mathematics, above?: Mathematics): Mathematics {
  return {
    kind: 'scripts',
    base,
    ...(below === undefined ? {} : { below }),
    ...(above === undefined ? {} : { above }),
  };
}

/** `λ` for lambda, `w₂` for w_2 and w2, `λ` with the index max for lambda_max. */
export function nameMath(text: string): Mathematics {
  const [, stem = text, index] = /^(.+?)_(.+)$/u.exec(text) ?? /^(\p{L}|[a-zA-Z]+?)(\d+)$/u.exec(text) ?? [];
  const letter = greekLetters.get(stem);
  const isShort = letter !== undefined || Array.from(stem).length === 1;
  if (index === undefined) return italic(letter ?? text);
  // `data2` is a word with a number, `x2` and `theta2` have an index.
  if (!text.includes('_') && !isShort) return italic(text);
  return scripts(
    italic(letter ?? stem),
    /^\d+$/u.test(index) ? upright(index) : italic(greekLetters.get(index) ?? index),
  );
}

export function numberMath(value: number, text = String(value)): Notation {
  const [, digits = text, exponent] = /^([\d.]+)e([+-]?\d+)$/iu.exec(text) ?? [];
  if (value < 0) return negated(numberMath(-value, text.replace(/^[-−]/u, '')));
  if (value === Infinity) return atom(upright('∞'), 0);
  if (exponent === undefined) return atom(upright(digits), 0);
  const power = scripts(upright('10'), undefined, upright(String(Number(exponent)).replace('-', '−')));
  const math = digits === '1' ? power : row(upright(digits), operator('·', 'none'), power);
  return { math, binding: digits === '1' ? Binding.atom : Binding.product, rank: 0 };
}

/** In round brackets, unless it binds strongly enough. */
export function bracketed({ math, binding }: Notation, least: Binding): Mathematics {
  return binding < least ? fence('(', math, ')') : math;
}

export function negated(inner: Notation): Notation {
  return {
    math: row(operator('−', 'none'), bracketed(inner, Binding.prefix)),
    binding: Binding.sum,
    rank: inner.rank,
  };
}

const operators: Readonly<Record<string, string>> = { '-': '−', '.*': '⊙', '&': '∩', '..': '…' };

/** A binary operator of the language between two notations. */
export function binary(symbol: string, left: Notation, right: Notation): Notation {
  const rank = ranksOf(symbol, left, right);
  switch (symbol) {
    case '+':
    case '-':
    case '&': {
      const written = operator(operators[symbol] ?? symbol, 'binary');
      const after = bracketed(
        right,
        symbol === '+' && !startsWithSign(right.math) ? Binding.sum : Binding.prefix,
      );
      return { math: row(left.math, written, after), binding: Binding.sum, rank };
    }
    case '*':
      return {
        math: row(bracketed(left, Binding.product), between(left, right), bracketed(right, Binding.prefix)),
        binding: Binding.product,
        rank,
      };
    case '.*':
      return {
        math: row(
          bracketed(left, Binding.product),
          operator('⊙', 'binary'),
          bracketed(right, Binding.prefix),
        ),
        binding: Binding.product,
        rank,
      };
    case '/':
    case './':
      return {
        math: { kind: 'fraction', above: left.math, below: right.math },
        binding: Binding.product,
        rank,
      };
    case '^':
    case '.^':
      return { math: powerMath(left, right.math), binding: Binding.power, rank };
    case '..':
      return { math: row(left.math, operator('…', 'none'), right.math), binding: Binding.relation, rank };
    default:
      return {
        math: row(left.math, operator(symbol, 'relation'), right.math),
        binding: Binding.relation,
        rank,
      };
  }
}

/** What has an index takes the power beside it: ‖x‖₁², xᵢ². */
function powerMath(base: Notation, exponent: Mathematics): Mathematics {
  const { math } = base;
  if (math.kind === 'scripts' && math.above === undefined && isSimple(math.base)) {
    return { ...math, above: exponent };
  }
  return scripts(bracketed(base, Binding.atom), undefined, exponent);
}

function isSimple(math: Mathematics): boolean {
  return math.kind === 'word' || (math.kind === 'fence' && math.open !== '(');
}

function ranksOf(symbol: string, { rank: left }: Notation, { rank: right }: Notation): number | undefined {
  if (symbol === '^' || symbol === '.^' || symbol === '/') return left;
  if (left === undefined || right === undefined) return undefined;
  if (symbol !== '*' || left === 0 || right === 0) return Math.max(left, right);
  return left + right - 2;
}

function startsWithSign(math: Mathematics): boolean {
  const first = math.kind === 'row' ? math.parts[0] : math;
  return first?.kind === 'operator' && first.text === '−';
}

/** Factors stand side by side; a point keeps numbers apart. */
function between(left: Notation, right: Notation): Mathematics {
  const last = left.math.kind === 'row' ? left.math.parts.at(-1) : left.math;
  const first = right.math.kind === 'row' ? right.math.parts[0] : right.math;
  const digit = (part: Mathematics | undefined): boolean =>
    part?.kind === 'word' && /^[\d.]/u.test(part.text);
  const power = first?.kind === 'scripts' && digit(first.base);
  if (digit(first) || power) return operator('·', 'binary');
  const isSaid = first?.kind === 'word' && first.style === 'upright';
  return operator('', digit(last) && !isSaid ? 'none' : 'thin');
}

export function transposed(inner: Notation): Notation {
  return {
    math: powerMath({ ...inner, math: bracketed(inner, Binding.atom), binding: Binding.atom }, upright('⊤')),
    binding: Binding.power,
    rank: inner.rank,
  };
}

function inverted(inner: Notation): Notation {
  return { math: powerMath(inner, upright('−1')), binding: Binding.power, rank: inner.rank };
}

export function indexed(base: Notation, subscripts: readonly Mathematics[], rank?: number): Notation {
  const below = joined(subscripts);
  const math =
    base.math.kind === 'word' ? scripts(base.math, below) : scripts(fence('(', base.math, ')'), below);
  return { math, binding: Binding.power, rank };
}

export function joined(parts: readonly Mathematics[]): Mathematics {
  return row(...parts.flatMap((part, at) => (at === 0 ? [part] : [operator(',', 'after'), part])));
}

function norm(argument: Notation, index?: string): Mathematics {
  const inner = fence('‖', argument.math, '‖');
  const mark = index ?? ((argument.rank ?? 1) > 1 ? 'F' : undefined);
  return mark === undefined ? inner : scripts(inner, upright(mark));
}

function product(...factors: readonly Mathematics[]): Notation {
  const math = row(...factors.flatMap((each, at) => (at === 0 ? [each] : [operator('', 'thin'), each])));
  return { math, binding: Binding.product, rank: 0 };
}

/** A function written as a call. */
export const call = (name: string, args: readonly Notation[]): Notation =>
  atom(row(upright(name), fence('(', joined(args.map(({ math }) => math)), ')')));

/** `axis = 1` among the arguments of a call. */
export function option(name: string, value: Notation): Notation {
  return { ...atom(row(upright(name), operator('=', 'relation'), value.math)), isOption: true };
}

const squared = upright('2');
const notations: Readonly<Record<string, (first: Notation, second: Notation | undefined) => Notation>> = {
  sumsq: (x) => ({ ...atom(powerMath(atom(norm(x)), squared), 0), binding: Binding.power }),
  norm2: (x) => atom(norm(x), 0),
  norm: (x) => atom(norm(x), 0),
  norm1: (x) => atom(norm(x, '1'), 0),
  norm_inf: (x) => atom(norm(x, '∞'), 0),
  spectral_norm: (x) => atom(norm(x, '2'), 0),
  nuclear_norm: (x) => atom(norm(x, '∗'), 0),
  abs: (x) => atom(fence('|', x.math, '|'), x.rank),
  sqrt: (x) => atom({ kind: 'root', inner: x.math }, x.rank),
  square: (x) => ({ math: powerMath(x, squared), binding: Binding.power, rank: x.rank }),
  transpose: transposed,
  dot: (x, y) => (y === undefined ? call('dot', [x]) : atom(fence('⟨', joined([x.math, y.math]), '⟩'), 0)),
  quad_form: (x, p) =>
    p === undefined
      ? call('quad_form', [x])
      : product(transposed(x).math, bracketed(p, Binding.product), bracketed(x, Binding.product)),
  inv: inverted,
  solve: (a, b) =>
    b === undefined
      ? call('solve', [a])
      : { ...product(inverted(a).math, bracketed(b, Binding.product)), rank: b.rank },
  matrix_frac: (x, a) =>
    a === undefined
      ? call('matrix_frac', [x])
      : product(transposed(x).math, inverted(a).math, bracketed(x, Binding.product)),
  log_det: (x) => ({ ...call('log det', [x]), rank: 0 }),
  log_abs_det: (x) => ({ ...product(upright('log'), fence('|', row(upright('det'), x.math), '|')), rank: 0 }),
  trace: (x) => ({ ...call('tr', [x]), rank: 0 }),
  sum: (x) => summed(undefined, x),
};

/** A function of the language; one without a notation of its own is written as a call. */
export function applied(name: string, args: readonly Notation[]): Notation {
  const own = Object.hasOwn(notations, name) ? notations[name] : undefined;
  const [first, second] = args;
  const hasOption = args.some(({ isOption }) => isOption);
  if (own === undefined || first === undefined || args.length > 2 || hasOption) return call(name, args);
  return own(first, second);
}

/** ∑ over an index from 1 to a size, or over all entries. */
export function summed(
  over: { readonly index: string; readonly size: Mathematics } | undefined,
  body: Notation,
): Notation {
  const limits: Mathematics = {
    kind: 'limits',
    operator: '∑',
    ...(over === undefined
      ? {}
      : { below: row(nameMath(over.index), operator('=', 'none'), upright('1')), above: over.size }),
  };
  return {
    math: row(limits, operator('', 'thin'), bracketed(body, Binding.prefix)),
    binding: Binding.prefix,
    rank: over === undefined ? 0 : body.rank,
  };
}

/** `ℝ`, `ℝⁿ`, `ℝⁿˣᵈ` */
export function space(dimensions: readonly Mathematics[], of: Mathematics = upright('ℝ')): Mathematics {
  if (dimensions.length === 0) return of;
  const sizes = dimensions.flatMap((size, at) => (at === 0 ? [size] : [operator('×', 'none'), size]));
  return scripts(of, undefined, row(...sizes));
}
