import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { HOME } from './fixtures/world.ts';

/*
 * The house has one direction: bin → cli → commands → conductors → stages → floor. A stage never imports another stage; what
 * two need is a noun. These tests read the imports of the sources and say in a sentence what breaks the rule.
 */

const CONDUCTORS: readonly string[] = [
  'poll',
  'worker',
  'archive',
  'status',
  'announce',
  'migrate',
  'install',
  'repository',
];
const STAGES: readonly string[] = [
  'config',
  'hook',
  'drop',
  'host',
  'people',
  'git',
  'plan',
  'render',
  'outbox',
  'delivery',
];
const FLOOR: readonly string[] = ['disk', 'model', 'errors.ts'];
const SRC = join(HOME, 'src');

/** What each room may import from, besides itself. Rooms are the folders of src and the files directly in it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['commands', 'config', ...FLOOR],
  commands: [...CONDUCTORS, ...STAGES, ...FLOOR],
  poll: ['worker', 'announce', 'repository', ...STAGES, ...FLOOR],
  worker: ['archive', 'announce', 'status', 'repository', ...STAGES, ...FLOOR],
  status: ['announce', 'install', 'repository', ...STAGES, ...FLOOR],
  archive: ['announce', 'repository', ...STAGES, ...FLOOR],
  announce: ['repository', ...STAGES, ...FLOOR],
  migrate: ['install', 'repository', ...STAGES, ...FLOOR],
  install: ['repository', ...STAGES, ...FLOOR],
  repository: [...STAGES, ...FLOOR],
  ...Object.fromEntries(STAGES.map(stage => [stage, FLOOR])),
  disk: ['model', 'errors.ts'],
  model: [],
  'errors.ts': [],
};

/** The only rooms that may open the door to a package, or to the world. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'simple-git': ['git'],
  nodemailer: ['delivery'],
  handlebars: ['render'],
  diff: ['render'],
  commander: ['cli'],
  yaml: ['people'],
  mailparser: ['archive'],
  pg: ['outbox'],
  'graphile-worker': ['outbox'],
};

/** `import … from '…'`, `export … from '…'`, at the begin of a statement; and `import('…')`. */
const IMPORT = /(?:^(?:import|export)\b[^'"]*?from |^import |\bimport\()['"]([^'"]+)['"]/gm;

interface Import {
  readonly file: string;
  readonly from: string;
}

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
}

function imports(): Import[] {
  return sources().flatMap(file =>
    [...readFileSync(join(SRC, file), 'utf8').matchAll(IMPORT)].map(match => ({
      file,
      from: match[1] as string,
    })),
  );
}

function room(file: string): string {
  return file.split('/')[0] as string;
}

/** `mailparser`, or a name with a scope. */
function packageOf({ from }: Import): string {
  return (/^(?:@[^/]+\/)?[^/]+/.exec(from) as RegExpExecArray)[0];
}

function target(each: Import): string {
  return relative(SRC, resolve(SRC, dirname(each.file), each.from));
}

test('imports run one way, and no stage imports another', () => {
  const wrong = imports()
    .filter(each => each.from.startsWith('.'))
    .filter(
      each =>
        room(target(each)) !== room(each.file) && !MAY_IMPORT[room(each.file)]?.includes(room(target(each))),
    )
    .map(
      each =>
        `src/${each.file} imports src/${target(each)}: ${room(each.file)} may not know ${room(target(each))}`,
    );
  assert.deepEqual(wrong, []);
});

test('each package has one door', () => {
  const wrong = imports()
    .map(each => ({ ...each, name: packageOf(each) }))
    .filter(each => DOORS[each.name] && !DOORS[each.name]?.includes(room(each.file)))
    .map(
      each => `src/${each.file} imports ${each.from}, which belongs to ${DOORS[each.name]?.join(' and ')}`,
    );
  assert.deepEqual(wrong, []);
});

