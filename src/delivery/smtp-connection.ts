import type { Socket } from 'node:net';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { ServerAddress } from '../model/config.ts';
import { replyOf } from './classify.ts';
import type { SessionOptions } from './sender-options.ts';
import { dial, tlsOptions } from './server.ts';
import { had, lasting, logIn, loginOf, type Obstacle, TOKEN_LOGINS } from './smtp-login.ts';
import { step } from './smtp-step.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

/** After our last word; the process must not wait long for a server that does not close its end. */
const CLOSE_TIMEOUT = 1000;

/** A connection at the point where it takes mails: greeting, EHLO, encryption and, if there is one, the login. Else what keeps us from it, never with a secret in it. */
export async function openConnection(
  address: ServerAddress,
  options: SessionOptions,
): Promise<SMTPConnection | Obstacle> {
  const login = await had('the password', () => loginOf(options));
  if (login && 'unreachable' in login) return login;
  const files: TlsFiles | Obstacle = await had('the certificates', async () =>
    options.tlsFiles ? readTlsFiles('smtp', options.tlsFiles, options.tlsFiles.now()) : {},
  );
  if ('unreachable' in files) return files;
  const socket = await dial(address, options);
  if (socket instanceof Error) return { unreachable: replyOf(socket), lasting: false };
  const connection = new SMTPConnection(connectionOptions(address, options, socket, files));
  // Every step listens for itself. Between steps nobody does, and a connection that breaks then is simply not used again.
  connection.on('error', () => {});
  const limit = options.timeouts.step;
  const connected = await step<void>(connection, limit, done => connection.connect(done));
  const obstacle =
    'failure' in connected
      ? notConnected(connected.failure)
      : login && (await logIn(connection, address, limit, login));
  if (obstacle) connection.close();
  return obstacle ?? connection;
}

function connectionOptions(
  address: ServerAddress,
  options: SessionOptions,
  socket: Socket,
  files: TlsFiles,
): SMTPConnectionOptions {
  return {
    connection: socket,
    ...('socket' in address ? { host: 'localhost' } : { host: address.host, port: address.port }),
    lmtp: address.kind === 'lmtp',
    name: options.clientName,
    // The socket is connected: what is left of connecting is the greeting and the TLS handshake.
    connectionTimeout: 2 * options.timeouts.greeting,
    greetingTimeout: options.timeouts.greeting,
    socketTimeout: options.timeouts.socket,
    socketCloseTimeout: CLOSE_TIMEOUT,
    ...tlsOptions(address, options.tls, files),
    customAuth: TOKEN_LOGINS,
  };
}

/** Which setting a fault of TLS is about, by the code or words of OpenSSL and Node. The first that fits. */
const TLS_SETTINGS: readonly (readonly [RegExp, string])[] = [
  [/ALERT|tls(?:v\d+)? alert/i, 'refpost.clientCertFile'],
  [/SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/, 'refpost.caFile and refpost.tls'],
  [/ALTNAME/, 'the host in refpost.transport, and refpost.tls'],
  [/^/, 'refpost.tls'],
];

/** A certificate that does not check out has its own code where TLS is spoken from the start, ETLS after STARTTLS. */
function notConnected(failure: NodemailerError): Obstacle {
  const words = replyOf(failure);
  const aboutTls =
    failure.code === 'ETLS' || /CERT|SSL|TLS|ISSUER|SIGN|VERIFY/.test(failure.originalCode ?? '');
  if (!aboutTls) return { unreachable: words, lasting: failure.permanent === true };
  if (failure.command === 'STARTTLS' && failure.permanent) {
    return lasting(`the server offers no encryption: ${words} to STARTTLS (see refpost.tls)`);
  }
  // A certificate stays what it is; a handshake that the server does not finish, or puts off with 454, may do next time.
  const stays =
    failure.permanent ?? (failure.responseCode === undefined && failure.originalCode !== undefined);
  const [, setting] = TLS_SETTINGS.find(([said]) => said.test(`${failure.originalCode} ${words}`)) ?? [];
  return { unreachable: `no encrypted connection: ${words} (see ${setting})`, lasting: stays };
}
