/**
 * True for a commit whose texts git can be trusted to have read: its `encoding` header is missing, or names a character set
 * in which ASCII stands as it is. git reads the WHOLE object in that set (gitformat-commit, i18n.commitEncoding), its own
 * header lines included, and so in UTF-16 finds no author and no message, and in UTF-7 other characters than there are.
 *
 * @param encoding the value of the header, in any spelling that iconv knows: `ISO-8859-1`, `iso8859_1`, `latin1`
 */
export function isReadByGit(encoding: string): boolean {
  return ASCII_STANDS.test(encoding.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

const ASCII_STANDS = new RegExp(
  `^(${[
    '',
    'utf8(mac)?',
    '(us)?ascii',
    '(iso)?8859\\d+e?',
    'latin\\d+',
    'l\\d+',
    // Not 864, which has no percent sign; others from IBM are EBCDIC.
    '(cp|ibm|windows|win|ms)?(437|720|737|775|85\\d|86[0-35-9]|874|932|936|943|949|950|125\\d)',
    'koi8[a-z]*',
    'euc(jp|kr|cn|tw)[a-z]*',
    's(hift)?jis[a-z]*',
    'windows31j',
    'gb(k|2312|18030)',
    'big5[a-z]*',
    'uhc',
    'iso2022[a-z]+\\d?',
    'tis620',
    'viscii',
    'tcvn\\d*',
    'armscii8',
    'georgian[a-z]+',
    'mac[a-z]*',
  ].join('|')})$`,
);
