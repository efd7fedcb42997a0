// A picture of a terminal for README.md: text with colours on standard input, SVG on standard output. docs/thread.svg and docs/mail.svg
// are mutt's view of the mails that `npm run demo` leaves: tmux capture-pane -e -p | node scripts/picture.js 96 'A thread' >docs/thread.svg
import { readFileSync } from 'node:fs';

const [WIDTH, HEIGHT, MARGIN] = [8.4, 18, 12];
const COLOURS = ['#3b4252', '#e06c75', '#98c379', '#e5c07b', '#3f6fb5', '#c678dd', '#56b6c2', '#d8dee9'];
const BRIGHT = ['#6b7280', '#ff7b86', '#b5e890', '#ffd98a', '#7fb0ff', '#e39cf5', '#7fe0ec', '#ffffff'];
const PLAIN = { color: '#d8dee9', back: undefined, bold: false };

const lines = readFileSync(0, 'utf8').replace(/\n+$/, '').split('\n');
const [columns, title] = [Number(process.argv[2]), escaped(process.argv[3])];
const shapes = [];
let style = PLAIN;
for (const [row, line] of lines.entries()) {
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC [ ... m sets colours (ECMA-48).
  for (const [, codes, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (codes !== undefined) for (const code of codes.split(';')) style = styled(style, Number(code));
    else column += draw(text, row, column);
  }
  if (style.back) draw(' '.repeat(Math.max(0, columns - column)), row, column);
}
const [width, height] = [Math.round(columns * WIDTH) + 2 * MARGIN, lines.length * HEIGHT + 2 * MARGIN];
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${title}</title>
<rect width="100%" height="100%" rx="8" fill="#1e222a"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${shapes.join('\n')}
</g>
</svg>
`);

function styled(before, code) {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...before, bold: true };
  if (code >= 30 && code <= 37) return { ...before, color: COLOURS[code - 30] };
  if (code >= 90 && code <= 97) return { ...before, color: BRIGHT[code - 90] };
  if (code === 39) return { ...before, color: PLAIN.color };
  if (code >= 40 && code <= 47) return { ...before, back: COLOURS[code - 40] };
  return code === 49 ? { ...before, back: undefined } : before;
}

/** Draws a run of one style, each at its own column: fonts differ in width. Returns how many columns it takes. */
function draw(text, row, column) {
  const length = [...text].length;
  const [x, y] = [MARGIN + column * WIDTH, MARGIN + row * HEIGHT];
  const size = (length * WIDTH).toFixed(1);
  if (style.back)
    shapes.push(
      `<rect x="${x.toFixed(1)}" y="${y}" width="${size}" height="${HEIGHT}" fill="${style.back}"/>`,
    );
  if (text.trim() !== '')
    shapes.push(
      `<text x="${x.toFixed(1)}" y="${y + 14}" textLength="${size}" fill="${style.color}"${style.bold ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`,
    );
  return length;
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(' ', '\u00a0');
}
