import { once } from 'node:events';
import { type Command, Option } from 'commander';
import type { MemoryOptions } from '../../msw/mock/platform/memory-options.js';
import type { Fault } from '../../msw/mock/types.js';
import { CHECK_NAMES } from '../../msw/validate/checks.js';
import { collect, refuseFurther, repeat } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';

/** The flags of `vercel-rest mock`, as parsed. */
export interface MockFlags {
  readonly port: number;
  readonly seed?: string | number;
  readonly watch?: boolean;
  /** Whether the document of Vercel Connect is laid over Vercel's own. */
  readonly supplement: boolean;
  /** Names of checks that are not made. */
  readonly skipCheck?: readonly string[];
  readonly empty?: boolean;
  /** Port of the provider stubs; `true` for a free one. */
  readonly providers?: number | true;
  readonly fault?: readonly Fault[];
  readonly memory?: boolean;
  /** Requests a minute; `true` for the default. */
  readonly limits?: number | true;
  readonly baseUrl?: string;
  readonly oneOf: 'any' | 'one';
  readonly nullable: 'lenient' | 'strict';
  readonly cors?: readonly string[];
}

/** Adds `vercel-rest mock`. */
export function addMock(program: Command, io: CliContext): void {
  refuseFurther(program.command('mock'), 'it takes one document; give the port as --port <port>')
    .description('serve a mock of an API on loopback; prints its URL first, then a line a request')
    .argument('[document]', 'an OpenAPI document, JSON or YAML; default: Vercel Connect, with state')
    .option('--port <port>', '0 picks a free one', portOf('--port'), 4010)
    // A number stays one: at seed 1, the default, answers are the document's examples.
    .option('--seed <seed>', 'the same seed gives the same answers', (text) =>
      /^\d{1,15}$/.test(text) ? Number(text) : text,
    )
    .option('--empty', 'without a document: an account on its first day, with nothing in it')
    .option(
      '--providers [port]',
      'without a document: also serve stubs of Slack, GitHub, Linear, Notion, OAuth and MCP; default: a free port',
      portOf('--providers'),
    )
    .option('--watch', 'take up the document again when it changes')
    .option('--no-supplement', "without this package's own document of Vercel Connect")
    .option(
      '--skip-check <names>',
      'let requests pass that break these checks, e.g. credentials; comma-separated, repeatable',
      collectChecks,
    )
    .option('--fault <status:share>', 'fail by chance, e.g. 503:10% or network:5%; repeatable', collectFaults)
    .option(
      '--memory',
      'remember what is created, build deployments; default document: the platform commands',
    )
    .option(
      '--limits [requests]',
      'with --memory: refuse more requests a minute to one operation; default 120',
      (text) => {
        if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
        throw new UsageError('--limits must be a whole number of requests a minute above 0');
      },
    )
    .option('--base-url <url>', 'with a document: where its API is; default: its first server')
    .addOption(
      new Option('--one-of <reading>', 'any: at least one branch holds, one: exactly one')
        .choices(['any', 'one'])
        .default('any'),
    )
    .addOption(
      new Option('--nullable <reading>', 'lenient: wherever it stands, strict: as OpenAPI 3.0 has it')
        .choices(['lenient', 'strict'])
        .default('lenient'),
    )
    .option(
      '--cors <origin>',
      'let pages of this origin read responses, beside those of this machine',
      repeat,
    )
    .addHelpText('after', '\nA request picks its answer with `Prefer: code=404`.')
    .action(async (document: string | undefined, flags: MockFlags) => {
      if (flags.limits !== undefined && flags.memory !== true)
        throw new UsageError('--limits goes with --memory');
      const isEmulator = document === undefined && flags.memory !== true;
      for (const name of ['empty', 'providers'] as const)
        if (flags[name] !== undefined && !isEmulator)
          throw new UsageError(`--${name} goes without a document and --memory`);
      if (!isEmulator) {
        const { serveDocument } = await withPeers(() => import('./mock-document.js'));
        return serveDocument(document, flags, memoryOf(flags), io);
      }
      if (flags.watch || flags.fault !== undefined)
        throw new UsageError(
          '--watch and --fault need a document, e.g. `vercel-rest mock openapi/vercel.json --watch`',
        );
      await serveEmulator(flags, io);
    });
}

function portOf(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new UsageError(`${flag} must be a number from 0 to 65535; 0 picks a free one`);
  };
}

function collectChecks(text: string, previous?: string[]): string[] {
  const names = collect(text, previous);
  const known: readonly string[] = CHECK_NAMES;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new UsageError(
    `--skip-check: the check ${unknown} does not exist; the checks are ${known.join(', ')}`,
  );
}

/** Reads e.g. `503:10%` or `network:0.05`. */
function collectFaults(text: string, previous: readonly Fault[] = []): Fault[] {
  const [, name = '', amount = '', percent] = /^(network|[45]\d\d):(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = Number(amount) / (percent ? 100 : 1);
  if (name === '' || share > 1)
    throw new UsageError(`--fault must be a status and a share, e.g. 503:10% or network:5%, got ${text}`);
  return [...previous, { status: name === 'network' ? name : Number(name), share }];
}

/** Requests a minute of each operation, where `--limits` names no number. */
const DEFAULT_LIMIT = 120;

/** The behavior of the API with `--memory`: slow enough that one sees it happen. */
function memoryOf({ memory, limits }: MockFlags): MemoryOptions | undefined {
  if (memory !== true) return undefined;
  return {
    deployments: { buildMs: 4_000, aliasMs: 1_000, logLines: 20 },
    domains: { verifyMs: 5_000, configureMs: 8_000 },
    promotions: { ms: 2_000 },
    limits: limits === undefined ? undefined : [{ limit: limits === true ? DEFAULT_LIMIT : limits }],
  };
}

/** Serves Vercel Connect with state on loopback until the user ends it. Its URL is the first line. */
async function serveEmulator({ port, seed, empty, providers }: MockFlags, io: CliContext): Promise<void> {
  const { createConnectEmulator } = await withPeers(() => import('../../msw/index.js'));
  const account = empty ? 'empty' : 'seeded';
  const emulator = createConnectEmulator({ seed, account });
  const server = await emulator.listen(port);
  const listenToProviders = () =>
    emulator.providers.listen(providers === true ? 0 : providers).catch(async (error: unknown) => {
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
