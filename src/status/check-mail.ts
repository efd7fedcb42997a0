import { join } from 'node:path';
import { readPeopleFiles } from '../announce/commit-facts.ts';
import { mailHost, nameOf, renderContext } from '../announce/render-context.ts';
import { settingKey } from '../config/keys.ts';
import { linksOf, unlinked } from '../config/links.ts';
import { thereText } from '../config/receivers.ts';
import { probe } from '../delivery/probe.ts';
import { senderOptions } from '../delivery/sender-options.ts';
import { describeTransport, resolveTransport } from '../delivery/transport.ts';
import { hasDomain, senderFault, verpSender } from '../model/address.ts';
import { fixedRecipients, isHeard, namesPeopleBy } from '../model/config.ts';
import { counted } from '../model/numbers.ts';
import type { World } from '../model/world.ts';
import { commitLink } from '../render/links.ts';
import { fixedSender } from '../render/people.ts';
import { renderSamples } from '../render/templates.ts';
import { hostOf } from '../repository/host-of.ts';
import type { Workplace } from '../repository/workplace.ts';
import { dkim } from './check-dkim.ts';
import { type Checks, type Finding, fail, failure, ok, warn, warnIf } from './finding.ts';
import { transportRemedy } from './troubles.ts';

/** What the mails need: recipients, a sender, templates, a signature where one is asked for, and a way to the server. */
export const MAIL_CHECKS: Checks = {
  recipients: forEach(recipients),
  sender: forEach(sender),
  receiver: forEach(receiver),
  templates: forEach(templates),
  links: forEach(links),
  dkim: forEach(dkim),
  transport: forEach(transport),
};

/** @param place with the settings of the audience @param audience its name */
type Look = (world: World, place: Workplace, audience: string) => Promise<Finding | readonly Finding[]>;

/** The key to set, where an audience may have a value of its own: one that several inherit is corrected where they have it from. */
function keyToSet({ config, sections }: Workplace, audience: string, key: 'from' | 'envelopeFrom'): string {
  const plain = sections.find(({ name }) => name === '')?.config;
  return settingKey(plain && plain[key] === config[key] ? '' : audience, key);
}

/** Looks at all audiences side by side. What is found with several is shown once; whose it is, where it is not that of all or of the default one. */
function forEach(look: Look): Checks[string] {
  return async (world, place) => {
    const found = await Promise.all(
      place.audiences.map(async ({ name, config }) => ({
        name,
        findings: [await look(world, { ...place, config }, name).catch(failure)].flat(),
      })),
    );
    const shown = new Map<string, { readonly finding: Finding; readonly names: string[] }>();
    for (const { name, findings } of found) {
      for (const finding of findings) {
        const { names } = shown.get(JSON.stringify(finding)) ?? { names: [] };
        shown.set(JSON.stringify(finding), { finding, names: [...names, name] });
      }
    }
    return [...shown.values()].map(({ finding, names }) => {
      if (names.length === found.length || names.join() === '') return finding;
      const list = names.map(name => name || 'default').join(', ');
      return { ...finding, what: `${names.length > 1 ? 'audiences' : 'audience'} ${list}: ${finding.what}` };
    });
  };
}

async function recipients(
  _: World,
  { config, git }: Workplace,
  audience: string,
): Promise<readonly Finding[]> {
  if (!isHeard(config) && config.noRecipients === 'ignore')
    return [ok('nobody is set, and pushes are passed over (refpost.noRecipients)')];
  if (!isHeard(config)) {
    const set = `git -C '${git.gitDir}' config --add ${settingKey(audience, 'to')} commits@example.org`;
    return [fail('refpost.to is not set: nobody gets a mail', set)];
  }
  const { faults } =
    config.people.length > 0 ? await readPeopleFiles(git, undefined, config) : { faults: [] };
  const all = [...fixedRecipients(config), ...namesPeopleBy(config)];
  return [
    ok(all.join(', ')),
    ...faults.map(fault => warn(fault, `correct it, or ${settingKey(audience, 'people')}`)),
  ];
}

