/**
 * Reproducible random numbers: xoshiro256** (Blackman & Vigna 2021) whose 256 bits of state are four
 * outputs of splitmix64 started at the seed. Only integer arithmetic, the four operations and square roots
 * are used, all exactly rounded, so one seed gives the same bits on every machine. 64-bit words are kept as
 * two 32-bit halves, since BigInt would be forty times slower.
 */

/** A stream of random numbers; every call advances it. */
export interface Random {
  /** The next 64 random bits as unsigned high and low halves. */
  readonly bits: () => { readonly high: number; readonly low: number };
  /** Uniform on [0, 1): the upper 53 of the next 64 bits, times 2^-53. */
  readonly uniform: () => number;
  /** Uniform on (0, 1), symmetric about 1/2: (upper 52 bits + 1/2) times 2^-52; never 0 or 1. */
  readonly openUniform: () => number;
  /** Standard normal: the inverse distribution function at `openUniform()`. */
  readonly normal: () => number;
}

/** Whether a number can be a seed: an integer from 0 to 2^53 - 1. */
export function isSeed(seed: number): boolean {
  return Number.isSafeInteger(seed) && seed >= 0;
}

/**
 * The generator of a seed (an integer from 0 to 2^53 - 1). A nonempty `stream` selects an independent
 * sequence of the same seed: the seed is then combined by exclusive or with the 64-bit FNV-1a hash of its
 * UTF-8 bytes. Two data declarations with one seed can so differ.
 */
export function createRandom(seed: number, stream = ''): Random {
  const mixed = stream === '' ? BigInt(seed) : BigInt(seed) ^ hashText(stream);
  const state = new Uint32Array(8);
  let counter = mixed;
  for (let word = 0; word < 4; word++) {
    counter = BigInt.asUintN(64, counter + 0x9e3779b97f4a7c15n);
    const output = splitmix64Output(counter);
    state[2 * word] = Number(output >> 32n);
    state[2 * word + 1] = Number(output & 0xffffffffn);
  }
  return xoshiro256(state);
}

/**
 * xoshiro256** on a state of four 64-bit words, each as high then low half: result = rotl(s1 * 5, 7) * 9.
 * The state must not be all zeros; it is copied.
 */
export function xoshiro256(initial: Uint32Array): Random {
  let [h0 = 0, l0 = 0, h1 = 0, l1 = 0, h2 = 0, l2 = 0, h3 = 0, l3 = 0] = initial;
  let high = 0;
  let low = 0;

  const advance = (): void => {
    // s1 * 5 = s1 + (s1 << 2), modulo 2^64.
    low = l1 + ((l1 << 2) >>> 0);
    high = (h1 + ((h1 << 2) | (l1 >>> 30)) + (low > 0xffffffff ? 1 : 0)) >>> 0;
    low = low >>> 0;
    // rotl 7
    const rotatedHigh = ((high << 7) | (low >>> 25)) >>> 0;
    const rotatedLow = ((low << 7) | (high >>> 25)) >>> 0;
    // times 9 = value + (value << 3)
    low = rotatedLow + ((rotatedLow << 3) >>> 0);
    high = (rotatedHigh + ((rotatedHigh << 3) | (rotatedLow >>> 29)) + (low > 0xffffffff ? 1 : 0)) >>> 0;
    low = low >>> 0;

    const shiftedHigh = (h1 << 17) | (l1 >>> 15);
    const shiftedLow = l1 << 17;
    h2 ^= h0;
    l2 ^= l0;
    h3 ^= h1;
    l3 ^= l1;
    h1 = (h1 ^ h2) >>> 0;
    l1 = (l1 ^ l2) >>> 0;
    h0 ^= h3;
    l0 ^= l3;
    h2 ^= shiftedHigh;
    l2 ^= shiftedLow;
    // s3 = rotl(s3, 45): the halves change places, then rotl 13.
    const swapped = h3;
    h3 = (l3 << 13) | (swapped >>> 19);
    l3 = (swapped << 13) | (l3 >>> 19);
  };

  const openUniform = (): number => {
    advance();
    return (high * 2 ** 20 + (low >>> 12) + 0.5) * 2 ** -52;
  };
  return {
    bits: () => {
      advance();
      return { high, low };
    },
    uniform: () => {
      advance();
      return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
    },
    openUniform,
    normal: () => inverseNormal(openUniform()),
  };
}

/**
 * The order in which a shuffle with this seed puts `count` rows: a permutation of 0 … count - 1 by the
 * Fisher–Yates method from the end, `for i = count - 1 … 1: swap(i, floor(uniform() * (i + 1)))`. It depends
 * on the seed and the count only, so that arrays of equally many rows stay aligned. The rounding of the
 * product favours no index by more than count / 2^53.
 */
export function permutation(count: number, seed: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const random = createRandom(seed);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const moved = order[i] as number;
    order[i] = order[j] as number;
    order[j] = moved;
  }
  return order;
}

function splitmix64Output(counter: bigint): bigint {
  let z = counter;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

function hashText(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

/**
 * The inverse of the standard normal distribution function on (0, 1), by the rational approximations of
 * Wichura's algorithm AS 241 (PPND16, 1988), relative error about 1e-16; odd about 1/2.
 */
export function inverseNormal(probability: number): number {
  const fromCentre = probability - 0.5;
  if (Math.abs(fromCentre) <= 0.425) {
    const r = 0.180625 - fromCentre * fromCentre;
    return (fromCentre * polynomial(r, centreNumerator)) / polynomial(r, centreDenominator);
  }
  // 1 - probability is exact for probabilities above 1/2.
  const tail = Math.sqrt(-portableLog(fromCentre < 0 ? probability : 1 - probability));
  const magnitude =
    tail <= 5
      ? polynomial(tail - 1.6, middleNumerator) / polynomial(tail - 1.6, middleDenominator)
      : polynomial(tail - 5, farNumerator) / polynomial(tail - 5, farDenominator);
  return fromCentre < 0 ? -magnitude : magnitude;
}

/** Lowest power first. */
function polynomial(r: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * r + (coefficients[k] as number);
  return sum;
}

/**
 * The natural logarithm of a normal number in (0, 1.4), within two units in the last place. Math.log may
 * differ between machines in its last bit; this one cannot: x = m * 2^e with m in [0.7, 1.4), and
 * log m = 2 artanh((m - 1) / (m + 1)) by its series, whose first omitted term is below 1e-19.
 */
function portableLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa < 0.7) {
    mantissa *= 2;
    exponent--;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  let series = 0;
  for (let odd = 23; odd >= 1; odd -= 2) series = series * s * s + 1 / odd;
  return exponent * Math.LN2 + 2 * s * series;
}

const centreNumerator = [
  3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
];
const centreDenominator = [
  1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
  3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852545925e3,
];
const middleNumerator = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
];
const middleDenominator = [
  1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
  1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const farNumerator = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
  2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const farDenominator = [
  1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];
