import { parseArgs } from 'node:util';
import { clockFaults } from './clock-faults.ts';
import { crashFaults } from './crash-faults.ts';
import { crowdFaults } from './crowd-faults.ts';
import { damageFaults } from './damage-faults.ts';
import { enduranceFaults } from './endurance-faults.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureText, heading, isKept } from './figure.ts';
import { killFaults } from './kill-faults.ts';
import { smtpFaults } from './smtp-faults.ts';
import { spoolFaults } from './spool-faults.ts';
import { usersFaults } from './users-faults.ts';

const SETS: Readonly<Record<string, (bench: FaultBench) => AsyncGenerator<Figure>>> = {
  smtp: smtpFaults,
  kill: killFaults,
  crash: crashFaults,
  crowd: crowdFaults,
  users: usersFaults,
  spool: spoolFaults,
  damage: damageFaults,
  clock: clockFaults,
  endurance: enduranceFaults,
};

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    kills: { type: 'string' },
    pushes: { type: 'string' },
    damages: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const { short, only } = values;
const kills = Number(values.kills ?? (short ? 4 : 300));
const pushes = Number(values.pushes ?? (short ? 12 : 300));
const damages = Number(values.damages ?? (short ? 1 : 30));
const seed = Number(values.seed);

console.log(heading);
for (const [name, set] of Object.entries(SETS)) {
  if (!name.includes(only)) continue;
  const cleanUps: (() => unknown)[] = [];
  try {
    const after = (cleanUp: () => unknown) => void cleanUps.push(cleanUp);
    for await (const figure of set({ after, options: { short, kills, pushes, damages, seed, only } })) {
      console.log(figureText(figure));
      if (!isKept(figure)) process.exitCode = 1;
    }
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}
