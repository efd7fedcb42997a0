import { isUtf8 } from 'node:buffer';
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import { listFolder, pageId } from '../model/page-path.ts';
import { shortLine, visible, visibleLine } from '../render/visible.ts';
import { type Parsed, parseMail } from './parse-mail.ts';
import { pathIn } from './text-runs.ts';

/** A stored mail as an archive shows it. Every text is plain, with hidden characters written out. */
export interface ReadMail {
  /** 16 hex digits, the same for whoever has the mail: the name of its pages. */
  readonly id: string;
  readonly bytes: Buffer;
  /** The List-Id (RFC 2919), or what stands for one: the folder of its pages. */
  readonly list: string;
  /** Milliseconds since 1970, by its Date field. */
  readonly date: number;
  /** Of `[2/5]` in the subject; 0 without. */
  readonly number: number;
  readonly subject: string;
  /** The sender's name; the address where there is none. */
  readonly author: string;
  /** Ids of the mails that it answers, the nearest first. */
  readonly parents: readonly string[];
  /** Paths of the files whose diffs are in the text. */
  readonly files: readonly string[];
  /** Names and values to show on top. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly headers: string;
  readonly text: string;
  readonly html: string | undefined;
  readonly attachments: readonly ReadAttachment[];
}

interface ReadAttachment {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Of one that is text. */
  readonly text?: string;
}

/** How many mails a row names that it answers, and how many files: search and threads need no more. */
const MOST_PARENTS = 10;
const MOST_FILES = 50;
/** Characters. */
const LONGEST_SUBJECT = 500;

/** Reads a mail of anybody, as RFC 5322 and MIME have it. What is broken is read as far as it can be. */
export async function readMail(bytes: Buffer): Promise<ReadMail> {
  const mail = await parseMail(bytes);
  const line = (name: string) => rawField(mail, name);
  const subject = shortLine(mail.subject ?? '', LONGEST_SUBJECT) || '(no subject)';
  const text = visible(mail.text ?? '');
  const from = mail.from?.value[0];
  const date = mail.date?.getTime() ?? 0;
  return {
    id: mail.messageId ? pageId(mail.messageId) : pageId(bytes),
    bytes,
    list: listOf(line('list-id'), mail.to),
    date: date >= 0 && date < END_OF_TIME ? Math.floor(date / 1000) * 1000 : 0,
    number: Number(/\[[^\]]*?(\d{1,9})\/\d+\]/.exec(subject)?.[1] ?? 0),
    subject,
    author: visibleLine(from?.name || from?.address || '') || '(nobody)',
    parents: parentsOf(mail),
    files: filesIn(text),
    fields: fieldsOf(mail, line),
    headers: visible(decoded(mail.headerLines.map(each => each.line).join('\n'))),
    text,
    html: mail.html || undefined,
    attachments: mail.attachments.map(({ filename, contentType, content, size }) => ({
      name: visibleLine(filename ?? contentType),
      type: contentType,
      size,
      ...(contentType.startsWith('text/') ? { text: visible(content.toString('utf8')) } : {}),
    })),
  };
}

/** The year 10000: later ones have names of months that sort wrongly. */
const END_OF_TIME = Date.UTC(10000);

function listOf(listId: string, to: ParsedMail['to']): string {
  const name = /<([^<>]+)>/.exec(listId)?.[1] ?? (listId || addresses(to)[0]?.address || 'mails');
  return listFolder(name);
}

/** In-Reply-To, then References from its end (RFC 5322 3.6.4). */
function parentsOf({ inReplyTo = '', references = [] }: Parsed): string[] {
  const ids = [inReplyTo, ...[references].flat().reverse()].flatMap(text => text.match(/<[^<>\s]+>/g) ?? []);
  const all = [...new Set(ids)];
  // The last one is the start of the thread.
  return [...all.slice(0, MOST_PARENTS - 1), ...all.slice(MOST_PARENTS - 1).slice(-1)].map(pageId);
}

function filesIn(text: string): string[] {
  const heads = text.match(/^diff --.*/gm) ?? [];
  return [...new Set(heads.map(pathIn))].filter(Boolean).slice(0, MOST_FILES);
}

function fieldsOf(mail: Parsed, line: (name: string) => string): [string, string][] {
  const [ref, old, fresh] = ['x-git-refname', 'x-git-oldrev', 'x-git-newrev'].map(line);
  const push = ref ? `${ref}  ${old?.slice(0, 9)} → ${fresh?.slice(0, 9)}` : '';
  const all: [string, string][] = [
    ['From', mail.from?.text ?? ''],
    ['Date', mail.date?.toUTCString() ?? line('date')],
    ['To', addresses(mail.to).map(shown).join(', ')],
    ['Cc', addresses(mail.cc).map(shown).join(', ')],
    ['List', line('list-id')],
    ['Push', push],
  ];
  return all
    .map(([name, value]): [string, string] => [name, visibleLine(value)])
    .filter(([, value]) => value);
}

function addresses(field: ParsedMail['to']) {
  return [field ?? []].flat().flatMap(({ value }: AddressObject) => value);
}

function shown({ name, address }: EmailAddress): string {
  return name && address ? `${name} <${address}>` : name || address || '';
}

/** Header lines are read byte by byte: many have UTF-8 in them (RFC 6532), and those of before whatever their sender had. */
function decoded(lines: string): string {
  const bytes = Buffer.from(lines, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : lines;
}

/** A field's value as it is in the mail, unfolded. */
function rawField({ headerLines }: Parsed, name: string): string {
  const line = headerLines.find(({ key }) => key === name)?.line ?? '';
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}
