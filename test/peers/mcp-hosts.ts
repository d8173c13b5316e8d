// Plays what can happen between an MCP client and an MCP server with each host, each transport and both packages, over
// loopback. The peer calls https://api.vercel.com, where msw answers as the emulator.
import { createMCPClient as createAiClient } from '@ai-sdk/mcp';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  SSEClientTransport as SseV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createMCPClient as createTanStackClient } from '@tanstack/ai-mcp';
import { getToken as getTheirToken } from '@vercel/connect';
import * as theirs from '@vercel/connect/tanstack-ai';
import { createConnectClient } from 'vercel-rest/connect';
import {
  connectAuthProvider,
  connectMCPTransport,
  connectMcpAuth,
  getConsentChallenge,
} from 'vercel-rest/mcp';
import type { ConnectEmulator, RunningServer } from 'vercel-rest/msw';

export type TransportType = 'http' | 'sse';
export type PackageName = 'vercel-rest' | '@vercel/connect';

/** A client that is connected. */
interface Connected {
  /** Calls a tool, and returns what it says. */
  call(): Promise<string>;
  close(): Promise<void>;
}

/** What one host makes of a URL: a client, or an error. */
interface Attempt {
  connect(url: string): Promise<Connected>;
  /** Finds the consent page of an error. */
  findUrl(error: unknown): string | undefined;
}

const HOSTS = {
  '@modelcontextprotocol/sdk 1.32.2': {
    'vercel-rest': (type, params) =>
      ours(type, params, (transport, url) => {
        const options = { fetch: transport.fetch };
        return connectV1(type === 'http' ? new HttpV1(url, options) : new SseV1(url, options));
      }),
    '@vercel/connect': (type, params) =>
      provider(params, (authProvider, url) =>
        connectV1(type === 'http' ? new HttpV1(url, { authProvider }) : new SseV1(url, { authProvider })),
      ),
  },
  '@modelcontextprotocol/client 2.4.0': {
    'vercel-rest': (type, params) =>
      ours(type, params, (transport, url) => {
        const options = { fetch: transport.fetch };
        return connectV2(type === 'http' ? new HttpV2(url, options) : new SseV2(url, options));
      }),
    '@vercel/connect': (type, params) =>
      provider(params, (authProvider, url) =>
        connectV2(type === 'http' ? new HttpV2(url, { authProvider }) : new SseV2(url, { authProvider })),
      ),
  },
  '@modelcontextprotocol/client 2.4.0 with connectMcpAuth': {
    'vercel-rest': (type, { connector, subject, client }) => {
      const authProvider = connectMcpAuth(connector, { subject }, { client });
      return {
        connect: (text) => {
          const url = new URL(text);
          return connectV2(
            type === 'http' ? new HttpV2(url, { authProvider }) : new SseV2(url, { authProvider }),
          );
        },
        findUrl: (error) => getConsentChallenge(error)?.url,
      };
    },
  },
  '@modelcontextprotocol/sdk 1.32.2 with connectAuthProvider': {
    'vercel-rest': (type, params) =>
      ourProvider(type, params, (authProvider, url) =>
        connectV1(type === 'http' ? new HttpV1(url, { authProvider }) : new SseV1(url, { authProvider })),
      ),
  },
  '@modelcontextprotocol/client 2.4.0 with connectAuthProvider': {
    'vercel-rest': (type, params) =>
      ourProvider(type, params, (authProvider, url) =>
        connectV2(type === 'http' ? new HttpV2(url, { authProvider }) : new SseV2(url, { authProvider })),
      ),
  },
  '@ai-sdk/mcp 2.0.99 with connectAuthProvider': {
    'vercel-rest': (type, params) =>
      ourProvider(type, params, (authProvider, url) => connectAi({ type, url: url.href, authProvider })),
  },
  '@ai-sdk/mcp 2.0.99': {
    'vercel-rest': (type, params) =>
      ours(type, params, (transport) => connectAi({ ...transport, fetch: transport.fetch })),
    '@vercel/connect': (type, params) =>
      provider(params, (authProvider, url) => connectAi({ type, url: url.href, authProvider })),
  },
  '@tanstack/ai-mcp 0.2.5': {
    'vercel-rest': (type, params) => ours(type, params, (transport) => connectTanStack(transport)),
    '@vercel/connect': (type, { connector, subject, vercelToken }) => ({
      connect: (url) =>
        connectTanStack(theirs.connectMCPTransport({ type, url }, connector, { subject }, { vercelToken })),
      findUrl: (error) => theirs.getConsentChallenge(error)?.url,
    }),
  },
} satisfies Record<string, Partial<Record<PackageName, (type: TransportType, params: World) => Attempt>>>;

