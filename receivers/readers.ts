import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFragment } from 'parse5';
import { kindsOfContent, kindsOfPush } from '../test/corpus/all.ts';
import { openScene } from '../test/corpus/scene.ts';
import { mailsOf } from '../test/fixtures/mails.ts';
import { run } from '../test/fixtures/processes.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';

/** Commits of each named repository whose mails are read, besides those of the corpus. */
const COMMITS = 150;
const WASHER = '/usr/share/roundcube/program/lib/Roundcube/rcube_washtml.php';

/** The sanitiser of Roundcube over each file of a folder, as its `show` action calls it: FILE.washed. */
const WASH = `<?php
error_reporting(E_ALL & ~E_DEPRECATED);
define('RCUBE_CHARSET', 'UTF-8');
spl_autoload_register(function ($name) {
  foreach (['php', 'roundcube/program/lib/Roundcube'] as $folder) {
    $file = "/usr/share/$folder/" . strtr($name, chr(92), '/') . '.php';
    if (is_file($file)) { require $file; return; }
  }
});
foreach (glob($argv[1] . '/*.html') as $file) {
  $washer = new rcube_washtml(['show_washed' => true, 'allow_remote' => false, 'charset' => 'UTF-8', 'html_elements' => ['body']]);
  file_put_contents("$file.seen", $washer->wash(file_get_contents($file)));
  if ($washer->extlinks) { echo "$file asks for something remote"; exit(1); }
}`;

/** A program that shows the HTML part of mails. */
interface Reader {
  readonly programs: readonly string[];
  /** Debian's name of it. */
  readonly package: string;
  /** Shows FILE.html of a folder, each in FILE.html.seen. */
  readonly command: (folder: string) => readonly string[];
  /** What is seen, without blanks. */
  readonly textOf: (seen: string) => string;
}

const dump = (words: string): Reader['command'] => {
  return folder => [
    'sh',
    '-c',
    `for each in "$0"/*.html; do ${words} "$each" >"$each.seen" || exit 1; done`,
    folder,
  ];
};

const READERS: readonly Reader[] = [
  {
    programs: ['php', WASHER],
    package: 'roundcube-core',
    command: folder => {
      writeFileSync(join(folder, 'wash.php'), WASH);
      return ['php', join(folder, 'wash.php'), folder];
    },
    textOf: seen => textOf(seen),
  },
  {
    programs: ['w3m'],
    package: 'w3m',
    command: dump('w3m -dump -cols 5000 -T text/html -I UTF-8 -O UTF-8'),
    textOf: folded,
  },
  {
    programs: ['lynx'],
    package: 'lynx',
    command: dump('lynx -dump -nolist -assume_charset=utf-8 -display_charset=utf-8'),
    textOf: folded,
  },
];

/** Programs that show HTML mails. */
export const readers: Readonly<Record<string, Trial>> = Object.fromEntries(
  READERS.map(reader => {
    const { programs } = reader;
    return [
      reader.package,
      { programs, packages: [reader.package], play: (t, histories) => played(t, reader, histories) },
    ];
  }),
);

/** Whatever a mail's HTML says is seen, in the same order, whatever the program makes of its looks. */
async function played(t: CleanUps, reader: Reader, histories: readonly string[]): Promise<string> {
  const folder = join(temporaryFolder(t), 'mails');
  mkdirSync(folder);
  const mails = [...(await ofCorpus(t)), ...(await ofHistories(t, histories))];
  const fileOf = (nth: number) => join(folder, `${nth}.html`);
  for (const [nth, { html }] of mails.entries()) writeFileSync(fileOf(nth), html);
  const { code, stdout, stderr } = await run([...reader.command(folder)]);
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  let pieces = 0;
  for (const [nth, { about, html }] of mails.entries()) {
    const seen = reader.textOf(readFileSync(`${fileOf(nth)}.seen`, 'utf8'));
    let from = 0;
    for (const piece of piecesOf(html)) {
      const at = seen.indexOf(piece, from);
      if (at === -1)
        throw new Error(
          `${about}: lost or out of order: ${JSON.stringify(piece.slice(0, 200))}, after ${JSON.stringify(seen.slice(from, from + 200))}`,
        );
      from = at + piece.length;
      pieces++;
    }
  }
  return `${mails.length} mails, ${pieces} pieces of text, each seen, in order`;
}

interface Shown {
  readonly about: string;
  readonly html: string;
}

async function ofCorpus(t: CleanUps): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const [title, tell] of Object.entries({ ...kindsOfPush, ...kindsOfContent })) {
    const scene = openScene(join(temporaryFolder(t), 'project.git'), 'sha1');
    tell(scene);
    const { updates, settings = [], extra } = scene.pushed();
    const mails = await mailsOf(scene, updates, [...settings, 'maxSize=1m', 'html=true'], extra);
    shown.push(...mails.flatMap(({ html }) => (html ? [{ about: title, html }] : [])));
  }
  return shown;
}

async function ofHistories(t: CleanUps, folders: readonly string[]): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const original of folders) {
    // Of the other branches nothing is new.
    const folder = join(temporaryFolder(t), 'history.git');
    const words = [
      'clone',
      '--quiet',
      '--bare',
      '--shared',
      '--single-branch',
      '--no-tags',
      original,
      folder,
    ];
    execFileSync('git', words);
    const ask = (...asked: string[]) =>
      execFileSync('git', ['--git-dir', folder, ...asked], { encoding: 'utf8' }).trim();
    const update = [`HEAD~${COMMITS}`, 'HEAD']
      .map(name => ask('rev-parse', name))
      .concat(ask('symbolic-ref', 'HEAD'));
    const mails = await mailsOf({ folder }, [update.join(' ')], ['maxMails=5000', 'maxSize=1m', 'html=true']);
    shown.push(...mails.flatMap(({ subject, html }) => (html ? [{ about: subject, html }] : [])));
  }
  return shown;
}

/** The texts of a page in its order, without blanks. */
function piecesOf(html: string): readonly string[] {
  const pieces: string[] = [];
  const walk = (node: { nodeName: string; value?: string; childNodes?: unknown[] }) => {
    if (node.nodeName === 'style' || node.nodeName === 'title') return;
    const piece = folded(node.value ?? '');
    if (node.nodeName === '#text' && piece !== '') pieces.push(piece);
    for (const child of node.childNodes ?? []) walk(child as typeof node);
  };
  walk(parseFragment(html));
  return pieces;
}

function textOf(html: string): string {
  return piecesOf(html).join('');
}

/** Without blanks; w3m composes letters with their accents and has no tag characters, Roundcube makes plain what is typographic. */
function folded(text: string): string {
  const plain = text.normalize('NFC').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replaceAll('…', '...');
  return plain.replace(/[\s\u00a0\u{e0020}-\u{e007f}]/gu, '');
}
