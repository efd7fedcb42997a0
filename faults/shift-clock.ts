/** Loaded into a worker with `node --import`: its clock is off by REFPOST_CLOCK_SHIFT hours. */
const shift = Number(process.env.REFPOST_CLOCK_SHIFT) * 3_600_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(time: number | string | Date = RealDate.now() + shift) {
    super(time);
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
} as DateConstructor;
