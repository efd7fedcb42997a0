import type { Program } from '../model/config.ts';
import type { Attempt, DeliveryResult, OutgoingMail } from '../model/mail.ts';
import { type Run, run } from './program.ts';
import type { Door } from './sender-options.ts';
import { judge, sharing } from './sendmail-verdict.ts';

const LONGEST_OUTPUT = 4096;

/**
 * The local sendmail, with the options that all its descendants know: `-i` so that a lone dot ends nothing, `-f` for the envelope sender.
 * Options of the administrator's come before them.
 * @param limit milliseconds that a run may take
 * @param signal ends a run
 */
export function sendmailDoor({ path, options = [] }: Program, limit: number, signal: AbortSignal): Door {
  /** The mail that goes to one at a time, since a run for several was refused: they may have it from that run all the same. */
  let refused: string | undefined;

  async function runFor(mail: OutgoingMail, alone = mail.messageId === refused): Promise<Attempt> {
    const { most, apart } = sharing(path, mail.to.length);
    const to = mail.to.slice(0, alone ? 1 : most);
    const args = [...options, '-i', '-f', mail.from || '<>', '--', ...to];
    const how = { input: mail.bytes, limit, stop: signal, most: LONGEST_OUTPUT };
    const attempt = judge(path, to, await run(path, args, how).catch(notStarted));
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
      const wrong = await mail.recorded?.().then(() => undefined, String);
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
  return { code: null, signal: null, output: Buffer.alloc(0), fault: error.message };
}
