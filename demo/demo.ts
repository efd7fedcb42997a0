import { setTimeout as sleep } from 'node:timers/promises';
import { startInbox } from './inbox.ts';
import { layOutMail } from './mail-view.ts';
import { makeProject } from './project.ts';
import { paletteFor } from './terminal.ts';
import { layOutThread } from './thread-view.ts';

/** How long a mail may take on its way to this process, in milliseconds. */
const LIMIT = 30_000;

const paint = paletteFor(process.stdout, process.env);
// `npm run demo | head` ends when the reader has seen enough.
process.stdout.on('error', () => process.exit());

const inbox = await startInbox();
const project = makeProject();
process.on('exit', project.remove);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

heading('A bare repository on a server, and where its mails are to go');
await show('refpost', 'install', 'hello.git', '--to', 'commits@example.org');
await show('git', '-C', 'hello.git', 'config', 'refpost.transport', inbox.address);
await show('git', '-C', 'hello.git', 'config', 'refpost.linkBase', 'https://git.example.org/hello');

heading('Four commits, one push');
project.commitFour();
await show('git', '-C', 'clone', 'log', '--reverse', '--format=%h  %an  %s', 'origin/main..main');
const milliseconds = await show('git', '-C', 'clone', 'push', '--quiet', 'origin', 'main');
say(paint.dim(`  It took ${milliseconds} ms: the hook has stored the push, and waits for no mail server.`));

await arrival(4);
heading('The inbox of commits@example.org');
say(layOutThread(inbox.mails, paint));
heading('Mail 1 of 4');
say(layOutMail(inbox.mails[0], paint));
await project.idle();
await inbox.close();

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
