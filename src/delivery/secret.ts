import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fault } from '../errors.ts';
import type { Config } from '../model/config.ts';
import { type Run, run } from './program.ts';

/** Whose password it is, in the names of its settings. */
type Owner = 'smtp' | 'outbox';
type PasswordFile = `${Owner}PasswordFile`;
type PasswordCommand = `${Owner}PasswordCommand`;

/** A setting that names the file of a secret. */
type SecretFile =
  | PasswordFile
  | 'dkimKeyFile'
  | 'clientKeyFile'
  | 'outboxClientKeyFile'
  | 'webhookSecretFile';
type SecretCommand = PasswordCommand | 'smtpTokenCommand';

const COMMAND_LIMIT = 30_000;
const READ_BY_OTHERS = 0o004;
/** Bytes of a file or an output: far more than a key, a password or a token has. */
const MOST = 65_536;

/**
 * The password for `refpost.smtpUser`: from the environment variable REFPOST_SMTP_PASSWORD, else the first line of
 * `refpost.smtpPasswordFile`, else the first line that `refpost.smtpPasswordCommand` prints. undefined if there is
 * none of the three. Throws an OperatorError that names the file, never what was read.
 * @param limit milliseconds that the command may take
 * @param signal ends it before
 */
export function smtpPassword(
  settings: Pick<Config, 'smtpPasswordFile' | 'smtpPasswordCommand'>,
  env: NodeJS.ProcessEnv,
  limit = COMMAND_LIMIT,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return password('smtp', settings, env.REFPOST_SMTP_PASSWORD, env, limit, signal);
}

/** The same for the user in `refpost.outbox`, by REFPOST_OUTBOX_PASSWORD and its own settings. */
export function outboxPassword(
  settings: Pick<Config, 'outboxPasswordFile' | 'outboxPasswordCommand'>,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return password('outbox', settings, env.REFPOST_OUTBOX_PASSWORD, env, COMMAND_LIMIT);
}

async function password<Whose extends Owner>(
  whose: Whose,
  settings: Pick<Config, `${Whose}PasswordFile` | `${Whose}PasswordCommand`>,
  given: string | undefined,
  env: NodeJS.ProcessEnv,
  limit: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const [file, command] = [`${whose}PasswordFile`, `${whose}PasswordCommand`] as const;
  if (given) return given;
  const path = settings[file];
  if (path !== undefined)
    return firstLine(await readSecret(file, path)) || refuse(fault.passwordFileEmpty(file, path));
  const words = settings[command];
  return words === undefined ? undefined : fromCommand(command, words, env, limit, signal);
}

/** The OAuth2 access token for `refpost.smtpUser`, where a command prints one: as smtpPassword has it. */
export async function smtpToken(
  { smtpTokenCommand: command }: Pick<Config, 'smtpTokenCommand'>,
  env: NodeJS.ProcessEnv,
  limit = COMMAND_LIMIT,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (command === undefined) return undefined;
  const token = await fromCommand('smtpTokenCommand', command, env, limit, signal);
  // RFC 6750 2.1, b64token, and what else is printed without a blank: anything else would be another part of the login.
  return /^[!-~]+$/.test(token) ? token : refuse(fault.tokenWrong());
}

/**
 * The bytes of a file that holds a secret. A link to it is followed, since containers give secrets by links; a pipe or a device is not waited
 * for. A group may read it: people who push to one repository by ssh share a group, and each runs the worker.
 * @throws OperatorError that names the setting and the file, never what was read
 */
export async function readSecret(setting: SecretFile, path: string): Promise<Buffer> {
  const unreadable = (error: unknown) => refuse(fault.secretUnreadable(setting, path, error));
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(unreadable);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST) throw fault.secretNoFile(setting, path);
    if ((found.mode & READ_BY_OTHERS) !== 0) throw fault.secretOpenToAll(setting, path);
    return await file.readFile().catch(unreadable);
  } finally {
    await file.close();
  }
}

/** What the command writes on standard error is not shown: nobody knows what it says about the secret. */
async function fromCommand(
  setting: SecretCommand,
  command: string,
  env: NodeJS.ProcessEnv,
  limit: number,
  stop: AbortSignal | undefined,
): Promise<string> {
  const ended = await run('sh', ['-c', command], { env, stop, limit, most: MOST, reads: 'standard' });
  if (ended.code !== 0 || ended.excess) throw fault.commandFailed(setting, endOf(ended, limit));
  return firstLine(ended.output) || refuse(fault.commandSilent(setting));
}

function endOf({ excess, code, signal, fault }: Run, limit: number): string {
  if (excess === 'time') return `did not end within ${limit / 1000} s`;
  if (excess === 'output') return `printed more than ${MOST} bytes`;
  return code === null ? `ended by ${signal ?? fault}` : `ended with exit code ${code}`;
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
