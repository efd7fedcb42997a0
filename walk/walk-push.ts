import { announce } from '../src/announce/announce.ts';
import { composeForWire } from '../src/delivery/compose.ts';
import type { Git } from '../src/git/git.ts';
import { type Ledger, moved } from '../src/model/ledger.ts';
import type { Mail } from '../src/model/mail.ts';
import type { Push } from '../src/model/push.ts';
import type { RenderContext } from '../src/render/templates.ts';
import { compareDiff } from './compare.ts';
import { type Graph, mistakesIn } from './graph.ts';
import type { Printer } from './printed.ts';
import type { Tally } from './tally.ts';

export interface Walker {
  readonly git: Git;
  readonly context: RenderContext;
  readonly printers: { readonly commits: Printer; readonly merges: Printer };
  readonly graph: Graph;
  readonly tally: Tally;
  /** Is told of each fault, in a sentence. */
  readonly report: (sentence: string) => void;
}

/** Announces one push and checks all that comes out. Returns the ledger as it is then. */
export async function walkPush(
  walker: Walker,
  push: Push,
  ledger: Ledger,
  expected: ReadonlySet<string>,
): Promise<Ledger> {
  const { git, context, tally, report } = walker;
  const { ref, old, new: fresh } = push.updates[0] as Push['updates'][number];
  const name = `${old} ${fresh} ${ref}`;
  const announced: string[] = [];
  let after = ledger;
  tally.pushes++;
  try {
    const { editions, mails, move } = await announce(git, push, ledger, [context]);
    const notices = editions[0]?.plan.notices ?? [];
    if (move) after = moved(ledger, move);
    let number = 0;
    for await (const mail of mails) {
      const notice = notices[number++];
      tally.mails++;
      await composeForWire(mail);
      if (notice?.kind !== 'commit') continue;
      announced.push(notice.commit);
      await checkMail(walker, notice.commit, mail);
    }
  } catch (error) {
    tally.failures++;
    report(`${name}: ${error instanceof Error ? error.stack : error}`);
  }
  tally.commits += announced.length;
  const { lost, doubled, early } = mistakesIn(walker.graph, announced, expected);
  for (const [what, ids] of Object.entries({ lost, doubled, early })) {
    tally[what as 'lost' | 'doubled' | 'early'] += ids.length;
    if (ids.length > 0) report(`${name}: ${what}: ${ids.slice(0, 5).join(' ')}`);
  }
  return after;
}

async function checkMail(
  { printers, graph, tally, report }: Walker,
  commit: string,
  mail: Mail,
): Promise<void> {
  const merge = (graph.get(commit)?.length ?? 0) > 1;
  const printed = await printers[merge ? 'merges' : 'commits'].patchOf(commit);
  if ('words' in printed) {
    // git may stumble over the same object in the stat or in the diff, and says it in other words.
    const object = /[0-9a-f]{40,}/.exec(printed.words)?.[0] ?? printed.words;
    if (mail.text.includes('[git could not show') && mail.text.includes(object)) tally.unshown++;
    else {
      tally.differences++;
      report(`${commit}: git says "${printed.words}", and the mail does not`);
    }
    return;
  }
  const { files, exact, cut, difference } = compareDiff(mail.text, printed.patch);
  tally.files += files;
  tally.exact += exact;
  if (cut) tally.cut++;
  if (difference === undefined) return;
  tally.differences++;
  report(`${commit}: ${difference}`);
}
