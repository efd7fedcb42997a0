import { once } from 'node:events';
import { fstatSync } from 'node:fs';
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
  const { git, spool, shared, config } = workplace;
  const push = await askedPush(git, world.now(), asked);
  const unlessFault = (error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    return undefined;
  };
  // It spares git work, and not everyone may read it.
  const ledger = await openOutbox(spool, shared).ledger(git.gitDir).catch(unlessFault);
  const context = renderContext(world, workplace);
  const { plan, mails } = await announce(git, push, ledger ?? { refs: new Map() }, context);
  // A terminal has the mails already, and a pipe may have a reader who draws on the terminal.
  const { fd } = world.stdout as World['stdout'] & { readonly fd?: number };
  const progress = fd !== undefined && fstatSync(fd).isFile() ? world.progress : () => {};
  let made = 0;
  for await (const mail of mails) {
    made += 1;
    progress(`making mails: ${made} of ${Math.max(made, plan.notices.length)}`);
    if (!world.stdout.write(toMbox(composeReadable(mail), mail.date))) await once(world.stdout, 'drain');
  }
  progress('');
  if (plan.notices.length === 0) world.stderr.write('refpost: there is nothing to announce\n');
  else if (config.to.length === 0) {
    world.stderr.write('refpost: refpost.to is not set: nobody would get these mails\n');
  }
}
