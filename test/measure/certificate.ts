/**
 * Attacks the certificate for as long as one likes: more seeds than the test, thetas far beyond the sets,
 * data of other scales and ill-conditioned data. Prints the ratios per variant and every fault.
 *
 *   node test/measure/certificate.ts [SEED] [PAIRS PER FAMILY AND VARIANT] [VARIANT]
 */
import { randomSource } from '../../server/src/solve/random.ts';
import { drawOptions, faultOf, PairSource, ratioTable } from '../evidence/pairs.ts';
import type { Family, Pair } from '../evidence/pairs.ts';

interface Attack {
  readonly name: string;
  readonly families: readonly Family[];
  readonly edit: (text: string) => string;
  /** Beyond the box on every side, in widths of the box. */
  readonly beyond: number;
}

const same = (text: string): string => text;
const withoutSet = (text: string): string => text.replace(/ in \[[^\]]*\]/, '');
/** Every array of that name, wherever it is declared by an expression over files, times a factor. */
const scaledData =
  (names: readonly string[], factor: number) =>
  (text: string): string =>
    text.replace(
      /^( +)(\w+)( *: [^=]*= )(.*)$/gm,
      (line, space: string, name: string, type: string, value: string) =>
        names.includes(name) ? `${space}${name}${type}${factor} * (${value})` : line,
    );

const all = ['quadratic', 'ridge', 'logistic'] as const;
const attacks: readonly Attack[] = [
  { name: 'in the box', families: all, edit: same, beyond: 0 },
  { name: 'beyond the box', families: all, edit: withoutSet, beyond: 0.5 },
  { name: 'far beyond the box', families: all, edit: withoutSet, beyond: 1.5 },
  { name: 'targets times 1e6', families: ['ridge'], edit: scaledData(['y', 'yv'], 1e6), beyond: 0 },
  { name: 'targets times 1e-9', families: ['ridge'], edit: scaledData(['y', 'yv'], 1e-9), beyond: 0 },
  {
    name: 'features times 1e-3',
    families: ['ridge', 'logistic'],
    edit: scaledData(['X', 'Xv'], 1e-3),
    beyond: 0,
  },
  {
    name: 'features times 1e3',
    families: ['ridge', 'logistic'],
    edit: scaledData(['X', 'Xv'], 1e3),
    beyond: 0,
  },
  { name: 'upper data times 1e5', families: ['quadratic'], edit: scaledData(['A', 'b'], 1e5), beyond: 0 },
  { name: 'coupling times 1e-6', families: ['quadratic'], edit: scaledData(['C'], 1e-6), beyond: 0 },
  {
    name: 'lower data times 1e4',
    families: ['quadratic'],
    edit: scaledData(['C', 'D', 'e'], 1e4),
    beyond: 0,
  },
  { name: 'hardly regularised', families: ['ridge', 'logistic'], edit: withoutSet, beyond: 3 },
];

const [seed = 1, count = 50] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4];
let faults = 0;
let total = 0;
for (const { name, families, edit, beyond } of attacks) {
  if (only !== undefined && name !== only) continue;
  const pairs: Pair[] = [];
  const started = performance.now();
  for (const family of families) {
    const random = randomSource(1000 * seed + attacks.findIndex((attack) => attack.name === name));
    const source = new PairSource(family, edit);
    let theta = source.drawTheta(random, beyond);
    for (let k = 0; k < count; k++) {
      // Several tolerances at each theta: the exact reference is the same.
      if (k % 5 === 0) theta = source.drawTheta(random, beyond);
      try {
        const pair = source.run(theta, drawOptions(random, k % 3 > 0, 400));
        pairs.push(pair);
        const fault = faultOf(pair);
        if (fault !== undefined) {
          faults++;
          console.log(`FAULT ${fault}`);
        }
      } catch (error) {
        console.log(`no pair (${family}, theta [${theta.join(', ')}]): ${String(error)}`);
      }
    }
  }
  total += pairs.length;
  console.log(`${name}, ${Math.round((performance.now() - started) / 1000)} s\n${ratioTable(pairs)}\n`);
}
console.log(`${faults} faults in ${total} pairs`);
process.exitCode = faults > 0 ? 1 : 0;
