/*
 * How the HTML of mails looks, in one place. What stands in style attributes is the light scheme, complete, since many readers drop style
 * sheets; the sheet has the dark one and what suits phones, and nothing else. Every ground of the light scheme has a brightness of
 * 215 at the least: readers that darken mails on their own leave darker ones, and turn the text on them white. No child combinators, comments or
 * attribute selectors, at which some readers drop the sheet. No quotes, since attributes have them.
 */

const MONO = 'font-family:Consolas,Menlo,DejaVu Sans Mono,monospace';
const WRAPPED = 'white-space:pre-wrap;word-wrap:break-word';
const DIM = 'color:#57606a';
const LINK = 'color:#0b57c2';

/** Values of style attributes, and the sheet. */
export const STYLE = {
  page: 'background:#ffffff;color:#1c2128',
  prose: 'font-family:Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5',
  heading: 'margin:4px 0 6px;font-size:21px;line-height:1.3;font-weight:600;word-wrap:break-word',
  small: `margin:0 0 16px;${DIM};font-size:13px;word-wrap:break-word`,
  dim: DIM,
  link: LINK,
  mono: MONO,
  paragraph: 'margin:0 0 12px;max-width:44em;word-wrap:break-word',
  block: `margin:0 0 12px;${MONO};font-size:13px;${WRAPPED}`,
  table: `margin:16px 0 0;${MONO};font-size:13px;word-break:break-word`,
  list: 'margin:8px 0 0;font-size:13px',
  id: `${MONO};white-space:nowrap`,
  subject: 'width:100%;word-break:break-word',
  subheading: 'margin:16px 0 6px;font-size:15px',
  file: `margin:20px 0 0;padding:7px 9px;background:#f4f6f9;${MONO};font-size:13px;word-break:break-word`,
  diff: `margin:0;padding:6px;border:1px solid #d8dee6;${MONO};font-size:12px;line-height:1.5;${WRAPPED}`,
  more: 'color:#12703a',
  less: 'color:#b3261e',
  note: `margin:12px 0 0;${DIM};font-size:13px`,
  gone: 'background:#fdeaea',
  sheet: [
    ':root{color-scheme:light dark}',
    '@media(prefers-color-scheme:dark){',
    '.p{background:#14171c!important;color:#d6dbe3!important}',
    '.m,.h{color:#9aa4b2!important}.p a{color:#8ab4ff!important}.l{border-color:#2e343d!important}',
    '.f,.h{background:#1c2129!important}.a{background:#12301f!important}.d{background:#3b1b20!important}',
    '.A{background:#1f6a3c!important;color:#fff!important}.D{background:#84303a!important;color:#fff!important}',
    '.g{color:#5fd38d!important}.r{color:#ff9494!important}}',
    '@media(max-width:600px){.l{tab-size:4}}',
    '@media print{.l{font-size:10px!important}}',
  ].join('\n'),
  /** Of lines of a diff that take their whole width, where the attribute does not say so. */
  wide: '.a,.d,.h{display:block}',
} as const;

/** Class and style of a run of lines of a diff. */
export const LINES = {
  added: ['a', 'background:#e3f7e8'],
  deleted: ['d', 'background:#fdeaea'],
  hunk: ['h', `background:#eef1f7;${DIM}`],
} as const;

/** Class and style of words that changed in a line. */
export const WORDS = {
  added: ['A', 'background:#b8efc5'],
  deleted: ['D', 'background:#ffcbcb'],
} as const;
