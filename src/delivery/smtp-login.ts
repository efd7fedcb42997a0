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
    return { wrong: 'the password cannot be had' };
  }
}

/**
 * Brings a new connection to the point where it takes mails: greeting, EHLO, encryption and, if there is one, the login.
 * Gives a sentence if that cannot be had; never one with the password in it.
 * @param limit milliseconds for each step
 */
export async function greet(
  connection: SMTPConnection,
  address: ServerAddress,
  limit: number,
  login: Login | undefined,
): Promise<string | undefined> {
  const connected = await step<void>(connection, limit, done => connection.connect(done));
  if ('failure' in connected) return connectionWords(connected.failure);
  if (login === undefined) return undefined;
  return obstacle(connection, address) ?? (await logIn(connection, limit, login));
}

/** A certificate that does not check out has its own code where TLS is spoken from the start, ETLS after STARTTLS. */
function connectionWords(failure: NodemailerError): string {
  const words = replyOf(failure);
  const aboutTls = failure.code === 'ETLS' || /CERT|SSL|TLS|ISSUER|SIGNED/.test(failure.originalCode ?? '');
  return aboutTls ? `no encrypted connection: ${words} (see refpost.tls)` : words;
}

function obstacle(connection: SMTPConnection, address: ServerAddress): string | undefined {
  if (!connection.secure && !isLoopback(address.host)) {
    return 'the connection is not encrypted, so that no password is sent: use smtps://, or refpost.tls = verify';
  }
  // Without this, nodemailer would leave out the login, and the server would refuse mail after mail.
  return connection.allowsAuth ? undefined : 'refpost.smtpUser is set, but the server offers no login';
}

async function logIn(
  connection: SMTPConnection,
  limit: number,
  { user, password }: Login,
): Promise<string | undefined> {
  const loggedIn = await step<boolean>(connection, limit, done =>
    connection.login({ credentials: { user, pass: password } }, done),
  );
  if (!('failure' in loggedIn)) return undefined;
  const secrets = [password, base64(password), base64(`\0${user}\0${password}`)];
  return `login as ${user}: ${replyOf(loggedIn.failure, secrets)}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
