import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** How one exchange with the server ended. */
export type Step<T> = { readonly value: T } | { readonly failure: NodemailerError };

/** A callback as nodemailer calls it: an error alone, or none and a value. */
export type Done<T> = (error?: NodemailerError | null, value?: T) => void;

/** A timer for longer than this goes off at once; a text to 4,000 recipients may have weeks. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Waits for one exchange. nodemailer calls back where the server has answered; where the connection breaks it emits
 * `error`, or nothing but `end`, and the callback may never come. Whichever is first counts.
 * @param limit milliseconds, after which the connection is closed
 */
export function step<T>(
  connection: SMTPConnection,
  limit: number,
  start: (done: Done<T>) => void,
): Promise<Step<T>> {
  return new Promise(resolve => {
    const timer = setTimeout(
      () => {
        settle({ failure: failure('ETIMEDOUT', `no end after ${limit / 1000} s`) });
        connection.close();
      },
      Math.min(limit, LONGEST_TIMER),
    );
    const broken = (error: NodemailerError) => settle({ failure: error });
    // After a 421 the callback with the server's words comes in the same breath, but later than this.
    const ended = () =>
      queueMicrotask(() => broken(failure('ECONNECTION', 'the server closed the connection')));
    const settle = (result: Step<T>) => {
      clearTimeout(timer);
      connection.off('error', broken);
      connection.off('end', ended);
      resolve(result);
    };
    connection.once('error', broken);
    connection.once('end', ended);
    start((error, value) => settle(error ? { failure: error } : { value: value as T }));
  });
}

function failure(code: string, message: string): NodemailerError {
  return Object.assign(new Error(message), { code });
}
