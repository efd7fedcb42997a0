import { createHash } from 'node:crypto';
import type { Push } from '../model/push.ts';
import type { RenderContext } from './context.ts';

/**
 * The Message-ID of one mail of a push, the same however often the push is expanded: a mail sent again is
 * recognisably the same mail. A push is known by its id; what a person asks `notify` for, by the values named.
 */
export function messageId(
  push: Push,
  what: string,
  context: Pick<RenderContext, 'repositoryName' | 'host'>,
): string {
  const identity =
    push.kind === 'notify'
      ? push.updates.map(update => `${update.old} ${update.new} ${update.ref}`).join('\n')
      : push.id;
  const hash = createHash('sha256').update([context.repositoryName, identity, what].join('\0')).digest('hex');
  return `<${hash.slice(0, 32)}@${context.host}>`;
}
