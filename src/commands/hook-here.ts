import { join } from 'node:path';
import { openGit } from '../git/git.ts';
import type { World } from '../model/world.ts';
import { hook } from './hook.ts';

/** `refpost hook`: standard input to a recorded push. */
export async function hookHere(world: World, random: string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of world.stdin) chunks.push(chunk as Buffer);
  const complaint = await hook({
    stdin: Buffer.concat(chunks),
    env: world.env,
    cwd: world.cwd,
    now: world.now(),
    random,
    command: programCommand(world.home),
    openGit: gitDir => openGit(gitDir, world.env),
  });
  if (complaint !== undefined) world.stderr.write(`${complaint}\n`);
}

/** What starts a worker from anywhere. */
export function programCommand(home: string): string[] {
  return [process.execPath, ...FRUGAL, join(home, 'bin', 'refpost.js')];
}

/** V8 lets young garbage grow to 48 MB before it collects it. With half of that a worker that stays is as fast. */
const FRUGAL = ['--max-semi-space-size=8'];

export function scriptOf(home: string): string {
  return join(home, 'bin', 'post-receive');
}
