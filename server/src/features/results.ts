/**
 * The results of the last run of each document, shown at its lines: as end-of-line annotations and as
 * diagnostics of source `bilevel run`. They belong to one exact text. The next edit makes them stale: the
 * annotations stay, marked, at their statements, the diagnostics go. When the text is again what ran
 * (undo), they count again.
 */
import type { Connection, Diagnostic } from 'vscode-languageserver';
import { resultsNotification } from '../protocol/editor.ts';
import type { LastResult, ResultsParameters } from '../protocol/editor.ts';
import type { RunResult } from '../protocol/result.ts';
import type { Snapshot } from '../workspace/document.ts';
import type { LineEdit } from '../workspace/line-edits.ts';
import { moveLine } from '../workspace/line-edits.ts';
import type { PlacedAnnotation } from './annotations.ts';
import { severities, visible } from './diagnostics.ts';

export const runSource = 'bilevel run';

interface Shown {
  readonly version: number;
  readonly text: string;
  readonly annotations: readonly PlacedAnnotation[];
  readonly diagnostics: readonly Diagnostic[];
  /** Lines of the annotations in the text of `textVersion`. */
  lines: readonly number[];
  textVersion: number;
  stale: boolean;
  /** The data files changed since. */
  otherData: boolean;
}

export class Results {
  private readonly shown = new Map<string, Shown>();
  private readonly last = new Map<string, { version: number; result: RunResult }>();
  private readonly connection: Connection;
  /** Tells the editor that the diagnostics of a document changed. */
  private readonly publish: (uri: string) => void;
  private readonly areDrawn: () => boolean;

  /** `areDrawn`: the editor shows the annotations; it is asked once the editor has said so. */
  constructor(connection: Connection, publish: (uri: string) => void, areDrawn: () => boolean) {
    this.connection = connection;
    this.publish = publish;
    this.areDrawn = areDrawn;
  }

  /** Results for the text of `ran`, which may be an older version than `now`. */
  show(
    ran: Snapshot,
    annotations: readonly PlacedAnnotation[],
    now: Snapshot | undefined,
    lineEdits: readonly LineEdit[],
    result?: RunResult,
  ): void {
    const { uri, version, text } = ran;
    if (result !== undefined) this.last.set(uri, { version, result });
    if (now === undefined) return;
    const shown: Shown = {
      version,
      text,
      annotations,
      diagnostics: annotations
        .filter((each) => each.level !== 'expectation' || each.severity === 'error')
        // Where the editor draws them, good news need no mark besides.
        .filter(({ severity }) => severity !== 'information' || !this.areDrawn())
        .map((each) => runDiagnostic(each, ran)),
      lines: annotations.map(({ line }) => moved(line, lineEdits)),
      textVersion: now.version,
      stale: now.text !== text,
      otherData: false,
    };
    this.shown.set(uri, shown);
    this.send(uri, shown);
  }

  /** The text changed: moves the lines, and marks what is no longer of this text. */
  changed({ uri, text, version }: Snapshot, edits: readonly LineEdit[]): void {
    const shown = this.shown.get(uri);
    if (shown === undefined) return;
    const edited = text !== shown.text;
    const stale = edited || shown.otherData;
    shown.lines = edited
      ? shown.lines.map((line) => moved(line, edits))
      : shown.annotations.map(({ line }) => line);
    shown.textVersion = version;
    // The editor moves end-of-line texts by itself while one types; it needs to hear of the change of state only.
    if (stale === shown.stale) return;
    shown.stale = stale;
    this.send(uri, shown);
  }

  /** The data that a run read changed on disk: its results are stale, whatever the text. */
  dataChanged(uri: string): void {
    const shown = this.shown.get(uri);
    if (shown === undefined || shown.otherData) return;
    shown.otherData = true;
    shown.stale = true;
    this.send(uri, shown);
  }

  /** The document is closed: nothing is kept of it. */
  closed(uri: string): void {
    this.clear(uri);
    this.last.delete(uri);
  }

  /** Nothing is shown any more, as when a new run starts. */
  clear(uri: string): void {
    if (!this.shown.delete(uri)) return;
    void this.connection.sendNotification(resultsNotification, {
      uri,
      version: 0,
      textVersion: 0,
      stale: false,
      annotations: [],
    } satisfies ResultsParameters);
    this.publish(uri);
  }

  /** Diagnostics of the last run, none when they are stale. */
  diagnostics(uri: string): readonly Diagnostic[] {
    const shown = this.shown.get(uri);
    return shown === undefined || shown.stale ? [] : shown.diagnostics;
  }

  lastResult(uri: string): LastResult {
    return this.last.get(uri) ?? null;
  }

  /** The result of a run of exactly this text. */
  resultOf({ uri, text }: Snapshot): RunResult | undefined {
    const shown = this.shown.get(uri);
    return shown === undefined || shown.stale || shown.text !== text ? undefined : this.last.get(uri)?.result;
  }

  private send(uri: string, { version, textVersion, annotations, lines, stale }: Shown): void {
    const parameters: ResultsParameters = {
      uri,
      version,
      textVersion,
      stale,
      annotations: annotations.map(({ level, text, kind, severity, hoverMarkdown }, index) => ({
        line: lines[index] ?? 0,
        level,
        text,
        kind,
        severity,
        hoverMarkdown,
      })),
    };
    void this.connection.sendNotification(resultsNotification, parameters);
    this.publish(uri);
  }
}

function moved(line: number, edits: readonly LineEdit[]): number {
  return edits.reduce(moveLine, line);
}

function runDiagnostic(
  { span, severity, text, message = text }: PlacedAnnotation,
  snapshot: Snapshot,
): Diagnostic {
  return {
    range: snapshot.range(visible(span, snapshot.text)),
    severity: severities[severity],
    source: runSource,
    message,
  };
}
