import dns from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { mailHost } from '../announce/render-context.ts';
import { type DkimKey, dkimKey, dkimRecord, dkimRecordName } from '../delivery/dkim.ts';
import type { World } from '../model/world.ts';
import { fixedSender } from '../render/people.ts';
import type { Workplace } from '../repository/workplace.ts';
import { type Finding, fail, ok, warn, warnIf } from './finding.ts';

/** The key, and what receivers find of it. A DNS that cannot be asked is no fault of the settings. */
export async function dkim(world: World, { config }: Workplace): Promise<readonly Finding[]> {
  const key = await dkimKey(config);
  if (key === undefined) return [];
  const { domain, bits } = key;
  const { address } = fixedSender({ config, host: mailHost(world) });
  return [
    await recordOf(key),
    ...warnIf(
      !`.${address}`.replace(/^.*@/, '.').endsWith(`.${domain}`),
      `mails are from ${address}, which is not in ${domain}: to receivers who go by DMARC the signature is a stranger's`,
      'set refpost.from to an address there, or refpost.dkimDomain to the domain of the sender',
    ),
    ...warnIf(
      bits < USUAL_BITS,
      `the key has ${bits} bits: some receivers take none with fewer than ${USUAL_BITS}`,
      'make a new one, and publish it under a new selector',
    ),
  ];
}

/** RFC 8301 section 3.2: signers should use at least as many. */
const USUAL_BITS = 2048;

async function recordOf(key: DkimKey): Promise<Finding> {
  const name = dkimRecordName(key);
  const record = dkimRecord(key);
  const publish = `publish it:\n${name}. IN TXT ( ${record
    .match(/.{1,250}/g)
    ?.map(part => `"${part}"`)
    .join(' ')} )`;
  const published = await textRecords(name);
  if (!Array.isArray(published))
    return warn(
      `the DNS could not be asked for ${name} (${published}); where it is not published yet`,
      publish,
    );
  if (published.length === 0)
    return warn(`there is no record ${name}: nobody can verify the signatures`, publish);
  const keyIn = (text: string) => /(?:^|;)\s*p\s*=([^;]*)/.exec(text)?.[1]?.replace(/\s/g, '');
  if (published.some(text => keyIn(text) === keyIn(record)))
    return ok(`mails are signed for ${key.domain}, and ${name} has the key`);
  return fail(`${name} has another key, so that every signature counts as broken`, publish);
}

const DNS_LIMIT = 3000;

/** The TXT records of a name, none where it has none; a code where that is not known. */
async function textRecords(name: string): Promise<readonly string[] | string> {
  const resolver = new Resolver({ timeout: DNS_LIMIT, tries: 1 });
  resolver.setServers(dns.getServers());
  try {
    return (await resolver.resolveTxt(name)).map(parts => parts.join(''));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return ['ENOTFOUND', 'ENODATA'].includes(code) ? [] : code;
  }
}
