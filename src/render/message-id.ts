import { createHash } from 'node:crypto';
import type { Push } from '../model/push.ts';
import type { RenderContext } from './templates.ts';

type Names = Pick<RenderContext, 'repositoryName' | 'host'>;

/**
 * The Message-ID of one mail of a push, the same however often the push is expanded: a mail sent again is
 * recognisably the same mail. A push is known by its id; what a person asks `notify` for, by the values named and the repository.
 */
export function messageId(push: Push, what: string, { repositoryName, host }: Names): string {
  const asked = push.updates.map(update => `${update.old} ${update.new} ${update.ref}`);
  const named = push.identity ? [...asked, push.identity] : asked;
  const identity = push.kind === 'notify' ? named.join('\n') : push.id;
  const hash = createHash('sha256').update([repositoryName, identity, what].join('\0')).digest('hex');
  return `<${hash.slice(0, 32)}@${host}>`;
}

/** RFC 2919 section 2: 255 characters at most. */
const LIST_ID = 255;

/**
 * A List-Id without its angle brackets (RFC 2919), made from repository and host: `team-mig.git.example.org`. What a label cannot hold
 * becomes a hyphen; names that differ in nothing else are told apart by a hash.
 */
export function listId({ repositoryName, host }: Names): string {
  const plain = repositoryName.replace(/[^\w.-]+/g, '-').replace(/\.{2,}/g, '.');
  const hash = createHash('sha256').update(repositoryName).digest('hex').slice(0, 8);
  const label = /^[\w./-]+$/.test(repositoryName) ? plain : `${hash}-${plain}`;
  return `${label.slice(0, LIST_ID - 1 - host.length).replace(/^[.-]+|[.-]+$/g, '') || hash}.${host}`;
}
