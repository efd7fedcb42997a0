/** The lines of git's output as they come, without their LF, one character a byte: decoding is a later, explicit step. */
export async function* lines(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let torn = '';
  for await (const chunk of output) {
    const whole = (torn + chunk.toString('latin1')).split('\n');
    torn = whole.pop() ?? '';
    yield* whole;
  }
  if (torn !== '') yield torn;
}

/** All of a small output as bytes. */
export async function collect(output: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return Buffer.concat(chunks);
}
