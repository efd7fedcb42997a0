import type { Asked } from '../announce/asked-push.ts';
import { EX } from '../errors.ts';
import type { World } from '../model/world.ts';
import { openWorkplace } from '../repository/workplace.ts';

/** `refpost notify`: mails what a person asks for, or with `dryRun` prints it. Returns the exit code. */
export async function notify(
  world: World,
  folder: string,
  asked: Asked,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const workplace = await openWorkplace(world, folder, asked.overrides);
  if (!dryRun) {
    const { notifyAsked } = await import('../worker/notify.ts');
    return notifyAsked(world, workplace, asked, signal);
  }
  const { printMails } = await import('../announce/dry-run.ts');
  await printMails(world, workplace, asked);
  return EX.OK;
}