async function sender(world: World, workplace: Workplace, audience: string): Promise<Finding> {
  const { address } = senderOf(world, workplace);
  const { envelopeFrom = address } = workplace.config;
  const config = `git -C '${workplace.git.gitDir}' config`;
  const senders = [
    [address, 'mails are from', `${keyToSet(workplace, audience, 'from')} 'Commits <commits@example.org>'`],
    [envelopeFrom, 'bounces go to', `${keyToSet(workplace, audience, 'envelopeFrom')} bounces@example.org`],
  ] as const;
  for (const [one, what, setting] of senders) {
    const wrong = senderFault(one);
    if (wrong !== undefined) return warn(`${what} ${one}: ${wrong}`, `${config} ${setting}`);
  }
  return ok(envelopeFrom === address ? address : `${address}, with bounces to ${envelopeFrom}`);
}

/** What a person has to see to at the lists, and what would go wrong there. */
async function receiver(
  world: World,
  { config, git }: Workplace,
  audience: string,
): Promise<readonly Finding[]> {
  const there = thereText(config.receiver);
  return [
    ...(there.length > 0 ? [ok(there.join('\n'))] : []),
    ...warnIf(
      there.length > 0 && config.from === undefined,
      `refpost.from is not set: ${config.receiver} has to take mails from git@${mailHost(world)}`,
      `git -C '${git.gitDir}' config ${settingKey(audience, 'from')} 'Commits <commits@example.org>'`,
    ),
  ];
}

/** Without the templates: a fault of theirs is none of the sender or the server. */
function senderOf(world: World, { config }: Workplace) {
  return fixedSender({ config, host: mailHost(world) });
}

/** Where the mails will say that the newest commit is shown. */
async function links(world: World, place: Workplace): Promise<readonly Finding[]> {
  const { git, config } = place;
  const host = await hostOf(world, place);
  const found = linksOf(config, nameOf(git.gitDir, config.repoName), host?.web?.({}));
  const newest = await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => '');
  const link = commitLink(found, newest.trim() || '0'.repeat(40));
  if (link !== null) return [ok(`the commit at HEAD is at ${link} (${found?.by})`)];
  const why = found ? undefined : unlinked(config);
  const remedy = 'docs/links.md has what to set for which program';
  if (why !== undefined) return [warn(`there are no links: ${why}`, remedy)];
  const mayTell = host?.web && config.web !== 'off';
  return mayTell
    ? [ok(`as ${host.title} says where its pages are; none where it does not (refpost.webUrl)`)]
    : [];
}

async function templates(world: World, workplace: Workplace): Promise<Finding> {
  const context = await renderContext(world, workplace);
  renderSamples(context.templates, join(world.home, 'templates'));
  return ok(workplace.config.templates ?? 'those that come with refpost');
}

/** Asks about a mail as it would be: login, sender, recipients, size. */
async function transport(world: World, workplace: Workplace, audience: string): Promise<readonly Finding[]> {
  const { config } = workplace;
  const address = resolveTransport(config.transport);
  const name = describeTransport(address);
  const options = senderOptions(world, config);
  const sender = config.envelopeFrom ?? senderOf(world, workplace).address;
  const to = [...config.to, ...(config.administrator === undefined ? [] : [config.administrator])];
  const from = config.verp ? verpSender(sender, to[0] ?? '') : sender;
  const probed = await probe(address, options, { from, to });
  if ('unreachable' in probed) return [fail(probed.unreachable, transportRemedy(probed.unreachable))];
  if (address.kind === 'sendmail') return [ok(`${name} can be run; whether its mails arrive is not known`)];
  const refusals = probed.refusals.map(({ about, words, lasting }) => {
    const setting = about === 'sender' ? 'refpost.envelopeFrom or refpost.from' : settingKey(audience, 'to');
    return lasting
      ? fail(words, `correct ${setting}, or have the server accept this ${about}`)
      : warn(words, 'the mails wait and are tried again');
  });
  const { clientName } = options;
  const { largest } = probed;
  const room =
    largest > 0 ? `, and mails of ${counted(largest, 'byte')} (refpost.maxSize is ${config.maxSize})` : '';
  const most = `the server takes mails of ${counted(largest, 'byte')} at the most`;
  return [
    ...(refusals.length > 0
      ? refusals
      : [ok(`${name} accepts the sender and the recipients${room}; no mail was sent`)]),
    ...warnIf(
      !hasDomain(clientName),
      `this host gives its name as ${clientName}: many servers refuse one without a dot`,
      'set refpost.ehloName to its full name, or write that into /etc/mailname',
    ),
    ...warnIf(
      largest > 0 && largest < config.maxSize,
      `${most}, less than refpost.maxSize: none is made larger than that`,
      `git -C '${workplace.git.gitDir}' config refpost.maxSize ${largest}`,
    ),
  ];
}
