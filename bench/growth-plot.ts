import type { Peak } from './peak.ts';

/** What was measured of one kind of growth. */
export interface Panel {
  readonly work: string;
  /** Of what there are more and more. */
  readonly axis: string;
  readonly points: readonly (Peak & { readonly amount: number })[];
}

/** A figure of the points. */
interface Line {
  readonly name: string;
  readonly of: (point: Panel['points'][number]) => number;
  readonly style: string;
}

const TIMES: readonly Line[] = [
  { name: 'processor', of: ({ cpu }) => cpu / 1000, style: 'cpu' },
  { name: 'from start to end', of: ({ took }) => took / 1000, style: 'wall' },
];
const MEMORY: readonly Line[] = [{ name: 'most memory', of: ({ peak }) => peak, style: 'memory' }];

const [WIDTH, HEIGHT, LEFT, TOP] = [330, 170, 60, 34];
const [COLUMN, ROW] = [WIDTH + 110, HEIGHT + 90];

/** Light, or dark where the reader's screen is. */
const STYLE = `
:root { --paper: #fff; --ink: #1b1f24; --pale: #6a737d; --grid: #e4e7eb; --cpu: #0b62c4; --wall: #7a53b8; --memory: #b3541e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181d; --ink: #e6e9ed; --pale: #9aa4af; --grid: #2c333b; --cpu: #6cb2ff; --wall: #c3a2f5; --memory: #f0a070; }
}
text { font: 12px system-ui, sans-serif; fill: var(--pale); }
.title { font-size: 13px; font-weight: 600; fill: var(--ink); }
.paper { fill: var(--paper); } .grid { stroke: var(--grid); } .straight { stroke: var(--pale); stroke-dasharray: 2 4; }
.line { fill: none; stroke-width: 2; } .wall.line { stroke-dasharray: 6 3; }
.cpu.line { stroke: var(--cpu); } .cpu.dot, text.cpu { fill: var(--cpu); }
.wall.line { stroke: var(--wall); } .wall.dot, text.wall { fill: var(--wall); }
.memory.line { stroke: var(--memory); } .memory.dot, text.memory { fill: var(--memory); }
`;

/** The panels below one another as SVG: time on the left, memory on the right, both axes logarithmic. A dotted line rises in proportion to the amount. */
export function plot(panels: readonly Panel[]): string {
  const [width, height] = [2 * COLUMN + 10, panels.length * ROW + 20];
  const rows = panels.flatMap((panel, at) => [
    chart(panel, 'seconds', TIMES, 0, at),
    chart(panel, 'MB', MEMORY, 1, at),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>How the worker's time and memory grow</title><style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...rows,
    `<text x="${LEFT}" y="${height - 12}">dotted: in proportion to the amount</text>`,
    '</svg>\n',
  ].join('\n');
}

function chart(
  { work, axis, points }: Panel,
  unit: string,
  lines: readonly Line[],
  column: number,
  row: number,
): string {
  const amounts = points.map(({ amount }) => amount);
  const values = lines.flatMap(line => points.map(line.of));
  const [x, y] = [scale(amounts, 0, WIDTH), scale(values, HEIGHT, 0)];
  const title = column === 0 ? `<text class="title" y="-12">${work}</text>` : '';
  const drawn = lines.map(({ name, of, style }, at) => {
    const places = points.map(point => [x.at(point.amount).toFixed(1), y.at(of(point)).toFixed(1)] as const);
    const dots = places.map(([cx, cy]) => `<circle class="${style} dot" cx="${cx}" cy="${cy}" r="3"/>`);
    const line = `<polyline class="${style} line" points="${places.map(place => place.join()).join(' ')}"/>`;
    return `${line}${dots.join('')}<text class="${style}" x="${at * WIDTH}" y="${HEIGHT + 34}" text-anchor="${at === 0 ? 'start' : 'end'}">${name}</text>`;
  });
  return [
    `<g transform="translate(${LEFT + column * COLUMN} ${TOP + row * ROW})">${title}`,
    ...x.ticks.map(tick => {
      const place = x.at(tick).toFixed(1);
      return `<line class="grid" x1="${place}" x2="${place}" y2="${HEIGHT}"/><text x="${place}" y="${HEIGHT + 16}" text-anchor="middle">${short(tick)}</text>`;
    }),
    ...y.ticks.map(tick => {
      const place = y.at(tick).toFixed(1);
      return `<line class="grid" x2="${WIDTH}" y1="${place}" y2="${place}"/><text x="-6" y="${place}" dy="4" text-anchor="end">${short(tick)}</text>`;
    }),
    straight(x, y),
    ...drawn,
    `<text x="${WIDTH / 2}" y="${HEIGHT + 34}" text-anchor="middle">${axis}</text>`,
    `<text transform="translate(-44 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${unit}</text></g>`,
  ].join('\n');
}

interface Scale {
  readonly ticks: readonly number[];
  readonly least: number;
  readonly most: number;
  /** Where a value is, in pixels. */
  readonly at: (value: number) => number;
}

/** From one power of ten to another. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values)) - 1e-9), low + 1);
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)),
    least: 10 ** low,
    most: 10 ** high,
    at: value => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

/** Up to the upper right corner, or as far as there is room. */
function straight(x: Scale, y: Scale): string {
  const factor = Math.min(x.most / x.least, y.most / y.least);
  const [x1, y1] = [x.at(x.most / factor), y.at(y.most / factor)].map(place => place.toFixed(1));
  return `<line class="straight" x1="${x1}" y1="${y1}" x2="${x.at(x.most)}" y2="${y.at(y.most)}"/>`;
}

function short(tick: number): string {
  return tick < 1 ? String(Number(tick.toPrecision(1))) : tick.toLocaleString('en');
}
