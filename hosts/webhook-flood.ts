import { createHmac } from 'node:crypto';
import { appendFileSync, chmodSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, start, waitUntil } from '../test/fixtures/processes.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { refpostProgram } from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';

const SECRET = 'of a flood';
const SECONDS = 10;
const A_SECOND = 1000;
const PUSHES = 8;
/** The most that a flood may delay a mail, in milliseconds. */
const MOST = 1000;

/** A thousand webhooks a second, right, replayed and wrong ones, while pushes come whose mails are waited for. */
export const webhookFlood: Trial = {
  programs: ['git'],
  packages: ['git'],
  play: async t => {
    const site = await flooded(t);
    const calm = await site.delays();
    const flood = site.flood();
    const wet = await site.delays();
    const statuses = await flood;
    const [longest, before] = [Math.max(...wet), Math.max(...calm)];
    if (longest - before > MOST)
      throw new Error(`a mail took ${longest} ms, and ${before} ms without the flood`);
    return `${SECONDS * A_SECOND} webhooks in ${SECONDS} s (${statuses}); from push to mail ${Math.round(longest)} ms at most, without them ${Math.round(before)} ms`;
  },
};

async function flooded(t: CleanUps) {
  const folder = temporaryFolder(t);
  const inbox = await startInbox(t);
  const origin = new TestRepository(join(folder, 'origin.git'), '--bare');
  const clone = new TestRepository(join(folder, 'clone'));
  clone.commit({ message: 'first' });
  clone.git('remote', 'add', 'origin', origin.folder);
  clone.git('push', '-q', 'origin', 'main');
  const secret = join(folder, 'secret');
  writeFileSync(secret, SECRET);
  chmodSync(secret, 0o600);
  const settings = {
    'refpost.mirrors': join(folder, 'mirrors'),
    'refpost.webhookSecretFile': secret,
    'refpost.to': 'commits@example.org',
    'refpost.from': 'git@example.org',
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
  };
  const config = join(folder, 'gitconfig');
  appendFileSync(config, configLines(settings));
  const env = gitEnvironment({ HOME: folder, GIT_CONFIG_GLOBAL: config });
  const url = `file://${origin.folder}`;
  const made = await run([...refpostProgram, 'poll', '--once', url], { env });
  if (made.code !== 0) throw new Error(made.stderr);
  const door = start([...refpostProgram, 'webhook', '--listen', '127.0.0.1:0', url], { env });
  t.after(() => void door.child.kill());
  let said = '';
  door.child.stderr?.on('data', text => (said += text));
  await waitUntil('webhooks come in', () => /http:\S+/.test(said));
  const [address = ''] = /http:\S+/.exec(said) ?? [];
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  t.after(() => agent.destroy());
  const bodyOf = (number: number) =>
    JSON.stringify({
      number,
      ref: 'refs/heads/x',
      before: '1'.repeat(40),
      after: '2'.repeat(40),
      repository: { clone_url: url },
    });
  let sent = 0;

  return {
    /** From each push to its mail, in milliseconds. */
    async delays(): Promise<number[]> {
      const found: number[] = [];
      for (let push = 0; push < PUSHES; push++) {
        clone.commit({ message: `push ${push}` });
        const before = inbox.received.length;
        await run(['git', 'push', '-q', 'origin', 'main'], { cwd: clone.folder, env });
        const began = performance.now();
        await post(agent, address, bodyOf(sent++), SECRET);
        await waitUntil('its mail comes', () => inbox.received.length > before);
        found.push(performance.now() - began);
        await sleep(300);
      }
      return found;
    },
    /** What was answered how often. */
    async flood(): Promise<string> {
      const counts = new Map<number, number>();
      const answers: Promise<void>[] = [];
      const count = (status: number) => void counts.set(status, (counts.get(status) ?? 0) + 1);
      const began = performance.now();
      for (let number = 0; number < SECONDS * A_SECOND; number++) {
        const [body, word] = [
          bodyOf(number % 3 === 1 ? 0 : 1e6 + number),
          number % 3 === 2 ? 'wrong' : SECRET,
        ];
        answers.push(post(agent, address, body, word).then(count));
        const ahead = number - ((performance.now() - began) / 1000) * A_SECOND;
        if (ahead > 0) await sleep(ahead);
      }
      await Promise.all(answers);
      return [...counts].map(([status, often]) => `${often} times ${status}`).join(', ');
    },
  };
}

function post(agent: Agent, address: string, body: string, secret: string): Promise<number> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'X-Hub-Signature-256': `sha256=${signature}`, 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(address, { method: 'POST', agent, headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}
