import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
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
        'Ours brings credentials, retry, time limits and errors. 1 KB is 1024 bytes.',
      head: ['program', 'minified', 'gzip'],
      rows: bundles.map(({ name, minified, gzipped }) => [name, kilobytes(minified), kilobytes(gzipped)]),
      targets: bundles.flatMap(({ name, gzipped, limit }) =>
        limit === undefined ? [] : [atMost(`Size of ${name}`, gzipped, limit, kilobytes)],
      ),
    },
    ...(await Promise.all(missed.map(contributors))),
  ];
}

async function bundle(program: Program): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program.source, resolveDir: root, sourcefile: 'program.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['node:*', '@vercel/oidc'],
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'error',
    absWorkingDir: root,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { ...program, minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length, metafile };
}

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
