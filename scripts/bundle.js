// Bundles src/cli/main.ts and what it needs into dist/main.cjs: start-up time is mostly the finding, reading and compiling of many small files. It is one file, which bin/refpost.js
// compiles once for all. What is loaded by import() in the sources is not run until it is called.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { precompiledModule } from './precompile.js';

// What reads mails, for archives alone: as large as all the rest.
const PACKAGES = ['mailparser'];
// For those alone whose outbox is on PostgreSQL, who install them: optional peers.
const EXTERNAL = ['pg', 'graphile-worker'];
const APART = new RegExp(`^(${PACKAGES.join('|')})$`);

const precompiled = await precompiledModule();
// Tests run what tsc has made: there, too, it takes most of a small push to compile the templates.
writeFileSync('build/src/render/precompiled.js', precompiled);

rmSync('dist.new', { recursive: true, force: true });
const options = {
  outdir: 'dist.new',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  external: EXTERNAL,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // An import() of what is in the bundle is a call, and one of the package beside it a require().
  supported: { 'dynamic-import': false },
  // Names stay, and lines are short, so that a stack of calls can be read.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: 'linked',
};
await build({
  ...options,
  entryPoints: ['src/cli/main.ts'],
  sourcemap: 'linked',
  // As node wraps a module: bin/refpost.js would have to copy all of it.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  plugins: [
    {
      name: 'precompiled templates',
      setup({ onLoad }) {
        onLoad({ filter: /\/render\/precompiled\.ts$/ }, () => ({ contents: precompiled }));
      },
    },
    {
      // nodemailer can fetch what a mail is to hold, which nobody asks of it: what that needs takes node longer to load than a mail to make.
      name: 'built-in modules when they are used',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^node:(https?|tls|zlib|dns)$/ }, ({ path, importer }) =>
          /\/nodemailer\//.test(importer) ? { path, namespace: 'when-used' } : undefined,
        );
        onLoad({ filter: /^/, namespace: 'when-used' }, ({ path }) => ({
          contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(path)})[name] });`,
        }));
      },
    },
    {
      name: 'packages apart',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: APART }, ({ path }) => ({ path, namespace: 'apart' }));
        onResolve({ filter: /^\.\/apart\.cjs$/ }, ({ path }) => ({ path, external: true }));
        onLoad({ filter: APART, namespace: 'apart' }, ({ path }) => ({
          contents: `module.exports = require('./apart.cjs')[${JSON.stringify(path)}]();`,
        }));
      },
    },
  ],
});
await build({
  ...options,
  stdin: {
    contents: PACKAGES.map(name => `exports['${name}'] = () => require('${name}');`).join('\n'),
    resolveDir: '.',
  },
  entryNames: 'apart',
});
// A text of one byte a character takes half the memory, and node reads it without looking for others.
const main = readFileSync('dist.new/main.cjs', 'utf8');
writeFileSync(
  'dist.new/main.cjs',
  main.replace(/[^\0-\x7f]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
);
// Only a bundle that is whole takes the place of the one before.
rmSync('dist', { recursive: true, force: true });
renameSync('dist.new', 'dist');
