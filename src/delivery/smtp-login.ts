import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { OperatorError } from '../errors.ts';
import { replyOf } from './reply.ts';
import type { SessionOptions } from './sender-options.ts';
import { step } from './smtp-step.ts';
import { isLoopback, type ServerAddress } from './tls.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The login that the options ask for: none without a user, or a sentence where the password cannot be had. */
export async function loginOf({
  user,
  password,
}: SessionOptions): Promise<Login | { readonly wrong: string } | undefined> {
  if (user === undefined) return undefined;
  try {
    const secret = await password();
    if (secret) return { user, password: secret };
    return { wrong: 'refpost.smtpUser is set, but there is no password for it' };
  } catch (error) {
    if (error instanceof OperatorError) return { wrong: `${error.message}: ${error.remedy}` };
    // Another error might have the password in its message.
    return { wrong: 'cannot read the password' };
  }
}

/** Why a connection takes no mails. `lasting`: waiting does not help. */
export interface Refusal {
  readonly words: string;
  readonly lasting: boolean;
}

/**
 * Brings a new connection to the point where it takes mails: greeting, EHLO, encryption and, if there is one, the login.
 * Gives the reason if that cannot be had; never one with the password in it.
 * @param limit milliseconds for each step
 */
export async function greet(
  connection: SMTPConnection,
  address: ServerAddress,
  limit: number,
  login: Login | undefined,
): Promise<Refusal | undefined> {
  const connected = await step<void>(connection, limit, done => connection.connect(done));
  if ('failure' in connected) return notConnected(connected.failure);
  if (login === undefined) return undefined;
  return noLogin(connection, address) ?? (await logIn(connection, limit, login));
}

/** A certificate that does not check out has its own code where TLS is spoken from the start, ETLS after STARTTLS. */
function notConnected(failure: NodemailerError): Refusal {
  const words = replyOf(failure);
  const aboutTls = failure.code === 'ETLS' || /CERT|SSL|TLS|ISSUER|SIGNED/.test(failure.originalCode ?? '');
  if (!aboutTls) return { words, lasting: failure.permanent === true };
  if (failure.command === 'STARTTLS' && failure.permanent) {
    return {
      words: `the server offers no encryption: ${words} to STARTTLS (see refpost.tls)`,
      lasting: true,
    };
  }
  // A certificate stays what it is; a handshake that the server does not finish, or puts off with 454, may do next time.
  const lasting =
    failure.permanent ?? (failure.responseCode === undefined && failure.originalCode !== undefined);
  return { words: `no encrypted connection: ${words} (see refpost.tls)`, lasting };
}

function noLogin(connection: SMTPConnection, address: ServerAddress): Refusal | undefined {
  if (!connection.secure && !isLoopback(address.host)) {
    const words =
      'refusing to send a password over an unencrypted connection: use smtps://, or refpost.tls = verify';
    return { words, lasting: true };
  }
  // Without this, nodemailer would leave out the login, and the server would refuse mail after mail.
  if (connection.allowsAuth) return undefined;
  return { words: 'refpost.smtpUser is set, but the server offers no login', lasting: true };
}

async function logIn(
  connection: SMTPConnection,
  limit: number,
  { user, password }: Login,
): Promise<Refusal | undefined> {
  const loggedIn = await step<boolean>(connection, limit, done =>
    connection.login({ credentials: { user, pass: password } }, done),
  );
  if (!('failure' in loggedIn)) return undefined;
  const secrets = [password, base64(password), base64(`\0${user}\0${password}`)];
  const words = `login as ${user}: ${replyOf(loggedIn.failure, secrets)}`;
  return { words, lasting: loggedIn.failure.permanent === true };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
