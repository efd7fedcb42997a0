import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { OutboxEntry } from '../src/model/outbox-entry.ts';

/** `node post-by-pool.js PORT QUEUE`: posts the mails of a queue by nodemailer's pool over one connection, and keeps no account. */
const [port, queue = ''] = process.argv.slice(2);
const pool = createTransport({
  pool: true,
  maxConnections: 1,
  maxMessages: Number.POSITIVE_INFINITY,
  host: '127.0.0.1',
  port: Number(port),
});

const sent: Promise<unknown>[] = [];
for (const name of readdirSync(queue).sort()) {
  const entry = JSON.parse(readFileSync(join(queue, name, 'entry.json'), 'utf8')) as OutboxEntry;
  const mails = readFileSync(join(queue, name, 'mails'));
  for (const { offset, length, envelope } of entry.mails) {
    const raw = mails.subarray(offset, offset + length);
    sent.push(pool.sendMail({ envelope: { from: envelope.from, to: [...envelope.to] }, raw }));
  }
}
await Promise.all(sent);
pool.close();
