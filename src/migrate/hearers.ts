import { distinct, meaning, parseMailbox } from '../model/address.ts';
import type { Fate, NewSetting } from './mailer.ts';

/** What one list of another mailer hears. */
export interface Hearer {
  /** The old key that names the list. */
  readonly from: string;
  readonly kind: 'commit' | 'digest' | 'branch' | 'tag';
  readonly addresses: readonly string[];
}

/** An audience that hears refs or tags alone is called so. */
const NAMES: Readonly<Record<Hearer['kind'], string>> = {
  commit: 'commits',
  digest: 'commits',
  branch: 'refs',
  tag: 'announce',
};

type Addresses = ReturnType<typeof readAddresses>;

/** Quoted names and comments may have commas in them (RFC 5322 3.2). */
const PIECE = /(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^,\r\n"(])+|["(]/g;

/** Addresses in lists as a To header has them. What is none is given back beside them. */
export function readAddresses(texts: readonly string[], pieces = PIECE) {
  const all = texts.flatMap(text => text.match(pieces) ?? []).map(piece => piece.trim());
  const read = all
    .filter(piece => piece !== '')
    .map(piece => ({ piece, mailbox: parseMailbox(piece.replace(/\([^()]*\)/g, '')) }));
  return {
    addresses: distinct(read.flatMap(({ mailbox }) => mailbox?.address ?? [])),
    wrong: read.filter(({ mailbox }) => mailbox === undefined).map(({ piece }) => piece),
  };
}

/** Those who hear the same are one audience; the first of them is the default one. */
export function audiencesOf(hearers: readonly Hearer[]): readonly (NewSetting & { from: string })[] {
  const groups = new Map<string, Hearer[]>();
  for (const hearer of hearers.filter(({ addresses }) => addresses.length > 0)) {
    const key = hearer.addresses.map(meaning).toSorted().join('\n');
    groups.set(key, [...(groups.get(key) ?? []), hearer]);
  }
  const hearsAll = (group: readonly Hearer[]) =>
    ['commit', 'branch', 'tag'].every(kind => group.some(hearer => hearer.kind === kind));
  return [...groups.values()].flatMap((group, nth) => {
    const [first] = group as [Hearer];
    const audience = nth === 0 ? {} : { audience: NAMES[first.kind] };
    const to = first.addresses.map(value => ({ ...audience, key: 'to' as const, value }));
    // Whoever hears of branches and not of their commits gets these in one mail.
    const kinds = group.some(({ kind }) => kind === 'branch') ? ['digest'] : [];
    const value = [...new Set([...group.map(({ kind }) => kind), ...kinds])].join(' ');
    const told = hearsAll(group) ? [] : [{ ...audience, key: 'kinds' as const, value }];
    const settings: NewSetting[] = [...to, ...told];
    return group.flatMap(({ from }) => settings.map(setting => ({ ...setting, from })));
  });
}

/** One list that hears everything. */
export function allKinds(from: string, { addresses }: Addresses): readonly Hearer[] {
  return (['commit', 'branch', 'tag'] as const).map(kind => ({ from, kind, addresses }));
}

/** The fate of a key that names recipients. @param hearers of all such keys */
export function fateOfList(name: string, { addresses, wrong }: Addresses, hearers: readonly Hearer[]): Fate {
  const but = wrong.length > 0 ? `left out, since it is no address: ${wrong.join(', ')}` : undefined;
  const own = audiencesOf(hearers).filter(({ from }) => from === name);
  const becomes = own.map(({ from, ...setting }) => setting);
  if (becomes.length > 0) return { becomes, but };
  if (but !== undefined) return { refused: but };
  return { needless: addresses.length > 0 ? 'other lists are set for all mails' : 'it names nobody' };
}

export function isNobody(text: string): boolean {
  return text.trim() === '' || text.trim() === 'none';
}
