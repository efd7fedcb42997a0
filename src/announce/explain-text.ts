import { originText, printable } from '../config/config-fault.ts';
import type { EffectiveSetting } from '../config/resolve-setting.ts';
import type { Dropped } from '../model/edition.ts';
import { counted } from '../model/numbers.ts';
import type { Reason } from '../model/push-plan.ts';
import type { Explanation } from './explain.ts';
import type { ExplainedLinks } from './explain-origins.ts';

const REASONS: Readonly<Record<Reason, string>> = {
  merges: 'a merge',
  old: 'too old',
  muted: 'its message, or the push, asks for no mail',
  kinds: 'this audience hears of no commits',
  paths: 'changes none of the paths',
  authors: 'by another author',
  committers: 'by another committer',
  message: 'its message does not match',
  elsewhere: 'all who would get it have it from another audience',
  nobody: 'names nobody who may get it',
};

const DROPPED: Readonly<Record<Dropped['reason'], string>> = {
  domain: 'refpost.personDomains does not allow this domain',
  handle: 'no refpost.group stands for this handle',
  invalid: 'this is no address',
  many: 'refpost.maxRecipients is reached',
  served: 'gets it already',
};

/** An explanation for people: audience by audience its settings, its mails with all who get them, and what is left out. */
export function explanationText({ audiences }: Explanation): string {
  const blocks = audiences.map(
    ({ name, settings, links, mails, refsLeftOut, commitsLeftOut, peopleFaults }) => [
      `${name === '' ? 'Default audience' : `Audience ${name}`}: ${mails.length > 0 ? counted(mails.length, 'mail') : 'no mail'}`,
      ...settings.map(setting => `  ${settingText(setting)}`),
      ...(links ? [`  ${linksText(links)}`] : []),
      ...mails.flatMap(mail => [
        `  ${printable(mail.subject)}`,
        ...mail.recipients.map(({ address, field, why }) => `    ${field} ${address} (${printable(why)})`),
        ...mail.dropped.map(
          ({ who, why, reason }) => `    not ${printable(who)} (${printable(why)}): ${DROPPED[reason]}`,
        ),
      ]),
      ...peopleFaults.map(fault => `  people: ${printable(fault)}`),
      ...refsLeftOut.map(
        ({ ref, by }) => `  not heard of: ${printable(ref)}${by ? `: ${settingText(by)}` : ''}`,
      ),
      ...commitsLeftOut.map(({ commit, subject, reason, by, heardBy }) => {
        const others = heardBy.map(audience => audience || 'the default audience').join(', ');
        const more = by ? `: ${settingText(by)}` : reason === 'elsewhere' && others ? `: ${others}` : '';
        return `  no mail: ${commit.slice(0, 9)} ${printable(subject)}: ${REASONS[reason]}${more}`;
      }),
    ],
  );
  return blocks.map(lines => `${lines.join('\n')}\n`).join('\n');
}

function linksText({ commit, why, by }: ExplainedLinks): string {
  const from = by ? settingText(by) : printable(why);
  return commit === null ? `no link to a commit: ${from}` : `links: ${printable(commit)}: ${from}`;
}

function settingText({ key, value, origin }: EffectiveSetting): string {
  return `${key} = ${printable(value)} (${originText(origin, printable)})`;
}
