import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * A value as JSON with a checksum in its last field, `crc32`, of all that stands before it: disks flip bits, and a flipped bit in an
 * address, an object name or a mail number is still good JSON. Any one flipped bit is found.
 */
export function seal(value: object, indent: number = 0): string {
  return sealed(value, indent).toString();
}

/** The same as bytes, of which that of a large push has megabytes, and what is to follow them. */
export function sealed(value: object, indent: number = 0, end: string = ''): Buffer {
  const blank = '0'.repeat(8);
  const text = JSON.stringify(Object.assign({}, value, { crc32: blank }), undefined, indent);
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text) + end.length);
  bytes.write(end, bytes.write(text), 'latin1');
  const at = bytes.lastIndexOf(blank);
  bytes.write(asHex(crc32(bytes.subarray(0, at))), at, 'latin1');
  return bytes;
}

/** The sealed value; undefined if the text is not what was written. One without a checksum counts: who fixes a file by hand takes it out. */
export function unseal(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { crc32: sum, ...rest } = value as Record<string, unknown>;
  if (sum === undefined) return rest;
  return sum === checksum(text.slice(0, text.lastIndexOf(`${sum}`))) ? rest : undefined;
}

/** In pieces of whole characters, since crc32 copies what it gets, and a list of ten thousand mails is megabytes. */
function checksum(text: string): string {
  const pieces = text.length > 65536 ? (text.match(/.{1,65536}/gsu) ?? []) : [text];
  return asHex(pieces.reduce((sum, piece) => crc32(piece, sum), 0));
}

function asHex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
