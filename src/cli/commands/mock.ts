import { once } from 'node:events';
import type { Command } from 'commander';
import { collect, refuseFurther, repeat } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { type MockFlags, readMemory, readSeed } from './mock-flags.js';

/** Adds `vercel-rest mock`. */
export function addMock(program: Command, io: CliContext): void {
  refuseFurther(program.command('mock'), 'it takes one document; give the port as --port <port>')
    .description('serve a mock of an API on loopback; prints its URL first, then a line a request')
    .argument('[document]', 'an OpenAPI document, JSON or YAML; default: Vercel Connect, with state')
    .option('--port <port>', '0 picks a free one', '4010')
    .option('--seed <seed>', 'the same seed gives the same answers')
    .option('--empty', 'without a document: an account on its first day, with nothing in it')
    .option(
      '--providers [port]',
      'without a document: also serve stubs of Slack, GitHub, Linear, Notion, OAuth and MCP; default: a free port',
    )
    .option('--watch', 'take up the document again when it changes')
    .option('--no-supplement', "without this package's own document of Vercel Connect")
    .option(
      '--skip-check <names>',
      'let requests pass that break these checks, e.g. credentials; comma-separated, repeatable',
      collect,
    )
    .option('--fault <status:share>', 'fail by chance, e.g. 503:10% or network:5%; repeatable', repeat)
    .option(
      '--memory',
      'remember what is created, build deployments; default document: the platform commands',
    )
    .option(
      '--limits [requests]',
      'with --memory: refuse more requests a minute to one operation; default 120',
    )
    .option('--base-url <url>', 'with a document: where its API is; default: its first server')
    .option('--one-of <reading>', 'any: at least one branch holds, one: exactly one', 'any')
    .option('--nullable <reading>', 'lenient: wherever it stands, strict: as OpenAPI 3.0 has it', 'lenient')
    .option(
      '--cors <origin>',
      'let pages of this origin read responses, beside those of this machine',
      repeat,
    )
    .addHelpText('after', '\nA request picks its answer with `Prefer: code=404`.')
    .action(async (document: string | undefined, flags: MockFlags) => {
      await serveMock(document, flags, io);
    });
}

/**
 * Serves a mock on loopback until the user ends it: of the document that is named, else of Vercel Connect with state. Its URL
 * is the first line.
 *
 * @throws {UsageError} For a flag that cannot work.
 */
async function serveMock(document: string | undefined, flags: MockFlags, io: CliContext): Promise<void> {
  for (const name of ['port', 'providers'] as const) {
    const port = flags[name];
    if (typeof port === 'string' && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535))
      throw new UsageError(`--${name} must be a number from 0 to 65535; 0 picks a free one`);
  }
  const isEmulator = document === undefined && flags.memory !== true;
  for (const name of ['empty', 'providers'] as const)
    if (flags[name] && !isEmulator) throw new UsageError(`--${name} goes without a document and --memory`);
  if (isEmulator) {
    readMemory(flags);
    if (flags.watch || flags.fault !== undefined) {
      throw new UsageError(
        '--watch and --fault need a document, e.g. `vercel-rest mock openapi/vercel.json --watch`',
      );
    }
    await serveEmulator(flags, io);
  } else {
    const { serveDocument } = await withPeers(() => import('./mock-document.js'));
    await serveDocument(document, flags, io);
  }
}

async function serveEmulator({ port, seed, empty, providers }: MockFlags, io: CliContext): Promise<void> {
  const { createConnectEmulator } = await withPeers(() => import('../../msw/index.js'));
  const account = empty ? 'empty' : 'seeded';
  const emulator = createConnectEmulator({ seed: readSeed(seed), account });
  const server = await emulator.listen(Number(port));
  const listenToProviders = () =>
    emulator.providers.listen(providers === true ? 0 : Number(providers)).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
  const stubs = providers === undefined ? undefined : await listenToProviders();
  io.stdout(`${server.url}\n`);
  io.stderr(
    [
      'Vercel Connect emulator; open its URL in a browser to see what it holds.',
      ...FIRST_STEPS[account],
      `  export VERCEL_REST_BASE_URL=${server.url}`,
      ...(stubs
        ? [
            `Stubs of providers accept its tokens: ${stubs.url}/slack/api, /github, /linear/graphql,`,
            '/notion/v1, /oauth/userinfo, /mcp and /sse.',
          ]
        : []),
      'Stop with Ctrl-C.\n',
    ].join('\n'),
  );
  if (!io.signal.aborted) await once(io.signal, 'abort');
  await Promise.all([server.close(), stubs?.close()]);
}

/** The first steps to try, by the account. */
const FIRST_STEPS = {
  seeded: [
    'It has slack/acme-slack, oauth/linear (user_123 has consented), github/acme and',
    'api-key/revoked. Try `vercel-rest token slack/acme-slack` in a terminal with',
  ],
  empty: ['It is empty. Try `vercel-rest connect create slack --name Bot` in a terminal with'],
} as const;

/** Loads what needs the optional peer, which only this command does. */
async function withPeers<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new Error('`vercel-rest mock` needs the package msw: run `npm install --save-dev msw@2`', {
      cause,
    });
  }
}
