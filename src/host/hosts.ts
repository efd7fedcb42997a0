import { bitbucket } from './bitbucket.ts';
import { gerrit } from './gerrit.ts';
import { gitea } from './gitea.ts';
import { gitlab } from './gitlab.ts';
import { gitolite } from './gitolite.ts';
import type { Environment, Host, Pusher, Said } from './host.ts';
import { daemon, http, ssh } from './plain.ts';
import { CERTIFICATE_VARIABLES, signerOf } from './push-certificate.ts';
import { softServe } from './soft-serve.ts';

/** The first that is known has run a hook. gitolite and GitLab share the prefix GL_; behind a web server each has its variables too. */
export const hosts: readonly [...Host[], Host] = [
  ...[gitea, bitbucket, gerrit, softServe, gitlab, gitolite, http, daemon],
  ssh,
];

/** The variables that a hook records, in the order of the record. `npm run readme` writes them into bin/post-receive. */
export const recordedNames: readonly string[] = [
  ...new Set([...hosts.toReversed().flatMap(({ variables }) => variables), ...CERTIFICATE_VARIABLES]),
];

/** What the host said about a push, from the variables that the hook recorded. */
export function saidBy(environment: Environment): Said {
  const env = withoutEndless(environment);
  const host = hosts.find(each => each.isKnown(env)) ?? ssh;
  const repository = host.repository?.(env);
  const web = host.web?.(env);
  const passedOver = host.passedOver?.(env);
  return {
    host,
    pusher: withSigner(host.pusher(env), signerOf(env)),
    ...(repository ? { repository } : {}),
    ...(web ? { web } : {}),
    ...(passedOver ? { passedOver } : {}),
  };
}

/** The names and addresses by which a pusher is known, in lower case. */
export function knownNames({ name, email, aliases = [] }: Pusher): readonly string[] {
  return [...new Set([name, email, ...aliases].flatMap(text => text?.toLowerCase() ?? []))];
}

/** A verified signer is who pushed, by whatever account. */
function withSigner(pusher: Pusher, signer: Pusher | undefined): Pusher {
  if (signer === undefined) return pusher;
  const { name, email, aliases = [] } = pusher;
  const others = [name, email, ...aliases].flatMap(text => text ?? []);
  return { ...signer, ...(others.length > 0 ? { aliases: others } : {}) };
}

/** Characters of a value; no host has names or addresses as long. */
const LONGEST = 1000;

/** Whoever pushes by a path sets variables as they like: what is endless is as if it were not there. Other characters are made visible in mails. */
function withoutEndless(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => (value?.length ?? 0) <= LONGEST));
}
