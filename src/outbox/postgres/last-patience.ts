import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** In milliseconds: who has been told to end waits for a silent server no longer than twice that. */
const LONGEST_SILENCE = 3000;

/**
 * For the connections of a process that may be told to end. A server that refuses or is gone says so at once; but one that hangs, with the connections that
 * it has accepted, would be waited for as long as any statement may take, and by each that follows.
 * @param ask settles when the server has said anything at all
 */
export function openPatience(ask: () => Promise<unknown>) {
  const sockets = new Set<Socket>();
  let isGivenUp = false;

  async function watch(over: AbortSignal): Promise<void> {
    const silence = async () => {
      await sleep(LONGEST_SILENCE, undefined, { ref: false, signal: over });
      return 'silence';
    };
    while (!over.aborted) {
      const heard = await Promise.race([ask(), silence()]);
      if (heard === 'silence') return giveUp();
      await silence();
    }
  }

  function giveUp(): void {
    isGivenUp = true;
    for (const socket of sockets) socket.destroy();
  }

  return {
    /** As pg takes it for a connection. */
    stream: (): Socket => {
      const socket = new Socket();
      sockets.add(socket);
      // Whoever has one connects it at once.
      if (isGivenUp) setImmediate(() => socket.destroy());
      return socket.once('close', () => sockets.delete(socket));
    },
    isGivenUp: () => isGivenUp,
    /** From when the signal says that the process is to end, a silent server is given up. Returns what ends this. */
    endBy(signal: AbortSignal): () => void {
      const over = new AbortController();
      const start = () => void watch(over.signal).catch(() => {});
      if (signal.aborted) start();
      else signal.addEventListener('abort', start, { once: true, signal: over.signal });
      return () => over.abort();
    },
  };
}
