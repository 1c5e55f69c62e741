/**
 * Constants that the author gives to a method (`heavy_ball(mu = …, L = …)`): where they stand, so that a run can say
 * at their place what the certified constants refute; two that refute each other are told while typing.
 */
import type { Span } from '../../base/span.ts';
import type { IterationOptions, SolveOptions } from '../../base/solve-options.ts';
import type { Argument, Expression as Syntax, SolveBlock } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { Findings } from '../facts.ts';
import { ungrouped } from '../syntax-walk.ts';

export interface GivenConstant {
  readonly name: 'mu' | 'L';
  readonly value: number;
  readonly span: Span;
}

/** Of the method for the lower level and of the one for the linear system, which has the same Hessian. */
export function givenConstants(
  block: SolveBlock | undefined,
  options: SolveOptions,
  findings: Findings,
): readonly GivenConstant[] {
  const valueOf = (axis: string): Syntax | undefined =>
    block?.entries.find(({ name, over }) => name.text === axis && over === undefined)?.value;
  const linear = argumentsOf(valueOf('hypergradient')).find(
    ({ name }) => name === undefined || name.text === 'linear',
  );
  return [
    ...constantsOf(argumentsOf(valueOf('lower')), options.lower, findings),
    ...constantsOf(argumentsOf(linear?.value), options.hypergradient.linear, findings),
  ];
}

function argumentsOf(value: Syntax | undefined): readonly Argument[] {
  const call = value === undefined ? undefined : ungrouped(value);
  return call?.kind === 'call' ? call.arguments : [];
}

function constantsOf(
  args: readonly Argument[],
  options: IterationOptions,
  findings: Findings,
): readonly GivenConstant[] {
  const given = (['mu', 'L'] as const).flatMap((key) => {
    const place = args.find(({ name }) => name?.text === key);
    const value = options[key];
    return place === undefined || value === undefined ? [] : [{ name: key, value, span: place.span }];
  });
  const [mu, L] = given;
  if (mu !== undefined && L !== undefined && mu.value > L.value)
    findings.add(report.givenConstantsClash(mu.span, mu.value, L.value, L.span));
  return given;
}
