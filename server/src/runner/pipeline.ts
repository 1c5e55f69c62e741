/**
 * From a request to its answer, top to bottom: text, tree, checked problem, data, compiled problem, report,
 * result. What the author wrote wrong comes back as diagnostics; what this program does wrong comes back as
 * `failed` with the stage; a cancel between the stages comes back as `cancelled`. Nothing is thrown.
 */
import { dirname } from 'node:path';
import type { CancellationToken } from '../base/cancellation.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import { applyAdjustments } from '../check/blocks/adjustments.ts';
import { allDiagnostics } from '../check/all-diagnostics.ts';
import { check } from '../check/check.ts';
import { adjustment, define } from '../check/diagnostics.ts';
import type { CheckedProblem, Sense } from '../check/problem.ts';
import { compile, movedUnknowns } from '../compile/compile.ts';
import type { Compiled } from '../compile/compile.ts';
import type { Adjustments, Answer, SolverRequest, Source } from '../protocol/solver.ts';
import { hypergradientAt, solve } from '../solve/run.ts';
import type { SolveHooks } from '../solve/run.ts';
import { parse } from '../syntax/parse.ts';
import { describeProblem } from './description.ts';
import { doubtfulConstants } from './doubtful-constants.ts';
import { movedNotes, pointFor } from './point.ts';
import { ProgressWords } from './progress-words.ts';
import { resultOf } from './report.ts';
import type { ReportedValues } from './reported-values.ts';
import { evaluateReports } from './reported-values.ts';
import type { ProgressReporter } from './progress-thinning.ts';
import { fileEnvironment } from './source-headers.ts';
import { sourceLoader } from './sources.ts';

type Task = Exclude<SolverRequest, { kind: 'cancel' }>;

/** Answers a request; calls `report` at every iteration and looks at `cancellation` as often. */
export function answerRequest(
  request: Task,
  report: ProgressReporter,
  cancellation: CancellationToken,
): Answer {
  const { id } = request;
  const started = performance.now();
  let stage = 'starting';
  try {
    // Text to checked problem; of data files only the headers are read.
    stage = 'checking';
    const { source, adjustments } = request;
    const ready = checkSource(source, adjustments);
    if ('diagnostics' in ready) return { id, kind: 'rejected', diagnostics: ready.diagnostics };
    const { checked, options } = ready;

    // Data and derivatives.
    stage = 'reading data and compiling';
    report('reading', () => ({ text: 'reading data' }));
    const load = sourceLoader(checked, dirname(source.path));
    const { compiled, diagnostics } = compile(checked, load);
    if (compiled === undefined) return { id, kind: 'rejected', diagnostics };
    if (cancellation.cancelled) return { id, kind: 'cancelled' };
    if (request.kind === 'describe') {
      return { id, kind: 'described', description: describeProblem(checked, compiled, options, source.text) };
    }
    const point = pointFor(request.at, compiled.upperLayout, compiled.problem.upperStart);
    if ('problem' in point) return { id, kind: 'rejected', diagnostics: [settingProblem(point.problem)] };
    const { upperStart } = compiled.problem;
    const theta = request.at === undefined ? upperStart : compiled.problem.project(point.theta).point;
    const singular = refuseSingular(checked, compiled, options, theta);
    if (singular !== undefined) return { id, kind: 'rejected', diagnostics: [singular] };
    const notes =
      request.at === undefined
        ? movedNotes(compiled.movedStarts, 'start')
        : movedNotes(movedUnknowns(compiled.upperLayout, point.theta, theta), 'point');

    // Numbers.
    stage = 'solving';
    const words = new ProgressWords(compiled.upperSign);
    const hooks: SolveHooks = {
      cancellation,
      onProgress: (event) => {
        words.note(event);
        report(event.phase, () => words.describe());
      },
    };
    if (request.kind === 'gradient') {
      const asked = { theta: point.theta, verify: request.verify };
      return finished(hypergradientAt(compiled.problem, asked, options, hooks));
    }
    const computed = solve(compiled.problem, options, hooks, theta);
    stage = 'evaluating the report';
    return finished(computed, evaluateReports(checked, compiled, computed, options, hooks));

    function finished(ended: ReturnType<typeof solve>, reported?: ReportedValues): Answer {
      stage = 'reporting';
      const seconds = (performance.now() - started) / 1000;
      const context = {
        text: source.text,
        checked,
        compiled: compiled as Compiled,
        seconds,
        withHypergradient: reported === undefined,
        notes,
        warnings: doubtfulConstants(checked, compiled as Compiled, options, ended.theta, source.text),
        ...(reported === undefined ? {} : { reported }),
      };
      return { id, kind: 'finished', result: resultOf(ended, context) };
    }
  } catch (error) {
    return { id, kind: 'failed', message: describeThrown(error, stage) };
  }
}

