import { setTimeout as sleep } from 'node:timers/promises';
import { decodeMail } from '../src/delivery/decode.ts';
import { serverRepository } from '../test/fixtures/server-repository.ts';
import type { CleanUps } from '../test/fixtures/trials.ts';
import { LIST, type Opened, SENDER } from './receiver.ts';

/** How long four mails may take, in milliseconds, and how long no fifth may come after them. */
const LIMIT = 60_000;
const QUIET = 1500;

/**
 * Pushes four commits to a repository whose mails go to a receiver: one has letters of other scripts, one is larger than lists take. Fails with a
 * sentence unless what comes out are these four, each once, and in order where that is ours.
 * @param preset refpost.receiver, where it has a word for it @returns what there is to say about it
 */
export async function pushFour(
  t: CleanUps,
  open: (t: CleanUps) => Promise<Opened>,
  preset?: string,
): Promise<string> {
  const opened = await open(t);
  const settings = {
    'refpost.from': `Commits <${SENDER}>`,
    ...(preset === undefined ? {} : { 'refpost.receiver': preset }),
    ...opened.settings,
  };
  const server = await serverRepository(t, { port: 0, settings, recipients: [LIST] });
  const table = Array.from({ length: 4000 }, (_, row) => `row ${row} of a large table\n`).join('');
  const commits = [
    server.clone.commit({ message: 'Add a parser', files: { 'parser.c': 'int parse(void);\n' } }),
    server.clone.commit({ message: 'Größe, naïve café, 日本語', files: { 'names.txt': 'Ærøskøbing\n' } }),
    server.clone.commit({ message: 'Import a large table', files: { 'table.txt': table } }),
    server.clone.commit({ message: 'Remove the parser', files: { 'parser.c': null } }),
  ];
  const pushed = await server.push();
  if (pushed.code !== 0) throw new Error(`the push failed: ${pushed.stderr}`);
  const begun = Date.now();
  await server.idle();
  let mails = await opened.arrived();
  while (mails.length < commits.length && Date.now() < begun + LIMIT) {
    await sleep(200);
    mails = await opened.arrived();
  }
  const seconds = (Date.now() - begun) / 1000;
  await sleep(QUIET);
  mails = await opened.arrived();
  const seen = mails.map(mail =>
    decodeMail(Buffer.from(mail.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')),
  );
  const field = (name: string) =>
    seen.map(({ headers }) => headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? '');
  const came = field('x-git-rev');
  const inOrder = came.join() === commits.join();
  if (!inOrder && !(opened.ownOrder && came.toSorted().join() === commits.toSorted().join())) {
    const explained = `${opened.explain?.() ?? ''}\n${server.log()}`;
    throw new Error(
      `not the four mails in order, but: ${field('subject').join(' | ') || 'none'}\n${explained}`,
    );
  }
  if (new Set(field('message-id')).size !== commits.length)
    throw new Error('two mails have the same Message-ID');
  const largest = Math.max(...mails.map(({ length }) => length));
  const order = inOrder ? 'in order' : 'in an order of its own';
  return `4 of 4 mails, ${order}, each once, in ${seconds.toFixed(1)} s; the largest has ${largest} bytes`;
}
