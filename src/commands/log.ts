import { appendFileSync } from 'node:fs';
import { OperatorError } from '../errors.ts';
import type { World } from '../world.ts';

/** One line of the log: what happened, and to what. Fields that are undefined are left out. */
export type Log = (event: string, fields: Readonly<Record<string, string | number | undefined>>) => void;

/**
 * A log in a file and on standard error. The file is opened anew for each line, so that it may be rotated at any
 * time; a log that cannot be written stops nobody's mail.
 */
export function openLog(world: World, file: string): Log {
  return logTo(world, line => {
    world.stderr.write(line);
    append(file, line);
  });
}

/** A log in the file alone, for what standard error is told in other words. */
export function openFileLog(world: World, file: string): Log {
  return logTo(world, line => append(file, line));
}

/** An error as the log tells it: an operator's sentence and remedy, or a bug with its stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return `${error.message}; ${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function logTo(world: World, write: (line: string) => void): Log {
  return (event, fields) => write(logLine(world.now(), event, fields));
}

function append(file: string, line: string): void {
  try {
    appendFileSync(file, line, { mode: 0o660 });
  } catch {
    // Standard error has it.
  }
}

/** `2026-11-22T11:30:00.000Z sent push=20261122T112959-9f86d081 mail=1/4 reply="250 2.0.0 Ok"` */
function logLine(now: number, event: string, fields: Parameters<Log>[1]): string {
  const words = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${logValue(String(value))}`],
  );
  return `${[new Date(now).toISOString(), event, ...words].join(' ')}\n`;
}

/** JSON's quotes and escapes where a value would otherwise end early, forge a line or drive a terminal. */
function logValue(value: string): string {
  if (/^[\w@<>./:+\-*%,~()[\]]+$/.test(value)) return value;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