export const HOST_NAMES = Object.keys(HOSTS) as (keyof typeof HOSTS)[];

/** Who asks for what. */
interface World {
  readonly connector: string;
  readonly subject: { readonly type: 'user'; readonly id: string };
  readonly vercelToken: string;
  readonly client: ReturnType<typeof createConnectClient>;
  /** The MCP server that the adapter is made for. */
  readonly serverUrl: string;
}

/** The transport is made once, for the server's own URL; a host that is told another URL gets the same `fetch`. */
function ours(
  type: TransportType,
  { connector, subject, client, serverUrl }: World,
  connect: (transport: ReturnType<typeof makeTransport>, url: URL) => Promise<Connected>,
): Attempt {
  const transport = makeTransport(type, serverUrl, connector, subject, client);
  return {
    connect: (url) => connect({ ...transport, url }, new URL(url)),
    findUrl: (error) => (getConsentChallenge(error) ?? getConsentChallenge(transport.fetch))?.url,
  };
}

function makeTransport(
  type: TransportType,
  url: string,
  connector: string,
  subject: World['subject'],
  client: World['client'],
) {
  return connectMCPTransport({ type, url }, connector, { subject }, { client });
}

/** Over SSE with the mode that its transports need. */
function ourProvider(
  type: TransportType,
  { connector, subject, client }: World,
  connect: (authProvider: ReturnType<typeof connectAuthProvider>, url: URL) => Promise<Connected>,
): Attempt {
  const consent = type === 'sse' ? 'transport' : 'eager';
  const authProvider = connectAuthProvider(connector, { subject }, { client, consent });
  return {
    connect: (url) => connect(authProvider, new URL(url)),
    findUrl: (error) => getConsentChallenge(error)?.url,
  };
}

function provider(
  { connector, subject, vercelToken }: World,
  connect: (authProvider: theirs.ConnectOAuthClientProvider, url: URL) => Promise<Connected>,
): Attempt {
  return {
    connect: (url) =>
      connect(theirs.connectAuthProvider(connector, { subject }, { vercelToken }), new URL(url)),
    findUrl: (error) => theirs.getConsentChallenge(error)?.url,
  };
}

async function connectV1(transport: HttpV1 | SseV1): Promise<Connected> {
  const client = new ClientV1({ name: 'test', version: '1.0.0' });
  try {
    // The SDK's own classes miss its interface under exactOptionalPropertyTypes.
    await client.connect(transport as Transport);
  } catch (error) {
    await transport.close();
    throw error;
  }
  return {
    call: async () => textOf(await client.callTool({ name: 'whoami' })),
    close: () => client.close(),
  };
}

async function connectV2(transport: HttpV2 | SseV2): Promise<Connected> {
  const client = new ClientV2({ name: 'test', version: '1.0.0' });
  try {
    await client.connect(transport);
  } catch (error) {
    await transport.close();
    throw error;
  }
  return {
    call: async () => textOf(await client.callTool({ name: 'whoami', arguments: {} })),
    close: () => client.close(),
  };
}

async function connectAi(transport: Parameters<typeof createAiClient>[0]['transport']): Promise<Connected> {
  const client = await createAiClient({ transport });
  return {
    async call() {
      const { whoami } = await client.tools();
      return textOf(await whoami?.execute?.({}, { toolCallId: '1', messages: [], context: {} }));
    },
    close: () => client.close(),
  };
}

async function connectTanStack(
  transport: Parameters<typeof createTanStackClient>[0]['transport'],
): Promise<Connected> {
  const client = await createTanStackClient({ transport });
  return { call: async () => textOf(await client.callTool('whoami', {})), close: () => client.close() };
}

