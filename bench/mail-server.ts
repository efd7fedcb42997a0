import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/fixtures/mail-host.ts';
import type { Bench } from './row.ts';

/** How a mail server behaves. `refusing`: nothing listens at its port. `far`: 20 ms a round trip. `slow`: 20 ms a mail. */
export type Manner = 'fine' | 'far' | 'slow' | 'refusing' | 'hanging';

export interface MailServer {
  readonly transport: string;
  readonly port: number;
  /** Settled when the first message has come. */
  readonly first: Promise<void>;
  /** Settled when the next message has come, where each is told. */
  next(): Promise<void>;
  /** How many messages have come, where each is told. */
  readonly seen: number;
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
  let seen = 0;
  lines.on('line', () => seen++);
  return described(
    Number(port),
    () => once(lines, 'line').then(() => {}),
    () => seen,
  );
}

function described(port: number, next: () => Promise<void>, seen = () => 0): MailServer {
  const transport = `smtp://127.0.0.1:${port}`;
  return {
    transport,
    port,
    first: next(),
    next,
    get seen() {
      return seen();
    },
  };
}
