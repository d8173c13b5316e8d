// Joins the modules of each subpath into one file, with what they share in chunks: a source file a job is for people, and
// sixty of them cost a process that imports the package seven times what one does. Types stay as tsc writes them.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/index.ts', 'src/connect/index.ts', 'src/msw/index.ts', 'src/cli/main.ts'],
  // Tests of the binary build one of their own.
  outdir: process.argv[2] ?? 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Dependencies and optional peers are the installer's business, and are loaded when they are needed.
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
});
