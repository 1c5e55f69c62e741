/**
 * The numbers that only the solver process knows of a text: sizes, constants at the start or at the last
 * point, chosen methods. They belong to one exact text; for another they are not shown.
 */
import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { RunResult, RunWarning } from '../protocol/result.ts';
import type { Description } from '../protocol/solver.ts';
import type { Snapshot } from '../workspace/document.ts';
import { warningSpan } from './annotations.ts';
import { diagnosticSource, visible } from './diagnostics.ts';

export interface Numbers {
  readonly dimensions: Description['dimensions'];
  readonly constants: RunResult['constants'];
  /** The loaded data, with the density measured. */
  readonly data?: Description['data'];
  readonly methods?: Description['methods'];
  readonly curvature?: string;
  /** What the text says and the constants at the start refute. */
  readonly warnings?: readonly RunWarning[];
  /** `at the start`, `at the end of the last run`. */
  readonly where: string;
}

export function numbersOfDescription(description: Description): Numbers {
  const { dimensions, constants, data, methods, curvature, warnings = [] } = description;
  return { dimensions, constants, data, methods, curvature, warnings, where: 'at the start' };
}

/** What a run adds to what was known before. */
export function numbersOfRun(result: RunResult, known: Numbers | undefined): Numbers {
  return {
    ...known,
    dimensions: known?.dimensions ?? {},
    constants: result.constants,
    where: 'at the end of the last run',
  };
}

/** What the constants at the start refute, as diagnostics. */
export function warningsOf(snapshot: Snapshot, { warnings = [] }: Numbers): Diagnostic[] {
  return warnings.map((warning) => ({
    range: snapshot.range(visible(warningSpan(warning, snapshot), snapshot.text)),
    severity: DiagnosticSeverity.Warning,
    source: diagnosticSource,
    message: warning.text,
  }));
}
