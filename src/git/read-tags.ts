import type { Tag } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { readField } from './capped.ts';
import { splitObject } from './commit-object.ts';
import { openObjects } from './conversation.ts';
import type { Git } from './git.ts';
import { parseIdent } from './ident.ts';
import { verifyTags } from './signatures.ts';
import { whileRead } from './streams.ts';

/** The tag objects by their ids, out of one git process, and one more where some are signed; without those that git cannot show. */
export async function readTags(git: Git, ids: readonly string[]): Promise<Map<string, Tag>> {
  const tags = new Map<string, Tag>();
  for await (const tag of whileRead(git, own => readAll(own, ids))) tags.set(tag.id, tag);
  const signed = [...tags.values()].flatMap(({ id, signed }) => (signed ? [id] : []));
  for (const [id, signature] of await verifyTags(git, signed))
    tags.set(id, { ...(tags.get(id) as Tag), signature });
  return tags;
}

/** Bytes of all tags of a push. Those after them are missing from the answer. */
const MOST = 16 << 20;

async function* readAll(git: Git, ids: readonly string[]): AsyncGenerator<Tag> {
  const objects = openObjects(git);
  let left = MOST;
  for (const id of new Set(ids)) {
    const { text, lost } = (await objects.read(id, left)) ?? {};
    left -= text?.length ?? 0;
    if (text && !lost) yield parseTag(id, text);
  }
}

/** A signature stands at the end of the message, in any of the forms that git makes (gitformat-signature(5)). */
const SIGNATURE = /^-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m;

/**
 * object 7dbb705725e6f2d8a4b8e5e8b6a3f0f6b0f7c1aa
 * type commit
 * tag 1.5.1
 * tagger A U Thor <author@example.org> 1526932800 +0200
 *
 * The message
 */
function parseTag(id: string, content: Buffer): Tag {
  const object = splitObject(content);
  const field = (name: string) => readField(object.values(name)[0] ?? '');
  const body = decode(object.body);
  const signature = SIGNATURE.exec(body);
  const tagger = parseIdent(object.values('tagger')[0]);
  return {
    id,
    target: field('object'),
    targetType: field('type'),
    ...(tagger ? { tagger } : {}),
    message: (signature ? body.slice(0, signature.index) : body).trimEnd(),
    signed: signature !== null,
  };
}
