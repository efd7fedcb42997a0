import { Readable } from 'node:stream';
import type { OutgoingMail } from '../model/mail.ts';

export interface HandOver {
  readonly stream: Readable;
  /** True once all bytes have been taken, though some may still lie in this machine's buffers. */
  done(): boolean;
}

/**
 * A message as a stream, because only a stream tells whether its bytes have gone. It starts when the mail is recorded, and
 * breaks if it cannot be: the disk is waited for while the server is told about sender and recipients.
 */
export function handOver({ bytes, recorded = Promise.resolve() }: OutgoingMail): HandOver {
  let taken = false;
  const stream = new Readable({
    read() {
      recorded.then(
        () => {
          if (taken) return;
          taken = true;
          this.push(bytes);
          this.push(null);
        },
        (error: Error) => this.destroy(error),
      );
    },
  });
  return { stream, done: () => taken };
}
