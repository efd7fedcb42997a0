import { isRefName, isZero } from '../model/push.ts';
import type { ToldUpdate } from './changes.ts';

/** What the body of a webhook says about a push. Whose repository it is, is looked up among those that are known: none of it is used as it is. */
export interface Told {
  /** Addresses of the repository, as the host gives them. */
  readonly addresses: readonly string[];
  /** Its full name, such as `team/project`. */
  readonly names: readonly string[];
  readonly updates: readonly ToldUpdate[];
}

/** More ref updates than any host puts into one webhook. */
const MOST = 1000;

/**
 * Reads a body, as JSON or as a form that has it in its field `payload` (GitHub). undefined for what is no JSON object.
 *
 *     {"ref", "before", "after", "repository": {"clone_url", "full_name"}, "pusher": {"name"}}       GitHub, Gitea, Forgejo
 *     {"ref", "before", "after", "project": {"git_http_url", "path_with_namespace"}, "user_username"}   GitLab
 *     {"push": {"changes": [{"old", "new": {"type", "name", "target": {"hash"}}}]}, "actor"}            Bitbucket Cloud
 *     {"changes": [{"refId", "fromHash", "toHash"}], "actor": {"name"}}                                 Bitbucket Data Center
 *     {"data": {"webhook": {"updates": [{"ref": {"name"}, "old": {"id"}, "new": {"id"}}]}}}             sourcehut
 */
export function readPayload(body: Buffer, type: string): Told | undefined {
  const root = parsed(body, type);
  if (!isObject(root)) return undefined;
  const event = isObject(root.data) ? at(root.data, 'webhook') : root;
  const repositories = [at(event, 'repository'), at(event, 'project')];
  const owner = words(
    at(event, 'repository', 'owner', 'canonicalName'),
    at(event, 'repository', 'project', 'key'),
  );
  const short = words(at(event, 'repository', 'name'), at(event, 'repository', 'slug'));
  const names = repositories.flatMap(each => words(at(each, 'full_name'), at(each, 'path_with_namespace')));
  const [pusher] = words(
    ...['login', 'username', 'name', 'canonicalName'].map(key => at(event, 'pusher', key)),
    ...['user_username', 'user_name'].map(key => at(event, key)),
    ...['name', 'nickname', 'display_name', 'displayName'].map(key => at(event, 'actor', key)),
  ).filter(name => name.length <= 200 && !/\p{C}/u.test(name));
  return {
    addresses: repositories.flatMap(each => addressesIn(each, 4)),
    names: [...names, ...owner.flatMap(name => short.map(repository => `${name}/${repository}`))],
    updates: updatesIn(event).map(update => ({ ...update, ...(pusher === undefined ? {} : { pusher }) })),
  };
}

function parsed(body: Buffer, type: string): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(
      /^application\/x-www-form-urlencoded\b/i.test(type)
        ? (new URLSearchParams(text).get('payload') ?? '')
        : text,
    );
  } catch {
    return undefined;
  }
}

function updatesIn(event: unknown): { ref: string; old: string; new: string }[] {
  const cloud = list(at(event, 'push', 'changes')).map(change => {
    const branch = at(change, 'new') ?? at(change, 'old');
    const ref = `refs/${at(branch, 'type') === 'tag' ? 'tags' : 'heads'}/${at(branch, 'name')}`;
    return [ref, at(change, 'old', 'target', 'hash'), at(change, 'new', 'target', 'hash')];
  });
  const rows = [
    [at(event, 'ref'), at(event, 'before'), at(event, 'after')],
    ...cloud,
    ...list(at(event, 'changes')).map(each => [at(each, 'refId'), at(each, 'fromHash'), at(each, 'toHash')]),
    ...list(at(event, 'updates')).map(each => [
      at(each, 'ref', 'name'),
      at(each, 'old', 'id'),
      at(each, 'new', 'id'),
    ]),
  ];
  return rows.slice(0, MOST).flatMap(([ref, before, now]) => {
    const size = [before, now].find(id => typeof id === 'string')?.length ?? 0;
    const [old, fresh] = [before ?? '0'.repeat(size), now ?? '0'.repeat(size)];
    const isWhole =
      typeof ref === 'string' && isRefName(ref) && isId(old) && isId(fresh) && old.length === fresh.length;
    return isWhole && !(isZero(old) && isZero(fresh)) ? [{ ref, old, new: fresh }] : [];
  });
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

/** All texts in there that may be addresses. */
function addressesIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.length < 1000 && value.includes(':') ? [value] : [];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value)
    .slice(0, 200)
    .flatMap(each => addressesIn(each, depth - 1));
}

function words(...values: readonly unknown[]): string[] {
  return values.flatMap(value => (typeof value === 'string' && value !== '' ? [value] : []));
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return (
    path.reduce(
      (found: unknown, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
      value,
    ) ?? undefined
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
