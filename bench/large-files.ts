/** One commit on top of main that adds files of text, so many MB in all, as git-fast-import(1) wants it. */
export function* largeFiles({
  files,
  megabytes,
}: {
  readonly files: number;
  readonly megabytes: number;
}): Generator<string> {
  const message = 'A large commit';
  yield [
    'commit refs/heads/main\n',
    'committer Carl Committer <carl@example.org> 1704067200 +0000\n',
    `data ${message.length}\n${message}\n`,
    'from refs/heads/main^0\n',
  ].join('');
  for (let number = 0; number < files; number++) {
    const size = Math.floor((megabytes * 1_000_000) / files);
    yield `M 644 inline data/large${number}.txt\ndata ${size}\n`;
    yield* lines(number, size);
    yield '\n';
  }
}

/** Lines that are all different, of so many bytes together. */
function* lines(file: number, size: number): Generator<string> {
  for (let at = 0; at < size; ) {
    const block = Array.from(
      { length: 1000 },
      (_, line) => `${file} ${at + line} a line of a file as machines write them\n`,
    );
    const text = block.join('').slice(0, size - at);
    yield text;
    at += text.length;
  }
}
