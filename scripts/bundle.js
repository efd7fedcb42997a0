// Bundles src/cli/main.ts and what it needs into dist/: start-up time is mostly the finding and reading of many small
// files. Commands are loaded by import(), so each lands in a chunk of its own and costs nothing until it is called.
import { renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { precompiledModule } from './precompile.js';

rmSync('dist.new', { recursive: true, force: true });
await build({
  // The threads of an archive have a start of their own.
  entryPoints: ['src/cli/main.ts', 'src/archive/page-thread.ts'],
  entryNames: '[name]',
  outdir: 'dist.new',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  plugins: [
    {
      name: 'precompiled templates',
      setup({ onLoad }) {
        onLoad({ filter: /\/render\/precompiled\.ts$/ }, async () => ({
          contents: await precompiledModule(),
        }));
      },
    },
  ],
  // CommonJS packages inside an ES module still call require() for node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
// Only a bundle that is whole takes the place of the one before.
rmSync('dist', { recursive: true, force: true });
renameSync('dist.new', 'dist');
