/** A commit or a tag, cut at the empty line between its header and its message. */
export interface SplitObject {
  /** The lines of the header, one character a byte. They end at LF alone: a name may hold a CR. */
  readonly head: readonly string[];
  /** Absent where there is no empty line. */
  readonly body?: Buffer;
}

export function splitObject(object: Buffer): SplitObject {
  const end = object.indexOf('\n\n');
  const head = object.toString('latin1', 0, end < 0 ? object.length : end).split('\n');
  return end < 0 ? { head } : { head, body: object.subarray(end + 2) };
}

/** The value of the first line of a name; undefined where there is none. */
export function headValue({ head }: SplitObject, name: string): string | undefined {
  return head.find(line => line.startsWith(`${name} `))?.slice(name.length + 1);
}
