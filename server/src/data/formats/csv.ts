// Reads csv files (RFC 4180 with comma, semicolon or tab): a first pass counts the records, which bounds the
// memory exactly, a second converts the chosen cells. Every record must have as many fields as the first,
// and every chosen cell must be a number; whatever is not is an error with line and column.

import { allocateValues } from '../data-array.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { inferLayout, scanFailure } from './csv-layout.ts';
import type { CsvLayout, CsvOptions } from './csv-layout.ts';
import { cellKind, parseNumber } from './csv-number.ts';
import type { CellKind } from './csv-number.ts';
import { CsvRecord, locate, RecordCounter } from './csv-scan.ts';
import { selectedShape } from '../table.ts';
import type { ReadValues, Selection, Table } from '../table.ts';

/**
 * Opens the whole content of a csv file as a table [records, columns]. Fails where the layout is wrong or no
 * record of data follows; faults in records are found when they are read.
 */
export function openCsv(path: string, bytes: Buffer, options: CsvOptions): DataResult<Table> {
  const layout = inferLayout(path, bytes, true, options);
  if (!layout.ok) return layout;
  const counter = new RecordCounter();
  counter.add(bytes.subarray(layout.value.dataStart));
  if (counter.count === 0) {
    return noRows(path, layout.value);
  }
  const shape = [counter.count, layout.value.columnCount];
  return success({
    shape,
    ...(layout.value.columnNames === undefined ? {} : { columnNames: layout.value.columnNames }),
    read: (selection) => readRecords(path, bytes, layout.value, shape, selection),
  });
}

/** The failure of a file that ends after its header. */
export function noRows(path: string, layout: CsvLayout): DataFailure {
  return failure(path, 'the file has a header line and no rows', 'Name a file with data', {
    line: layout.firstLine,
  });
}

function readRecords(
  path: string,
  bytes: Buffer,
  layout: CsvLayout,
  fileShape: readonly number[],
  selection: Selection,
): DataResult<ReadValues> {
  const shape = selectedShape(fileShape, selection);
  const allocated = allocateValues(path, shape, selection.limits);
  if (!allocated.ok) return allocated;
  const values = allocated.value;
  const columns = selection.columns?.indices ?? Uint32Array.from({ length: layout.columnCount }, (_, k) => k);
  const records = fileShape[0] as number;
  const slots = resultRows(records, selection.rows);
  const separator = layout.separator.charCodeAt(0);
  const record = new CsvRecord();
  let at = layout.dataStart;
  for (let i = 0; i < records; i++, at = record.next) {
    // Counting and scanning end records alike up to the first malformed quote, and there the scan fails.
    const fault = record.scan(bytes, at, separator);
    if (fault !== undefined) return scanFailure(path, bytes, fault);
    if (record.count !== layout.columnCount) return raggedFailure(path, bytes, at, record, layout);
    const slot = slots === undefined ? i : (slots[i] as number) - 1;
    if (slot < 0) continue;
    for (let j = 0, target = slot * columns.length; j < columns.length; j++, target++) {
      const column = columns[j] as number;
      const value = parseNumber(bytes, record.starts[column] as number, record.ends[column] as number);
      if (!Number.isFinite(value)) {
        const wrong = cellFailure(path, bytes, layout, record, column, selection.allowNonFinite);
        if (wrong !== undefined) return wrong;
      }
      values[target] = value;
    }
  }
  return success({ shape, values });
}

/** For each record of the file 1 + its row in the result, or 0; undefined where all rows keep their order. */
function resultRows(records: number, rows: Uint32Array | undefined): Uint32Array | undefined {
  if (rows === undefined) return undefined;
  const slots = new Uint32Array(records);
  for (let i = 0; i < rows.length; i++) slots[rows[i] as number] = i + 1;
  return slots;
}

function raggedFailure(
  path: string,
  bytes: Buffer,
  start: number,
  record: CsvRecord,
  layout: CsvLayout,
): DataFailure {
  if (record.end === start) {
    const place = locate(bytes, start);
    return failure(path, `line ${place.line} is blank`, 'Delete the blank line', place);
  }
  // The first field too many, or the end of the line that is too short.
  const offset =
    record.count > layout.columnCount ? (record.starts[layout.columnCount] as number) : record.end;
  const place = locate(bytes, offset);
  const first = layout.firstLine;
  return failure(
    path,
    `line ${place.line} has ${fields(record.count)}, line ${first} has ${fields(layout.columnCount)}`,
    layout.separator === ','
      ? 'Correct the line; if its numbers have decimal commas, write points'
      : 'Correct the line, or say which separator the file uses',
    place,
  );
}

function fields(count: number): string {
  return `${count} ${count === 1 ? 'field' : 'fields'}`;
}

const cellReasons: Record<CellKind, { readonly is: string; readonly remedy: string }> = {
  empty: { is: 'is empty', remedy: 'Fill the cell, leave out the row, or choose other columns' },
  nan: { is: 'is not a number (NaN)', remedy: 'Fill the cell, leave out the row, or choose other columns' },
  infinite: { is: 'is infinite', remedy: 'Replace it by a finite number, or leave out the row' },
  'too large': { is: 'exceeds the largest double, about 1.8e308', remedy: 'Rescale the column' },
  'too long': { is: 'is too long for a number', remedy: 'Choose numeric columns only' },
  'decimal comma': { is: 'has a decimal comma', remedy: 'Write decimal points' },
  text: { is: 'is not a number', remedy: 'Correct it, or choose numeric columns only' },
};

/** Explains a chosen cell that is no finite number; undefined where it may stand. */
function cellFailure(
  path: string,
  bytes: Buffer,
  layout: CsvLayout,
  record: CsvRecord,
  column: number,
  allowNonFinite: boolean,
): DataFailure | undefined {
  const start = record.starts[column] as number;
  const end = record.ends[column] as number;
  const kind = cellKind(bytes, start, end);
  if (allowNonFinite && (kind === 'nan' || kind === 'infinite')) return undefined;
  const place = locate(bytes, start);
  const name = layout.columnNames?.[column];
  const field = name === undefined ? `column ${column + 1}` : `column "${name}"`;
  const shown = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 40)));
  const cell = kind === 'empty' ? 'the cell' : `"${shown}${end - start > 40 ? '…' : ''}"`;
  const reason = cellReasons[kind];
  return failure(
    path,
    `${cell} in ${field}, line ${place.line}, character ${place.column}, ${reason.is}`,
    reason.remedy,
    place,
  );
}
