import { encoder } from '../fixtures/encoder.ts';
import type { Cases } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const shiftJis = encoder('Shift_JIS');
const eucJp = encoder('EUC-JP');
const gb18030 = encoder('GB18030');
const koi8r = encoder('KOI8-R');
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

/** ISO-2022-JP (RFC 1468) of Japanese alone: EUC-JP without the high bits, between the escape sequences. */
const iso2022jp = (text: string) =>
  Buffer.concat([Buffer.from('\x1b$B'), eucJp(text).map(byte => byte & 0x7f), Buffer.from('\x1b(B')]);

/** The push brings what is told on top of a first commit. */
function project(scene: Scene, tell: (scene: Scene) => string): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  scene.moves(MAIN, tell(scene));
}

/** A commit whose message and author are in the character set that its header names. */
function named(scene: Scene, name: string, message: Buffer, author: Buffer): string {
  const headers = [`encoding ${name}`];
  const address = Buffer.from(' <author@example.org>');
  return scene.commit(message, {}, { author: Buffer.concat([author, address]), headers });
}

const BOM = '\ufeff';
const STRINGS = 'greeting = Hello\r\nfarewell = Goodbye\r\nprice = 5 €\r\n';

/** Names, messages and files in every character set, and what claims to be in one. */
export const encodingCases: Cases = {
  'encoding-header: message and author are in the character set that the commit names': scene =>
    project(scene, () => {
      const telling = (...args: [name: string, message: Buffer, author: Buffer]) => named(scene, ...args);
      telling('ISO-8859-1', latin1('Übersetzung der Grüße\n\nAuch für Öl.\n'), latin1('Jürgen Groß'));
      telling('Shift_JIS', shiftJis('表示を直す\n\nソースの名前も。\n'), shiftJis('山田太郎'));
      telling('EUC-JP', eucJp('表示を直す\n'), eucJp('山田太郎'));
      telling('ISO-2022-JP', iso2022jp('表示を直す'), iso2022jp('山田太郎'));
      telling('GB18030', gb18030('修改文件名\n'), gb18030('王小明'));
      return telling('KOI8-R', koi8r('Исправить ошибку\n'), koi8r('Иван Иванов'));
    }),

  'encoding-header-wrong: the character set is none, another one, or missing': scene =>
    project(scene, ({ commit }) => {
      const headers = (name: string) => ({ headers: [`encoding ${name}`] });
      commit(latin1('Grüße ohne Angabe'), {}, { author: latin1('Jürgen <j@example.org>') });
      commit(latin1('Grüße in Klingonisch'), {}, headers('Klingon'));
      commit('Grüße in UTF-8, angeblich Latin-1', {}, headers('ISO-8859-1'));
      commit(latin1('Grüße in Latin-1, angeblich UTF-8'), {}, headers('UTF-8'));
      commit(latin1('Grüße in Latin-1, angeblich Shift_JIS'), {}, headers('Shift_JIS'));
      return commit('Plain words with an empty name', {}, headers(''));
    }),

  'encoding-header-hostile: read so, a commit has other lines than its bytes have': scene =>
    project(scene, ({ commit }) => {
      // In UTF-7 a zone of +0100 is no text, and git would take the commit as it is.
      const authored = '1704110520 -0000';
      const author = 'Eve+AAo-Bcc: x+AAA- <eve+AEA-example.org>';
      const utf7 = { headers: ['encoding UTF-7'], author, authored };
      commit('Say +AAo-Bcc: eve+AEA-example.org+AAo-+AAo-Hello+AAA-behind a NUL\n', {}, utf7);
      return commit('Read every two bytes as one character', {}, { headers: ['encoding UTF-16'] });
    }),

  'encoding-header-misleads: git shows nothing, or other words, of what is plain text': scene =>
    project(scene, ({ commit }) => {
      const of = (name: string) => ({ headers: [`encoding ${name}`], author: 'Jürgen Groß <j@example.org>' });
      commit('Say UTF-16, and mean UTF-8\n\nEs grüßt\n  die Welt.\n', { greeting: 'Hallo\n' }, of('UTF-16'));
      commit('\n\nUTF-16LE, with lines\nbefore  \nand after\n\nthe subject\n', {}, of('UTF-16LE'));
      commit('UTF-16BE with\0a NUL in it', {}, of('utf-16be'));
      commit('UCS-4', {}, of('UTF-32'));
      commit('EBCDIC', {}, of('IBM037'));
      commit('C+- is not C+AC0', {}, of('UTF-7'));
      commit(eucJp('表示を直す、ソースの名前も\n'), {}, { headers: ['encoding UTF-16'], author: null });
      const fork = { ...of('UTF-16'), parents: [commit('Go on'), commit('Go another way')] };
      return commit('Merge what says that it is in UTF-16', {}, fork);
    }),

  'encoding-header-misleads-a-digest: the list has their words too': scene => {
    scene.settings('maxMails=1');
    project(scene, ({ commit }) => {
      commit('Say UTF-16, and mean UTF-8', { greeting: 'Hallo\n' }, { headers: ['encoding UTF-16'] });
      return commit('Say nothing', { greeting: 'Hello\n' });
    });
  },

  'encoding-header-misleads-at-length: the message is cut as any other': scene => {
    scene.settings('maxSize=10000');
    project(scene, ({ commit }) =>
      commit(
        `Talk\n\n${`${'On and on, '.repeat(9)}\n`.repeat(20_000)}`,
        {},
        { headers: ['encoding UTF-16'] },
      ),
    );
  },

  'contents-in-character-sets: files that are not UTF-8, and their way to it': scene =>
    project(scene, ({ commit }) => {
      const german = '# Größe prüfen\nreturn "Größe";\n';
      const japanese = '// 設定ファイルを開く前に、名前を確認する\nopen(名前);\n';
      const chinese = '// 获取当前用户的名称\n名称 = 0; /* 如果文件不存在 */\n';
      const russian = '// Открыть файл и проверить его имя\nimja = 0;\n';
      commit('Speak many languages', {
        'latin-1': latin1(german),
        'shift-jis': shiftJis(japanese),
        'euc-jp': eucJp(japanese),
        gb18030: gb18030(chinese),
        'koi8-r': koi8r(russian),
      });
      return commit('Go over to UTF-8', { 'latin-1': german, 'shift-jis': japanese, 'koi8-r': russian });
    }),

  'contents-mixed: more than one character set in a file, and bytes in none': scene =>
    project(scene, ({ commit }) => {
      const mixed = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map(part => Buffer.from(part)));
      commit('Mix character sets', {
        'utf-8-and-latin-1': mixed('Grüße, wie sie sein sollen\n', latin1('Grüße in Latin-1\n'), 'ASCII\n'),
        'utf-8-and-shift-jis': mixed('日本語のファイル\n', shiftJis('名前を確認する\n')),
        'cut-in-a-character': mixed('Preis: 5 ', Buffer.from('€\n').subarray(0, 2), '\n'),
      });
      return commit('Add rubbish', {
        'high-bytes': Buffer.from(Array.from({ length: 128 }, (_, at) => 128 + at)),
        overlong: Buffer.from([0x2f, 0xc0, 0xaf, 0xe0, 0x80, 0xaf, 0x0a]),
        surrogates: Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0x0a]),
        'past-the-last-character': Buffer.from([0xf4, 0x90, 0x80, 0x80, 0x20, 0xff, 0xfe, 0x0a]),
      });
    }),

  'contents-utf-16-binary: git takes a file with NULs for a binary one': scene =>
    project(scene, ({ commit }) => {
      const strings = { 'le.strings': utf16le(BOM + STRINGS), 'be.strings': utf16be(BOM + STRINGS) };
      commit('Add strings', strings);
      return commit('Change strings', { 'le.strings': utf16le(`${BOM}${STRINGS}more = More\r\n`) });
    }),

  'contents-utf-16-as-text: an attribute asks git for a diff': scene => {
    scene.file('info/attributes', '*.strings diff\n');
    project(scene, ({ commit }) => {
      const changed = STRINGS.replace('Hello', 'Good day');
      commit('Add strings', {
        'le.strings': utf16le(BOM + STRINGS),
        'be.strings': utf16be(BOM + STRINGS),
        'without-bom.strings': utf16le(STRINGS),
      });
      return commit('Change strings', {
        'le.strings': utf16le(BOM + changed),
        'be.strings': utf16be(BOM + changed),
        'without-bom.strings': utf16le(changed),
      });
    });
  },

  'byte-order-marks: they come, go and stand where none belongs': scene =>
    project(scene, ({ commit }) => {
      commit(`${BOM}Add a mark to the message too`, {
        new: `${BOM}First line\n`,
        inside: `First ${BOM}line\n`,
        README: `${BOM}A project.\n`,
      });
      return commit('Take the mark away', { README: 'A project.\n' });
    }),

  'scripts: names, messages, paths and files of all the world': scene =>
    project(scene, ({ commit }) => {
      commit(
        'Έναρξη του έργου\n\nВот и всё.\n',
        { 'ελληνικά/αρχείο.txt': 'Καλημέρα κόσμε\n', 'русский/файл.txt': 'Привет, мир\n' },
        { author: 'Αλέξανδρος <alex@example.org>', committer: 'Иван Иванов <ivan@example.org>' },
      );
      commit(
        'שלום עולם',
        { 'עברית.txt': 'שלום עולם (1)\n', 'العربية.txt': 'مرحبا بالعالم\n', 'فارسی.txt': 'می‌خواهم\n' },
        { author: 'דוד כהן <david@example.org>' },
      );
      commit(
        '初めまして',
        {
          '日本語/長い名前のファイルです.txt': 'こんにちは\n',
          '中文.txt': '你好\n',
          '한국어.txt': '안녕하세요\n',
        },
        { author: '山田 太郎 <taro@example.org>' },
      );
      return commit(
        'Add 👩‍💻, हिन्दी and ไทย',
        {
          '👩‍💻.txt': '🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 ☎️\n',
          'हिन्दी.txt': 'क्‍ष नमस्ते\n',
          'ไทย.txt': 'สวัสดี\n',
          'caf\u00e9': 'One character.\n',
          'cafe\u0301': 'Two characters.\n',
        },
        { author: 'José 🦀 <jose@example.org>' },
      );
    }),
};
