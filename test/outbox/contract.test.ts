import { createSpool } from '../../src/disk/create-spool.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { outboxContract } from './contract.ts';
import { skipped, testFleet } from './postgres/fleet-fixture.ts';
import { reopen } from './spool-fixture.ts';

outboxContract('directory', async t => {
  const root = `${temporaryFolder(t)}/spool`;
  await createSpool(root, 'umask');
  return { worker: () => reopen({ root }), person: () => openOutbox(root, 'umask') };
});

if (skipped.skip === undefined)
  outboxContract('postgres', async t => {
    const fleet = await testFleet(t);
    // By the role of a server: the owner may do all that this one may.
    return { worker: () => fleet.worker({}, 'one'), person: () => fleet.open({ mode: 'person' }, 'one') };
  });
