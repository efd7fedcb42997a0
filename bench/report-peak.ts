import { readFileSync, writeSync } from 'node:fs';

/** Loaded into a process with `node --import`: when it ends it writes the most memory that it ever held, in kB, to descriptor 3. */
process.on('exit', () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  writeSync(3, `${/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? ''}\n`);
});
