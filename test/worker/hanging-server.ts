import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../fixtures/repository.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

export const BY_HAND = { 'refpost.worker': 'service' };

/** Two repositories with one outbox: the server of one hangs, that of the other takes everything. */
export async function hangingBesideLive(
  t: TestContext,
  faults: readonly Fault[] = [{ at: 'GREETING', next: 'hang' }],
) {
  const hangs = await startScripted(t, faults);
  const inbox = await startInbox(t);
  const spool = join(temporaryFolder(t), 'spool');
  const stuck = await serverRepository(t, { port: hangs.port, spool, settings: BY_HAND });
  const live = await serverRepository(t, { port: inbox.port, spool, settings: BY_HAND });
  /** The other server has not been heard of. */
  const isStillHanging = () => !/ (unreached|deferred) /.test(live.log());
  return { hangs, inbox, stuck, live, isStillHanging };
}
