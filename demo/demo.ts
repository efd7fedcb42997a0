import { setTimeout as sleep } from 'node:timers/promises';
import { startInbox } from './inbox.ts';
import { layOutMail } from './mail-view.ts';
import { makeProject } from './project.ts';
import { paletteFor } from './terminal.ts';
import { layOutThread } from './thread-view.ts';

/** How long a mail may take on its way to this process, in milliseconds. */
const LIMIT = 60_000;

const paint = paletteFor(process.stdout, process.env);
// `npm run demo | head` ends when the reader has seen enough.
process.stdout.on('error', () => process.exit());

const inbox = await startInbox();
const project = makeProject();
process.on('exit', project.remove);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

heading('A bare repository on a server, and where its mails go');
await show('refpost', 'install', 'hello.git', '--to', 'commits@example.org');
await show('git', '-C', 'hello.git', 'config', 'refpost.transport', inbox.address);
await show('git', '-C', 'hello.git', 'config', 'refpost.linkBase', 'https://git.example.org/hello');

heading('Four commits, one push');
project.commitFour();
await show('git', '-C', 'clone', 'log', '--reverse', '--format=%h  %an  %s', 'origin/main..main');
const milliseconds = await show('git', '-C', 'clone', 'push', '--quiet', 'origin', 'main');
say(paint.dim(`  It took ${milliseconds} ms: the hook has stored the push, and waits for no mail server.`));
await arrival(4);
say(paint.dim('\n  The inbox of commits@example.org:\n'));
say(layOutThread(inbox.mails, paint));

heading('The first of these mails');
say(layOutMail(inbox.mails[0], paint));

heading('The mail server is down');
await project.idle();
await inbox.close();
project.commitOne();
await show('git', '-C', 'clone', 'push', '--quiet', 'origin', 'main');
await untilStatusSays(/^state: .*ECONNREFUSED/m);
await show('refpost', 'status', '--repo', 'hello.git');
say(
  paint.dim(
    '\n  The mail waits in the outbox, on disk. The server comes back, and it is sent; or at once with',
  ),
);
await inbox.open();
await show('refpost', 'outbox', 'retry', '--all', '--repo', 'hello.git');
await arrival(5);
say(layOutThread(inbox.mails.slice(4), paint));

heading('A tag, and a branch that is rewritten');
await show('git', '-C', 'clone', 'tag', '--annotate', '--message', 'The first release.', 'v1.0');
await show('git', '-C', 'clone', 'push', '--quiet', 'origin', 'v1.0');
await arrival(6);
await show('git', '-C', 'clone', 'commit', '--quiet', '--amend', '--message', 'Say goodbye, politely.');
await show('git', '-C', 'clone', 'push', '--quiet', '--force', 'origin', 'main');
await arrival(8);
say(layOutThread(inbox.mails.slice(5), paint));
say(paint.dim('\n  The last of them:\n'));
say(layOutMail(inbox.mails[7], paint));
await project.idle();
await inbox.close();

heading('And now');
inbox.save(project.mbox);
project.keepMbox();
say(`  mutt -f ${project.mbox}    ${paint.dim('# or another mail reader: all eight mails')}`);
say(
  `  refpost notify HEAD~1 HEAD main --dry-run --repo YOUR.git | less    ${paint.dim('# what yours would look like')}`,
);
say(`  refpost install YOUR.git --to YOU@example.org`);
say(paint.dim('\n  README.md has the settings, docs/operating.md what to do when mails are late.'));

/** Runs a command in the demo's folder and shows it with what it prints. Returns the milliseconds it took. */
async function show(...command: readonly string[]): Promise<number> {
  say(`  ${paint.dim('$')} ${paint.bold(command.map(quoted).join(' '))}`);
  const begun = performance.now();
  const printed = await project.run(command);
  const took = Math.round(performance.now() - begun);
  if (printed !== '') say(printed.replace(/^(?=.)/gm, '  ').trimEnd());
  return took;
}

async function arrival(count: number): Promise<void> {
  const deadline = Date.now() + LIMIT;
  while (inbox.mails.length < count) {
    if (Date.now() > deadline) {
      throw new Error(`${inbox.mails.length} of ${count} mails have come; the log says:\n${project.log()}`);
    }
    await sleep(20);
  }
}

async function untilStatusSays(what: RegExp): Promise<void> {
  const deadline = Date.now() + LIMIT;
  while (!what.test(await project.run(['refpost', 'status', '--repo', 'hello.git']))) {
    if (Date.now() > deadline)
      throw new Error(`status does not say ${what}; the log says:\n${project.log()}`);
    await sleep(50);
  }
}

function heading(text: string): void {
  say(`\n${paint.bold(paint.blue(text))}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** As one would type it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
