// Zip archives (PKWARE APPNOTE 6.3.10), as far as NumPy writes them: the directory at the end of the file, and
// members that are stored or deflated. Sizes are those of the directory, checked against the file before memory
// is taken; what is unpacked is bounded, must have the announced size, and must have the announced checksum.

import { crc32 } from 'node:zlib';
import { cutOffFailure } from '../content.ts';
import type { Content } from '../content.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { errorCode } from '../file-state.ts';
import { inflateStart, inflateWhole } from '../inflate.ts';
import { byteText, unpackedAllowance } from '../limits.ts';
import type { Limits } from '../limits.ts';

export interface ZipMember {
  readonly name: string;
  /** 0: stored, 8: deflated; others are refused when they are read. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its own header begins. */
  readonly start: number;
}

const endBytes = 22;
const longestComment = 2 ** 16 - 1;
const entryBytes = 46;
const memberHeaderBytes = 30;
/** An entry of the directory holds a name of usual length in this; a longer directory is no archive of arrays. */
const directoryBytesPerMember = 1024;
/** Sizes and counts with all bits set stand for larger ones elsewhere (zip64). */
const elsewhere32 = 0xffffffff;
const elsewhere16 = 0xffff;

/** The members of an archive, in the order of its directory; folders are left out. */
export function readZipDirectory(content: Content, limits: Limits): DataResult<readonly ZipMember[]> {
  const { path, size, read } = content;
  const first = read(0, 4);
  if (!first.ok) return first;
  if (first.value.length < 4 || first.value[0] !== 0x50 || first.value[1] !== 0x4b) {
    return failure(
      path,
      'the file does not begin with the mark of zip archives',
      'Save it with numpy.savez',
      {
        byte: 0,
      },
    );
  }
  const tailStart = Math.max(0, size - endBytes - longestComment);
  const tail = read(tailStart, size - tailStart);
  if (!tail.ok) return tail;
  const end = findEnd(tail.value);
  if (end === -1) return cutOffFailure(path, size, 'its archive');
  const count = tail.value.readUInt16LE(end + 10);
  const length = tail.value.readUInt32LE(end + 12);
  const start = tail.value.readUInt32LE(end + 16);
  const byte = tailStart + end;
  if (tail.value.readUInt16LE(end + 4) !== 0 || tail.value.readUInt16LE(end + 8) !== count) {
    return failure(path, 'the archive is a part of several', 'Join them into one file', { byte });
  }
  if (count === elsewhere16 || length === elsewhere32 || start === elsewhere32 || count > limits.maxMembers) {
    return failure(
      path,
      `the archive has ${count === elsewhere16 ? 'more' : count} members; at most ${limits.maxMembers} are read`,
      'Split the archive, or raise the limit maxMembers',
      { byte },
    );
  }
  if (start + length !== byte || length > count * directoryBytesPerMember) return damaged(path, byte + 12);
  const directory = read(start, length);
  return directory.ok ? readEntries(path, directory.value, start, count) : directory;
}

