/** A way to read bytes that are not UTF-8. */
export interface Charset {
  /** As people know it. */
  readonly name: string;
  /** More than one byte a character: such bytes can be valid UTF-8 by accident. */
  readonly wide: boolean;
  /** One line's bytes as text; undefined where they are not valid in this character set. */
  read(line: Buffer): string | undefined;
}

/** What western systems write, and the last resort: in it every byte has a meaning, so that no byte is ever lost. */
export const WINDOWS_1252: Charset = { name: 'windows-1252', wide: false, read: windows1252 };

/**
 * The character set of a text that is not UTF-8, where the text itself proves it: many of its characters, read so, are the most common ones of
 * a language. Western text cannot pass, nor does text of one of these languages in the character set of another. undefined where there is
 * no proof: a wrong guess would be worse than none, since it looks right to those who cannot read the language.
 */
export function guessCharset(bytes: Buffer): Charset | undefined {
  let best: Charset | undefined;
  let bestShare = 0;
  for (const candidate of CANDIDATES) {
    const share = proof(bytes, candidate);
    if (share > bestShare) [best, bestShare] = [candidate, share];
  }
  return best;
}

interface Candidate extends Charset {
  /** The most common characters of the language. */
  readonly common: RegExp;
  /** So many of them, and such a part of all that is not ASCII, are proof. */
  readonly count: number;
  readonly share: number;
  /** What the language does not have. */
  readonly never?: RegExp;
}

const KANA = /[\u3041-\u3096\u30a1-\u30fc]/g;
const RUSSIAN = /[оеаинтсрвл]/g;
/** A letter of the Latin alphabet beside a Cyrillic one: it was an accented letter. */
const MIXED_WORD = /[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]/;
const CHINESE =
  /[的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們到作地于於出就分对對成会會可主发發年动動同也能下过過子说說产產而面方后後多定行法所得之进進着著部度家电電力里裡如高自理起小物现現加量都两兩体體制机機当當使点點本去把好应應开開它合还還因由其些然前外天样樣与與关關各重新线線内內数數正心看原又比或但质質第向道此变變条條没沒结結解意建无無系情者最已想通并直文件名字符串设設置获獲取户端口接消错錯误誤回返值参參类類型函删刪除添查询詢始化码碼页頁据據列显顯示输輸入更状狀态態空存路径徑服务務请請求用信息处處调調码默认認测測试試]/g;
const KOREAN =
  /[이다는에의을가고하지로기사도서를은한리아인시자정어대전수나해스일부라여구상보제장과면그세만들니습있없된되합할경오류파값저변추함처설용않것때]/g;

const CANDIDATES: readonly Candidate[] = [
  { ...charset('Shift_JIS', 'wide'), common: KANA, count: 4, share: 0.25 },
  { ...charset('EUC-JP', 'wide'), common: KANA, count: 4, share: 0.25 },
  { ...charset('GB18030', 'wide'), common: CHINESE, count: 4, share: 0.25 },
  { ...charset('Big5', 'wide'), common: CHINESE, count: 4, share: 0.25 },
  { ...charset('EUC-KR', 'wide'), common: KOREAN, count: 4, share: 0.4 },
  { ...charset('windows-1251', 'narrow'), common: RUSSIAN, count: 8, share: 0.5, never: MIXED_WORD },
  { ...charset('KOI8-R', 'narrow'), common: RUSSIAN, count: 8, share: 0.5, never: MIXED_WORD },
];

function proof(bytes: Buffer, { name, common, count, share, never }: Candidate): number {
  const text = loosely(name, bytes);
  const found = text.match(common)?.length ?? 0;
  const all = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  if (found < count || found < share * all || never?.test(text)) return 0;
  return found / all;
}

/** Text with U+FFFD for what is not valid; nothing where this Node.js was built without the character set. */
function loosely(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder(name).decode(bytes);
  } catch {
    return '';
  }
}

function charset(name: string, width: 'wide' | 'narrow'): Charset {
  return {
    name,
    wide: width === 'wide',
    read(line) {
      try {
        return new TextDecoder(name, { fatal: true }).decode(line);
      } catch {
        return undefined;
      }
    },
  };
}

/** 0x80 to 0x9f (WHATWG Encoding, windows-1252); the five bytes without a character are C1 controls. Node.js 20's own decoder takes them all for controls. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function windows1252(line: Buffer): string {
  return line.toString('latin1').replace(/[\x80-\x9f]/g, byte => HIGH.charAt(byte.charCodeAt(0) - 0x80));
}
