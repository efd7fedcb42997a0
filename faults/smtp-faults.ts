import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSender } from '../src/delivery/sender.ts';
import { createSpool } from '../src/disk/create-spool.ts';
import type { ComposedMail } from '../src/model/mail.ts';
import { openOutbox } from '../src/outbox/directory/open-outbox.ts';
import { mailStates, type RecipientState } from '../src/outbox/entry-state.ts';
import type { Outbox } from '../src/outbox/outbox.ts';
import type { Alarms } from '../src/worker/alarms.ts';
import { openDispatcher } from '../src/worker/dispatch.ts';
import type { Transport, Transports } from '../src/worker/transports.ts';
import { pushOf } from '../test/fixtures/nouns.ts';
import type { ReceivedMail } from '../test/fixtures/smtp-received.ts';
import { startScripted } from '../test/fixtures/smtp-script.ts';
import { testWorld } from '../test/fixtures/world.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, sum } from './figure.ts';
import { type SmtpCase, smtpCases } from './smtp-script-cases.ts';

const RECIPIENTS = ['ada@example.org', 'bob@example.org', 'eve@example.org'];
const MAILS = 3;
const SIZE = 7000;
const HOUR = 3_600_000;
const ROUNDS = 40;
const AT_ONCE = 12;
/** Short, so that a server that hangs does not hold up the bench. */
const TIMEOUTS = { connection: 1500, greeting: 1500, socket: 1500, step: 5000 };
const RETRY = { firstWait: 60_000, maxWait: HOUR, giveUpAfter: 100 * 24 * HOUR };

/** The delivery against a mail server that follows a script; its own record is compared with our journal. */
export async function* smtpFaults({ options }: FaultBench): AsyncGenerator<Figure> {
  const groups = new Map<string, SmtpCase[]>();
  for (const one of smtpCases(options.short)) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  for (const [group, cases] of groups) {
    const figures: Omit<Figure, 'fault'>[] = [];
    // Most of the time is spent in waiting for a server that hangs.
    for (let at = 0; at < cases.length; at += AT_ONCE) {
      figures.push(...(await Promise.all(cases.slice(at, at + AT_ONCE).map(play))));
    }
    yield sum(`${group} (${cases.length} scripts)`, figures);
  }
}

async function play(one: SmtpCase): Promise<Omit<Figure, 'fault'>> {
  const cleanUps: (() => unknown)[] = [];
  const root = mkdtempSync(join(tmpdir(), 'refpost-faults-'));
  try {
    const server = await startScripted(
      { after: cleanUp => void cleanUps.push(cleanUp as () => unknown) },
      one.faults,
      one.script,
    );
    await createSpool(root, 'umask');
    const outbox = openOutbox(root, 'umask');
    await outbox.recover();
    await outbox.add(pushOf('push', 0), mails(), { now: 0 });
    await deliverAll(outbox, server.port, one);
    return await compare(outbox, server.received, one);
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Nobody is to be told. */
const NO_ALARMS: Alarms = {
  stored: async () => true,
  damaged: async () => {},
  watch: async () => {},
  raised: () => false,
  log: () => {},
};

/** Round after round, an hour apart, until nothing is left to do. */
async function deliverAll(outbox: Outbox, port: number, one: SmtpCase): Promise<void> {
  let now = HOUR;
  const transport: Transport = { sender: sender(port, one), backoffs: new Map() };
  const transports: Transports = {
    route: async () => ({ transport, retry: RETRY, sender: undefined, verp: false }),
    largest: () => transport.sender.largest(),
    reopen: () => transport.backoffs.clear(),
    hangUp: async () => false,
    close: () => transport.sender.close(),
  };
  const world = { ...testWorld(), now: () => now };
  const { signal } = new AbortController();
  const context = { world, outbox, transports, log: () => {}, retry: RETRY, signal };
  const dispatcher = openDispatcher(context, NO_ALARMS);
  for (let round = 0; round < ROUNDS && (await outbox.nextDue()) !== undefined; round++) {
    await dispatcher.dispatch();
    if (dispatcher.taken.size > 0) await new Promise<void>(resolve => dispatcher.watch(resolve));
    now += HOUR;
  }
  await dispatcher.close();
}

function sender(port: number, { user, script }: SmtpCase) {
  return openSender(
    { kind: script?.lmtp ? 'lmtp' : 'smtp', host: '127.0.0.1', port },
    {
      tls: 'opportunistic',
      user,
      password: async () => 'secret',
      clientName: 'git.example.org',
      timeouts: TIMEOUTS,
    },
  );
}

async function* mails(): AsyncGenerator<ComposedMail> {
  for (let number = 1; number <= MAILS; number++) {
    const head = `Message-ID: <${number}@example.org>\nSubject: Mail ${number}\n\n`;
    const bytes = Buffer.from(`${head}${'a line of text\n'.repeat(SIZE / 15)}`);
    const envelope = { from: 'git@example.org', to: RECIPIENTS };
    yield { envelope, messageId: `<${number}@example.org>`, subject: `Mail ${number}`, bytes };
  }
}

async function compare(
  outbox: Outbox,
  received: readonly ReceivedMail[],
  one: SmtpCase,
): Promise<Omit<Figure, 'fault'>> {
  const states = await finalStates(outbox);
  let [lost, doubled, outOfOrder] = [0, 0, 0];
  for (const recipient of RECIPIENTS) {
    const numbers = received
      .filter(mail => mail.to.includes(recipient))
      .map(mail => Number(mail.messageId.slice(1, 2)));
    for (let number = 1; number <= MAILS; number++) {
      const copies = numbers.filter(other => other === number).length;
      if (!agrees(states[number - 1]?.get(recipient), copies)) lost++;
      doubled += Math.max(0, copies - 1);
    }
    outOfOrder += numbers.filter((number, at) => number < (numbers[at - 1] ?? 0)).length;
  }
  const excused = one.uncertain ? RECIPIENTS.length : 0;
  return { tried: MAILS * RECIPIENTS.length, lost, doubled, excused, outOfOrder };
}

/** What the server has is sent, and what it has not was given up for a reason of its own: nothing waits for ever. */
function agrees(state: RecipientState | undefined, copies: number): boolean {
  if (copies > 0) return state?.state === 'sent';
  return state?.state === 'rejected' && !state.reply?.startsWith('given up');
}

async function finalStates(outbox: Outbox): Promise<readonly ReadonlyMap<string, RecipientState>[]> {
  for (const place of ['queue', 'failed', 'done'] as const) {
    for await (const listed of outbox.entries(place))
      if (listed.damaged === undefined) return mailStates(listed.state);
  }
  throw new Error('the push is gone from the outbox');
}
