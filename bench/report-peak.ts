import { readFileSync, writeSync } from 'node:fs';

/**
 * Loaded into a process with `node --import`: when it ends it writes to descriptor 3 the most memory that it ever held, in kB, and what it and all whom it
 * has waited for took of the processor, in hundredths of a second: `81234 57`.
 */
process.on('exit', () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  const most = /^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? '';
  // proc(5): utime, stime, cutime, cstime are 14 to 17; the second is a name in parentheses.
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  writeSync(3, `${most} ${ticks}\n`);
});
