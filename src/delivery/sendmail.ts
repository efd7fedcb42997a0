import { type ChildProcess, spawn } from 'node:child_process';
import type { Attempt, OutgoingMail, Sender, Verdict } from '../model/mail.ts';
import { boundedReply } from './reply.ts';

/** How one run of the program ended. */
interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The first of what it wrote on standard output and standard error. */
  readonly words: string;
  /** Set if it could not be started at all. */
  readonly fault?: string;
}

const LONGEST_OUTPUT = 4096;
/** Milliseconds in which what the program wrote must have come, once it has ended. */
const LAST_WORDS = 500;

/** Exit codes of sysexits(3) that are about the mail itself: EX_DATAERR and EX_NOUSER. */
const REJECTING = new Set([65, 67]);

/** EX_NOPERM and EX_CONFIG are about this user and this machine, and so about every mail. */
const SHUT = new Set([77, 78]);

/**
 * The local sendmail, one run a mail, with the options that all its descendants know: `-i` so that a lone dot ends
 * nothing, `-f` for the envelope sender.
 *
 * Exit code 0 is sent, 65 and 67 are rejected, 77 and 78 hold the whole queue, and every other code is tried again,
 * 75 (EX_TEMPFAIL) and also those that sysexits(3) calls permanent: programs disagree about them (one says 68 for a
 * host that it cannot look up just now, another 1 for everything), and a mail tried for days costs less than a lost one.
 * @param limit milliseconds that a run may take
 */
export function sendmailSender(path: string, limit: number): Sender {
  return {
    send: async mail => {
      const wrong = await mail.recorded?.then(() => undefined, String);
      if (wrong !== undefined) return { outcome: 'lost', reply: `not sent: ${wrong}`, uncertain: false };
      return judge(path, mail, await run(path, mail, limit).catch(notStarted));
    },
    close: async () => {},
  };
}

function judge(path: string, mail: OutgoingMail, { code, signal, words, fault }: Run): Attempt {
  if (fault !== undefined) {
    // The program is not there, or may not be run; without memory or processes it is another time's turn.
    return {
      outcome: 'unreachable',
      reply: boundedReply(`${path}: ${fault}`),
      lasting: !/EAGAIN|ENOMEM|EMFILE|ENFILE/.test(fault),
      concern: 'transport',
    };
  }
  const said = boundedReply(`${path}: ${signal ?? `exit code ${code}`}${words === '' ? '' : `: ${words}`}`);
  if (code === null) return { outcome: 'lost', reply: said, uncertain: true };
  if (SHUT.has(code)) return { outcome: 'unreachable', reply: said, lasting: true, concern: 'transport' };
  const verdict: Verdict = code === 0 ? 'sent' : REJECTING.has(code) ? 'rejected' : 'deferred';
  const reply = code === 0 ? boundedReply(`given to ${path}`) : said;
  return { outcome: 'answered', results: mail.to.map(recipient => ({ recipient, verdict, reply })) };
}

/** Too long an argument list, for one. */
function notStarted(error: Error): Run {
  return { code: null, signal: null, words: '', fault: error.message };
}

function run(path: string, mail: OutgoingMail, limit: number): Promise<Run> {
  return new Promise(resolve => {
    const child: ChildProcess = spawn(path, ['-i', '-f', mail.from || '<>', '--', ...mail.to]);
    // Not spawn's own timeout: that one goes on, and holds the process, where the program cannot be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    const settle = (run: Omit<Run, 'words'>) => {
      clearTimeout(timer);
      resolve({ ...run, words });
    };
    let words = '';
    const note = (chunk: string) => {
      words = `${words}${chunk}`.slice(0, LONGEST_OUTPUT);
    };
    child.stdout?.setEncoding('utf8').on('data', note);
    child.stderr?.setEncoding('utf8').on('data', note);
    child.on('error', error => settle({ code: null, signal: null, fault: error.message }));
    child.on('close', (code, signal) => settle({ code, signal }));
    child.on('exit', () => endStreams(child));
    // It may end without reading all: its exit code tells more than a broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(mail.bytes);
  });
}

/** A process that it left in the background may hold its streams open for as long as it likes. */
function endStreams(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, LAST_WORDS);
  child.on('close', () => clearTimeout(timer));
}