type Ready =
  | { readonly checked: CheckedProblem; readonly options: SolveOptions }
  | { readonly diagnostics: readonly Diagnostic[] };

function checkSource({ text, path }: Source, adjustments: Adjustments): Ready {
  const parsed = parse(text);
  const { problem, diagnostics } = check(parsed.tree, fileEnvironment(dirname(path), adjustments.set));
  const errors = allDiagnostics(text, parsed, diagnostics).filter(({ severity }) => severity === 'error');
  if (problem === undefined || errors.length > 0) return { diagnostics: errors };
  const seed = adjustments.seed === undefined ? {} : { seed: String(adjustments.seed) };
  const { options, problems } = applyAdjustments(
    problem.options,
    { ...adjustments.options, ...seed },
    problem.lower.kind,
  );
  if (problems.length > 0) return { diagnostics: problems.map(settingProblem) };
  return { checked: problem, options };
}

/** Settings have no place in the text; they are shown at its beginning. */
function settingProblem(sentence: string): Diagnostic {
  return adjustment({ start: 0, end: 0 }, sentence, 'correct what was given from outside the file');
}

const singularStart = define(
  'not-strongly-convex-here',
  'error',
  'a lower objective that these data or this start do not make strongly convex',
  (_span, mu: number, because: string, sense: Sense) => ({
    message: `the lower objective is not strongly ${sense === 'minimize' ? 'convex' : 'concave'} at the start: mu = ${mu}`,
    reason: `${because}; the lower solution must be unique, so mu must be positive`,
    remedy: `${sense === 'minimize' ? 'add' : 'subtract'} a term such as \`0.001 * sumsq(…)\` of the lower unknowns, or change the data or the start`,
  }),
);

const expansiveStart = define(
  'not-contractive-here',
  'error',
  'a map that these data or this start do not make a contraction',
  (_span, factor: number, because: string) => ({
    message: `the map is not a contraction at the start: q = ${factor}`,
    reason: `${because}; the fixed point must be unique, so q must be below 1`,
    remedy:
      'start closer to 0, restrict the upper unknowns to a set such as `spectral_ball(0.9)`, multiply the map by a factor below 1, or give `q` in the lower method where you know it',
  }),
);

/** Refuses before the run what no run could do; a given mu is the author's responsibility. */
function refuseSingular(
  checked: CheckedProblem,
  compiled: Compiled,
  options: SolveOptions,
  theta: Float64Array,
): Diagnostic | undefined {
  const { problem } = compiled;
  if (options.lower.mu !== undefined || options.lower.q !== undefined) return undefined;
  problem.moveTo(theta);
  const { value } = problem.constants().mu;
  if (value > 0) return undefined;
  const { from, because } = checked.constants.mu;
  if (checked.lower.kind !== 'fixed_point') return singularStart(from, value, because, checked.lower.sense);
  const factor = Number((1 - value).toPrecision(4));
  return expansiveStart(from, factor, because.replace(/^mu = 1 − q: /u, ''));
}

function describeThrown(error: unknown, stage: string): string {
  if (error instanceof RangeError && /allocation|Invalid (typed )?array length/.test(error.message)) {
    return `there is not enough memory while ${stage}: ${error.message}. Take fewer rows, or a smaller problem`;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `a defect of this program while ${stage}: ${details}`;
}