/** Offset of the record at the archive's end whose comment reaches the end of the file, or -1. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) === 0x06054b50 && at + endBytes + tail.readUInt16LE(at + 20) === tail.length) {
      return at;
    }
  }
  return -1;
}

function readEntries(
  path: string,
  directory: Buffer,
  directoryStart: number,
  count: number,
): DataResult<readonly ZipMember[]> {
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let k = 0; k < count; k++) {
    const byte = directoryStart + at;
    if (at + entryBytes > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
      return damaged(path, byte);
    }
    const flags = directory.readUInt16LE(at + 8);
    const nameEnd = at + entryBytes + directory.readUInt16LE(at + 28);
    const next = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directory.length) return damaged(path, byte);
    const encoded = directory.subarray(at + entryBytes, nameEnd);
    const member: ZipMember = {
      name: (flags & 0x800) === 0 ? encoded.toString('latin1') : encoded.toString('utf8'),
      method: directory.readUInt16LE(at + 10),
      encrypted: (flags & 1) !== 0,
      checksum: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      start: directory.readUInt32LE(at + 42),
    };
    if (
      member.bytes === elsewhere32 ||
      member.start + memberHeaderBytes + member.packedBytes > directoryStart
    ) {
      return damaged(path, byte);
    }
    if (names.has(member.name)) {
      return failure(
        path,
        `the archive has two members with the name "${member.name}"`,
        'Write the archive again',
        { byte },
      );
    }
    names.add(member.name);
    if (!member.name.endsWith('/')) members.push(member);
    at = next;
  }
  return at === directory.length ? success(members) : damaged(path, directoryStart + at);
}

function damaged(path: string, byte: number): DataFailure {
  return failure(
    path,
    `the directory of the archive is damaged at byte ${byte}`,
    'Copy or download it again',
    {
      byte,
    },
  );
}

/** The content of a member. */
export function readMember(content: Content, member: ZipMember, limits: Limits): DataResult<Buffer> {
  const { path } = content;
  const packed = readPacked(content, member, member.packedBytes);
  if (!packed.ok) return packed;
  const place = { byte: member.start };
  const allowance = unpackedAllowance(member.packedBytes, limits);
  if (member.method === 8 && member.bytes > allowance) {
    return failure(
      path,
      `its ${byteText(member.packedBytes)} unpack to ${byteText(member.bytes)}, more than ${byteText(allowance)}, the limit for its size`,
      'Unpack it yourself if you trust it, or raise the limits maxUnpackedBytes and maxExpansion',
      place,
    );
  }
  const unpacked =
    member.method === 0 ? { bytes: packed.value } : inflateWhole('raw', packed.value, member.bytes);
  if ('thrown' in unpacked) return memberFailure(path, unpacked.thrown, member);
  const { bytes } = unpacked;
  if (bytes.length !== member.bytes || crc32(bytes) !== member.checksum) {
    return failure(
      path,
      bytes.length === member.bytes
        ? 'its checksum is wrong: the file is damaged'
        : `it has ${bytes.length} bytes and not ${member.bytes}, as the directory says`,
      'Copy or download the file again',
      place,
    );
  }
  return success(bytes);
}

/** The first `wanted` bytes of a member, or all where it is shorter; the checksum is not looked at. */
export function readMemberStart(content: Content, member: ZipMember, wanted: number): DataResult<Buffer> {
  const read = Math.min(member.packedBytes, wanted);
  const packed = readPacked(content, member, read);
  if (!packed.ok || member.method === 0) return packed;
  const all = read === member.packedBytes;
  const most = 1032 * (wanted + 64);
  const start = inflateStart('raw', packed.value, { all, wanted, most, firstStep: 256 });
  return 'bytes' in start ? success(start.bytes) : memberFailure(content.path, start.thrown, member);
}

/** The first packed bytes of a member, after its header. */
function readPacked(content: Content, member: ZipMember, length: number): DataResult<Buffer> {
  const { path, read } = content;
  const place = { byte: member.start };
  if (member.encrypted) return failure(path, 'it is encrypted', 'Save it without a password', place);
  if (member.method !== 0 && member.method !== 8) {
    return failure(
      path,
      `it is packed by method ${member.method}; stored and deflated members are read`,
      'Save it with numpy.savez or numpy.savez_compressed',
      place,
    );
  }
  if (member.method === 0 && member.packedBytes !== member.bytes) return damaged(path, member.start);
  const header = read(member.start, memberHeaderBytes);
  if (!header.ok) return header;
  if (header.value.length < memberHeaderBytes || header.value.readUInt32LE(0) !== 0x04034b50) {
    return damaged(path, member.start);
  }
  const start =
    member.start + memberHeaderBytes + header.value.readUInt16LE(26) + header.value.readUInt16LE(28);
  const packed = read(start, length);
  if (packed.ok && packed.value.length < length) return cutOffFailure(path, content.size, 'its archive');
  return packed;
}

function memberFailure(path: string, thrown: unknown, member: ZipMember): DataFailure {
  const code = errorCode(thrown);
  const place = { byte: member.start };
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return failure(
      path,
      `it unpacks to more than the ${byteText(member.bytes)} that the directory announces`,
      'Copy or download the file again',
      place,
    );
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return failure(path, `its packed bytes are damaged: ${reason}`, 'Copy or download the file again', place);
}
