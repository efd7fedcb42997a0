import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible, visibleExactly, visibleLine } from '../../src/render/visible.ts';

/** Text as people write it, invisible characters in their places included. */
const ORDINARY: Readonly<Record<string, string>> = {
  English: 'The quick brown fox — “naïve” café, 100 € … no-break\u00a0space\n\tand a tab\n',
  Polish: 'Zażółć gęślą jaźń',
  Vietnamese: 'Tiếng Việt có dấu, cả dấu rời: e\u0302\u0301',
  Turkish: 'Pijamalı hasta yağız şoföre çabucak güvendi, İĞDIR',
  Greek: 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία',
  Russian: 'Съешь же ещё этих мягких французских булок',
  Georgian: 'საქართველოს სახელმწიფო ენა',
  Armenian: 'Բոլոր մարդիկ ծնվում են ազատ',
  Hebrew: 'דג סקרן שט בים מאוכזב, שָׁלוֹם',
  Arabic: 'نص حكيم له سر قاطع، ١٢٣ – اللُّغَة',
  Persian: 'می\u200cخواهم نرم\u200cافزارها را به\u200cروز کنم، CPU\u200cها و ه\u200d',
  Urdu: 'پاکستان زندہ باد، ہم ایک ہیں',
  Syriac: 'ܫܠܡܐ ܥܡܟ',
  Hindi: 'क्\u200dष और क्\u200cष, सभी मनुष्यों को',
  Bengali: 'র\u200d্যাব, সব মানুষ স্বাধীন',
  Tamil: 'மனிதப் பிறவியினர் சகலரும் க்\u200cஷ',
  Telugu: 'మానవులందరూ స్వతంత్రులు, ప్రొఫెసర్\u200cలు',
  Malayalam: 'മനുഷ്യരെല്ലാവരും, അവന്\u200d',
  Kannada: 'ರ\u200d್ಯಾಂಕ್, ಎಲ್ಲಾ ಮಾನವರೂ',
  Sinhala: 'ශ්\u200dරී ලංකා, සියලු මනුෂ්\u200dයයෝ',
  Thai: 'เป็นมนุษย์\u200bสุดประเสริฐ เลิศคุณค่า',
  Lao: 'ສະບາຍດີ\u200bຊາວໂລກ',
  Khmer: 'មនុស្ស\u200bទាំងអស់\u200bកើតមក',
  Burmese: 'လူတိုင်း\u200bသည် တူညီ',
  Tibetan: 'འགྲོ་བ་མིའི་རིགས་རྒྱུད་',
  Mongolian: 'ᠮᠣᠩᠭᠣᠯ ᠤᠨ, ᠡᠷ\u180bᠡ ᠬᠠᠷ\u180eᠠ ᠠ\u200d',
  Amharic: 'የሰው ልጅ ሁሉ ሲወለድ ነጻ',
  Cherokee: 'ᏂᎦᏓ ᎠᏂᏴᏫ',
  Chinese: '人人生而自由，在尊嚴和權利上一律平等。　全角空白',
  Japanese: 'すべての人間は、ﾊﾝｶｸ、葛\u{e0100}城市と辻\ufe00',
  Korean: '모든 인간은 태어날 때부터 자유로우며, 각',
  Hieroglyphs: '𓀀\u{13430}𓁐',
  'emoji in sequences':
    '👩🏽\u200d🚀 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥 ☺\ufe0e 1\ufe0f\u20e3 #\ufe0f\u20e3 🇩🇪 👍🏿 🧑\u200d🤝\u200d🧑',
  'a flag of tags':
    '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'private use and what is not assigned yet': '\ue0b0 \u{f0001} \u0378',
  'signs of our own': '<U+001B> <E9>',
};

for (const [what, text] of Object.entries(ORDINARY)) {
  test(`ordinary text stays as it is: ${what}`, () => {
    assert.equal(visible(text), text);
    assert.equal(visibleExactly(text), text);
  });
}

