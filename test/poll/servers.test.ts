import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TestRepository } from '../fixtures/repository.ts';
import { type Mirrored, mirrored } from './mirrored.ts';

const MB = 1 << 20;
const LIMITS = { silence: 20_000, time: 60_000, output: MB, disk: 4 * MB, memory: 256 * MB };
const STRANGE = 'f'.repeat(40);

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const packet = (content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};

/** A server of git's HTTP protocol (gitprotocol-http(5)) that names a branch, and answers in its own way when that is asked for. */
async function lyingServer(
  t: TestContext,
  fetched: (response: ServerResponse) => void,
  refs?: (response: ServerResponse) => void,
) {
  const server = createHttpServer((request, response) => {
    request.resume();
    const service = request.method === 'GET' ? 'advertisement' : 'result';
    response.on('error', () => {});
    response.setHeader('Content-Type', `application/x-git-upload-pack-${service}`);
    if (request.method !== 'GET') return fetched(response);
    response.write(Buffer.concat([packet('# service=git-upload-pack\n'), Buffer.from('0000')]));
    if (refs) return refs(response);
    response.end(
      Buffer.concat([packet(`${STRANGE} refs/heads/main\0side-band-64k ofs-delta\n`), Buffer.from('0000')]),
    );
  });
  t.after(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listening(t, server)}/x.git`;
}

/** Sends pieces as long as somebody takes them. */
function endless(response: ServerResponse, piece: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

/** A look at a mirror whose server is now another one. */
async function lookAt(site: Mirrored, url: string, limits: Partial<typeof LIMITS> = {}) {
  new TestRepository(site.mirror, '--bare').git('config', 'remote.origin.url', url);
  const some = { ...LIMITS, ...limits };
  const looked = await site.look({ ask: some, fetch: some }).then(
    () => undefined,
    (error: Error) => error,
  );
  assert.deepEqual(await site.recorded(), []);
  const packs = readdirSync(join(site.mirror, 'objects', 'pack')).filter(name => name.startsWith('tmp_'));
  assert.deepEqual(packs, [], 'what was received of a pack is left');
  return looked?.message;
}

test('a server that lies, hangs or sends without end is given up with a sentence', async t => {
  const site = await mirrored(t);
  const before = new TestRepository(site.mirror, '--bare').git('for-each-ref');

  await t.test('one that says nothing', async t => {
    const server = createServer(
      socket => void socket.on('error', () => {}).on('end', () => socket.destroy()),
    );
    const url = `git://127.0.0.1:${await listening(t, server)}/x.git`;
    assert.equal(
      await lookAt(site, url, { silence: 1000 }),
      `${url} said nothing for 1 seconds, and was given up`,
    );
  });

  await t.test('one with refs without end', async t => {
    const refs = (response: ServerResponse) =>
      endless(
        response,
        Buffer.concat(Array.from({ length: 500 }, (_, at) => packet(`${STRANGE} refs/heads/${at}\n`))),
      );
    const url = await lyingServer(t, response => response.end(), refs);
    assert.equal(await lookAt(site, url), `${url} sends without end, or more than 256 MB, and was given up`);
  });

  await t.test('one that does not send what it has named', async t => {
    const url = await lyingServer(t, response => response.end(packet('NAK\n')));
    assert.match((await lookAt(site, url)) ?? '', /^http:\/\/127\.0\.0\.1:\d+\/x\.git: (?:fatal|error): /);
  });

  await t.test('one with a pack without end', async t => {
    // A pack of one blob of 2^40 bytes (gitformat-pack(5)), deflated in stored blocks of 65,532 zeros (RFC 1951 3.2.4).
    const head = Buffer.from('5041434b0000000200000001b08080808080027801', 'hex');
    const block = Buffer.concat([Buffer.from('00fcff0300', 'hex'), Buffer.alloc(65_532)]);
    const sideband = (bytes: Buffer) => packet(Buffer.concat([Buffer.from([1]), bytes]));
    const pieces = [block.subarray(0, 40_000), block.subarray(40_000)].map(sideband);
    const url = await lyingServer(t, response => {
      response.write(Buffer.concat([packet('NAK\n'), sideband(head)]));
      endless(response, Buffer.concat(pieces));
    });
    assert.equal(await lookAt(site, url), `${url} sends without end, or more than 4 MB, and was given up`);
  });

  await t.test('one that talks to people without end', async t => {
    const url = await lyingServer(t, response => {
      response.write(packet('NAK\n'));
      const timer = setInterval(() => response.write(packet('\u0002still counting\r')), 50);
      response.on('close', () => clearInterval(timer));
    });
    assert.equal(
      await lookAt(site, url, { silence: 2000 }),
      `${url} said nothing for 2 seconds, and was given up`,
    );
  });

  assert.equal(new TestRepository(site.mirror, '--bare').git('for-each-ref'), before);
  site.clone.commit({ message: 'four' });
  site.clone.git('push', '-q', 'origin', 'main');
  await site.look({ signal: AbortSignal.abort() }).then(
    () => assert.fail(),
    error => assert.match(error.message, /told to stop|127\.0\.0\.1/),
  );
});
