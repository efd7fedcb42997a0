import { type ExecFileOptions, execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fault } from '../errors.ts';
import type { Config } from '../model/config.ts';

type PasswordSettings = Pick<Config, 'smtpPasswordFile' | 'smtpPasswordCommand'>;

const COMMAND_LIMIT = 30_000;
const READ_BY_OTHERS = 0o004;

/**
 * The password for `refpost.smtpUser`: from the environment variable REFPOST_SMTP_PASSWORD, else the first line of
 * `refpost.smtpPasswordFile`, else the first line that `refpost.smtpPasswordCommand` prints. undefined if there is
 * none of the three. Throws an OperatorError that names the file, never what was read.
 * @param limit milliseconds that the command may take
 * @param signal ends it before
 */
export async function smtpPassword(
  settings: PasswordSettings,
  env: NodeJS.ProcessEnv,
  limit = COMMAND_LIMIT,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const given = env.REFPOST_SMTP_PASSWORD;
  if (given) return given;
  if (settings.smtpPasswordFile !== undefined) return fromFile(settings.smtpPasswordFile);
  if (settings.smtpPasswordCommand !== undefined)
    return fromCommand(settings.smtpPasswordCommand, { env, signal, timeout: limit });
  return undefined;
}

/** A group may read it: people who push to one repository by ssh share a group, and each runs the worker. */
async function fromFile(path: string): Promise<string> {
  const unreadable = (error: unknown) => refuse(fault.passwordFileUnreadable(path, error));
  const [{ mode }, bytes] = await Promise.all([stat(path), readFile(path)]).catch(unreadable);
  if ((mode & READ_BY_OTHERS) !== 0) throw fault.passwordFileOpenToAll(path);
  return firstLine(bytes) || refuse(fault.passwordFileEmpty(path));
}

/** What the command writes on standard error is not shown: nobody knows what it says about the password. */
async function fromCommand(
  command: string,
  options: Pick<ExecFileOptions, 'env' | 'signal'> & { readonly timeout: number },
): Promise<string> {
  const how = { ...options, killSignal: 'SIGKILL', encoding: 'buffer' } as const;
  const running = promisify(execFile)('sh', ['-c', command], how);
  running.child.stdin?.end();
  const { stdout } = await running.catch(error =>
    refuse(fault.passwordCommandFailed(endOf(error, options.timeout))),
  );
  return firstLine(stdout) || refuse(fault.passwordCommandSilent());
}

/** The error's own message holds the command and its output; neither is for a log. */
function endOf(error: { killed?: boolean; code?: unknown; signal?: unknown }, limit: number): string {
  if (error.killed) return `did not end within ${limit / 1000} s`;
  return typeof error.code === 'number'
    ? `ended with exit code ${error.code}`
    : `ended by ${error.signal ?? error.code}`;
}

/** In UTF-8, or what the byte order mark says that Windows programs write first: `ff fe` is UTF-16. No mark is part of the text. */
function firstLine(bytes: Buffer): string {
  const [first, second] = bytes;
  const charset = first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(first === 0xfe && second === 0xff ? 'utf-16be' : charset).decode(bytes);
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

function refuse(error: Error): never {
  throw error;
}
