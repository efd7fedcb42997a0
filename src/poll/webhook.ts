import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type ListenOptions } from 'node:net';
import { readSecret } from '../delivery/secret.ts';
import { fault } from '../errors.ts';
import type { World } from '../model/world.ts';
import type { ToldUpdate } from './changes.ts';
import { readPayload, type Told } from './payload.ts';
import { keysOf } from './remote-address.ts';
import { isSigned, type Secret, secretsIn } from './signature.ts';

/** Whom webhooks may concern. */
export interface Mirrors {
  /** The mirrors, by what the addresses of their repositories have in common. */
  readonly known: ReadonlyMap<string, string>;
  tell(mirror: string, updates: readonly ToldUpdate[]): void;
}

/** Bytes of a body. What a host cannot say in as many is seen at the next look. */
const MOST = 1 << 20;
/** Bytes of all bodies that are being received: who sends them is not known yet. */
const MOST_AT_ONCE = 1 << 26;
/** How many bodies are remembered, to know them when they come again. */
const REMEMBERED = 10_000;
/** How long secrets that were read count, in milliseconds. */
const FRESH = 5000;
const TIMES = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
};

/**
 * Takes webhooks, on this machine alone: a web server in front of it has the certificate and the world. None is believed: one whose signature
 * is right has its repository looked at, which is one that is known already, and may name who pushed.
 */
export async function listen(world: World, place: string, secretFile: string | undefined, mirrors: Mirrors) {
  const secrets = await openSecrets(world, secretFile);
  const seen = new Set<string>();
  const bodyOf = bodyReader();

  async function answer(request: IncomingMessage): Promise<readonly [status: number, words: string]> {
    if (request.method !== 'POST') return [405, 'Webhooks come by POST.'];
    const body = await bodyOf(request);
    if (body === 'large') return [413, 'This is larger than any webhook that is read.'];
    if (body === 'busy') return [503, 'Too much comes at once.'];
    if (!isSigned(request.headers, body, await secrets(), world.now()))
      return [403, 'The signature is wrong.'];
    if (isOther(request)) return [200, 'This is no push: there is nothing to do.'];
    const told = readPayload(body, request.headers['content-type'] ?? '');
    if (told === undefined) return [400, 'This is no JSON object.'];
    const mirror = mirrorOf(told, mirrors);
    if (mirror === undefined && told.addresses.length + told.names.length === 0)
      return [200, 'There is nothing to do.'];
    if (mirror === undefined) return [404, 'This repository is not mirrored here.'];
    // By what is signed: the id of a delivery is not.
    const digest = createHash('sha256').update(body).digest('base64');
    if (seen.has(digest)) return [200, 'This came before.'];
    seen.add(digest);
    const [oldest = ''] = seen;
    if (seen.size > REMEMBERED) seen.delete(oldest);
    mirrors.tell(mirror, told.updates);
    return [202, 'The repository is looked at.'];
  }

  const server = createServer({ ...TIMES, maxHeaderSize: 16_384 }, (request, response) => {
    request.on('error', () => {});
    answer(request).then(
      said => reply(request, response, ...said),
      () => reply(request, response, 500, 'Something is wrong here.'),
    );
  });
  server.maxConnections = 2000;
  const path = await listenAt(server, place);
  world.stderr.write(`refpost: webhooks come in at ${path}\n`);
  return {
    address: path,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply({ complete }: IncomingMessage, response: ServerResponse, status: number, words: string): void {
  const allow = status === 405 ? { Allow: 'POST' } : {};
  // Of what is too much the rest is not read into memory, and the connection ends.
  const last = complete ? {} : { Connection: 'close' };
  response.writeHead(status, { 'Content-Type': 'text/plain', ...allow, ...last }).end(`${words}\n`);
}

/** Reads bodies. What comes of one that is too large, or one too many, is let go by, until the time for a request is over. */
function bodyReader(): (request: IncomingMessage) => Promise<Buffer | 'large' | 'busy'> {
  let held = 0;
  return request =>
    new Promise(resolve => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (result: Buffer | 'large' | 'busy'): void => {
        held -= size;
        size = 0;
        request.removeAllListeners('data').resume();
        resolve(result);
      };
      if (Number(request.headers['content-length'] ?? 0) > MOST) return end('large');
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        held += chunk.length;
        chunks.push(chunk);
        if (size > MOST) end('large');
        else if (held > MOST_AT_ONCE) end('busy');
      });
      request.on('end', () => end(Buffer.concat(chunks)));
      request.on('close', () => end('busy'));
    });
}

/** Names of events, as hosts have them in a header. Where there is none the body decides. */
const EVENTS = [
  'x-github-event',
  'x-gitea-event',
  'x-forgejo-event',
  'x-gitlab-event',
  'x-event-key',
  'x-webhook-event',
];

function isOther({ headers }: IncomingMessage): boolean {
  const named = EVENTS.flatMap(name => headers[name] ?? []);
  return named.length > 0 && !named.some(name => /push|refs_changed|receive|post-update/i.test(name));
}

/** By an address; else by its name, if one mirror alone is called so. */
function mirrorOf({ addresses, names }: Told, { known }: Mirrors): string | undefined {
  const byAddress = keysOf(addresses).flatMap(key => known.get(key) ?? []);
  if (addresses.length > 0) return byAddress[0];
  const wanted = names.map(name => `/${name.toLowerCase()}`);
  const called = [...known].filter(([key]) => wanted.some(name => key.endsWith(name)));
  return called.length === 1 ? called[0]?.[1] : undefined;
}

/** The secrets of a file, read again now and then: a new one counts without a restart. Fails where there is none at the start. */
async function openSecrets(
  { now }: World,
  path: string | undefined,
): Promise<() => Promise<readonly Secret[]>> {
  if (path === undefined) throw fault.noWebhookSecret();
  const read = async () => secretsIn((await readSecret('webhookSecretFile', path)).toString('utf8'));
  let [secrets, at] = [await read(), now()];
  if (secrets.length === 0) throw fault.webhookSecretEmpty(path);
  return async () => {
    if (Math.abs(now() - at) < FRESH) return secrets;
    at = now();
    secrets = await read().catch(() => secrets);
    return secrets;
  };
}

/** Only this machine's own addresses, and sockets. @returns where it listens */
async function listenAt(server: ReturnType<typeof createServer>, place: string): Promise<string> {
  const [, host = '', port = ''] = /^(127(?:\.\d{1,3}){3}|\[::1\]|localhost):(\d{1,5})$/.exec(place) ?? [];
  const isSocket = place.startsWith('/');
  if (host === '' && !isSocket) throw fault.listenWrong(place);
  if (isSocket) await removeDeadSocket(place);
  const where: ListenOptions = isSocket
    ? { path: place }
    : { host: host.replace(/[[\]]/g, ''), port: Number(port) };
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => reject(fault.listenFailed(place, cause))).listen(where, resolve);
  });
  if (isSocket) chmodSync(place, 0o660);
  const found = server.address();
  return typeof found === 'object' && found ? `http://${host}:${found.port}/` : place;
}

/** One that nobody listens at, of a process that was killed. */
async function removeDeadSocket(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const isAlive = await new Promise<boolean>(resolve => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false));
    socket.on('close', () => socket.destroy()).setTimeout(1000, () => resolve(true));
    socket.on('connect', () => socket.end());
  });
  if (!isAlive) rmSync(path, { force: true });
}
