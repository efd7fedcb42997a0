import { EX } from '../errors.ts';
import type { World } from '../model/world.ts';
import { visible } from '../render/visible.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { checkFleet } from './check-fleet.ts';
import { MAIL_CHECKS } from './check-mail.ts';
import { OUTBOX_CHECKS } from './check-outbox.ts';
import { REPOSITORY_CHECKS } from './check-repository.ts';
import { type Finding, fail, failure, ok } from './finding.ts';

const COLOURS = { ok: 32, warn: 33, FAIL: 31 } as const;

/** `refpost doctor`: a line for each thing that was looked at, with what to do where it is not right. Sends nothing. Returns the exit code. */
export async function examine(world: World, workplace: Tolerated): Promise<number> {
  const { git, wrong } = workplace;
  const settings = wrong ? fail(wrong.message, wrong.remedy) : ok('valid');
  show(world, 'repository', ok(git.gitDir));
  show(world, 'settings', settings);
  const findings = [settings];
  // With wrong settings it is not known what the mails are to be like.
  const checks = { ...REPOSITORY_CHECKS, ...OUTBOX_CHECKS, ...(wrong ? {} : MAIL_CHECKS) };
  for (const [name, look] of Object.entries(checks)) {
    const found = [await look(world, workplace).catch(failure)].flat();
    for (const finding of found) show(world, name, finding);
    findings.push(...found);
  }
  return exitCodeOf(findings);
}

/** `refpost fleet check`: the same for the database of a fleet alone. */
export async function examineFleet(world: World, place: Tolerated): Promise<number> {
  const findings = await checkFleet(world, place);
  for (const [name, finding] of findings) show(world, name, finding);
  return exitCodeOf(findings.map(([, finding]) => finding));
}

/** Missing rights are told apart: this user cannot see the rest. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const failures = findings.filter(({ mark }) => mark === 'FAIL');
  if (failures.length === 0) return EX.OK;
  return failures.some(({ code }) => code === EX.NOPERM) ? EX.NOPERM : EX.CONFIG;
}

export function show(world: World, name: string, finding: Finding): void {
  const plain = !world.stdout.isTTY || world.env.NO_COLOR;
  const { mark } = finding;
  const word = mark.padEnd(4);
  const text = finding.remedy === undefined ? finding.what : `${finding.what}\n${finding.remedy}`;
  world.stdout.write(
    `${plain ? word : `\u001b[${COLOURS[mark]}m${word}\u001b[0m`}  ${name}: ${visible(text).replaceAll('\n', '\n      ')}\n`,
  );
}
