/**
 * The open documents. Every change makes a new snapshot and tells who listens; the sources of data are
 * looked at through the headers of the files, which are read again when they change on disk, and never
 * in a workspace that is not trusted.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Environment } from '../check/environment.ts';
import { withoutFiles } from '../check/environment.ts';
import { countSourceRows, fileEnvironment, FileWatch } from '../runner/source-headers.ts';
import { Snapshot, TextMemory } from './document.ts';
import { HeaderAnswers } from './header-answers.ts';
import type { LineEdit } from './line-edits.ts';
import { lineEdit } from './line-edits.ts';
import { problemFiles } from './problem-files.ts';
import { sourcePaths } from './source-paths.ts';

export interface WorkspaceListener {
  /** A document was opened, or changed by these edits of its lines. */
  readonly changed: (snapshot: Snapshot, edits: readonly LineEdit[]) => void;
  /** More is known of its data files, or they are other files now (`replaced`); the text is the same. */
  readonly dataChanged: (snapshot: Snapshot, replaced: boolean) => void;
  readonly closed: (uri: string) => void;
}

interface Open {
  content: TextDocument;
  snapshot: Snapshot;
  /** What its versions have in common. */
  readonly memory: TextMemory;
  /** Ends the counting of rows for an older version. */
  counting?: AbortController;
}

export class Workspace {
  private readonly open = new Map<string, Open>();
  private readonly headers = new HeaderAnswers();
  private readonly listener: WorkspaceListener;
  private readonly watch: FileWatch;
  private trusted = true;
  private folders: readonly string[] = [];

  constructor(listener: WorkspaceListener, watchInterval?: number) {
    this.listener = listener;
    this.watch = new FileWatch((path) => this.fileChanged(path), watchInterval);
  }

  /** `folders`: documents that are no files are taken to lie in the first. */
  configure(settings: { readonly trusted: boolean; readonly folders: readonly string[] }): void {
    this.trusted = settings.trusted;
    this.folders = settings.folders;
  }

  /** Folders came to the workspace or left it. */
  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.folders = [...this.folders.filter((folder) => !removed.includes(folder)), ...added];
  }

  get isTrusted(): boolean {
    return this.trusted;
  }

  get(uri: string): Snapshot | undefined {
    return this.open.get(uri)?.snapshot;
  }

  get snapshots(): readonly Snapshot[] {
    return [...this.open.values()].map(({ snapshot }) => snapshot);
  }

  /** The open documents, and the problems on disk below the folders. */
  everything(): readonly Snapshot[] {
    if (!this.trusted) return this.snapshots;
    const open = new Set(this.snapshots.map(({ path }) => path));
    const others = problemFiles(this.folders)
      .filter(({ path }) => !open.has(path))
      .map(({ path, text }) =>
        this.snapshotOf(pathToFileURL(path).href, 'bilevel', 0, text, new TextMemory()),
      );
    return [...this.snapshots, ...others];
  }

  didOpen({ uri, languageId, version, text }: TextDocumentItem): void {
    const content = TextDocument.create(uri, languageId, version, text);
    this.open.get(uri)?.counting?.abort();
    const memory = new TextMemory();
    const snapshot = this.snapshotOf(uri, languageId, version, text, memory);
    const document: Open = { content, snapshot, memory };
    this.open.set(uri, document);
    this.listener.changed(document.snapshot, []);
  }

  didChange(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const document = this.open.get(uri);
    if (document === undefined) return;
    const edits: LineEdit[] = [];
    for (const change of changes) {
      edits.push(lineEdit(change, document.content.getText()));
      document.content = TextDocument.update(document.content, [change], version);
    }
    document.counting?.abort();
    const { languageId } = document.content;
    document.snapshot.supersede();
    document.snapshot = this.snapshotOf(
      uri,
      languageId,
      version,
      document.content.getText(),
      document.memory,
    );
    this.listener.changed(document.snapshot, edits);
  }

  didClose(uri: string): void {
    this.open.get(uri)?.counting?.abort();
    if (!this.open.delete(uri)) return;
    this.watchData();
    this.listener.closed(uri);
  }

  /** Watches the data files of the open documents, as their texts name them now. */
  watchData(): void {
    const paths = this.trusted ? this.snapshots.flatMap((snapshot) => this.dataPaths(snapshot)) : [];
    this.headers.keep(paths);
    this.watch.watch(paths);
  }

  private dataPaths({ path, parsed }: Snapshot): readonly string[] {
    const folder = this.folderOf(path);
    return sourcePaths(parsed.tree).map(({ value }) => resolve(folder, value));
  }

  /** A data file may have changed on disk: if it did, every document that reads it is checked anew. */
  private fileChanged(changed: string): void {
    if (!this.headers.isOutdated(changed)) return;
    this.headers.forgetFile(changed);
    for (const snapshot of this.snapshots) {
      if (!this.dataPaths(snapshot).includes(changed)) continue;
      snapshot.forgetData();
      this.listener.dataChanged(snapshot, true);
    }
    // A pattern may name other files now.
    this.watchData();
  }

  /** Counts the rows of long csv files of the document, then checks it anew. */
  async countRows(snapshot: Snapshot): Promise<void> {
    const document = this.open.get(snapshot.uri);
    if (document === undefined || !this.trusted) return;
    const { header } = this.environmentOf(snapshot.path);
    const folder = this.folderOf(snapshot.path);
    const uncounted = snapshot.checked.facts.sources.filter(({ source }) => {
      const answer = source.format === 'csv' ? header(source) : undefined;
      return answer !== undefined && 'shape' in answer && answer.shape[0] === undefined;
    });
    if (uncounted.length === 0) return;
    const counting = new AbortController();
    document.counting = counting;
    for (const { source } of uncounted) await countSourceRows(source, folder, counting.signal);
    if (counting.signal.aborted || document.snapshot !== snapshot) return;
    this.headers.forget();
    snapshot.forgetData();
    this.listener.dataChanged(snapshot, false);
  }

  /** The folder that data paths of a document are relative to. */
  folderOf(path: string | undefined): string {
    return path === undefined ? (this.folders[0] ?? process.cwd()) : dirname(path);
  }

  /** The path by which the solver knows the document. */
  solverPath(snapshot: Snapshot): string {
    return snapshot.path ?? join(this.folderOf(undefined), 'untitled.bilevel');
  }

  private environmentOf(path: string | undefined): Environment {
    const folder = this.folderOf(path);
    return this.trusted ? this.headers.around(fileEnvironment(folder), folder) : withoutFiles;
  }

  /** With a text document of its own: the open one changes in place. */
  private snapshotOf(
    uri: string,
    languageId: string,
    version: number,
    text: string,
    memory: TextMemory,
  ): Snapshot {
    const path = pathOf(uri);
    const content = TextDocument.create(uri, languageId, version, text);
    return new Snapshot(content, path, () => this.environmentOf(path), memory);
  }
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // Such as a file on another host.
    return undefined;
  }
}
