import type { Ledger } from '../model/ledger.ts';
import { seal, unseal } from './sealed-json.ts';

/** A ledger as it is stored. @param where what the directory's has besides: its repository, and which entry moved it last */
export function ledgerText(ledger: Ledger, where: object = {}): string {
  return seal({ ...where, ...ledger, refs: Object.fromEntries(ledger.refs) }, 1);
}

/** What such a text holds; undefined if it is damaged. */
export function parseLedger(text: string) {
  const { repository, applied, refs, ...rest } = unseal(text) ?? {};
  if (typeof refs !== 'object' || refs === null) return undefined;
  const values = Object.entries(refs);
  if (!values.every(([, value]) => typeof value === 'string')) return undefined;
  return { repository, applied, ledger: { ...rest, refs: new Map(values) } as Ledger };
}
