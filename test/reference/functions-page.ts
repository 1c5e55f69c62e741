/**
 * The page of all functions and operators, grammar/functions.md, from what each atom says of itself: signature,
 * formula and summary in its own words, and domain, curvature, monotonicity, smoothness and derivative bounds by
 * asking its contract on the whole line, on t ≥ 0 and on t ≤ 0. Nothing is written here that an atom could say.
 */
import type {
  ArgumentFacts,
  Atom,
  AtomConstant,
  Monotonicity,
  Parameters,
} from '../../server/src/atoms/atom.ts';
import type { Interval } from '../../server/src/atoms/expression.ts';
import { wholeLine } from '../../server/src/atoms/expression.ts';
import type { Formula } from '../../server/src/atoms/formula.ts';
import { isInfinite, isZero, negate, number, value } from '../../server/src/atoms/formula.ts';
import { formulaKey } from '../../server/src/atoms/formula-key.ts';
import { formatFormula, formatNumber } from '../../server/src/atoms/formula-text.ts';
import { atoms } from '../../server/src/atoms/index.ts';
import { isShapeProblem } from '../../server/src/atoms/shape-rules.ts';
import type { Shape } from '../../server/src/base/dimension.ts';
import { formatShape, namedDimension } from '../../server/src/base/dimension.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';

const [n, d] = [namedDimension('n'), namedDimension('d')];
const someShapes: readonly Shape[] = [[n, d], [n], [n, n], [d], [d, n], [n, n, n], []];

export function functionsPage(): string {
  const parts = groups
    .map((group) => ({ ...group, members: atoms.filter((atom) => groupOf(atom) === group) }))
    .filter(({ members }) => members.length > 0);
  const contents = parts.map(({ title, members }) => `- ${title}: ${members.map(link).join(', ')}`);
  const sections = parts.flatMap(({ title, about, members }) => [
    `## ${title}\n\n${about}\n`,
    ...members.map(section),
  ]);
  return `${introduction}\n${contents.join('\n')}\n\n${sections.join('\n')}`;
}

function groupOf(atom: Atom): Group | undefined {
  return groups.find((group) => group.holds(atom));
}

function titleOf({ notation, name }: Atom): string {
  return notation === undefined ? `\`${name}\`` : `\`${notation}\` ${name}`;
}

/** The anchor is made as GitHub makes it: letters, digits, `_` and `-`, spaces as `-`. */
function link(atom: Atom): string {
  const anchor = titleOf(atom)
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
  return `[\`${atom.notation ?? atom.name}\`](#${anchor})`;
}

const introduction = `# Functions and operators

What each function of the language takes, gives, and tells the checker. This page is generated from the functions'
own descriptions; change those and run \`npm run reference\`.

**Convex** and **concave** are meant in the arguments together, where not said otherwise. **Derivatives** bounds
|φ′|, |φ″| and |φ‴| of a function φ that acts on each entry, where the entries lie in [a, b]; from these bounds
come L, L_H and the other constants of a problem. A function whose third derivative has no bound has no certified
result at the lower level.
`;

interface Group {
  readonly title: string;
  readonly about: string;
  readonly holds: (atom: Atom) => boolean;
}

/** The first group that holds an atom has it. */
const groups: readonly Group[] = [
  {
    title: 'Operators',
    about:
      'Written between or after their operands; precedence is in the [reference](README.md#expressions).',
    holds: ({ notation }) => notation !== undefined,
  },
  { title: 'In data only', about: 'They need no derivative.', holds: ({ dataOnly }) => dataOnly === true },
  {
    title: 'Entry by entry',
    about: 'They act on each entry of an array of any shape.',
    holds: (atom) => atom.derivativeBound !== undefined || isEntrywise(atom),
  },
  {
    title: 'To one number',
    about: 'They make one number of whole arrays.',
    holds: (atom) => atom.dimensions === undefined && resultOf(atom)?.length === 0,
  },
  {
    title: 'Row by row',
    about: 'They act on each row of a matrix, or along the last axis.',
    holds: (atom) => atom.rowwise !== undefined || (atom.dimensions === undefined && isRowwise(atom)),
  },
  { title: 'Arrangement and linear maps', about: 'They move, join and combine entries.', holds: () => true },
];

