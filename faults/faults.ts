import { Option } from 'commander';
import { ownCommand, wholeNumber } from '../test/fixtures/own-command.ts';
import { besideFaults } from './beside-faults.ts';
import { clockFaults } from './clock-faults.ts';
import { crashFaults } from './crash-faults.ts';
import { crowdFaults } from './crowd-faults.ts';
import { damageFaults } from './damage-faults.ts';
import { enduranceFaults } from './endurance-faults.ts';
import type { FaultBench, FaultOptions } from './fault-bench.ts';
import { type Figure, figureText, heading, isKept } from './figure.ts';
import { fleetFaults } from './fleet-faults.ts';
import { hostileFaults } from './hostile-faults.ts';
import { killFaults } from './kill-faults.ts';
import { leftBehindFaults } from './left-behind-faults.ts';
import { smtpFaults } from './smtp-faults.ts';
import { spoolFaults } from './spool-faults.ts';
import { terminalFaults } from './terminal-faults.ts';
import { usersFaults } from './users-faults.ts';

const SETS: Readonly<Record<string, (bench: FaultBench) => AsyncGenerator<Figure>>> = {
  smtp: smtpFaults,
  kill: killFaults,
  left: leftBehindFaults,
  terminal: terminalFaults,
  crash: crashFaults,
  crowd: crowdFaults,
  users: usersFaults,
  beside: besideFaults,
  spool: spoolFaults,
  hostile: hostileFaults,
  damage: damageFaults,
  clock: clockFaults,
  fleet: fleetFaults,
  endurance: enduranceFaults,
};

const asked = ownCommand('npm run faults --')
  .description('Kills, crashes, bad servers and full disks: what they cost in mails (faults/README.md).')
  .addOption(new Option('--only <set>', 'one set of faults').choices(Object.keys(SETS)))
  .option('--short', 'a little of everything: what CI runs')
  .option('--kills <n>', 'of worker, git and hook each', wholeNumber)
  .option('--pushes <n>', 'of the endurance run', wholeNumber)
  .option('--fleet <n>', 'pushes of the fleet', wholeNumber)
  .option('--damages <n>', 'of each kind of file', wholeNumber)
  .option('--seed <n>', 'which damages', wholeNumber, 1)
  .parse()
  .opts<Partial<FaultOptions> & { only?: string }>();
const options: FaultOptions = asked.short
  ? { short: true, kills: 4, pushes: 12, fleet: 12, damages: 1, seed: 1, ...asked }
  : { short: false, kills: 300, pushes: 300, fleet: 2000, damages: 30, seed: 1, ...asked };

console.log(heading);
for (const [name, set] of Object.entries(SETS)) {
  if (name !== (asked.only ?? name)) continue;
  const cleanUps: (() => unknown)[] = [];
  try {
    const after = (cleanUp: () => unknown) => void cleanUps.push(cleanUp);
    for await (const figure of set({ after, options })) {
      console.log(figureText(figure));
      if (!isKept(figure)) process.exitCode = 1;
    }
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}
