import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { OperatorError } from '../errors.ts';
import { replyOf } from './classify.ts';
import type { SessionOptions } from './sender-options.ts';
import { isLoopback, type ServerAddress } from './server.ts';
import { step } from './smtp-step.ts';

/** What keeps us from the server, in words. `lasting`: waiting does not help. */
export interface Obstacle {
  readonly unreachable: string;
  readonly lasting: boolean;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The login that the options ask for: none without a user, or a sentence where the password cannot be had. */
export async function loginOf({
  user,
  password,
  signal,
}: SessionOptions): Promise<Login | Obstacle | undefined> {
  if (user === undefined) return undefined;
  try {
    const secret = await password(signal);
    if (secret) return { user, password: secret };
    return lasting('refpost.smtpUser is set, but there is no password for it');
  } catch (error) {
    if (error instanceof OperatorError) return lasting(`${error.message}: ${error.remedy}`);
    // Another error might have the password in its message.
    return lasting('cannot read the password');
  }
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
): Promise<Obstacle | undefined> {
  const connected = await step<void>(connection, limit, done => connection.connect(done));
  if ('failure' in connected) return notConnected(connected.failure);
  if (login === undefined) return undefined;
  return noLogin(connection, address) ?? (await logIn(connection, limit, login));
}

/** A certificate that does not check out has its own code where TLS is spoken from the start, ETLS after STARTTLS. */
function notConnected(failure: NodemailerError): Obstacle {
  const words = replyOf(failure);
  const aboutTls = failure.code === 'ETLS' || /CERT|SSL|TLS|ISSUER|SIGNED/.test(failure.originalCode ?? '');
  if (!aboutTls) return { unreachable: words, lasting: failure.permanent === true };
  if (failure.command === 'STARTTLS' && failure.permanent) {
    return lasting(`the server offers no encryption: ${words} to STARTTLS (see refpost.tls)`);
  }
  // A certificate stays what it is; a handshake that the server does not finish, or puts off with 454, may do next time.
  const stays =
    failure.permanent ?? (failure.responseCode === undefined && failure.originalCode !== undefined);
  return { unreachable: `no encrypted connection: ${words} (see refpost.tls)`, lasting: stays };
}

function noLogin(connection: SMTPConnection, address: ServerAddress): Obstacle | undefined {
  if (!connection.secure && !isLoopback(address.host)) {
    return lasting(
      'refusing to send a password over an unencrypted connection: use smtps://, or refpost.tls = verify',
    );
  }
  // Without this, nodemailer would leave out the login, and the server would refuse mail after mail.
  if (connection.allowsAuth) return undefined;
  return lasting('refpost.smtpUser is set, but the server offers no login');
}

async function logIn(
  connection: SMTPConnection,
  limit: number,
  { user, password }: Login,
): Promise<Obstacle | undefined> {
  const loggedIn = await step<boolean>(connection, limit, done =>
    connection.login({ credentials: { user, pass: password } }, done),
  );
  if (!('failure' in loggedIn)) return undefined;
  const secrets = [password, base64(password), base64(`\0${user}\0${password}`)];
  const unreachable = `login as ${user}: ${replyOf(loggedIn.failure, secrets)}`;
  return { unreachable, lasting: loggedIn.failure.permanent === true };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function lasting(unreachable: string): Obstacle {
  return { unreachable, lasting: true };
}
