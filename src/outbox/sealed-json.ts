import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * A value as JSON with a checksum in its last field, `crc32`, of all that stands before it: disks flip bits, and a flipped bit in an
 * address, an object name or a mail number is still good JSON. Any one flipped bit is found.
 */
export function seal(value: object, indent: number = 0): string {
  // Assigned to an object, a key `__proto__` would be its prototype and no field.
  return sealText(JSON.stringify({ ...value, ...UNSEALED }, undefined, indent));
}

/** What the last field of a value is before it is sealed. */
export const UNSEALED = { crc32: '0'.repeat(8) };

/** Seals the JSON of a value that ends with `UNSEALED`, or the end of such JSON. @param sum of what stands before it */
export function sealText(json: string, sum: number = 0): string {
  const at = json.lastIndexOf(UNSEALED.crc32);
  const before = json.slice(0, at);
  return `${before}${checksum(before, sum)}${json.slice(at + UNSEALED.crc32.length)}`;
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
function checksum(text: string, before: number = 0): string {
  const pieces = text.length > 65536 ? (text.match(/.{1,65536}/gsu) ?? []) : [text];
  const sum = pieces.reduce((sum, piece) => crc32(piece, sum), before);
  return sum.toString(16).padStart(8, '0');
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
