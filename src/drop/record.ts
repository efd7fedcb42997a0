import { isUtf8 } from 'node:buffer';
import { isAbsolute } from 'node:path';
import { readAddress } from '../model/address.ts';
import {
  isRefName,
  isZero,
  type Push,
  type RefUpdate,
  type Resend,
  refFromBytes,
  refToBytes,
} from '../model/push.ts';

/** A record that can be worked on. The complaints are what had to be left out, a sentence each, for the log. */
export interface ReadRecord {
  readonly push: Push;
  readonly complaints: readonly string[];
}

/** A record that nobody can work on, and why. */
export interface RecordFault {
  readonly fault: string;
}

/** The first line. A record of another kind is left to a person. */
const MAGIC = 'refpost-push 1\n';

/**
 * The file in drop/new that stands for one push. bin/post-receive writes the same:
 *
 *     refpost-push 1
 *     repository /srv/git/mesos.git
 *     time 1795348757
 *     kind push
 *     identity 9f86d081884c7d65
 *     namespace ada
 *     env GL_USER=ada
 *     option ci.skip
 *
 *     <standard input of the hook, as git gave it>
 *     refpost-push 1
 *     …
 *
 * and all of it once more: so a damaged record is known from a whole one, for which a shell has no checksum that does not cost a process.
 * A space after each line end in a value, as in git's own commit headers, lets no value forge another line.
 */
export function formatRecord(push: Push): Buffer {
  return recordOf(push, Buffer.concat(push.updates.map(formatUpdateLine)));
}

/** The same with the updates as git gave them. @param namespace which they are in (gitnamespaces(7)): git tells a hook the names below it */
export function recordOf(push: Omit<Push, 'updates'>, updates: Buffer, namespace = ''): Buffer {
  const headers = [
    `repository ${push.repository}`,
    `time ${Math.floor(push.time / 1000)}`,
    `kind ${push.kind}`,
    ...(push.identity ? [`identity ${push.identity}`] : []),
    ...(namespace ? [`namespace ${namespace}`] : []),
    ...Object.entries(push.environment).map(([name, value]) => `env ${name}=${value}`),
    ...push.options.map(option => `option ${option}`),
    ...push.overrides.map(({ key, value }) => `setting ${key}=${value}`),
    ...(push.resend ? [`again${AGAIN.map(name => ` ${name}=${push.resend?.[name] ?? ''}`).join('')}`] : []),
  ].map(header => `${header.replaceAll('\n', '\n ')}\n`);
  const end = updates.length > 0 && updates.at(-1) !== 0x0a ? '\n' : '';
  const copy = Buffer.concat([Buffer.from(`${MAGIC}${headers.join('')}\n`), updates, Buffer.from(end)]);
  return Buffer.concat([copy, copy]);
}

/**
 * Reads a record back. One that was cut short is as good as whole while its first copy is. Update lines that nobody can read cost
 * themselves, not the others. A record without repository, kind or any readable update is a fault. Never throws.
 */
export function parseRecord(id: string, bytes: Buffer): ReadRecord | RecordFault {
  // One character a byte, so that nothing is lost before it is known what is text.
  const both = bytes.toString('latin1');
  if (!both.startsWith(MAGIC)) return { fault: `its first line is not "${MAGIC.trim()}"` };
  const middle = both.indexOf(`\n${MAGIC}`) + 1;
  if (middle === 0) return { fault: 'it is cut short: its second copy is missing' };
  const text = both.slice(0, middle);
  if (!text.startsWith(both.slice(middle))) return { fault: 'it was damaged: its two copies differ' };
  const end = text.indexOf('\n\n');
  if (end < 0) return { fault: 'no empty line ends its headers' };

  const headers = parseHeaders(text.slice(MAGIC.length, end + 1));
  const head = readHead(headers);
  if ('fault' in head) return head;
  const namespace = headers.get('namespace')?.[0]?.split('/') ?? [];
  const prefix = namespace.map(name => (name === '' ? '' : `refs/namespaces/${name}/`)).join('');
  const { updates, complaints } = parseUpdates(text.slice(end + 2), prefix);
  if (updates.length === 0) return { fault: complaints[0] ?? 'it names no ref' };
  return { push: { ...head, id, updates }, complaints };
}

type Headers = ReadonlyMap<string, readonly string[]>;

