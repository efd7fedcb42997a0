import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is outside, and is nobody's business. */
export interface Outside {
  readonly file: string;
  readonly folder: string;
  /** Made where a command of the hostile writer runs. */
  readonly trace: string;
  /** A repository of somebody else, without refpost. */
  readonly repository: string;
}

type Put = (path: string, outside: Outside, record: string) => void;

/** Each puts something at a path where there is nothing. */
export const THINGS: Readonly<Record<string, readonly Put[]>> = {
  'symbolic links': [
    (path, { file }) => symlinkSync(file, path),
    (path, { folder }) => symlinkSync(folder, path),
    path => symlinkSync('/nonexistent/file', path),
    path => symlinkSync('/dev/zero', path),
  ],
  'second names of files': [(path, { file }) => linkSync(file, path)],
  pipes: [path => void execFileSync('mkfifo', [path])],
  folders: [path => mkdirSync(path), path => mkdirSync(join(path, 'a', 'b'), { recursive: true })],
  'huge files': [
    path => sparse(path, 'refpost-push 1\n'),
    path => sparse(path, ''),
    path => writeFileSync(path, `refpost-push 1\n${'env A=b\n'.repeat(100_000)}`),
  ],
  rubbish: [
    path => writeFileSync(path, ''),
    path => writeFileSync(path, Buffer.from([0, 255, 10, 13, 0])),
    path => writeFileSync(path, '{"crc32":1,"number":-1}\n'),
  ],
  'records that carry commands': [
    ...['command', 'smtpPasswordCommand', 'transport', 'templates', 'spool', 'submodules'].map(
      (key): Put =>
        (path, { trace }, record) =>
          writeFileSync(
            path,
            record.replaceAll(/^kind .*/gm, `kind notify\nsetting refpost.${key}=touch ${trace}`),
          ),
    ),
    (path, { trace }, record) =>
      writeFileSync(path, record.replaceAll(/^(repository .*)/gm, `$1\n ; touch ${trace}`)),
  ],
  'records of other repositories': [
    (path, { repository }, record) =>
      writeFileSync(path, record.replaceAll(/^repository .*/gm, `repository ${repository}`)),
    (path, { folder }, record) =>
      writeFileSync(path, record.replaceAll(/^repository .*/gm, `repository ${folder}`)),
    (path, _, record) =>
      writeFileSync(path, record.replaceAll(/^repository .*/gm, 'repository relative/../path')),
  ],
};

function sparse(path: string, text: string): void {
  writeFileSync(path, text);
  truncateSync(path, 2 ** 40);
}

/** Names that a hook, a worker, and neither of them gives. */
export const NAMES = [
  '20200101T000000-0badc0de',
  '20990101T000000-0badc0de',
  '00000007-20200101T000000-0badc0de',
  '.tmp-9',
  '.nudge',
  'two\nlines',
  '-rf',
  "it's; touch x",
  '$(touch x)',
  '..x',
  'n'.repeat(255),
  '\u202etxt',
];
