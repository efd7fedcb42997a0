const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes of any origin as text: UTF-8 where they are valid UTF-8, else line by line, and the lines that are not
 * valid as Latin-1, in which every byte has a meaning. Never fails and never drops a byte.
 */
export function decode(bytes: Buffer): string {
  return (
    tryUtf8(bytes) ??
    splitLines(bytes)
      .map(line => tryUtf8(line) ?? line.toString('latin1'))
      .join('')
  );
}

function tryUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The lines, each with its LF. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    const stop = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(at, stop));
    at = stop;
  }
  return lines;
}
