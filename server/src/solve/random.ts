/**
 * Seeded random numbers for starts of Lanczos runs and test directions: xoshiro128** (Blackman & Vigna
 * 2021) seeded by splitmix32, and normal variates by Box and Muller. The same seed gives the same bits.
 */
export type RandomSource = () => number;

/** Uniform on [0, 1) with 53 random bits. */
export function randomSource(seed: number): RandomSource {
  let mixing = (Math.floor(seed) ^ Math.floor(seed / 2 ** 32)) >>> 0;
  const mix = (): number => {
    mixing = (mixing + 0x9e3779b9) >>> 0;
    let z = mixing;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const word = (): number => {
    const rotated = Math.imul(b, 5);
    const result = Math.imul((rotated << 7) | (rotated >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) * 2 ** -53;
}

/** Uniform on the unit sphere. */
export function randomDirection(size: number, random: RandomSource): Float64Array {
  const out = new Float64Array(size);
  let squared = 0;
  while (squared === 0) {
    squared = 0;
    for (let i = 0; i < size; i++) {
      const radius = Math.sqrt(-2 * Math.log(1 - random()));
      const value = radius * Math.cos(2 * Math.PI * random());
      out[i] = value;
      squared += value * value;
    }
  }
  const length = Math.sqrt(squared);
  for (let i = 0; i < size; i++) out[i] = (out[i] as number) / length;
  return out;
}
