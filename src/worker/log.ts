import { closeSync, lstatSync, writeSync } from 'node:fs';
import { openPlain } from '../disk/files.ts';
import { OperatorError } from '../errors.ts';
import type { LogFormat } from '../model/config.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Reason } from '../model/status.ts';
import type { World } from '../model/world.ts';

/** One line of the log: what happened, and to what. Fields that are undefined are left out. */
export type Log = (event: string, fields: LogFields) => void;

export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** How long lines may wait for others, to go with them in one write, in milliseconds. */
const GATHERING = 50;

/**
 * A log in a file and on standard error. The file may be rotated at any time; a log that cannot be written stops nobody's mail. A line goes at
 * once if there was none just before: a worker that posts tells of thousands a second (rows `posting` of the bench).
 * @param show shows lines besides; standard error may be told in other words
 */
export function openLog(
  { now, progress, stderr }: World,
  file: string,
  format: LogFormat,
  show = (lines: string) => {
    progress('');
    stderr.write(lines);
  },
): Log & { readonly close: () => void } {
  const formatted = format === 'json' ? jsonLine : textLine;
  const { append, close } = appender(file);
  let gathered = '';
  let gathering: NodeJS.Timeout | undefined;
  const write = () => {
    if (gathered === '') return;
    show(gathered);
    append(gathered);
    gathered = '';
  };
  const log: Log = (event, fields) => {
    gathered += `${formatted(new Date(now()).toISOString(), event, fields)}\n`;
    if (gathering) return;
    write();
    gathering = setTimeout(() => {
      gathering = undefined;
      write();
    }, GATHERING).unref();
  };
  const end = () => {
    clearTimeout(gathering);
    write();
    close();
  };
  return Object.assign(log, { close: end });
}

/** How lines name an entry. */
export function entryFields({ push, number, audience }: OutboxEntry): LogFields {
  return { push: push.id, entry: number, audience };
}

/** An error as the log tells it: an operator's sentence and remedy, or a bug with its stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return `${error.message}; ${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Why something waits for a person: what is wrong, and what to do about it. */
export function heldReason(error: unknown): Reason {
  if (error instanceof OperatorError) return { what: error.message, remedy: error.remedy };
  const words = error instanceof Error ? error.message : String(error);
  return { what: `this is a bug in refpost: ${words}`, remedy: 'please report it, with what the log says' };
}

/** Adds lines to the file that has the name at that moment. It stays open until another file has it, or somebody closes it. */
function appender(path: string): { append(line: string): void; close(): void } {
  let open: ReturnType<typeof openPlain> | undefined;
  const close = () => {
    if (open) closeSync(open.file);
    open = undefined;
  };
  const append = (line: string) => {
    try {
      const named = lstatSync(path, { throwIfNoEntry: false });
      if (open?.found.ino !== named?.ino || open?.found.dev !== named?.dev) close();
      open ??= openPlain(path, 0o660);
      writeSync(open.file, line);
    } catch {
      // Standard error has it.
    }
  };
  return { append, close };
}

/** `2026-11-22T11:30:00.000Z sent push=20261122T112959-9f86d081 mail=1/4 reply="250 2.0.0 Ok"` */
function textLine(time: string, event: string, fields: LogFields): string {
  const words = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${logValue(String(value))}`],
  );
  return [time, event, ...words].join(' ');
}

/** The same as one JSON object: `time` and `event` first, then the fields by the same names. */
function jsonLine(time: string, event: string, fields: LogFields): string {
  return harmless(JSON.stringify({ time, event, ...fields }));
}

/** JSON's quotes and escapes where a value would otherwise end early, forge a line or drive a terminal. */
function logValue(value: string): string {
  return /^[\w@<>./:+\-*%,~()[\]]+$/.test(value) ? value : harmless(JSON.stringify(value));
}

/** JSON lets these stand as they are; escaped they are the same text. */
function harmless(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
