// Joins the modules of each subpath into one file, with what they share in chunks: a source file a job is for people, and
// sixty of them cost a process that imports the package seven times what one does. Types stay as tsc writes them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { parse } from 'yaml';

const outdir = process.argv[2] ?? 'dist';
await build({
  entryPoints: [
    'src/index.ts',
    'src/connect/index.ts',
    'src/msw/index.ts',
    'src/platform/index.ts',
    'src/redis/index.ts',
    'src/cli/main.ts',
  ],
  // Tests of the binary build one of their own.
  outdir,
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

// As JSON, so that whoever has installed the package needs no parser of YAML to generate.
mkdirSync(`${outdir}/openapi`, { recursive: true });
for (const name of ['connect', 'corrections', 'platform'])
  writeFileSync(
    `${outdir}/openapi/${name}.json`,
    JSON.stringify(parse(readFileSync(`openapi/${name}.yaml`, 'utf8'))),
  );

// The compiler prints types with four spaces a level, a fifth of the bytes of generated ones.
const types = `${outdir}/generated`;
const printed = existsSync(types)
  ? readdirSync(types, { recursive: true }).filter((file) => file.endsWith('.d.ts'))
  : [];
for (const name of printed) {
  const file = `${types}/${name}`;
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
  );
}
