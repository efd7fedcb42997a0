// Bundles src/cli/main.ts and what it needs into dist/main.cjs: start-up time is mostly the finding, reading and compiling of many small files. It is one file, which bin/refpost.js
// compiles once for all. What is loaded by import() in the sources is not run until it is called.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { precompiledModule } from './precompile.js';

rmSync('dist.new', { recursive: true, force: true });
const options = {
  outdir: 'dist.new',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // An import() of what is in the bundle is a call, and one of the package beside it a require().
  supported: { 'dynamic-import': false },
  legalComments: 'linked',
};
await build({
  ...options,
  // The threads of an archive have a start of their own.
  entryPoints: ['src/cli/main.ts', 'src/archive/page-thread.ts'],
  entryNames: '[name]',
  sourcemap: 'linked',
  plugins: [
    {
      name: 'precompiled templates',
      setup({ onLoad }) {
        onLoad({ filter: /\/render\/precompiled\.ts$/ }, async () => ({
          contents: await precompiledModule(),
        }));
      },
    },
    {
      // Twice as large as all the rest, and for archives alone.
      name: 'a file of its own for mailparser',
      setup({ onResolve }) {
        onResolve({ filter: /^mailparser$/ }, () => ({ path: './mailparser.cjs', external: true }));
      },
    },
  ],
});
await build({
  ...options,
  stdin: { contents: "module.exports = require('mailparser')", resolveDir: '.' },
  entryNames: 'mailparser',
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
