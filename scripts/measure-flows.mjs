// Prints how many files, functions and calls of src/ one call passes through, by V8's own call counts: what a reader
// opens to follow it. Run by `npm run measure:flows`; `-- --list` names the functions.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the repository, where the files find their packages.
const folder = join(root, `dist-flows-${process.pid}`);

const TOKEN = {
  token: 'xoxb-measured',
  tokenId: 'stk_1',
  expiresAt: Date.now() + 3_600_000,
  connector: { id: 'scl_1', type: 'slack', uid: 'slack/acme-slack' },
};
const LIST = { connectors: [], pagination: { next: null } };

try {
  await compileSources();
  const { createClient } = await load('index.js');
  const { createConnectClient } = await load('connect/index.js');
  const { createHandlers, serveHandlers } = await load('msw/index.js');
  const session = new inspector.Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

  const server = await serveHandlers(createHandlers());
  const refused = () =>
    fetch(`${server.url}/v1/connect/token/slack%2Facme-slack`, {
      method: 'POST',
      headers: { authorization: 'Bearer measured', 'content-type': 'application/json' },
      body: '{"scopes":"not a list"}',
    }).then((response) => response.text());
  const params = () => ({ subject: { type: 'app' } });
  const client = createClient({ bearerToken: 'measured', fetch: answer(LIST) });
  const warm = createConnectClient({ bearerToken: 'measured', fetch: answer(TOKEN) });
  const cold = createConnectClient({
    bearerToken: 'measured',
    fetch: failOnce(answer(TOKEN)),
    cache: { max: 1 },
  });
  const flows = [
    ['getToken, cached', () => warm.getToken('slack/acme-slack', params()), 6, 14],
    ['getToken, cold, one 503', coldCall(cold), 25, 110],
    ['client.GET', () => client.GET('/v2/connect/connectors'), 14, 45],
    ['mock refuses a body over HTTP', refused, 18, 80],
  ];
  for (const [name, call, files, functions] of flows)
    await measure(session, name, call, { files, functions });
  await server.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Compiles each source to a file of its own, so that V8 counts by file. */
async function compileSources() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  await build({
    entryPoints: sources.filter((name) => name.endsWith('.ts')).map((name) => join(root, 'src', name)),
    outdir: folder,
    outbase: join(root, 'src'),
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}

function load(path) {
  return import(pathToFileURL(join(folder, path)).href);
}

function answer(body) {
  return async () =>
    new Response(JSON.stringify(body), {
      headers: { 'content-type': 'application/json', date: new Date().toUTCString() },
    });
}

/** Fails every first request of a pair. */
function failOnce(fetch) {
  let calls = 0;
  return async () => (calls++ % 2 === 0 ? new Response('', { status: 503 }) : fetch());
}

/** A call that never finds its token: each is for another connector. */
function coldCall(client) {
  let calls = 0;
  return () => client.getToken(`slack/acme-${calls++}`, { subject: { type: 'app' } });
}

/** Prints what the second call of a flow passes through; the first one loads what is loaded once. */
async function measure(session, name, call, aim) {
  await call();
  await session.post('Profiler.takePreciseCoverage');
  await call();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const found = result
    .filter(({ url }) => url.startsWith(pathToFileURL(folder).href))
    .map(({ url, functions }) => ({
      file: relative(folder, fileURLToPath(url)),
      // The first entry of a module is its top level.
      functions: functions.filter(
        ({ functionName, ranges }) =>
          ranges[0].count > 0 && !(functionName === '' && ranges[0].startOffset === 0),
      ),
    }))
    .filter(({ functions }) => functions.length > 0);
  const functions = found.flatMap((file) => file.functions);
  const calls = functions.reduce((sum, { ranges }) => sum + ranges[0].count, 0);
  console.log(
    `${name}: ${found.length} files, ${functions.length} functions, ${calls} calls (aim: ${aim.files} files, ${aim.functions} functions)`,
  );
  if (!process.argv.includes('--list')) return;
  for (const { file, functions: inFile } of found)
    console.log(
      `  ${file}: ${inFile.map(({ functionName, ranges }) => `${functionName || '(anonymous)'} ${ranges[0].count}`).join(', ')}`,
    );
}
