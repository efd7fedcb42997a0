import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/fixtures/mail-host.ts';
import type { Bench } from './row.ts';

/** How a mail server behaves. `refusing`: nothing listens at its port. `far`: 20 ms a round trip. */
export type Manner = 'fine' | 'far' | 'refusing' | 'hanging';

export interface MailServer {
  readonly transport: string;
  readonly port: number;
  /** Settled when the first message has come. */
  readonly first: Promise<void>;
  /** Settled when the next message has come, where each is told. */
  next(): Promise<void>;
}

const SINK = fileURLToPath(new URL('./sink.js', import.meta.url));

/** Starts a mail server in a process of its own, so that it has a core of its own where there are two. */
export async function mailServer(
  { after }: Pick<Bench, 'after'>,
  manner: Manner,
  told: 'first' | 'each' = 'first',
): Promise<MailServer> {
  if (manner === 'refusing') return described(await freePort(), () => new Promise(() => {}));
  const child = spawn(process.execPath, [SINK, manner, told], { stdio: ['ignore', 'pipe', 'inherit'] });
  after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const [port] = await once(lines, 'line');
  return described(Number(port), () => once(lines, 'line').then(() => {}));
}

function described(port: number, next: () => Promise<void>): MailServer {
  return { transport: `smtp://127.0.0.1:${port}`, port, first: next(), next };
}
