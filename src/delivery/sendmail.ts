import { type ChildProcess, spawn } from 'node:child_process';
import type { Attempt, DeliveryResult, OutgoingMail } from '../model/mail.ts';
import type { Door } from './sender-options.ts';
import { judge, type Run, sharing } from './sendmail-verdict.ts';

const LONGEST_OUTPUT = 4096;
/** Milliseconds in which what the program wrote must have come, once it has ended. */
const LAST_WORDS = 500;

/**
 * The local sendmail, with the options that all its descendants know: `-i` so that a lone dot ends nothing, `-f` for the envelope sender.
 * @param limit milliseconds that a run may take
 * @param signal ends a run
 */
export function sendmailDoor(path: string, limit: number, signal: AbortSignal): Door {
  /** The mail that goes to one at a time, since a run for several was refused: they may have it from that run all the same. */
  let refused: string | undefined;

  async function runFor(mail: OutgoingMail, alone = mail.messageId === refused): Promise<Attempt> {
    const { most, apart } = sharing(path, mail.to.length);
    const to = mail.to.slice(0, alone ? 1 : most);
    const attempt = judge(path, to, await run(path, { ...mail, to }, limit, signal).catch(notStarted));
    const isAboutOne = ({ verdict }: DeliveryResult) =>
      verdict === 'rejected' || (verdict === 'deferred' && !apart);
    if (to.length === 1 || attempt.outcome !== 'answered' || !attempt.results.some(isAboutOne))
      return attempt;
    // It does not say of whom. The next run is for one of them, and the others follow.
    if (!apart) refused = mail.messageId;
    return runFor(mail, true);
  }
  return {
    offer: async mail => {
      const wrong = await mail.recorded?.then(() => undefined, String);
      if (wrong === undefined) return runFor(mail);
      return { outcome: 'lost', recipients: mail.to, reply: `not sent: ${wrong}`, uncertain: false };
    },
    greet: async () => undefined,
    largest: () => 0,
    isAnswerDue: () => true,
    end: async () => {},
  };
}

/** Too long an argument list, for one. */
function notStarted(error: Error): Run {
  return { code: null, signal: null, words: '', fault: error.message };
}

function run(path: string, mail: OutgoingMail, limit: number, stop: AbortSignal): Promise<Run> {
  return new Promise(resolve => {
    // A group of its own, so that what it has started ends with it. Where it has ended by itself, what it left is its own affair.
    const args = ['-i', '-f', mail.from || '<>', '--', ...mail.to];
    const child: ChildProcess = spawn(path, args, { detached: true });
    // Not spawn's own timeout: that one goes on, and holds the process, where the program cannot be started.
    const kill = () => killGroup(child);
    const timer = setTimeout(kill, limit);
    if (stop.aborted) kill();
    stop.addEventListener('abort', kill);
    const ended = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', kill);
    };
    let words = '';
    const note = (chunk: string) => {
      words = `${words}${chunk}`.slice(0, LONGEST_OUTPUT);
    };
    child.stdout?.setEncoding('utf8').on('data', note);
    child.stderr?.setEncoding('utf8').on('data', note);
    child.on('error', error => {
      ended();
      resolve({ code: null, signal: null, words, fault: error.message });
    });
    child.on('exit', () => {
      ended();
      endStreams(child);
    });
    child.on('close', (code, signal) => resolve({ code, signal, words }));
    // It may end without reading all: its exit code tells more than a broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(mail.bytes);
  });
}

/** Ends a program that was started `detached`, and what it has started. */
export function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has taken another user's rights: this says so.
    child.kill('SIGKILL');
  }
}

/** A process that it left in the background may hold its streams open for as long as it likes. */
function endStreams(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, LAST_WORDS);
  child.on('close', () => clearTimeout(timer));
}