/** Array arguments that the atom accepts; undefined when it takes none of those tried. */
function acceptedShapes(atom: Atom): readonly Shape[] | undefined {
  const count = Math.max(atom.arity[0], 1);
  const parameters = parametersOf(atom)[0] ?? {};
  let tried: (readonly Shape[])[] = [[]];
  for (let position = 0; position < count; position++) {
    tried = tried.flatMap((before) => someShapes.map((shape) => [...before, shape]));
  }
  return tried.find((shapes) => !isShapeProblem(atom.shape(shapes, parameters)));
}

function resultOf(atom: Atom): Shape | undefined {
  const shapes = acceptedShapes(atom);
  if (shapes === undefined) return undefined;
  const result = atom.shape(shapes, parametersOf(atom)[0] ?? {});
  return isShapeProblem(result) ? undefined : result;
}

function isEntrywise(atom: Atom): boolean {
  const [first] = acceptedShapes(atom) ?? [];
  const result = resultOf(atom);
  const affine = atom.curvature(factsOf(atom, wholeLine), {}) === 'affine';
  return !affine && first !== undefined && result !== undefined && formatShape(first) === formatShape(result);
}

function isRowwise(atom: Atom): boolean {
  const [first] = acceptedShapes(atom) ?? [];
  return first !== undefined && formatShape(resultOf(atom) ?? []) === formatShape(first.slice(0, 1));
}

/** The constants of a use: their defaults, 1 where they have none, several exponents for a power. */
function parametersOf(atom: Atom): readonly Parameters[] {
  const constants = atom.constants ?? [];
  if (constants.some(({ name }) => name === 'exponent')) {
    return [2, 3, 0.5, -1].map((exponent) => ({ exponent }));
  }
  const needed = constants.filter(({ optional }) => optional !== true);
  // The smaller of two that are ordered is 0, the larger 1.
  const isSmaller = (name: string): boolean => needed.some(({ notBelow }) => notBelow === name);
  const value = ({ name, default: usual = isSmaller(name) ? 0 : 1 }: AtomConstant): number => usual;
  return [Object.fromEntries(needed.map((constant) => [constant.name, value(constant)]))];
}

function factsOf(atom: Atom, range: Interval, fixed?: number): readonly ArgumentFacts[] {
  const shapes = acceptedShapes(atom) ?? atom.arity.map(() => []);
  return shapes.map((shape, position) => ({
    shape,
    range: position === fixed ? wholeLine : range,
    fixed: position === fixed || position === atom.labels?.argument,
  }));
}

