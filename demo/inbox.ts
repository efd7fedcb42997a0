import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { toMbox } from '../src/delivery/compose.ts';

/** A mail server on this machine and the mailbox behind it. */
export interface Inbox {
  /** As refpost.transport wants it. */
  readonly address: string;
  /** What has come so far, in order. */
  readonly mails: readonly Email[];
  /** Writes all mails into a file that any mail reader opens. */
  save(file: string): void;
  /** Nobody listens any more, until it is opened again at the same address. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startInbox(): Promise<Inbox> {
  const mails: Email[] = [];
  const messages: Buffer[] = [];
  let server = listen(take);
  await server.listening;
  const { port } = server.smtp.server.address() as AddressInfo;

  async function take(message: Buffer): Promise<void> {
    mails.push(await PostalMime.parse(message));
    messages.push(message);
  }

  return {
    address: `smtp://127.0.0.1:${port}`,
    mails,
    save: file => writeFileSync(file, Buffer.concat(messages.map(asMbox))),
    close: () => new Promise(resolve => void server.smtp.close(() => resolve())),
    open: () => {
      server = listen(take, port);
      return server.listening;
    },
  };
}

function listen(take: (message: Buffer) => Promise<void>, port = 0) {
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => take(Buffer.concat(chunks)).then(() => done(), done));
    },
  });
  const listening = new Promise<void>((resolve, reject) => {
    smtp.on('error', reject);
    smtp.listen(port, '127.0.0.1', resolve);
  });
  return { smtp, listening };
}

/** As it came over the wire, with the line ends of a file. */
function asMbox(message: Buffer): Buffer {
  const bytes = Buffer.from(message.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return toMbox({ bytes, envelope: { from: 'refpost', to: [] }, messageId: '', subject: '' }, Date.now());
}
