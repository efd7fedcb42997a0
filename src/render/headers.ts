import { createHash } from 'node:crypto';
import type { Content } from '../model/content.ts';
import type { Field } from '../model/header-fields.ts';
import type { RefChange } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { filledIn, type Words } from '../model/words.ts';
import { listId, pushTitle } from './mail-words.ts';
import { pusherText, roomFor } from './preamble.ts';
import { notificationType, refType, styles } from './styles.ts';
import { changesOf } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visibleLine } from './visible.ts';

/** Refs that a header names: some servers take no header over 32 kB. */
const MOST_NAMED = 20;

/** The fields that people filter by: ours, but for those that `refpost.omitHeader` names or `refpost.header` has its own for, and its own. */
export function headers(
  content: Content,
  words: Words,
  thread: readonly Field[],
  context: RenderContext,
): Field[] {
  const { config, repositoryName, pusher } = context;
  const changes = changesOf(content);
  const named = changes.slice(0, Math.min(MOST_NAMED, roomFor(changes, config.maxSize / 10)));
  const names = styles[config.style].fields(content);
  const ofMail = {
    'X-Git-Host': context.host,
    'X-Git-Repo': visibleLine(repositoryName),
    'X-Git-Rev': 'commit' in content ? content.commit.id : (changes[0]?.new ?? ''),
    'X-Git-NotificationType': notificationType(content),
    'X-Git-Pusher': pusher ? pusherText(pusher) : '',
  };
  const ours: Field[] = [
    ['List-Id', config.listId === 'none' ? '' : `<${config.listId ?? listId(context)}>`],
    ...listFields(words, context),
    ...thread,
    ...fields(names.first, ofMail),
    ...named.flatMap(change => fields(names.ofRef, ofRef(change))),
    ...fields(names.last, ofMail),
    ['X-Original-Revision', 'commit' in content ? shortLine(content.revision ?? '') : ''],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'list'],
    // For patchwork, which takes a mail with `[1/4]` and a diff for a patch under review.
    ['X-Patchwork-Hint', 'ignore'],
  ];
  const own = config.header.map(([name, value]): Field => [name, filledIn(value, words)]);
  const outdone = new Set(own.map(([name]) => name.toLowerCase()));
  const omitted = new Set<string>(config.omitHeader);
  return [...ours.filter(([name]) => !outdone.has(name.toLowerCase()) && !omitted.has(name)), ...own];
}

function ofRef(change: RefChange): Readonly<Record<string, string>> {
  return {
    'X-Git-Refname': visibleLine(change.ref),
    'X-Git-Reftype': refType(change),
    'X-Git-Oldrev': change.old,
    'X-Git-Newrev': change.new,
  };
}

function fields(names: readonly string[], values: Readonly<Record<string, string>>): Field[] {
  return names.map(name => [name, values[name] ?? '']);
}

/** RFC 2369, RFC 5064, and the one click of RFC 8058, which is for signed mails with an https address alone. */
function listFields(words: Words, { config }: Pick<RenderContext, 'config'>): Field[] {
  const inBrackets = (patterns: readonly string[]) => {
    const urls = patterns.map(pattern => filledUrl(pattern, words)).filter(url => url.length <= LONGEST_URL);
    return urls.map(url => (url === 'NO' ? url : `<${url}>`)).join(', ');
  };
  const unsubscribe = inBrackets(config.listUnsubscribe);
  return [
    ['List-Post', inBrackets(config.listPost)],
    ['List-Archive', inBrackets(config.listArchive)],
    ['List-Unsubscribe', unsubscribe],
    [
      'List-Unsubscribe-Post',
      config.dkimDomain !== undefined && unsubscribe.includes('<https:') ? 'List-Unsubscribe=One-Click' : '',
    ],
    ['Archived-At', inBrackets(config.archivedAt === undefined ? [] : [config.archivedAt])],
  ];
}

/** No line of a header is longer than 998 octets (RFC 5322 2.1.1), and a URL has no place for a line end. */
const LONGEST_URL = 850;

/** Words are percent-encoded (RFC 3986), but for slashes. */
function filledUrl(pattern: string, words: Words): string {
  const encoded = (word: string) => words(word)?.split('/').map(encodeURIComponent).join('/');
  return filledIn(pattern, encoded).replaceAll('=?', '=%3F');
}

/**
 * Outlook's thread fields. Thread-Topic is the same in all of a thread; Thread-Index is made by [MS-OXOMSG] 2.2.1.3: 22 bytes for the thread (1, the five
 * highest of the time as a FILETIME, a GUID), and in each answer five more: 31 bits of the time since then in units of 2^18 * 100 ns, and what
 * tells apart answers of one moment.
 */
export function threadFields(plan: PushPlan, thread: string, date: number, number: number): Field[] {
  const start = fileTime(date - (number - 1) * 1000);
  const since = (BigInt(number - 1) * 10_000_000n) >> 18n;
  const bytes = Buffer.alloc(number === 1 ? 22 : 27);
  bytes.writeBigUInt64BE((1n << 56n) | (start >> 8n), 0);
  createHash('sha256').update(thread).digest().copy(bytes, 6, 0, 16);
  if (number > 1) {
    bytes.writeUInt32BE(Number(since & 0x7fff_ffffn), 22);
    bytes.writeUInt8((number % 16) << 4, 26);
  }
  return [
    ['Thread-Topic', pushTitle(plan)],
    ['Thread-Index', bytes.toString('base64')],
  ];
}

/** Units of 100 ns since 1601. */
function fileTime(date: number): bigint {
  return (BigInt(date) + 11_644_473_600_000n) * 10_000n;
}
