import type { Tag } from '../model/tag.ts';
import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { readObjects } from './read-objects.ts';
import { parseSignature } from './signature-line.ts';

/** The tag objects by their ids, out of one git process. One that git cannot show is missing from the answer. */
export async function readTags(git: Git, ids: readonly string[]): Promise<Map<string, Tag>> {
  const objects = await readObjects(git, ids);
  return new Map([...objects].map(([id, content]) => [id, parseTag(id, decode(content))]));
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
function parseTag(id: string, content: string): Tag {
  const end = content.indexOf('\n\n');
  const head = end < 0 ? content : content.slice(0, end);
  // Lines end at LF alone: a tagger's name may hold a CR.
  const lines = head.split('\n');
  const field = (name: string) => lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1);
  const body = end < 0 ? '' : content.slice(end + 2);
  const signature = SIGNATURE.exec(body);
  const tagger = parseSignature(field('tagger') ?? '');
  return {
    id,
    target: field('object') ?? '',
    targetType: field('type') ?? '',
    ...(tagger ? { tagger } : {}),
    message: (signature ? body.slice(0, signature.index) : body).trimEnd(),
    signed: signature !== null,
  };
}
