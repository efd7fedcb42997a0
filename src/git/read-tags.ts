import type { Tag } from '../model/tag.ts';
import { decode } from '../model/text.ts';
import { readField } from './field.ts';
import type { Git } from './git.ts';
import { parseIdent } from './ident.ts';
import { readObjects } from './read-objects.ts';
import { headValue, splitObject } from './split-object.ts';
import { verifyTags } from './verify-tags.ts';

/**
 * The tag objects by their ids, out of one git process, and one more where some are signed. One that git cannot show is
 * missing from the answer.
 *
 * @param mark a fresh random word
 */
export async function readTags(git: Git, ids: readonly string[], mark: string): Promise<Map<string, Tag>> {
  const objects = await readObjects(git, ids);
  const tags = [...objects].map(([id, content]) => parseTag(id, content));
  const signed = tags.filter(tag => tag.signed).map(tag => tag.id);
  const checks = await verifyTags(git, signed, mark);
  return new Map(
    tags.map(tag => {
      const signature = checks.get(tag.id);
      return [tag.id, { ...tag, ...(signature ? { signature } : {}) }];
    }),
  );
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
  const field = (name: string) => readField(Buffer.from(headValue(object, name) ?? '', 'latin1'));
  const body = decode(object.body ?? Buffer.alloc(0));
  const signature = SIGNATURE.exec(body);
  const tagger = parseIdent(headValue(object, 'tagger') ?? '');
  return {
    id,
    target: field('object'),
    targetType: field('type'),
    ...(tagger ? { tagger } : {}),
    message: (signature ? body.slice(0, signature.index) : body).trimEnd(),
    signed: signature !== null,
  };
}
