import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { composeReadable } from '../delivery/compose.ts';
import { toMbox } from '../delivery/mbox.ts';
import { OperatorError } from '../errors.ts';
import type { World } from '../model/world.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import { announce } from './announce.ts';
import { type Asked, askedPush } from './asked-push.ts';
import { renderContext } from './render-context.ts';

/** `refpost notify --dry-run`: the mails on standard output as an mbox. Nothing is sent, stored or moved. */
export async function printMails(world: World, workplace: Workplace, asked: Asked): Promise<void> {
  const push = await askedPush(workplace.git, world.now(), asked);
  const { git, spool, shared } = workplace;
  // It spares git work, and not everyone may read it.
  const ledger = await openOutbox(spool, shared)
    .ledger(git.gitDir)
    .catch((error: unknown) => {
      if (error instanceof OperatorError) return undefined;
      throw error;
    });
  const context = renderContext(world, workplace);
  const { plan, mails } = await announce(git, push, ledger ?? { refs: new Map() }, context);
  const progress = isFile(world.stdout) ? world.progress : () => {};
  let made = 0;
  for await (const mail of mails) {
    made += 1;
    progress(`making mails: ${made} of ${Math.max(made, plan.notices.length)}`);
    await write(world.stdout, toMbox(composeReadable(mail), mail.date));
  }
  progress('');
  if (plan.notices.length === 0) world.stderr.write('refpost: there is nothing to announce\n');
  else if (workplace.config.to.length === 0) {
    world.stderr.write('refpost: refpost.to is not set: nobody would get these mails\n');
  }
}

/** A terminal has the mails already, and a pipe may have a reader who draws on the terminal. */
function isFile(out: Writable & { readonly fd?: number }): boolean {
  return out.fd !== undefined && fstatSync(out.fd).isFile();
}

/** Writes and waits until the reader has room for more. */
async function write(out: Writable, bytes: Buffer): Promise<void> {
  if (!out.write(bytes)) await new Promise(resolve => out.once('drain', resolve));
}
