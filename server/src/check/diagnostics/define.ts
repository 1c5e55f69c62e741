/**
 * What a kind of diagnostic is: its code, its severity, one line for the list of codes, and the words
 * (what is wrong, why, what to do, the edits that mend it) as a function of the details.
 */
import type { Diagnostic, Fix, RelatedPlace, Severity } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';

export interface Words {
  readonly message: string;
  readonly reason?: string | undefined;
  readonly remedy?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly fixes?: readonly Fix[] | undefined;
}

export interface DiagnosticKind<Details extends readonly unknown[]> {
  (span: Span, ...details: Details): Diagnostic;
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
}

export function define<Details extends readonly unknown[]>(
  code: string,
  severity: Severity,
  summary: string,
  words: (span: Span, ...details: Details) => Words,
): DiagnosticKind<Details> {
  const make = (span: Span, ...details: Details): Diagnostic => {
    const { message, reason, remedy, related, fixes } = words(span, ...details);
    return {
      code,
      severity,
      span,
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(related === undefined || related.length === 0 ? {} : { related }),
      ...(fixes === undefined || fixes.length === 0 ? {} : { fixes }),
    };
  };
  return Object.assign(make, { code, severity, summary });
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** "did you mean …" with one fix a candidate, or else the list of what there is. */
export function near(
  span: Span,
  candidates: readonly string[],
  otherwise: string,
): Pick<Words, 'remedy' | 'fixes'> {
  if (candidates.length === 0) return { remedy: otherwise };
  return {
    remedy: `did you mean ${candidates.map((name) => `\`${name}\``).join(' or ')}?`,
    fixes: candidates.map((name) => ({ title: `Change to ${name}`, span, replacement: name })),
  };
}
