import { poll as pollMirrors } from '../poll/poll.ts';
import type { Command, Options } from './command.ts';

const named = (words: readonly (string | undefined)[]) => words.filter(word => word !== undefined);

/** `refpost poll`: looks at other servers now and then. */
export const poll: Command = ({ world, signal }, { every = '1m', once, mirrors }: Options, ...words) =>
  pollMirrors(world, { named: named(words), every, once: once === true, mirrors }, signal);

/** `refpost webhook`: the same, and at once when a server says that there is something. */
export const webhook: Command = ({ world, signal }, options: Options, ...words) => {
  const { every = '10m', mirrors, listen = '127.0.0.1:9419' } = options;
  return pollMirrors(world, { named: named(words), every, once: false, mirrors, listen }, signal);
};
