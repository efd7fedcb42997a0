import { spawn } from 'node:child_process';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../model/world.ts';
import type { Shelf } from './shelf.ts';

/** An archive that is being shown. */
export interface Served {
  /** Its address, with a slash at the end. */
  readonly address: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  xml: 'application/atom+xml; charset=utf-8',
  // For people who want to see it, not to save it. Its bytes are of many character sets.
  eml: 'text/plain',
};

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const PART_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/**
 * Shows an archive to this machine alone: on the loopback address, below a random word that no other user knows, and to nobody who came by another
 * host name (DNS rebinding).
 */
export async function serve(shelf: Shelf): Promise<Served> {
  const token = randomBytes(16).toString('hex');
  let host = '';
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, word = '', path = ''] = /^\/([^/?#]*)\/([^?#]*)/.exec(url) ?? [];
    const wanted = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    const content = headers.host === host && isSame(word, token) ? shelf.read(wanted) : undefined;
    if (method !== 'GET' && method !== 'HEAD') response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    else if (!content)
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such page.\n');
    else {
      response.writeHead(200, {
        'Content-Type': TYPES[wanted.slice(wanted.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        'Content-Length': content.length,
        'Content-Security-Policy': wanted.endsWith('.part.html') ? PART_POLICY : PAGE_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      });
      response.end(method === 'HEAD' ? undefined : content);
    }
  }

  return {
    address: `http://${host}/${token}/`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isSame(word: string, token: string): boolean {
  const [given, known] = [Buffer.from(word), Buffer.from(token)];
  return given.length === known.length && timingSafeEqual(given, known);
}

/** Only where somebody sits in front of one. */
export function openBrowser({ env, stderr }: World, address: string): void {
  const hasScreen = env.DISPLAY || env.WAYLAND_DISPLAY || process.platform === 'darwin';
  if (!stderr.isTTY || !hasScreen) return;
  const program = env.BROWSER || (process.platform === 'darwin' ? 'open' : 'xdg-open');
  const browser = spawn(program, [address], { stdio: 'ignore', detached: true });
  // The address is on the terminal anyway.
  browser.on('error', () => {});
  browser.unref();
}