function textOf(result: unknown): string {
  return /"text":"([^"]*)"/.exec(JSON.stringify(result) ?? '')?.[1] ?? '';
}

export const SCENARIOS = [
  'good token',
  'no grant',
  'stale token',
  'revoked grant',
  '20 callers, no grant',
  'wrong origin',
  'redirect',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** What a row of the table says. */
export interface Outcome {
  /** How it ended, in words. */
  readonly text: string;
  readonly tokenRequests: number;
  readonly authorizeRequests: number;
}

/** Where scenarios are played. */
export interface Stage {
  readonly emulator: ConnectEmulator;
  readonly server: RunningServer;
  /** Another origin, which must get no token. */
  readonly other: { readonly url: string; readonly tokens: (string | undefined)[] };
}

let worlds = 0;

/** Plays one scenario. @returns `undefined` where a package has nothing for this host. */
export async function play(
  stage: Stage,
  host: keyof typeof HOSTS,
  packageName: PackageName,
  type: TransportType,
  scenario: Scenario,
): Promise<Outcome | undefined> {
  const makers: Partial<Record<PackageName, (type: TransportType, params: World) => Attempt>> = HOSTS[host];
  const make = makers[packageName];
  if (make === undefined) return undefined;
  const { emulator, server, other } = stage;
  emulator.reset();
  other.tokens.length = 0;
  // The peer's cache is one for the whole process: a connector of its own keeps the scenarios apart.
  worlds += 1;
  const connector = `oauth/world-${worlds}`;
  const subject = { type: 'user', id: 'user_123' } as const;
  const hasGrant = !['no grant', '20 callers, no grant'].includes(scenario);
  emulator.addConnector({ uid: connector, subjectTypes: ['user'], users: hasGrant ? ['user_123'] : [] });
  const vercelToken = 'project-token';
  const client = createConnectClient({ bearerToken: vercelToken, maxRetries: 0 });
  const path = type === 'http' ? '/mcp' : '/sse';
  const serverUrl = `${server.url}${path}`;
  const attempt = make(type, { connector, subject, vercelToken, client, serverUrl });
  if (scenario === 'stale token' || scenario === 'revoked grant') {
    const token =
      packageName === 'vercel-rest'
        ? await client.getToken(connector, { subject })
        : await getTheirToken(connector, { subject }, { vercelToken });
    if (scenario === 'stale token') emulator.providers.refuse(token);
    else emulator.withdrawUser(connector, 'user_123');
  }
  if (scenario === 'redirect') {
    emulator.providers.answerNext({ status: 307, headers: { location: `${other.url}/` } });
  }
  const before = emulator.requests.length;
  const url = scenario === 'wrong origin' ? `${other.url}${path}` : serverUrl;
  const callers = scenario === '20 callers, no grant' ? 20 : 1;
  const texts = await Promise.all(Array.from({ length: callers }, () => describeAttempt(attempt, url)));
  const asked = (operationId: string) =>
    emulator.requests.slice(before).filter((request) => request.operationId === operationId).length;
  const leaked = other.tokens.some((token) => token !== undefined) ? ', token sent to the other origin' : '';
  const followed = other.tokens.length > 0 && leaked === '' ? ', other origin asked without a token' : '';
  return {
    text: `${[...new Set(texts)].join(' / ')}${leaked}${followed}`,
    tokenRequests: asked('getConnectorToken'),
    authorizeRequests: asked('createConnectorAuthorizationRequest'),
  };
}

/** How long a host may take to say that it failed, in milliseconds: some go on trying for ever. */
const PATIENCE_MS = 15_000;

async function describeAttempt(attempt: Attempt, url: string): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no end'), PATIENCE_MS);
  });
  const work = (async () => {
    const connected = await attempt.connect(url);
    try {
      return (await connected.call()).startsWith('user_123') ? 'works' : 'wrong result';
    } finally {
      await connected.close();
    }
  })().catch((error: unknown) => {
    const found = attempt.findUrl(error);
    if (found !== undefined) return 'consent page';
    return `error (${error instanceof Error ? error.name : 'unknown'})`;
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
