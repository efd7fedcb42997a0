import { connect, type Socket } from 'node:net';
import type { ServerAddress } from './tls.ts';

/**
 * Node gives up on one address of a host before it tries the next, after a quarter of a second if not told otherwise:
 * too short for a far server, and a dead IPv6 path should not use up all the time there is.
 */
const TIME_FOR_ONE_ADDRESS = 3000;

/**
 * Connects as the other programs of this machine do, by the system's resolver: /etc/hosts counts, and nobody is asked
 * where `localhost` is. nodemailer would ask the name server first, and wait for it.
 * @param limit milliseconds for the look-up and all addresses together
 */
export function dial({ host, port }: ServerAddress, limit: number): Promise<Socket | Error> {
  return new Promise(resolve => {
    const socket = connect({
      host,
      port,
      // Each of our commands is one small packet that the server answers: none may wait for another.
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: TIME_FOR_ONE_ADDRESS,
    });
    const timer = setTimeout(() => socket.destroy(new Error('Connection timeout')), limit);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', resolve);
      resolve(socket);
    });
    socket.once('error', resolve).once('close', () => clearTimeout(timer));
  });
}