function section(atom: Atom): string {
  const { signature, formula, summary } = atom.documentation;
  const variants = parametersOf(atom);
  const facts = variants.flatMap((parameters) => {
    const given = Object.entries(parameters).filter(([name]) =>
      atom.constants?.some((constant) => constant.name === name && constant.default === undefined),
    );
    const words = given.map(([name, each]) => `${name} = ${formatNumber(Number(each))}`).join(', ');
    const lines = factsInWords(atom, parameters);
    return words === '' ? lines : [`with ${words}: ${lines.map(withoutBullet).join('; ')}`].map(bullet);
  });
  return [
    `### ${titleOf(atom)}`,
    `\`\`\`\n${signature}\n\`\`\``,
    summary,
    ...(formula === '' ? [] : [`> ${formula}`]),
    [...facts, ...constantsInWords(atom)].join('\n'),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

function bullet(text: string): string {
  return `- ${text}`;
}

function withoutBullet(line: string): string {
  return line
    .slice(2)
    .replaceAll('**', '')
    .replace(/^./, (first) => first.toLowerCase());
}

function factsInWords(atom: Atom, parameters: Parameters): readonly string[] {
  if (atom.dataOnly === true) return [];
  return [
    ...domainInWords(atom, parameters),
    `**Curvature**: ${curvatureInWords(atom, parameters)}`,
    `**Monotone**: ${monotonicityInWords(atom, parameters)}`,
    `**Smoothness**: ${smoothnessInWords(atom)}`,
    ...derivativesInWords(atom, parameters),
  ].map(bullet);
}

function domainInWords(atom: Atom, parameters: Parameters): readonly string[] {
  const rules = atom.domain?.(parameters) ?? [];
  const several = rules.length > 1;
  const words = rules.flatMap((rule, position) =>
    rule === undefined
      ? []
      : [`${several ? `argument ${position + 1}` : 'the argument'} must be ${rule.words}`],
  );
  return words.length === 0 ? [] : [`**Domain**: ${words.join('; ')}`];
}

/** Both sides of 0, in the words for one argument and for several. */
const halves = [
  { range: { lower: 0, upper: Infinity }, words: ['where t ≥ 0', 'where all are ≥ 0'] },
  { range: { lower: -Infinity, upper: 0 }, words: ['where t ≤ 0', 'where all are ≤ 0'] },
] as const;

/** What holds on each half, as one phrase. */
function inHalvesWords(atom: Atom, found: readonly (string | undefined)[]): string | undefined {
  const [positive, negative] = found;
  if (positive !== undefined && positive === negative) return `${positive} on each side of 0`;
  const several = (acceptedShapes(atom)?.length ?? 1) > 1 ? 1 : 0;
  const words = halves.flatMap(({ words: where }, half) =>
    found[half] === undefined ? [] : [`${found[half]} ${where[several]}`],
  );
  return words.length === 0 ? undefined : words.join('; ');
}

function curvatureInWords(atom: Atom, parameters: Parameters): string {
  const on = (range: Interval, fixed?: number): string =>
    atom.curvature(factsOf(atom, range, fixed), parameters);
  const everywhere = on(wholeLine);
  if (everywhere !== 'none') return everywhere;
  const found = halves.map(({ range }) => on(domainOf(atom, range, parameters)));
  const words = inHalvesWords(
    atom,
    found.map((curvature) => (curvature === 'none' ? undefined : curvature)),
  );
  if (words !== undefined) return words;
  const count = acceptedShapes(atom)?.length ?? 1;
  const fixing = Array.from({ length: count }, (_, fixed) => on(wholeLine, fixed));
  const partly = fixing
    .map((curvature, fixed) => ({ curvature, fixed }))
    .filter(({ curvature, fixed }) => count > 1 && curvature !== 'none' && fixed !== atom.labels?.argument);
  if (partly.length === count && new Set(fixing).size === 1) {
    return `${fixing[0] ?? ''} in each argument while the ${count === 2 ? 'other is' : 'others are'} fixed`;
  }
  return partly.length === 0
    ? 'neither convex nor concave'
    : partly.map(({ curvature, fixed }) => `${curvature} while argument ${fixed + 1} is fixed`).join(', ');
}

/** Where a half of the line and the domain meet; a function asked outside its domain says nothing. */
function domainOf(atom: Atom, half: Interval, parameters: Parameters): Interval {
  const rule = atom.domain?.(parameters)[0];
  if (rule === undefined) return half;
  return {
    lower: Math.max(half.lower, rule.interval.lower),
    upper: Math.max(half.lower, rule.interval.lower, Math.min(half.upper, rule.interval.upper)),
  };
}

function monotonicityInWords(atom: Atom, parameters: Parameters): string {
  const on = (range: Interval): readonly Monotonicity[] =>
    atom.monotonicity(factsOf(atom, range), parameters);
  const everywhere = on(wholeLine);
  if (everywhere.every((move) => move !== 'none')) return inEach(everywhere);
  const found = halves.map(({ range }) => on(domainOf(atom, range, parameters)));
  const words = inHalvesWords(
    atom,
    found.map((moves) => (moves.every((move) => move !== 'none') ? inEach(moves) : undefined)),
  );
  if (words !== undefined) return words;
  return everywhere.some((move) => move !== 'none')
    ? inEach(everywhere)
    : 'neither increasing nor decreasing';
}

function inEach(moves: readonly Monotonicity[]): string {
  const [first] = moves;
  if (first !== undefined && moves.every((move) => move === first)) return first;
  return moves
    .map((move, position) => `${move === 'none' ? 'not monotone' : move} in argument ${position + 1}`)
    .join(', ');
}

function smoothnessInWords({ smoothness }: Atom): string {
  if (smoothness === Infinity) return 'all derivatives are continuous';
  if (smoothness < 0) return 'none: constant but for jumps, so that no objective may contain it';
  if (smoothness === 0) return 'continuous, with kinks';
  return `${smoothness === 1 ? 'once' : smoothness === 2 ? 'twice' : `${smoothness} times`} continuously differentiable`;
}

/** Bounds on the whole line where they are finite, else in the ends of [a, b]. */
function derivativesInWords(atom: Atom, parameters: Parameters): readonly string[] {
  const { derivativeBound, leastCurvature, bend, rowwise } = atom;
  const orders = [1, 2, 3] as const;
  const names = ['|φ′|', '|φ″|', '|φ‴|'] as const;
  const words: string[] = [];
  if (derivativeBound !== undefined) {
    const bounds = orders.map((order) => {
      const anywhere = derivativeBound(order, number(-Infinity), number(Infinity), parameters);
      const bound = isInfinite(anywhere) ? derivativeBound(order, end('a'), end('b'), parameters) : anywhere;
      const name = names[order - 1] ?? '';
      return isInfinite(bound) ? `${name} has no bound` : `${name} ≤ ${formatFormula(bound)}`;
    });
    words.push(`**Derivatives**: ${bounds.join(', ')}`);
  }
  if (leastCurvature !== undefined) {
    const least = formatFormula(leastCurvature(end('a'), end('b'), parameters));
    if (least !== '0') words.push(`**Strong convexity**: φ″ ≥ ${least} on [a, b]`);
  }
  const [down, up] = (['down', 'up'] as const).map((way) =>
    bend?.(way, number(-Infinity), number(Infinity), parameters),
  );
  const isUneven = down !== undefined && up !== undefined && formulaKey(down) !== formulaKey(up);
  if (isUneven && ![down, up].some((side) => isZero(side) || isInfinite(side)))
    words.push(`**Curvature** between its ends: ${formatFormula(negate(down))} ≤ φ″ ≤ ${formatFormula(up)}`);
  if (rowwise !== undefined) {
    const norms = ['‖∇ψ‖', '‖∇²ψ‖', '‖∇³ψ‖'] as const;
    const bounds = rowwise.bounds.map((bound, k) => `${norms[k] ?? ''} ≤ ${formatNumber(bound)}`);
    words.push(`**Derivatives** of one row: ${bounds.join(', ')}`);
  }
  return words;
}

/** An end of the interval of the argument, as a formula that prints as its name. */
function end(name: string): Formula {
  const place = { start: 0, end: 0 };
  const symbol = { name, role: 'data', shape: [], range: wholeLine, declared: place } as const;
  return value({ kind: 'symbol', symbol, shape: [], dependence: Dependence.data, span: place });
}

function constantsInWords({ constants = [] }: Atom): readonly string[] {
  return constants
    .filter(({ name }) => name !== 'exponent')
    .map(constantInWords)
    .map(bullet);
}

function constantInWords(constant: AtomConstant): string {
  const { name, default: usual, least, most, exclusive, whole, named, notBelow, optional } = constant;
  const bounds = [
    ...(least === undefined ? [] : [exclusive === true ? `above ${least}` : `of at least ${least}`]),
    ...(most === undefined ? [] : [`of at most ${most}`]),
    ...(notBelow === undefined ? [] : [`not below ${notBelow}`]),
  ];
  const kind = `${whole === true ? 'a whole number' : 'a number'}${bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`}`;
  const given =
    usual !== undefined ? `; ${usual} when it is not given` : optional === true ? '; may be left out' : '';
  const written = named === true ? `, written \`${name} = …\`` : '';
  return `**${name}**: ${kind}, known before the run${written}${given}`;
}
