// NumPy's npz archives: a zip archive whose member `X.npy` is the array `X`. Only the member that is wanted
// is read; for its shape only its header. An archive that is one sparse matrix of SciPy is read as that matrix.

import { withContent } from '../content.ts';
import type { Content } from '../content.ts';
import { success } from '../data-error.ts';
import type { DataResult } from '../data-error.ts';
import type { Limits } from '../limits.ts';
import { chooseArray, inArray, tableOf } from './named-arrays.ts';
import { npyHeaderBytes, openNpy, readNpyHeader } from './npy.ts';
import { isSparseArchive, openSparse, readSparseHead } from './npz-sparse.ts';
import { checkBodyLength, layoutHeader } from './numeric-body.ts';
import type { NumericLayout } from './numeric-body.ts';
import type { FileHeader, ListedArray, Table } from '../table.ts';
import { readMember, readMemberStart, readZipDirectory } from './zip.ts';
import type { ZipMember } from './zip.ts';

interface ArrayMember extends ListedArray {
  readonly member: ZipMember;
}

/** Headers of more arrays than this are not opened for a list; their names are known without. */
const mostOpened = 64;
/** Nearly every header is 128 bytes long. */
const usualHeaderBytes = 512;

/** Opens the array `wanted` of an archive, or its only one. */
export function openNpz(path: string, wanted: string | undefined, limits: Limits): DataResult<Table> {
  return withContent(path, limits, (content) => {
    const arrays = listMembers(content, limits);
    if (!arrays.ok) return arrays;
    if (isSparse(wanted, arrays.value)) return openSparse(content, membersOf(arrays.value), limits);
    const chosen = chooseArray(path, wanted, arrays.value);
    if (!chosen.ok) return chosen;
    const { name, member } = chosen.value;
    const bytes = readMember(content, member, limits);
    if (!bytes.ok) return inArray(name, bytes);
    return tableOf(name, openNpy(path, bytes.value));
  });
}

/** The shape of the array that `openNpz` opens, from its first bytes. */
export function readNpzHeader(
  path: string,
  wanted: string | undefined,
  limits: Limits,
): DataResult<FileHeader> {
  return withContent(path, limits, (content) => {
    const arrays = listMembers(content, limits);
    if (!arrays.ok) return arrays;
    if (isSparse(wanted, arrays.value)) {
      const head = readSparseHead(content, membersOf(arrays.value), limits);
      return head.ok ? success({ shape: head.value.shape }) : head;
    }
    const chosen = chooseArray(path, wanted, arrays.value);
    return chosen.ok ? readShapeOf(content, chosen.value) : chosen;
  });
}

/** Every array of an archive; of the first ones also the shape, or why they cannot be read. */
export function listNpz(path: string, limits: Limits): DataResult<readonly ListedArray[]> {
  return withContent(path, limits, (content) => {
    const arrays = listMembers(content, limits);
    if (!arrays.ok) return arrays;
    return success(
      arrays.value.map((array, k) => {
        const header = k < mostOpened ? readShapeOf(content, array) : undefined;
        return header?.ok === true ? { name: array.name, shape: header.value.shape } : { name: array.name };
      }),
    );
  });
}

function listMembers(content: Content, limits: Limits): DataResult<readonly ArrayMember[]> {
  const members = readZipDirectory(content, limits);
  if (!members.ok) return members;
  return success(
    members.value
      .filter(({ name }) => name.endsWith('.npy'))
      .map((member) => ({ name: member.name.slice(0, -'.npy'.length), member })),
  );
}

/** Without the name of an array, the arrays of a sparse matrix are one matrix. */
function isSparse(wanted: string | undefined, arrays: readonly ArrayMember[]): boolean {
  return wanted === undefined && isSparseArchive(arrays.map(({ name }) => name));
}

function membersOf(arrays: readonly ArrayMember[]): ReadonlyMap<string, ZipMember> {
  return new Map(arrays.map(({ name, member }) => [name, member]));
}

function readShapeOf(
  content: Content,
  { name, member }: ArrayMember,
): DataResult<ReturnType<typeof layoutHeader>> {
  let layout = readLayoutOf(content, member, usualHeaderBytes);
  if (!layout.ok && member.bytes > usualHeaderBytes) layout = readLayoutOf(content, member, npyHeaderBytes);
  if (!layout.ok) return inArray(name, layout);
  const wrong = checkBodyLength(content.path, layout.value, member.bytes);
  return wrong === undefined ? success(layoutHeader(layout.value)) : inArray(name, wrong);
}

/** What the first bytes of a member say, as far as its header lies in them. */
function readLayoutOf(content: Content, member: ZipMember, wanted: number): DataResult<NumericLayout> {
  const start = readMemberStart(content, member, Math.min(member.bytes, wanted));
  return start.ok ? readNpyHeader(content.path, start.value) : start;
}
