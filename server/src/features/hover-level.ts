/**
 * What is known of a level: its curvature in the lower unknowns with the rule that shows it, and the
 * constants with their formulas, the terms responsible, and their numbers once known.
 */
import type { ConstantName, ConstantTable } from '../check/problem.ts';
import { curvatureOf, whyNotConvex } from '../check/curvature.ts';
import { formatExpression, formatFormula } from '../atoms/formula-text.ts';
import type { JsonConstant } from '../protocol/result.ts';
import { downwards, upwards } from '../protocol/result-text.ts';
import type { Snapshot } from '../workspace/document.ts';
import { factsText } from './hover-expression.ts';
import type { Numbers } from './numbers.ts';

const ofLower: readonly ConstantName[] = ['mu', 'L', 'L_H', 'L_J', 'jacobianNorm'];
const ofUpper: readonly ConstantName[] = ['L_fx', 'L_ftheta'];

const symbols: Readonly<Record<ConstantName, string>> = {
  mu: 'mu',
  L: 'L',
  L_H: 'L_H',
  L_J: 'L_J',
  L_fx: 'L_fx',
  L_ftheta: 'L_fθ',
  jacobianNorm: '‖J‖',
};
const meanings: Readonly<Record<ConstantName, string>> = {
  mu: 'strong convexity: λ_min(H) ≥ mu',
  L: 'Lipschitz constant of g_x',
  L_H: 'Lipschitz constant of H = g_xx',
  L_J: 'Lipschitz constant of J = g_xθ',
  L_fx: 'Lipschitz constant of f_x in x',
  L_ftheta: 'Lipschitz constant of f_θ in x',
  jacobianNorm: 'largest spectral norm of J = g_xθ',
};

export function levelText(
  snapshot: Snapshot,
  level: 'upper' | 'lower',
  numbers: Numbers | undefined,
): string {
  const { partial } = snapshot.checked;
  const { objective } = partial[level];
  const parts: string[] = [];
  if (objective !== undefined) parts.push(level === 'lower' ? curvatureText(snapshot) : factsText(objective));
  const { constants } = partial;
  if (constants !== undefined) {
    parts.push(constantsTable(snapshot, constants, level === 'lower' ? ofLower : ofUpper, numbers));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function curvatureText({ checked }: Snapshot): string {
  const { lower, lowerIsQuadratic, constants } = checked.partial;
  const { objective } = lower;
  if (objective === undefined) return '';
  const curvature = curvatureOf(objective);
  const offence = curvature === 'convex' ? undefined : whyNotConvex(objective);
  const shape =
    lowerIsQuadratic === true
      ? 'Quadratic'
      : curvature === 'none'
        ? 'Not known to be convex'
        : curvature.charAt(0).toUpperCase() + curvature.slice(1);
  const where = ' in the lower unknowns';
  const why =
    offence === undefined ? '' : `: in \`${formatExpression(offence.expression)}\`, ${offence.rule}`;
  const rule = constants === undefined ? '' : ` Strong convexity: ${constants.mu.because}.`;
  return `${shape}${where}${why}.${rule}`;
}

/** Numbers and formulas in a table; below it, why each holds and which term is responsible. */
function constantsTable(
  snapshot: Snapshot,
  constants: ConstantTable,
  names: readonly ConstantName[],
  numbers: Numbers | undefined,
): string {
  const rows = names.map((name) => {
    const found = numbers?.constants[name];
    // mu bounds from below: rounding it up would claim too much.
    const number = name === 'mu' ? downwards : upwards;
    const value = found === undefined ? '…' : valueText(number(found.value), found);
    const formula = inCode(formatFormula(constants[name].formula));
    return `| **${symbols[name]}** | ${value} | ${formula.replaceAll('|', '\\|')} |`;
  });
  const reasons = names.map((name) => {
    const { kind, from, because } = constants[name];
    const line = snapshot.position(from.start).line + 1;
    const responsible = `line ${line}, ${inCode(cut(snapshot.slice(from).replace(/\s+/gu, ' ')))}`;
    return `- ${symbols[name]}, ${meanings[name]}: ${because} (${kind}; ${responsible})`;
  });
  const where = numbers === undefined ? 'number' : numbers.where;
  return [`| | ${where} | formula |`, '|:--|:--|:--|', ...rows, '', ...reasons].join('\n');
}

/** An infinite bound is none; it comes, for example, of a distance to the solution that is not bounded yet. */
function valueText(text: string, { value, kind }: JsonConstant): string {
  return Number.isFinite(Number(value)) ? `${text} (${kind})` : 'none for all x';
}

/** Longer terms are cut. */
const longestTerm = 60;

function cut(text: string): string {
  return text.length > longestTerm ? `${text.slice(0, longestTerm)}…` : text;
}

function inCode(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
