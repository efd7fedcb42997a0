import { distinct, meaning } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { allOf, type Edition, noticeName } from '../model/edition.ts';
import type { Mail } from '../model/mail.ts';
import type { Notice } from '../model/push-plan.ts';

/**
 * A mail to those who hear of its notice, whether its header names them or not. Where nobody but copies is named, these are To: filters suspect mail
 * to nobody (rspamd: three points).
 */
export function addressed(mail: Mail, edition: Edition, notice: Notice, { omitHeader }: Config): Mail {
  const name = noticeName(notice);
  const { to, cc } = edition.recipients;
  const copies = distinct([...cc, ...(edition.people.get(name)?.cc ?? []).map(({ address }) => address)]);
  const isOfTo = new Set(to.map(meaning));
  const others = copies.filter(one => !isOfTo.has(meaning(one)));
  const named = to.length > 0 ? { to, cc: others } : { to: copies, cc: [] };
  // Not first: see `textOf`.
  return {
    about: name,
    ...mail,
    to: omitHeader.includes('To') ? [] : named.to,
    ...(named.cc.length > 0 && !omitHeader.includes('Cc') ? { cc: named.cc } : {}),
    ...(edition.audience === '' ? {} : { audience: edition.audience }),
    envelope: { ...mail.envelope, to: envelopeOf(edition, name) },
  };
}

/** All who get the mail of a notice. */
export function envelopeOf({ recipients, people }: Edition, notice: string): readonly string[] {
  const { cc = [], bcc = [] } = people.get(notice) ?? {};
  const copies = [...cc, ...bcc].map(({ address }) => address);
  return distinct([...allOf(recipients), ...copies]);
}
