/** Text in which what shows nothing, reorders what is around it or drives a terminal is written out as `<U+001B>`. CR LF becomes LF. */
export function visible(text: string): string {
  return visibleExactly(text.replaceAll('\r\n', '\n'));
}

/** The same with every CR written out, those of line ends too. */
export function visibleExactly(text: string): string {
  if (PLAIN.test(text)) return text;
  hidden ??= new RegExp(INVISIBLE, 'u');
  if (!hidden.test(text)) return text;
  hiddenOrNot ??= new RegExp(`(${BELONGS})|${INVISIBLE}`, 'gu');
  return text.replace(hiddenOrNot, (found: string, belongs: string | undefined) => {
    const code = found.codePointAt(0) ?? 0;
    return belongs ?? `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** The same on one line, for headers and lists: line ends and runs of blanks become one blank. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\t-\r ]+/g, ' ')).trim();
}

/** Characters: a header that long is still shown and filtered, and a list with such lines can be read. */
const MOST = 250;

/** A subject or a name on one line that is not too long for a header or a list; a commit's own mail has the whole. */
export function shortLine(text: string, most = MOST): string {
  const line = visibleLine(text);
  if (line.length <= most) return line;
  const characters = Array.from(line);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}

/**
 * By Unicode's own properties, so that later versions are covered: controls but TAB and LF; line and paragraph separators; halves of surrogate
 * pairs; noncharacters; interlinear annotation; and all that is ignored where it cannot be drawn (bidirectional controls, zero-width characters,
 * soft hyphens, Hangul fillers, variation selectors, tags: the carriers of "Trojan Source" and of hidden payloads). Not blanks of any width,
 * which can be seen and cannot stand in an identifier; private use and unassigned characters, which are drawn as boxes; look-alikes.
 */
const INVISIBLE = String.raw`[\0-\x08\x0b-\x1f\x7f-\x9f\p{Zl}\p{Zp}\p{Cs}\p{DI}\p{NChar}\ufff9-\ufffb]`;

/**
 * Letters and marks of scripts in which a joiner changes the form of its neighbours (Unicode Standard, 23.2), but for
 * Arabic presentation forms and mathematical signs: their form is fixed, and a joiner beside them shows nothing.
 */
const JOINING = String.raw`(?![\ufb50-\ufefe\u{1ee00}-\u{1eeff}])${scripts(
  'Arab Syrc Nkoo Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Tibt Mymr Khmr',
)}`;
/** Scripts without blanks between words, in which ZERO WIDTH SPACE says where a line may break. */
const UNSPACED = scripts('Thai Laoo Khmr Mymr Tale Talu Lana');

/**
 * Invisible characters in the places for which they are made: there they are seen by what they do. One at a time, so
 * that nothing can hide in a row of them. In any other place, such as Latin text or code, they are written out.
 */
const BELONGS = [
  // Emoji: presentation selectors, keycaps, joined sequences (UTS #51), the flags of England, Scotland and Wales.
  String.raw`(?<=\p{ExtPict})[\ufe0e\ufe0f]`,
  String.raw`(?<=[#*0-9])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{ExtPict}\ufe0f?|\p{EMod})\u200d(?=\p{ExtPict})`,
  String.raw`(?<=\u{1f3f4})\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`,
  // ZWNJ and ZWJ in a joining script; ZWNJ also between a foreign word and its Persian ending.
  `(?<=${JOINING})[\\u200c\\u200d]`,
  String.raw`(?<=(?!\p{DI})[\p{L}\p{N}])\u200c(?=(?=\p{L})[\u0600-\u06ff])`,
  `(?<=${UNSPACED})\\u200b(?=${UNSPACED})`,
  // Mongolian: free variation selectors and the vowel separator.
  String.raw`(?<=(?!\p{DI})\p{sc=Mong})[\u180b-\u180f]`,
  // Han: the standardized and the ideographic variants of a character, as Japanese names have them.
  String.raw`(?<=\p{sc=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
].join('|');

/** Most texts are nothing but these, and to know it takes a fifth of the time. */
const PLAIN = /^[\t\n -~]*$/;

/** What is not plain has mostly nothing hidden. Made for the first text that needs it: to read the classes takes long (bench, set `start`). */
let hidden: RegExp | undefined;

/** To ask what belongs where takes ten times as long, and so does reading that. */
let hiddenOrNot: RegExp | undefined;

function scripts(codes: string): string {
  const any = codes.split(' ').map(code => `\\p{scx=${code}}`);
  return `(?!\\p{DI})(?=[\\p{L}\\p{M}])[${any.join('')}]`;
}
