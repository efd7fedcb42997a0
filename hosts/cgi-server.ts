import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { CleanUps } from '../test/fixtures/trials.ts';

/**
 * Serves a CGI program (RFC 3875) for GET at a port of 127.0.0.1, as web servers do.
 * @param env what it gets besides the variables of the request
 * @returns the program's address, without a slash at its end
 */
export async function serveCgi(
  t: CleanUps,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const name = '/cgi';
  const server = createServer((request, response) => void answer(request, response, program, name, env));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${name}`;
}

async function answer(
  { url = '', headers }: IncomingMessage,
  response: ServerResponse,
  program: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const host = headers.host ?? '';
  const child = spawn(program, {
    env: {
      PATH: process.env.PATH,
      GATEWAY_INTERFACE: 'CGI/1.1',
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_NAME: host.replace(/:.*/, ''),
      SERVER_PORT: host.replace(/.*:/, ''),
      HTTP_HOST: host,
      REQUEST_METHOD: 'GET',
      REQUEST_URI: url,
      SCRIPT_NAME: name,
      // The one word of a request that a server gives to programs decoded (RFC 3875 4.1.5).
      PATH_INFO: decodeURIComponent(path.slice(name.length)),
      QUERY_STRING: query,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said = await buffer(child.stdout);
  const [, head = '', body = ''] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(said.toString('latin1')) ?? [];
  const fields = head.split(/\r?\n/).map(line => line.split(/:\s*(.*)/s) as [string, string]);
  const status = fields.find(([field]) => field.toLowerCase() === 'status')?.[1] ?? '200';
  for (const [field, value] of fields)
    if (!/^(status|content-length)$/i.test(field)) response.setHeader(field, value);
  response.writeHead(Number.parseInt(status, 10));
  response.end(Buffer.from(body, 'latin1'));
}
