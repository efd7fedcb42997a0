import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionCustomAuthContext } from 'nodemailer/lib/smtp-connection';
import type XOAuth2 from 'nodemailer/lib/xoauth2';
import { OperatorError } from '../errors.ts';
import type { ServerAddress } from '../model/config.ts';
import { replyOf } from './classify.ts';
import type { SessionOptions } from './sender-options.ts';
import { isHere } from './server.ts';
import { step } from './smtp-step.ts';

/** What keeps us from the server, in words. `lasting`: waiting does not help. */
export interface Obstacle {
  readonly unreachable: string;
  readonly lasting: boolean;
}

interface Login {
  readonly user: string;
  readonly kind: 'password' | 'token';
  readonly secret: string;
}

export function lasting(unreachable: string): Obstacle {
  return { unreachable, lasting: true };
}

/** What a setting names and cannot be had is an obstacle. @param what it is, where there are no words that may be shown */
export async function had<T>(what: string, get: () => Promise<T>): Promise<T | Obstacle> {
  try {
    return await get();
  } catch (error) {
    if (error instanceof OperatorError) return lasting(`${error.message}: ${error.remedy}`);
    // Another error might have a secret in its message.
    return lasting(`cannot read ${what}`);
  }
}

/** The login that the options ask for: none without a user. */
export async function loginOf({
  user,
  password,
  token,
  signal,
}: SessionOptions): Promise<Login | Obstacle | undefined> {
  if (user === undefined) return undefined;
  const given = await token?.(signal);
  if (given) return { user, kind: 'token', secret: given };
  const secret = await password(signal);
  if (secret) return { user, kind: 'password', secret };
  return lasting('refpost.smtpUser is set, but there is no password for it');
}

/** What goes into a login, the best first: over a connection that can be listened to, what does not show the password. */
const MECHANISMS = {
  token: ['OAUTHBEARER', 'XOAUTH2'],
  password: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  passwordInClear: ['CRAM-MD5', 'PLAIN', 'LOGIN'],
} as const;

const NO_GENERATOR = {} as XOAuth2;

/** Logs in by the best of what the server offers and the secret is good for. */
export async function logIn(
  connection: SMTPConnection,
  address: ServerAddress,
  limit: number,
  { user, kind, secret }: Login,
): Promise<Obstacle | undefined> {
  if (!connection.secure && !isHere(address)) {
    return lasting(
      `refusing to send a ${kind} over an unencrypted connection: use smtps://, or refpost.tls = verify`,
    );
  }
  const offered = mechanismsOf(connection);
  const known = MECHANISMS[kind === 'password' && !connection.secure ? 'passwordInClear' : kind];
  const method = known.find(one => offered.includes(one));
  if (method === undefined) return noMechanism(kind, offered);
  const credentials = { user, pass: secret };
  // nodemailer would take another mechanism than XOAUTH2 where it has nothing to ask for tokens, and send the token as a password.
  const auth = { method, user, credentials, oauth2: NO_GENERATOR };
  const loggedIn = await step<boolean>(connection, limit, done => connection.login(auth, done));
  if (!('failure' in loggedIn)) return undefined;
  const initial = kind === 'token' ? initialResponse(method, user, secret) : `\0${user}\0${secret}`;
  const unreachable = `login as ${user}: ${replyOf(loggedIn.failure, [base64(initial), base64(secret), secret])}`;
  return { unreachable, lasting: loggedIn.failure.permanent === true };
}

function noMechanism(kind: Login['kind'], offered: readonly string[]): Obstacle {
  // Without this, nodemailer would try one all the same, or the server would refuse mail after mail.
  if (offered.length === 0) return lasting('refpost.smtpUser is set, but the server offers no login');
  const takes = kind === 'password' ? 'a password' : 'an OAuth2 token';
  const setting = kind === 'password' ? 'smtpTokenCommand' : 'smtpPasswordFile';
  return lasting(
    `the server offers no login that takes ${takes}, only ${offered.join(', ')} (see refpost.${setting})`,
  );
}

/** `250-AUTH PLAIN LOGIN`; older servers write `AUTH=`. Not in nodemailer's types, and it keeps those alone that it knows. */
function mechanismsOf(connection: SMTPConnection): readonly string[] {
  const { _ehloLines: lines = [] } = connection as unknown as { readonly _ehloLines?: readonly string[] };
  return lines
    .flatMap(
      line =>
        /^AUTH[ =](.*)/i
          .exec(line)?.[1]
          ?.toUpperCase()
          .split(/[\s=]+/) ?? [],
    )
    .filter(Boolean);
}

/** RFC 7628 section 3.1; XOAUTH2 by Google's description of it. */
function initialResponse(method: string, user: string, token: string): string {
  const bearer = `auth=Bearer ${token}\u0001\u0001`;
  // In the first part of RFC 5801 a comma and an equals sign have a meaning.
  const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C');
  return method === 'XOAUTH2' ? `user=${user}\u0001${bearer}` : `n,a=${name},\u0001${bearer}`;
}

/** The logins with a token, which nodemailer knows in a form that asks for more of them, or not at all. */
export const TOKEN_LOGINS = { OAUTHBEARER: logInByToken, XOAUTH2: logInByToken };

async function logInByToken({ auth, method, sendCommand }: SMTPConnectionCustomAuthContext): Promise<void> {
  const { user, pass } = auth.credentials;
  const first = await sendCommand(`AUTH ${method} ${base64(initialResponse(method, user, pass))}`);
  // Why not is in there, in JSON; the refusal itself comes after one more word of ours (RFC 7628 section 3.2.3).
  const last = first.status === 334 ? await sendCommand(method === 'XOAUTH2' ? '' : base64('\u0001')) : first;
  if (last.status !== 235) throw new Error('Invalid login');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
