import { isUtf8 } from 'node:buffer';
import { isRefName, isZero, type RefUpdate } from '../model/push.ts';

/**
 * Reads one line of a post-receive hook's standard input, `<old> SP <new> SP <ref>`, given with one character a byte.
 * undefined where it is not such a line: object names of two lengths, a name outside refs/, a byte that no ref may
 * have (git-check-ref-format(1)).
 */
export function parseUpdateLine(line: string): RefUpdate | undefined {
  const [old = '', created = '', ref = '', ...more] = line.split(' ');
  if (more.length > 0 || !isObjectName(old) || created.length !== old.length || !isObjectName(created))
    return undefined;
  if (isZero(old) && isZero(created)) return undefined;
  if (!isRefName(ref)) return undefined;
  return { ref: refFromBytes(Buffer.from(ref, 'latin1')), old, new: created };
}

/** The line of an update, with its LF. */
export function formatUpdateLine(update: RefUpdate): Buffer {
  return Buffer.concat([
    Buffer.from(`${update.old} ${update.new} `),
    refToBytes(update.ref),
    Buffer.from('\n'),
  ]);
}

function isObjectName(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/**
 * The ref as we name it. git has bytes. Those that are UTF-8 are that text; of any other name each byte past ASCII is
 * written `\xE9`. No ref holds a backslash, so that this can be turned back. It is for people and for the ledger:
 * git is only ever asked by object names.
 */
function refFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes
    .toString('latin1')
    .replace(/[^\0-\x7f]/g, char => `\\x${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refToBytes(ref: string): Buffer {
  if (!ref.includes('\\x')) return Buffer.from(ref, 'utf8');
  const latin1 = ref.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
}
