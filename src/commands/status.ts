import { randomBytes } from 'node:crypto';
import { pushId } from '../drop/drop.ts';
import { readAddress } from '../model/address.ts';
import { openTolerated, openWhere, openWorkplace } from '../repository/workplace.ts';
import { examine } from '../status/doctor.ts';
import { examineAll } from '../status/doctor-all.ts';
import { showStatus } from '../status/status.ts';
import { sendTestMails } from '../status/test-mail.ts';
import type { Command } from './command.ts';

export const status: Command = ({ world, misused }, { repo, c, json, prometheus, server }) => {
  if (json && prometheus) misused('--json and --prometheus cannot be combined');
  const format = json ? 'json' : prometheus ? 'prometheus' : 'text';
  return showStatus(world, () => openWhere(world, repo, c), format, server);
};

export const doctor: Command = async ({ world, misused }, { repo, c, all }, ...folders) => {
  if (all) return examineAll(world, folders as readonly string[]);
  if (folders.length > 1) misused('several folders go with --all');
  return examine(world, await openTolerated(world, folders[0] ?? repo, c));
};

export const testMail: Command = async ({ world, signal, misused }, { repo, c, to, audience }) => {
  const wrong = to?.find(text => !readAddress(text));
  if (wrong !== undefined) misused(`${JSON.stringify(wrong)} is not an address`);
  const id = pushId(world.now(), randomBytes(4).toString('hex'));
  return sendTestMails(
    world,
    await openWorkplace(world, repo, c),
    { id, to: to?.map(text => readAddress(text) ?? text), audience },
    signal,
  );
};
