import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownCommand } from '../test/fixtures/own-command.ts';

const command = ownCommand('npm run old-page --')
  .description(
    'Compares the page of the first mail of a push with the page that an archive had of it before, as text: each of its words has to be there. ' +
      'Addresses and URLs may have been taken out of that page; its name and the date of its mail are its own.',
  )
  .argument('<repo>')
  .argument('<page>', 'the text of the page')
  .argument('[old]', 'the push', 'c34f23e16')
  .argument('[new]', '', '7dbb70572')
  .argument('[ref]', '', 'refs/heads/1.5.x')
  .parse();
const [repo = '', page = '', ...push] = command.processedArgs as string[];
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'refpost-'));
try {
  const program = [join(home, 'bin/refpost.js'), 'preview', ...push, '--out', folder, '--repo', repo];
  const options = ['-c', 'refpost.to=commits@mesos.apache.org', '-c', 'refpost.repoName=mesos'];
  const made = spawnSync(process.execPath, [...program, ...options], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const ours = new Set(wordsOf(textOf(readFileSync(made.stdout.trim(), 'utf8'))));
  const theirs = wordsOf(readFileSync(page, 'utf8').replace(/^(?:Date .*|.* mailing list archives)$/gm, ''));
  const lost = theirs.filter(word => !isIn(ours, word));
  process.stdout.write(
    `${theirs.length} words, ${lost.length} of them lost${lost.map(each => `\n  ${each}`).join('')}\n`,
  );
  process.exitCode = lost.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** What a page shows: it has no scripts, and entities for few characters. */
function textOf(html: string): string {
  const known: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d+)|#x([0-9A-F]+)|(\w+));/gi, (_, decimal, hex, name) =>
      name ? (known[name] ?? '') : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    );
}

/** Words of text and of diff lines alike; lines of the old page that go on in the next one have no sign. */
function wordsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .map(word => word.replace(/^\++(?=.)/, ''))
    .filter(Boolean);
}

/** True also for what is left of a link whose URL was taken out, as in `[CSI](`, of a path, or of a word that was folded in two. */
function isIn(words: ReadonlySet<string>, word: string): boolean {
  if (words.has(word) || word === '<>') return true;
  const [stump = ''] = word.split(/(?<=\]\()/);
  return [...words].some(each => each.includes(stump));
}
