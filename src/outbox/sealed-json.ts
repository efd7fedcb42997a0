import { crc32 } from 'node:zlib';

/**
 * A value as JSON with its own checksum in the last field, `crc32`: disks flip bits, and a flipped bit in an address, an
 * object name or a mail number is still good JSON. Any one flipped bit is found.
 */
export function seal(value: object, indent: number = 0): string {
  return JSON.stringify({ ...value, crc32: checksum(value) }, undefined, indent);
}

/**
 * The sealed value, without its checksum, or undefined if the text is not what was written. A value without any checksum
 * counts: a person who mends a file by hand takes the line out.
 */
export function unseal(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { crc32: sum, ...rest } = value as Record<string, unknown>;
  return sum === undefined || sum === checksum(rest) ? rest : undefined;
}

/** Over the compact form, so that white space does not matter. JSON keeps the order of fields. */
function checksum(value: object): string {
  return crc32(JSON.stringify(value)).toString(16).padStart(8, '0');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