test('no package is imported that has no door here', () => {
  const wrong = imports()
    .filter(each => !each.from.startsWith('.') && !each.from.startsWith('node:'))
    .filter(each => !DOORS[packageOf(each)])
    .map(each => `src/${each.file} imports ${each.from}`);
  assert.deepEqual(wrong, []);
});

test('what plans, renders, and names people and hosts touches no file, process or clock', () => {
  const wrong = imports()
    .filter(each => ['plan', 'model', 'render', 'people', 'host'].includes(room(each.file)))
    .filter(
      each =>
        /^node:(?!path$|crypto$|buffer$)/.test(each.from) &&
        !['render/templates.ts', 'model/world.ts'].includes(each.file),
    )
    .map(each => `src/${each.file} imports ${each.from}`);
  assert.deepEqual(wrong, []);
});

test('the environment, the clock and the working directory come in as parameters', () => {
  const wrong = sources()
    .filter(file => !['cli/world.ts', 'cli/main.ts'].includes(file))
    .filter(file =>
      /\bprocess\.(env|cwd|argv|stdin|stdout)\b|\bDate\.now\(|new Date\(\)/.test(
        readFileSync(join(SRC, file), 'utf8'),
      ),
    )
    .map(file => `src/${file} reads the world itself`);
  assert.deepEqual(wrong, []);
});

test('there are no import cycles', () => {
  const graph = new Map<string, string[]>();
  for (const each of imports().filter(one => one.from.startsWith('.'))) {
    graph.set(each.file, [...(graph.get(each.file) ?? []), target(each)]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')];
    if (done.has(file)) return [];
    const found = (graph.get(file) ?? []).flatMap(next => visit(next, [...path, file]));
    done.add(file);
    return found;
  };
  assert.deepEqual(
    [...graph.keys()].flatMap(file => visit(file, [])),
    [],
  );
});

test('the drawing in INTERNALS.md names the rooms of src, in the order in which imports run', () => {
  const drawing = /^ {4}src\/\n((?: {6}\S.*\n)+)/m.exec(
    readFileSync(join(HOME, 'INTERNALS.md'), 'utf8'),
  )?.[1];
  const drawn = drawing?.match(/^ {6}[\w.]+/gm)?.map(name => name.trim());
  assert.deepEqual(drawn, Object.keys(MAY_IMPORT));
  assert.deepEqual(drawn?.toSorted(), readdirSync(SRC).sort());
});

test('every source file that the documents name is there', () => {
  const pages = [
    'INTERNALS.md',
    'README.md',
    'CONTRIBUTING.md',
    'docs/operating.md',
    'docs/hosts.md',
    'templates/README.md',
  ];
  const wrong = pages.flatMap(page =>
    [...readFileSync(join(HOME, page), 'utf8').matchAll(/`((?:[a-z]+\/)+[a-z0-9-]+\.ts)`/g)]
      .map(match => match[1] as string)
      .filter(path => !existsSync(join(SRC, path)) && !existsSync(join(HOME, path)))
      .map(path => `${page} names ${path}`),
  );
  assert.deepEqual(wrong, []);
});

// The fleet's commands came on top of six hundred.
test('commands stay thin: together they have less than 700 lines', () => {
  const files = sources().filter(file => room(file) === 'commands');
  const lines = files.flatMap(file => readFileSync(join(SRC, file), 'utf8').split('\n').slice(1));
  assert.ok(lines.length < 700, `src/commands has ${lines.length} lines`);
});

test('rooms stay small: no source file but the three tables has more than 200 lines', () => {
  const wrong = sources()
    .filter(file => !['errors.ts', 'config/settings.ts', 'cli/commands.ts'].includes(file))
    .map(file => ({ file, lines: readFileSync(join(SRC, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 200)
    .map(({ file, lines }) => `src/${file} has ${lines} lines`);
  assert.deepEqual(wrong, []);
});
