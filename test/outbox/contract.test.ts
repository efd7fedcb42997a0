import { createSpool } from '../../src/disk/create-spool.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { outboxContract } from './contract.ts';
import { reopen } from './spool-fixture.ts';

outboxContract('directory', async t => {
  const root = `${temporaryFolder(t)}/spool`;
  await createSpool(root, 'umask');
  return { worker: () => reopen({ root }), person: () => openOutbox(root, 'umask') };
});
