import { readFileSync } from 'node:fs';

/**
 * Loaded into a worker with `node --import`: its clock is wrong by as many milliseconds as the file REFPOST_CLOCK says, each time that it
 * looks at it. Timers go on as they do where a machine's clock is set.
 */
const file = process.env.REFPOST_CLOCK ?? '';
const now = Date.now;
const shifted = () => now() + Number(readFileSync(file, 'utf8'));

globalThis.Date = new Proxy(Date, {
  construct: (target, args) => Reflect.construct(target, args.length === 0 ? [shifted()] : args),
  get: (target, name) => (name === 'now' ? shifted : Reflect.get(target, name)),
});
