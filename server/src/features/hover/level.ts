/**
 * What is known of a level: what it asks for as a formula, its curvature in the lower unknowns with the rule that
 * shows it, and the constants with their formulas, the terms responsible, and their numbers once known.
 */
import type { ConstantName, ConstantTable } from '../../check/problem.ts';
import type { Mathematics } from '../../protocol/mathematics.ts';
import type { JsonConstant } from '../../protocol/result.ts';
import { downwards, upwards } from '../../protocol/result-text.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { curvatureText } from './curvature.ts';
import { factsText, knownOf } from './expression.ts';
import { formula, inCode, placeLink } from '../markdown.ts';
import { formulaMath } from '../mathematics/from-formula.ts';
import { objectiveMath } from '../mathematics/from-syntax.ts';
import type { Numbers } from '../numbers.ts';

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

/** What the same constants are where the level is a fixed point x = Phi(x), with R = x − Phi. */
const meaningsOfMap: Readonly<Partial<Record<ConstantName, string>>> = {
  mu: '1 − q, with q the contraction factor, ‖∂₁Phi‖ ≤ q',
  L: 'Lipschitz constant of x − Phi(x)',
  L_H: 'Lipschitz constant of ∂₁Phi',
  L_J: 'Lipschitz constant of ∂₂Phi in x',
  jacobianNorm: 'largest spectral norm of J = −∂₂Phi',
};

export function levelText(
  snapshot: Snapshot,
  level: 'upper' | 'lower',
  numbers: Numbers | undefined,
): string {
  const { partial } = snapshot.checked;
  const { objective, kind } = partial[level];
  const parts: string[] = [];
  const written = writtenObjective(snapshot, level);
  if (written !== undefined) parts.push(formula(written));
  if (kind === 'fixed_point' && partial.constants !== undefined) parts.push(contractionText(snapshot));
  if (objective !== undefined) parts.push(level === 'lower' ? convexityText(snapshot) : factsText(objective));
  const { constants } = partial;
  if (constants !== undefined) {
    parts.push(constantsTable(snapshot, constants, level === 'lower' ? ofLower : ofUpper, numbers));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function contractionText(snapshot: Snapshot): string {
  const { lowerIsQuadratic, constants } = snapshot.checked.partial;
  const shape = lowerIsQuadratic === true ? 'The fixed point of an affine map.' : 'A fixed point.';
  return constants === undefined ? shape : `${shape} Contraction: ${constants.mu.because}.`;
}

/** `w*(λ) = argmin …`, as the text says it. */
function writtenObjective(snapshot: Snapshot, level: 'upper' | 'lower'): Mathematics | undefined {
  const { items } = snapshot.parsed.tree;
  const block = items.find((item): item is LevelBlock => item.kind === level);
  const [objective] = block?.objectives ?? [];
  if (block === undefined || objective === undefined) return undefined;
  const upper = items.find((item): item is LevelBlock => item.kind === 'upper');
  const names = (upper?.unknowns ?? []).map(({ name }) => name.text);
  return objectiveMath(block, objective, names, knownOf(snapshot));
}

function convexityText(snapshot: Snapshot): string {
  const { lower, lowerIsQuadratic, constants } = snapshot.checked.partial;
  if (lower.objective === undefined) return '';
  const curvature = curvatureText(lower.objective, snapshot);
  const quadratic = lowerIsQuadratic === true ? 'Quadratic in the lower unknowns' : '';
  const words = quadratic === '' || curvature.startsWith('not') ? curvature : quadratic;
  const why = words === quadratic || words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  const strong = constants === undefined ? '' : ` Strong convexity: ${constants.mu.because}.`;
  return `${words === quadratic ? `${quadratic}.` : why}${strong}`.trim();
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
    const written = formula(formulaMath(constants[name].formula)).replaceAll('|', String.raw`\|`);
    return `| **${symbols[name]}** | ${value} | ${written} |`;
  });
  const isMap = snapshot.checked.partial.lower.kind === 'fixed_point';
  const reasons = names.map((name) => {
    const { kind, from, because } = constants[name];
    const meaning = (isMap ? meaningsOfMap[name] : undefined) ?? meanings[name];
    const responsible = `${placeLink(snapshot, from)}, ${inCode(cut(snapshot.slice(from).replace(/\s+/gu, ' ')))}`;
    return `- ${symbols[name]}, ${meaning}: ${because} (${kind}; ${responsible})`;
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