/** `name SP value LF`, where a line that begins with a space goes on with the value before it. */
function parseHeaders(text: string): Headers {
  const headers = new Map<string, string[]>();
  for (const header of text.split(/\n(?! )/)) {
    const [, name, value] = /^([a-z]+) (.*)$/s.exec(header) ?? [];
    if (name === undefined || value === undefined) continue;
    const values = headers.get(name) ?? [];
    values.push(value.replaceAll('\n ', '\n'));
    headers.set(name, values);
  }
  return headers;
}

function readHead(headers: Headers): Omit<Push, 'id' | 'updates'> | RecordFault {
  const repository = headers.get('repository')?.[0] ?? '';
  const time = Number(headers.get('time')?.[0]) * 1000;
  const kind = headers.get('kind')?.[0];
  const identity = headers.get('identity')?.[0];
  const again = headers.get('again')?.[0];
  if (!isAbsolute(repository)) return { fault: 'it names no repository' };
  if (!isUtf8(Buffer.from(repository, 'latin1'))) return { fault: 'the path of its repository is not UTF-8' };
  if (!Number.isSafeInteger(time)) return { fault: 'its time is not a number of seconds' };
  if (kind !== 'push' && kind !== 'notify') return { fault: 'its kind is neither push nor notify' };
  const resend = again === undefined || kind === 'push' ? undefined : readAgain(again);
  if (resend && 'fault' in resend) return resend;
  return {
    kind,
    time,
    repository: decoded(repository),
    ...(identity ? { identity } : {}),
    environment: Object.fromEntries((headers.get('env') ?? []).map(assignment)),
    options: (headers.get('option') ?? []).map(decoded),
    overrides: (headers.get('setting') ?? []).map(assignment).map(([key, value]) => ({ key, value })),
    ...(resend ? { resend } : {}),
  };
}

/** What a resend has, none of which has a blank. */
const AGAIN = ['push', 'commit', 'to'] as const;

/** `push=20261122T113000-9f86d081 commit= to=ann@example.org` */
function readAgain(value: string): Resend | RecordFault {
  const words = new Map(value.split(' ').map(assignment));
  const given = AGAIN.flatMap(name => (words.get(name) ? [[name, words.get(name) as string] as const] : []));
  const resend: Resend = Object.fromEntries(given);
  const { push = 'none', commit = '0', to } = resend;
  const isRight = /^[\w-]+$/.test(push) && /^[0-9a-f]+$/.test(commit);
  if (!isRight || (to !== undefined && readAddress(to) !== to))
    return { fault: 'it does not say rightly what is to be sent again' };
  return resend;
}

function parseUpdates(text: string, prefix: string) {
  const lines = text.split('\n').filter(line => line !== '');
  const read = lines.map(line => parseUpdateLine(line.replace(/(?<= )(?=refs\/)/, prefix)));
  return {
    updates: read.filter(update => update !== undefined),
    complaints: lines
      .filter((_, at) => read[at] === undefined)
      .map(line => `not a line of "<old> <new> <ref>": ${shown(line)}`),
  };
}

function assignment(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [decoded(text), ''] : [decoded(text.slice(0, at)), decoded(text.slice(at + 1))];
}

function decoded(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** Bad bytes go to a log and a terminal: JSON's escapes, and no more of them than a person wants to see. */
function shown(line: string): string {
  return JSON.stringify(line.slice(0, 120)).replace(
    /[^ -~]/g,
    char => `\\x${char.charCodeAt(0).toString(16)}`,
  );
}

/** Reads `<old> SP <new> SP <ref>` (githooks(5)), one character a byte; undefined where it is no such line, or no ref (git-check-ref-format(1)). */
export function parseUpdateLine(line: string): RefUpdate | undefined {
  const [, old = '', created = '', ref = ''] =
    /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]+) ([^ ]+)$/.exec(line) ?? [];
  if (created.length !== old.length || (isZero(old) && isZero(created)) || !isRefName(ref)) return undefined;
  return { ref: refFromBytes(Buffer.from(ref, 'latin1')), old, new: created };
}

/** The line of an update, with its LF. */
function formatUpdateLine(update: RefUpdate): Buffer {
  const ref = refToBytes(update.ref);
  return Buffer.concat([Buffer.from(`${update.old} ${update.new} `), ref, Buffer.from('\n')]);
}
