import type { Cases } from './case.ts';
import { type Files, link, program, type Scene, submodule } from './scene.ts';

const MAIN = 'refs/heads/main';

/** Commits of a library that is a submodule: they are not in this repository. */
const LIBRARY = ['1234567890123456789012345678901234567890', 'fedcba9876543210fedcba9876543210fedcba98'];

/** A push of commits on top of a first one, each with its title and what becomes of its files. */
function history(scene: Scene, first: Files, ...commits: readonly (readonly [string, Files])[]): void {
  scene.stands(MAIN, scene.commit('Start the project', first));
  const ids = commits.map(([title, files]) => scene.commit(title, files));
  scene.moves(MAIN, ids.at(-1) ?? null);
}

function numbered(count: number, line: (number: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at + 1)).join('');
}

const POEM = numbered(12, number => `This is verse ${number} of the poem.\n`);
const CHANGED_POEM = POEM.replace('verse 3 ', 'line 3 ');
const GITMODULES = '[submodule "lib"]\n\tpath = lib\n\turl = https://git.example.org/lib\n';

/** What can become of files, and what can be in them. */
export const fileCases: Cases = {
  'files-renamed: with and without a change, with a new mode, to another folder; and copied': scene =>
    history(
      scene,
      { poem: POEM, song: `${POEM}La la.\n`, run: `#!/bin/sh\n${POEM}`, 'src/old/deep.c': `/*\n${POEM}*/\n` },
      [
        'Rename the files',
        {
          poem: null,
          verses: POEM,
          song: null,
          ballad: `${CHANGED_POEM}La la.\n`,
          run: null,
          start: program(`#!/bin/sh\n${POEM}`),
          'src/old/deep.c': null,
          'src/new/deep.c': `/*\n${POEM}*/\n`,
        },
      ],
      ['Copy one and change it', { verses: CHANGED_POEM, copy: POEM, 'another-copy': `${POEM}The end.\n` }],
    ),

  'files-modes: executable and not, with and without a change': scene =>
    history(
      scene,
      { one: 'One.\n', two: 'Two.\n', three: program('Three.\n') },
      [
        'Change modes',
        {
          one: program('One.\n'),
          two: program('Two, changed.\n'),
          three: 'Three.\n',
          four: program('Four.\n'),
        },
      ],
      ['A mode that git makes no more', { five: { mode: '100664', bytes: Buffer.from('Five.\n') } }],
    ),

  'files-symlinks: added, pointed elsewhere, removed': scene =>
    history(scene, { here: link('README'), there: link('../there') }, [
      'Point links elsewhere',
      { here: link('../../../etc/passwd'), there: null, new: link('a name\nof two \x1b[31mlines') },
    ]),

  'files-submodules: added, updated, removed': scene =>
    history(
      scene,
      { README: 'A project.\n' },
      ['Add the library', { lib: submodule(LIBRARY[0] ?? ''), '.gitmodules': GITMODULES }],
      ['Update the library', { lib: submodule(LIBRARY[1] ?? '') }],
      ['Remove the library', { lib: null, '.gitmodules': null }],
    ),

  'files-types: a file becomes a link, a submodule and a folder, and back': scene =>
    history(
      scene,
      {
        one: 'A file.\n',
        two: link('target'),
        three: 'A file.\n',
        four: 'A file.\n',
        'five/file': 'A file.\n',
      },
      [
        'Change types',
        {
          one: link('target'),
          two: 'A file.\n',
          three: submodule(LIBRARY[0] ?? ''),
          four: null,
          'four/file': 'A file in a folder.\n',
          'five/file': null,
          five: 'A file.\n',
        },
      ],
    ),

  'files-empty: filled, emptied, made executable, renamed, then added and removed': scene =>
    history(
      scene,
      { filled: '', emptied: 'Something.\n', renamed: '', mode: '' },
      [
        'Change empty files',
        { filled: 'Something.\n', emptied: '', mode: program(''), renamed: null, other: '' },
      ],
      ['Add empty files', { one: '', two: '' }],
      ['Remove an empty file', { two: null }],
    ),

  'files-without-last-line-end: before, after, both, and nothing but one': scene =>
    history(scene, { before: 'One.\nTwo.', after: 'One.\nTwo.\n', both: 'One.\nTwo.', 'only-one': '\n' }, [
      'Change the last lines',
      { before: 'One.\nTwo.\n', after: 'One.\nTwo.', both: 'One.\nThree.', 'only-one': '', new: 'No end.' },
    ]),

  'files-crlf: line ends of Windows, of the old Mac and a mixture, and their change': scene => {
    const text = 'One.\nTwo.\nThree.\n';
    const windows = text.replaceAll('\n', '\r\n');
    history(scene, { windows, mixed: 'One.\r\nTwo.\nThree.\r\n', 'to-unix': windows, 'to-windows': text }, [
      'Change line ends',
      {
        windows: windows.replace('Two', 'Two and more'),
        mixed: 'One.\r\nTwo.\nThree.\n',
        'to-unix': text,
        'to-windows': windows,
        mac: 'One.\rTwo.\rThree.\r',
        odd: 'One.\r\r\nT\rwo.\r\nNo end.\r',
      },
    ]);
  },

  'files-binary: added, changed, removed, and a NUL far behind': scene => {
    const bytes = (size: number, seed: number) =>
      Buffer.from(Array.from({ length: size }, (_, at) => (at * at * seed) % 256));
    const late = `${numbered(9, number => `${number} ${'x'.repeat(1000)}\n`)}Here is a \0 NUL.\n`;
    history(scene, { changed: bytes(300, 7), removed: bytes(100, 5), late }, [
      'Change binary files',
      {
        added: bytes(200, 3),
        changed: bytes(310, 7),
        removed: null,
        'nul.txt': 'A \0 NUL.\n',
        late: `${late}One more line.\n`,
      },
    ]);
  },

  'files-invisible: escapes, bidirectional overrides, what has no width, and form feeds': scene =>
    history(scene, { 'pages.txt': 'One.\n' }, [
      'Add what cannot be seen',
      {
        'terminal.sh': 'echo ok # \x1b[8mhidden\x1b[0m \x1b]0;title\x07 \x9b31m\n\x1b[1A\x1b[2Koverwritten\n',
        'overwritten.sh': 'rm -rf / \rls         \nabc\b\b\bdef\n',
        'trojan.c': 'if (level != "user\u202e \u2066// Check if admin\u2069 \u2066") {\n',
        'zero.js': 'let a\u200bb = "\u2060\u200d\u200c\u00ad\u180e\ufeff";\nconst \u3164 = 1;\n',
        'tags.txt': 'Hello\u{e0048}\u{e0069}\ufe0f \u{fff9}a\u{fffa}b\u{fffb} \u2028 \u2029 \u0085 \ufdd0\n',
        'pages.txt': 'One.\n\fTwo.\v\tThree.\n',
      },
    ]),

  'files-like-diffs: lines that look like those around them': scene => {
    const lines = ['-- a/README', 'diff --git a/x b/x', '@@ -1 +1 @@', 'From ada', '.', '..', '', ' '];
    const text = lines.map(line => `${line}\n`).join('');
    history(
      scene,
      { odd: text, context: `Same.\n${text}End.\n` },
      [
        'Change odd lines',
        { odd: `${text}\n-- \n--\n\\ No newline at end of file\n`, context: `Same.\n${text}The end.\n` },
      ],
      ['Remove them', { odd: null, context: `Same.\n++ b/README\n` }],
    );
  },

  'files-long-lines: a line of 100,000 bytes is cut where the mail is full': scene => {
    const minified = numbered(10_000, number => `f(${number % 10},ö);`);
    history(scene, { 'before.js': 'var a;\n', 'min.js': `${minified}\n`, 'z.js': 'var z;\n' }, [
      'Minify',
      { 'before.js': 'var b;\n', 'min.js': `${minified.replace('f(9', 'g(9')}\n`, 'z.js': 'var y;\n' },
    ]);
    scene.settings('maxSize=4000');
  },
};
