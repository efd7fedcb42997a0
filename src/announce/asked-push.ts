import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isPerPush } from '../config/settings.ts';
import { composeReadable, toMbox } from '../delivery/compose.ts';
import { pushId } from '../drop/drop.ts';
import { fault, OperatorError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { openKeeper } from '../git/keeper.ts';
import { readKinds, readRefs } from '../git/questions.ts';
import { isHeard } from '../model/config.ts';
import { mailCount } from '../model/edition.ts';
import type { Ledger } from '../model/ledger.ts';
import { isRefName, isZero, type Override, type Push, type RefUpdate } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { readIdentity } from '../repository/identity.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import type { Workplace } from '../repository/workplace.ts';
import { announce } from './announce.ts';
import { renderContexts } from './render-context.ts';

/** What a person asks `refpost notify` to announce, in his own words. */
export interface Asked {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
  readonly overrides: readonly Override[];
}

/** The push that a person describes: what lies between two revisions on a ref. */
export async function askedPush(git: Git, now: number, asked: Asked): Promise<Push> {
  const [update, identity] = await Promise.all([resolveUpdate(git, asked), readIdentity(git.gitDir)]);
  const hash = createHash('sha256').update(`${now} ${update.old} ${update.new} ${update.ref}`).digest('hex');
  return {
    kind: 'notify',
    id: pushId(now, hash.slice(0, 8)),
    repository: git.gitDir,
    ...(identity ? { identity } : {}),
    time: now,
    updates: [update],
    options: [],
    environment: {},
    overrides: asked.overrides,
  };
}

async function resolveUpdate(git: Git, { old, new: fresh, ref }: Asked): Promise<RefUpdate> {
  const names = [old, fresh].filter(name => !isZero(name));
  if (names.length === 0) throw fault.nothingBetweenZeros();
  const torn = names.find(name => name.includes('\n'));
  if (torn !== undefined) throw fault.unknownRevision(JSON.stringify(torn), git.gitDir);
  const full = fullRef(git, ref);
  // Of two faults the one with a revision is said.
  full.catch(() => {});
  const kinds = await readKinds(git, names);
  const missing = names.find(name => kinds.get(name)?.type === 'missing');
  if (missing !== undefined) {
    const isId = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(missing);
    throw isId ? fault.missingObject(missing, git.gitDir) : fault.unknownRevision(missing, git.gitDir);
  }
  const zero = '0'.repeat(kinds.get(names[0] ?? '')?.id.length ?? 0);
  const idOf = (name: string) => kinds.get(name)?.id ?? zero;
  return { ref: await full, old: idOf(old), new: idOf(fresh) };
}

/** A full ref name is taken as it is, so that a deleted ref can be announced; a short one must stand for one ref. */
async function fullRef(git: Git, name: string): Promise<string> {
  if (name.startsWith('refs/')) {
    // Bytes that are no UTF-8 are written `\\xE9`, as in mails.
    if (!isRefName(name.replace(/\\x[0-9A-F]{2}/g, 'x'))) throw fault.impossibleRef(name);
    return name;
  }
  const refs = await readRefs(git);
  const found = ['refs/', 'refs/heads/', 'refs/tags/', 'refs/remotes/']
    .map(prefix => prefix + name)
    .filter(ref => refs.has(ref));
  if (found.length > 1) throw fault.ambiguousRef(name, found);
  if (found[0] === undefined) throw fault.unknownRef(name, git.gitDir);
  return found[0];
}

/** What was announced, to be looked at. It spares git work, and not everyone may read it. */
export async function readLedger(world: World, workplace: Workplace): Promise<Ledger> {
  const unlessFault = (error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    return undefined;
  };
  const outbox = await outboxOf(world, workplace);
  const ledger = await outbox.ledger(workplace.git.gitDir).catch(unlessFault);
  return ledger ?? { refs: new Map() };
}

/** The mails that a push would bring, and how many they are to be. Nothing is sent, stored or moved. */
export async function askedMails(world: World, workplace: Workplace, asked: Asked) {
  const { git } = workplace;
  const [push, contexts, ledger] = await Promise.all([
    askedPush(git, world.now(), asked),
    // Git has been asked by then, and these are read while it answers (bench, set `start`).
    nextTurn().then(() => renderContexts(world, workplace)),
    nextTurn().then(() => readLedger(world, workplace)),
  ]);
  const { editions, mails } = await announce(git, push, ledger, contexts);
  return { mails, expected: mailCount(editions) };
}

/** `refpost notify --dry-run`: the mails on standard output as an mbox. */
export async function printMails(world: World, workplace: Workplace, asked: Asked): Promise<void> {
  // What names stand for is asked three times: of one git (bench, set `start`).
  const keeper = openKeeper();
  const git = keeper.keep(workplace.git, { settings: '', keepsDiffs: false });
  try {
    await print(world, { ...workplace, git }, asked);
  } finally {
    keeper.close();
  }
}

async function print(world: World, workplace: Workplace, asked: Asked): Promise<void> {
  const { mails, expected } = await askedMails(world, workplace, asked);
  // A terminal has the mails already, and a pipe may have a reader who draws on the terminal.
  const { fd } = world.stdout as World['stdout'] & { readonly fd?: number };
  const progress = fd !== undefined && fstatSync(fd).isFile() ? world.progress : () => {};
  let made = 0;
  for await (const mail of mails) {
    made += 1;
    progress(`making mails: ${made} of ${Math.max(made, expected)}`);
    if (!world.stdout.write(toMbox(composeReadable(mail), mail.date))) await once(world.stdout, 'drain');
  }
  progress('');
  if (expected === 0) world.stderr.write('refpost: there is nothing to announce\n');
  else if (!workplace.audiences.some(({ config }) => isHeard(config))) {
    world.stderr.write('refpost: refpost.to is not set: nobody would get these mails\n');
  }
}

/** Settings of the run itself, which no record carries. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['refpost.spool', 'refpost.logformat', 'refpost.keepdays']);

/** Those of the settings given that go into the record. */
export function carried(overrides: readonly Override[]): readonly Override[] {
  const ofThePush = overrides.filter(({ key }) => !OF_THE_RUN.has(key.toLowerCase()));
  const wrong = ofThePush.find(({ key }) => !isPerPush(key));
  if (wrong) throw fault.notPerPush(wrong.key);
  return ofThePush;
}