const SHOWN: readonly [what: string, text: string, seen: string][] = [
  ['a terminal escape', '\x1b[31mred', '<U+001B>[31mred'],
  ['NUL, BEL, backspace, DEL', '\0\x07\b\x7f', '<U+0000><U+0007><U+0008><U+007F>'],
  ['vertical tab, form feed and a lone CR', 'a\vb\fc\rd', 'a<U+000B>b<U+000C>c<U+000D>d'],
  ['C1 controls, CSI and NEL among them', '\u009b31m\u0085', '<U+009B>31m<U+0085>'],
  ['line and paragraph separators', 'a\u2028b\u2029', 'a<U+2028>b<U+2029>'],
  [
    'bidirectional overrides, embeddings and isolates',
    '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069',
    '<U+202A><U+202B><U+202C><U+202D><U+202E><U+2066><U+2067><U+2068><U+2069>',
  ],
  ['bidirectional marks', 'א\u200f\u200e\u061c', 'א<U+200F><U+200E><U+061C>'],
  ['a soft hyphen in code', 'pass\u00adword', 'pass<U+00AD>word'],
  ['a zero-width space in code', 'if\u200b(x)', 'if<U+200B>(x)'],
  ['a joiner before a mark of Arabic that shows nothing', '一\u200c\u061c', '一<U+200C><U+061C>'],
  ['a joiner before an Arabic letter of fixed form', 'r\u200c\ufb50', 'r<U+200C>\ufb50'],
  ['a joiner behind one', '\ufe8d\u200c \ufdfb\u200d', '\ufe8d<U+200C> \ufdfb<U+200D>'],
  ['joiners in code', 'is\u200cAdmin is\u200dAdmin', 'is<U+200C>Admin is<U+200D>Admin'],
  ['two joiners in a row', 'ه\u200d\u200d', 'ه\u200d<U+200D>'],
  ['a joiner between an emoji and a letter', '👩\u200da', '👩<U+200D>a'],
  ['a joiner behind a Cyrillic or a Hebrew letter', 'а\u200c א\u200d', 'а<U+200C> א<U+200D>'],
  ['a word joiner and invisible operators', '\u2060\u2061\u2064', '<U+2060><U+2061><U+2064>'],
  ['a byte order mark', '\ufeffusing System;', '<U+FEFF>using System;'],
  [
    'Hangul fillers, which can be names in code',
    'const {\u3164, \uffa0, \u115f\u1160}',
    'const {<U+3164>, <U+FFA0>, <U+115F><U+1160>}',
  ],
  ['Khmer vowels that show nothing', 'ក\u17b4\u17b5', 'ក<U+17B4><U+17B5>'],
  ['the combining grapheme joiner', 'a\u034f', 'a<U+034F>'],
  ['a variation selector behind a letter', 'a\ufe0f1\ufe0f', 'a<U+FE0F>1<U+FE0F>'],
  ['a payload in variation selectors', '👍\ufe0f\ufe0e\u{e0101}', '👍\ufe0f<U+FE0E><U+E0101>'],
  ['two variants of one ideograph', '葛\u{e0100}\u{e0101}', '葛\u{e0100}<U+E0101>'],
  ['a payload in tags', 'ok\u{e0041}\u{e0042}\u{e007f}', 'ok<U+E0041><U+E0042><U+E007F>'],
  ['a flag of no country', '🏴\u{e0078}\u{e007f}', '🏴<U+E0078><U+E007F>'],
  ['interlinear annotation', '\ufff9a\ufffab\ufffb', '<U+FFF9>a<U+FFFA>b<U+FFFB>'],
  ['Mongolian signs in another script', 'a\u180e\u180b', 'a<U+180E><U+180B>'],
  ['musical and shorthand controls', '\u{1d173}\u{1bca0}', '<U+1D173><U+1BCA0>'],
  ['halves of surrogate pairs', 'a\ud83db\ude00', 'a<U+D83D>b<U+DE00>'],
  ['noncharacters', '\uffff\ufdd0\u{1fffe}', '<U+FFFF><U+FDD0><U+1FFFE>'],
];

for (const [what, text, seen] of SHOWN) {
  test(`what cannot be seen is written out: ${what}`, () => {
    assert.equal(visible(text), seen);
    assert.equal(visible(seen), seen);
  });
}

test('line ends of CR LF become LF, or are written out where they matter', () => {
  assert.equal(visible('a\r\nb\r\r\n'), 'a\nb<U+000D>\n');
  assert.equal(visibleExactly('a\r\nb\n'), 'a<U+000D>\nb\n');
});

test('on one line, line ends and runs of blanks are one blank, and the rest is seen', () => {
  assert.equal(visibleLine(' a\r\n\tb \v c\n'), 'a b c');
  assert.equal(visibleLine('a\u2028Bcc: x\ufeff'), 'a<U+2028>Bcc: x<U+FEFF>');
  assert.equal(visibleLine('\u00a0\u3000 '), '');
  assert.equal(visibleLine('修正　完了'), '修正　完了');
});

/** Never in the place for which it was made: written out always. */
const NEVER = new RegExp(
  [
    String.raw`[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e001f}\u{e0080}-\u{e00ff}\u{e01f0}-\u{e0fff}]`,
    String.raw`\p{Cs}|\p{NChar}`,
  ].join('|'),
  'u',
);
/** Allowed one at a time. */
const SOMETIMES = '[\\u180b-\\u180f\\u200b-\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]';
const ROW = new RegExp(
  `(?!\\ufe0f\\u200d)${SOMETIMES}{2}|^${SOMETIMES}|[\\0-\\x7f]${SOMETIMES}(?!\\u20e3|[\\u0600-\\u06ff])`,
  'u',
);

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...Array.from(Object.values(ORDINARY).join(''))),
    fc.constantFrom(...SHOWN.flatMap(([, text]) => text.split(''))),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)),
  ),
  maxLength: 40,
});

test('whatever the text, nothing that hides is left, and what is seen once stays so', () => {
  fc.assert(
    fc.property(hostile, text => {
      const seen = visible(text);
      assert.doesNotMatch(seen, NEVER);
      assert.doesNotMatch(seen, ROW);
      assert.equal(visible(seen), seen);
      assert.equal(seen.split('\n').length, text.split('\n').length);
      assert.doesNotMatch(visibleLine(text), /[\t-\r]/);
    }),
    { numRuns: 5000 },
  );
});

test('every character of Unicode alone is either itself or its sign', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const seen = visible(character);
    if (seen === character) assert.doesNotMatch(character, /[\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/u);
    else assert.equal(seen, `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`);
  }
});

test('a long text takes no longer than its length', () => {
  for (const piece of ['a', '\u200d', 'ه\u200d', '👩\u200d', '🏴\u{e0067}', '\x1b', 'é'])
    assert.ok(visible(piece.repeat(300_000)).length > 0);
});
