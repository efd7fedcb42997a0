import { openTolerated } from '../repository/workplace.ts';
import { examine } from '../status/doctor.ts';
import { showStatus } from '../status/status.ts';
import type { Command } from './command.ts';

export const status: Command = ({ world, misused }, { repo, c, json, prometheus }) => {
  if (json && prometheus) misused('--json and --prometheus cannot be combined');
  const format = json ? 'json' : prometheus ? 'prometheus' : 'text';
  return showStatus(world, () => openTolerated(world, repo, c), format);
};

export const doctor: Command = async ({ world }, { repo, c }) =>
  examine(world, await openTolerated(world, repo, c));
