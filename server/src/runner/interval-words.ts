/**
 * Intervals as people read them: `24 ± 8e-15`, `between 0.41 and 0.47`, or one number. What is shown holds what is
 * meant, rounded outwards, with as few digits as still show what must be seen.
 */
import type { Ends } from './expected-interval.ts';

/** Digits that suffice for reading, where nothing asks for more. */
const fewest = 4;
/** With these a number of the machine is itself. */
const most = 17;

/** `shows`: whether intervals, as they would be shown, still tell what the exact ones do. */
export function intervalWords(
  intervals: readonly Ends[],
  shows: (shown: readonly Ends[]) => boolean,
): readonly string[] {
  for (let digits = fewest; digits < most; digits++) {
    const shown = intervals.map((each) => rounded(each, digits));
    if (shows(shown.map(({ ends }) => ends))) return shown.map(({ words }) => words);
  }
  return intervals.map(({ low, high }) => (low === high ? String(low) : `between ${low} and ${high}`));
}

interface Shown {
  readonly ends: Ends;
  readonly words: string;
}

function rounded({ low, high }: Ends, digits: number): Shown {
  if (Number.isNaN(low) || Number.isNaN(high)) return { ends: { low, high }, words: 'not a number' };
  if (low === high) {
    const value = Number(low.toPrecision(digits + 2));
    return { ends: { low: value, high: value }, words: readable(value) };
  }
  const centre = low / 2 + high / 2;
  const radius = high / 2 - low / 2;
  return radius < 0.01 * Math.abs(centre)
    ? aroundCentre({ low, high }, centre, radius, digits)
    : betweenEnds({ low, high }, digits);
}

/** The centre with the digits that the radius leaves, the radius two or more, so that the ends lie inside. */
function aroundCentre(ends: Ends, centre: number, radius: number, digits: number): Shown {
  for (let count = 1; count <= most; count++) {
    const shown = Number(centre.toPrecision(count));
    const reach = Math.max(ends.high - shown, shown - ends.low);
    if (reach > 1.1 * radius && count < most) continue;
    // The differences above are rounded themselves.
    const wide = up(reach * (1 + 2 ** -50) + Math.abs(shown) * 2 ** -52, digits - 2);
    return {
      ends: { low: shown - wide, high: shown + wide },
      words: `${readable(shown)} ± ${readable(wide)}`,
    };
  }
  return betweenEnds(ends, digits);
}

function betweenEnds({ low, high }: Ends, digits: number): Shown {
  const ends = { low: -up(-low, digits), high: up(high, digits) };
  return { ends, words: `between ${readable(ends.low)} and ${readable(ends.high)}` };
}

/** Not below the value, with so many digits. */
function up(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const near = Number(value.toPrecision(digits));
  if (near >= value) return near;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
  const next = Number((near + unit).toPrecision(digits));
  return next >= value ? next : value;
}

function readable(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return size !== 0 && (size < 1e-3 || size >= 1e6) && !Number.isInteger(value)
    ? value.toExponential()
    : String(value);
}
