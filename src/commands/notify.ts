import { EX } from '../errors.ts';
import { openWorkplace } from '../repository/workplace.ts';
import type { Command } from './command.ts';

/** `refpost notify`: mails what a person asks for, or with `dryRun` prints it. */
export const notify: Command = async ({ world, signal }, options, old = '', fresh = '', ref = '') => {
  const { repo, c, dryRun } = options;
  const asked = { old, new: fresh, ref, overrides: c };
  const opening = openWorkplace(world, repo, c);
  // Loaded while git answers (bench, set `start`).
  if (!dryRun) {
    const [workplace, { notifyAsked }] = await Promise.all([opening, import('../worker/notify.ts')]);
    return notifyAsked(world, workplace, asked, signal);
  }
  const [workplace, { printMails }] = await Promise.all([opening, import('../announce/asked-push.ts')]);
  await printMails(world, workplace, asked);
  return EX.OK;
};

/** `refpost resend`: mails once more of what was announced, or with `dryRun` prints them. */
export const resend: Command = async ({ world, signal }, options, name = '', fresh, ref) => {
  const { resendAsked } = await import('../worker/resend.ts');
  return resendAsked(world, { ...options, name, new: fresh, ref, to: options.to?.toString() }, signal);
};
