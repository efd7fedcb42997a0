import { takeLock } from '../../src/outbox/directory/lock.ts';

/** A process that tries to be the worker of the spool named, says how it went, and stays until its input ends. */
const lock = await takeLock(process.argv[2] as string, 'umask', process.env);
process.stdout.write(lock ? 'held\n' : 'busy\n');
if (lock) process.stdin.resume();
