import { randomBytes } from 'node:crypto';
import type { ComposedMail } from '../../model/mail.ts';
import type { StoredMail } from '../../model/outbox-entry.ts';
import { sha256 } from '../sealed-json.ts';
import type { Query } from './database.ts';

/** So many bytes of mails are kept in memory; where there are more, they are written before their push is stored. */
const MEMORY = 1 << 20;

const STAGE = `
  with drafts as (insert into refpost.draft (id, server) select distinct draft, $1 from unnest($2::uuid[]) draft
    on conflict do nothing)
  insert into refpost.mail (draft, number, server, bytes)
  select draft, number, $1, bytes from unnest($2::uuid[], $3::integer[], $4::bytea[]) as m (draft, number, bytes)`;

/** The mails of an audience, under an id by which they are known before they have an entry. */
interface Draft {
  readonly id: string;
  readonly audience: string;
  readonly mails: StoredMail[];
}

interface MailRow {
  readonly draft: string;
  readonly number: number;
  readonly bytes: Buffer;
}

export type Staging = ReturnType<typeof stage>;

/** Gathers the mails of a push, which may be many. */
export function stage(query: Query, server: string) {
  const drafts = new Map<string, Draft>();
  const staged = new Set<string>();
  const rest: MailRow[] = [];
  let size = 0;

  function draft(audience: string): Draft {
    const found = drafts.get(audience) ?? { id: draftId(), audience, mails: [] };
    drafts.set(audience, found);
    return found;
  }

  async function write(): Promise<void> {
    for (const { draft } of rest) staged.add(draft);
    const values = [rest.map(({ draft }) => draft), rest.map(({ number }) => number), rest.map(m => m.bytes)];
    await query(STAGE, [server, ...values]);
    rest.length = 0;
    size = 0;
  }

  return {
    /** In the order of their first mails. */
    drafts: drafts as ReadonlyMap<string, Draft>,
    draft,
    /** Those of which mails are written. */
    staged: () => [...staged],
    /** Mails that are not. */
    rest: rest as readonly MailRow[],
    async add({ envelope, messageId, subject, about, audience = '', bytes }: ComposedMail): Promise<void> {
      const { id, mails } = draft(audience);
      const number = mails.length + 1;
      const named = about === undefined ? {} : { about };
      const place = { offset: 0, length: bytes.length, sha256: sha256(bytes) };
      mails.push({ number, messageId, subject, ...named, envelope, ...place });
      rest.push({ draft: id, number, bytes });
      size += bytes.length;
      if (size > MEMORY) await write();
    },
    /** Takes away what was written. Should that fail, the next worker of this server sweeps it. */
    async undo(): Promise<void> {
      for (const id of staged)
        await query('select refpost.sweep($1, $2)', [server, id]).catch(() => undefined);
    },
  };
}

/** A UUID of version 7 (RFC 9562, 5.7), which starts with the time: rows that are made together are near each other. */
export function draftId(): string {
  const hex = performanceTime().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function performanceTime(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}
