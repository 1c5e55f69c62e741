// Failures of the data room as values: what is wrong, where in which file, why, and what to do about it.
// Nothing in this room throws on bad input; every reader and generator returns a DataResult.

/** Where in a source a failure lies. Which fields are set depends on the format. */
export interface DataPlace {
  /** 1-based physical line of a text file. */
  readonly line?: number;
  /** 1-based character column of a text file, counted in UTF-16 units as editors do. */
  readonly column?: number;
  /** 0-based byte offset; in a gzip file it counts the unpacked bytes. */
  readonly byte?: number;
  /** 1-based row of the array. */
  readonly row?: number;
  /** 0-based index along each axis of the array in the file, as NumPy counts. */
  readonly index?: readonly number[];
}

/** One failure: `message` says what, where and why; `remedy` says what to do. */
export interface DataError extends DataPlace {
  readonly message: string;
  /** The file's path; for generated data, the name of the generator. */
  readonly path: string;
  readonly remedy: string;
}

export type DataFailure = { readonly ok: false; readonly error: DataError };
export type DataResult<T> = { readonly ok: true; readonly value: T } | DataFailure;

/** Wraps a value as a successful result. */
export function success<T>(value: T): DataResult<T> {
  return { ok: true, value };
}

/** Builds a failed result; `place` says where in the source it lies. */
export function failure(path: string, message: string, remedy: string, place: DataPlace = {}): DataFailure {
  return { ok: false, error: { message, path, remedy, ...place } };
}

/** One line as a terminal shows it: `path:line:column: message. remedy`. */
export function formatDataError(error: DataError): string {
  const position =
    error.line === undefined ? '' : `:${error.line}${error.column === undefined ? '' : `:${error.column}`}`;
  return `${error.path}${position}: ${sentence(error.message)} ${sentence(error.remedy)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
