import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessCharset } from '../../src/model/charset.ts';
import { decode, decodeDistinct } from '../../src/model/text.ts';
import { encoder } from '../fixtures/encoder.ts';

const PROVEN: readonly [charset: string, text: string][] = [
  ['Shift_JIS', '// ファイルを開く前に、名前を確認する\nint open(void); // エラーのときは -1 を返す\n'],
  ['EUC-JP', '# 設定ファイルの読み込みに失敗した場合\nreturn; # ここで終わる\n'],
  ['GB18030', '// 获取当前用户的名称\nint n = 0; /* 如果文件不存在，返回错误 */\n'],
  ['GB18030', '设置默认值，避免空字符串\n'],
  ['Big5', '// 取得目前使用者的名稱\nint n; // 如果檔案不存在，回傳錯誤訊息\n'],
  ['EUC-KR', '// 파일을 열기 전에 이름을 확인한다\nint n; // 오류가 있으면 값을 반환하지 않는다\n'],
  ['windows-1251', '// Открыть файл и проверить его имя\nint n; // если ошибка, вернуть -1\n'],
  ['KOI8-R', '// Открыть файл и проверить его имя\nint n; // если ошибка, вернуть -1\n'],
];

for (const [charset, text] of PROVEN) {
  test(`text that proves to be ${charset} is read so: ${text.slice(0, 20)}`, () => {
    const bytes = encoder(charset)(text);
    assert.equal(decode(bytes), text);
    assert.deepEqual(decodeDistinct(bytes), { text, charset });
  });
}

/** No candidate's language, or a candidate's language in too few words: the bytes are shown as Western ones. */
const UNPROVEN: readonly [charset: string, text: string][] = [
  ['windows-1252', 'Größenänderung: Übergrößen müssen schließlich überprüft werden, außer für Ärzte.\n'],
  ['windows-1252', "L'été à Orléans : «ça a déjà été créé», où êtes-vous, naïf ? ÉTÉ, ÇA, ÀÉÈÙ\n"],
  ['windows-1252', '¿Dónde está el niño pequeño? ¡Aquí! Año, señal, camión, acción, versión, función\n'],
  ['windows-1252', 'Não há ligação à configuração: opções, funções, versões, exceções, situações\n'],
  ['windows-1252', 'Smørrebrød på Ærø, blåbærgrød; Þórður sá æðarfugl á Íslandi; hyvää päivää, yö\n'],
  ['windows-1250', 'Zażółć gęślą jaźń; příliš žluťoučký kůň úpěl ďábelské ódy; árvíztűrő tükörfúrógép\n'],
  ['windows-1254', 'Pijamalı hasta yağız şoföre çabucak güvendi; işlem başarısız, değer geçersiz\n'],
  ['iso-8859-7', 'Η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί, και επιστρέφει λάθος τιμή\n'],
  ['windows-1255', 'דג סקרן שט בים מאוכזב ולפתע מצא חברה, שגיאה בפתיחת הקובץ, הערך אינו תקין\n'],
  ['windows-1256', 'نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق\n'],
  ['windows-874', 'เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน ไม่พบไฟล์ที่ต้องการ\n'],
  ['Shift_JIS', '初期化処理\n'],
  ['GB18030', '取消\n'],
  ['EUC-KR', '확인\n'],
  ['windows-1251', 'Имя\n'],
  ['ibm866', 'Открыть файл и проверить его имя, если ошибка, вернуть минус один\n'],
];

for (const [charset, text] of UNPROVEN) {
  test(`nothing is guessed without proof: ${charset}, ${text.slice(0, 20)}`, () => {
    const bytes = encoder(charset)(text);
    assert.equal(guessCharset(bytes)?.name, undefined);
    assert.equal(decodeDistinct(bytes).charset, 'windows-1252');
  });
}

test('text of one language in the character set of another is not mistaken', () => {
  const chinese = '获取当前用户的名称如果文件不存在返回错误设置默认值避免空字符串数据库连接失败请重试\n';
  const korean =
    '파일을 열기 전에 이름을 확인한다 오류가 있으면 값을 반환하지 않는다 설정을 저장할 수 없습니다\n';
  const japanese = 'ファイルを開く前に名前を確認するエラーのときは値を返す設定を保存できません\n';
  assert.equal(guessCharset(encoder('GB18030')(chinese))?.name, 'GB18030');
  assert.equal(guessCharset(encoder('EUC-KR')(korean))?.name, 'EUC-KR');
  assert.equal(guessCharset(encoder('EUC-JP')(japanese))?.name, 'EUC-JP');
  assert.equal(guessCharset(encoder('Shift_JIS')(japanese))?.name, 'Shift_JIS');
});

test('rubbish proves nothing', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed & 0xff;
  };
  for (let run = 0; run < 200; run++) {
    const rubbish = Buffer.from(Array.from({ length: 10 + run * 5 }, random));
    assert.equal(guessCharset(rubbish)?.name, undefined, rubbish.toString('hex'));
  }
});

test('a line of GB18030 that happens to be valid UTF-8 is read as its neighbours are', () => {
  const encode = encoder('GB18030');
  const text = '获取当前用户的名称，如果不存在\n模\n';
  assert.equal(encode('模').toString('latin1'), '\xc4\xa3');
  assert.deepEqual(decodeDistinct(encode(text)), { text, charset: 'GB18030' });
  assert.equal(decode(encode(text)), text);
});

test('a change from one character set to UTF-8 is no change of nothing', () => {
  const text = '获取当前用户的名称，如果不存在\n';
  const both = Buffer.concat([encoder('GB18030')(`-${text}`), Buffer.from(`+${text}`)]);
  const [before, after] = decodeDistinct(both).text.split('\n');
  assert.match(before ?? '', /^-<BB><F1>/);
  assert.equal(`${after}\n`, `+${text}`);
});

test('a character that git cut in two at the end of a line does not spoil the line', () => {
  const encode = encoder('GB18030');
  const cut = encode('@@ -1 +1 @@ 函数名称').subarray(0, -1);
  const rest = encode('\n+获取当前用户的名称\n');
  assert.equal(
    decodeDistinct(Buffer.concat([cut, rest])).text,
    '@@ -1 +1 @@ 函数名<B3>\n+获取当前用户的名称\n',
  );
});
