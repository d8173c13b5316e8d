import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { atMost, type Section } from './report.js';

/** A program that a bundler is given. */
interface Program {
  readonly name: string;
  readonly source: string;
  /** Where it is aimed at: bytes after gzip. */
  readonly limit?: number;
}

interface Bundled extends Program {
  readonly minified: number;
  readonly gzipped: number;
  /** Gzipped as well, without what is imported on demand. */
  readonly loadedAtOnce: number;
  readonly metafile: Metafile;
}

const KB = 1024;
const OURS = 'vercel-rest: createClient, one GET';
const OURS_CONNECT = 'vercel-rest/connect: createConnectClient and getToken';
const root = fileURLToPath(new URL('..', import.meta.url));

const REST = "'/v2/connect/connectors', { params: { query: { limit: 10 } } }";
const TOKEN = "'slack/acme', { subject: { type: 'app' } }";
const PROGRAMS: readonly Program[] = [
  {
    name: OURS,
    limit: 8 * KB,
    source: `import { createClient } from './dist/index.js';
      console.log((await createClient({ bearerToken: process.env.TOKEN }).GET(${REST})).data);`,
  },
  {
    name: 'openapi-fetch: one GET, no retry, no errors',
    source: `import createClient from 'openapi-fetch';
      const client = createClient({ baseUrl: 'https://api.vercel.com', headers: { authorization: process.env.TOKEN } });
      console.log((await client.GET(${REST})).data);`,
  },
  {
    name: '@vercel/sdk: class, one GET',
    source: `import { Vercel } from '@vercel/sdk';
      console.log(await new Vercel({ bearerToken: process.env.TOKEN }).connect.listConnectors({ limit: 10 }));`,
  },
  {
    name: '@vercel/sdk: standalone function, one GET',
    source: `import { VercelCore } from '@vercel/sdk/core.js';
      import { connectListConnectors } from '@vercel/sdk/funcs/connectListConnectors.js';
      console.log(await connectListConnectors(new VercelCore({ bearerToken: process.env.TOKEN }), { limit: 10 }));`,
  },
  {
    name: OURS_CONNECT,
    limit: 14 * KB,
    source: `import { createConnectClient, getToken } from './dist/connect/index.js';
      console.log(await getToken(${TOKEN}), await createConnectClient().getToken(${TOKEN}));`,
  },
  {
    name: 'vercel-rest/connect: getToken alone',
    source: `import { getToken } from './dist/connect/index.js';
      console.log(await getToken(${TOKEN}));`,
  },
  {
    name: '@vercel/connect: getToken',
    source: `import { getToken } from '@vercel/connect';
      console.log(await getToken(${TOKEN}));`,
  },
];

/** What one call adds to an application that is bundled. */
export async function measureSizes(): Promise<Section[]> {
  const bundles = await Promise.all(PROGRAMS.map(bundle));
  const missed = bundles.filter(({ gzipped, limit }) => limit !== undefined && gzipped > limit);
  return [
    {
      title: 'Size of a bundled call',
      note:
        'esbuild, minified, ESM for Node, with the OIDC package of ours and of the peer left out; gzip level 9. ' +
        'Ours brings credentials, retry, time limits and errors. The target is for one file with everything in it; the ' +
        'last column is for a bundler that splits off what is imported on demand. 1 KB is 1024 bytes.',
      head: ['program', 'minified', 'gzip', 'gzip, loaded at once'],
      rows: bundles.map(({ name, minified, gzipped, loadedAtOnce }) => [
        name,
        kilobytes(minified),
        kilobytes(gzipped),
        kilobytes(loadedAtOnce),
      ]),
      targets: bundles.flatMap(({ name, gzipped, limit }) =>
        limit === undefined ? [] : [atMost(`Size of ${name}`, gzipped, limit, kilobytes)],
      ),
    },
    ...(await Promise.all(missed.map(contributors))),
  ];
}

async function bundle(program: Program): Promise<Bundled> {
  const { outputFiles, metafile } = await build(settingsOf(program));
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const loadedAtOnce = await measureLoadedAtOnce(program);
  return { ...program, minified: bytes.length, gzipped: gzip(bytes), loadedAtOnce, metafile };
}

/** What a process loads before its first call where the bundler splits off what is imported on demand. */
async function measureLoadedAtOnce(program: Program): Promise<number> {
  const { outputFiles, metafile } = await build({ ...settingsOf(program), splitting: true });
  const bytesAt = new Map(outputFiles.map(({ path, contents }) => [relative(root, path), contents]));
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'program.js');
  const loaded = new Set(entry ? [entry[0]] : []);
  for (const path of loaded) {
    for (const { kind, path: imported } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && bytesAt.has(imported)) loaded.add(imported);
    }
  }
  return [...loaded].reduce((sum, path) => sum + gzip(bytesAt.get(path) ?? new Uint8Array()), 0);
}

function settingsOf({ source }: Program) {
  return {
    stdin: { contents: source, resolveDir: root, sourcefile: 'program.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['node:*', '@vercel/oidc'],
    legalComments: 'none',
    logLevel: 'error',
    write: false,
    outdir: 'bundle',
    metafile: true,
    absWorkingDir: root,
  } as const satisfies BuildOptions;
}

const gzip = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;

/** The files that a bundle over its limit is made of: bundled from the sources, since what is built is joined. */
async function contributors({ name, source }: Bundled): Promise<Section> {
  const fromSources = source.replace('./dist/', './src/').replace('/index.js', '/index.ts');
  const { metafile } = await bundle({ name, source: fromSources });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const largest = inputs.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput).slice(0, 12);
  const total = inputs.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  return {
    title: `What ${name} is made of`,
    note: 'The twelve largest files, in minified bytes before gzip.',
    head: ['file', 'bytes', 'share'],
    rows: largest.map(([file, { bytesInOutput }]) => [
      // Without what stands before the package's name, which depends on where it is installed.
      file.replace(/^.*node_modules\//, ''),
      String(bytesInOutput),
      `${((100 * bytesInOutput) / total).toFixed(0)} %`,
    ]),
    targets: [],
  };
}

const kilobytes = (bytes: number): string => `${(bytes / KB).toFixed(1)} KB`;
