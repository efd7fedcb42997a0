import { Readable } from 'node:stream';

export interface HandOver {
  readonly stream: Readable;
  /** True once all bytes have been taken, though some may still lie in this machine's buffers. */
  done(): boolean;
}

/** A message as a stream, because only a stream tells whether its bytes have gone. */
export function handOver(bytes: Buffer): HandOver {
  let taken = false;
  const stream = new Readable({
    read() {
      this.push(bytes);
      this.push(null);
      taken = true;
    },
  });
  return { stream, done: () => taken };
}

/** Length of a message with LF line ends once they are CRLF: what SIZE means (RFC 1870 section 5). */
export function wireSize(bytes: Buffer): number {
  let size = bytes.length;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) size += 1;
  return size;
}
