import { http, type RequestHandler } from 'msw';
import { parseJson } from '../../util/parse-json.js';
import { jsonResponse } from '../respond/json-response.js';
import { type RunningServer, serveRequests } from '../server/http-server.js';
import { readBearer } from '../validate/check-request.js';
import type { State } from './emulator-state.js';
import { createMcpServer } from './mcp-server.js';
import { PROVIDERS, type ProviderName } from './provider-stubs.js';
import { RequestLog } from './request-log.js';
import type { PlannedFailure, RecordedRequest } from './types.js';

/** A response to play in place of a provider's next one. */
export type PlannedProviderResponse = Omit<PlannedFailure, 'operationId'>;

/**
 * Providers behind the connectors of an emulator: Slack, GitHub, Linear, Notion, a generic OAuth provider, and an MCP server
 * over Streamable HTTP and SSE. They accept the tokens that the emulator has issued, and refuse all others, each in its own
 * way.
 */
export interface EmulatedProviders {
  /**
   * For msw, at the providers' own addresses: `https://slack.com/api`, `https://api.github.com`,
   * `https://api.linear.app/graphql`, `https://api.notion.com/v1`, `https://oauth.example.com/userinfo`, and
   * `https://mcp.example.com/mcp` and `/sse`.
   */
  readonly handlers: RequestHandler[];
  /** One entry a request, in order of arrival; `operationId` is the provider's name. */
  readonly requests: readonly RecordedRequest[];
  /** Refuses a token from now on. Connect drops it too, and issues another one on request. */
  refuse(token: string): void;
  /** Plays a response, such as a redirect, in place of the next one. Several are played in order. */
  answerNext(response: PlannedProviderResponse): void;
  /**
   * Serves the providers over HTTP on 127.0.0.1, each under its name: `/slack/api`, `/github`, `/linear/graphql`,
   * `/notion/v1`, `/oauth/userinfo`, `/mcp` and `/sse`. The caller closes it.
   *
   * @param port - Default 0: a free one.
   */
  listen(port?: number): Promise<RunningServer>;
}

/** The connector and subject of a live token. */
export interface TokenHolder {
  readonly connector: string;
  /** The user's id, or the type of another subject. */
  readonly subject: string;
}

const MCP_ORIGIN = 'https://mcp.example.com';

const ADDRESSES = new RegExp(
  `^(?:${[MCP_ORIGIN, ...PROVIDERS.map(({ base }) => base)].join('|').replaceAll('.', '\\.')})(?:[/?]|$)`,
);

/** Makes the providers of an emulator's state. */
export function createProviders(state: State): EmulatedProviders & { reset(): void } {
  const log = new RequestLog();
  const mcp = createMcpServer();
  const refused = new Set<string>();
  let planned: { readonly response: PlannedProviderResponse; left: number }[] = [];

  function holderOf(token: string | undefined): TokenHolder | undefined {
    const stored = token === undefined || refused.has(token) ? undefined : state.tokens.findIssued(token);
    const connector = stored && state.find(stored.grant.connectorId);
    if (stored === undefined || connector === undefined || stored.expiresAt <= state.now()) return undefined;
    const { id, type } = stored.grant.subject;
    return { connector: connector.facts.uid, subject: String(id ?? type) };
  }

  async function respond(request: Request): Promise<Response | undefined> {
    const url = new URL(request.url);
    const name: ProviderName | 'mcp' | undefined =
      url.origin === MCP_ORIGIN ? 'mcp' : PROVIDERS.find(({ base }) => url.href.startsWith(base))?.name;
    if (name === undefined) return undefined;
    const observer = log.observe(request, name);
    const text = await request.text();
    observer.readText(text);
    const response = takePlanned() ?? (await respondAs(name, request, text));
    observer.answered(response.status);
    return response;
  }

  function takePlanned(): Response | undefined {
    const [next] = planned;
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left === 0) planned = planned.slice(1);
    const { status, body, headers } = next.response;
    if (body === undefined) return new Response(null, { status, headers: { ...headers } });
    return jsonResponse(status, body, headers);
  }

  async function respondAs(name: ProviderName | 'mcp', request: Request, text: string): Promise<Response> {
    const holder = holderOf(readBearer(request.headers));
    if (name === 'mcp') return mcp.respond(request, text, holder);
    const provider = PROVIDERS.find((one) => one.name === name);
    if (provider === undefined) return jsonResponse(404, {});
    const isAccepted =
      holder !== undefined && (name === 'oauth' || holder.connector.split('/').includes(name));
    return provider.respond({
      path: request.url.slice(provider.base.length).replace(/\?.*$/, ''),
      method: request.method,
      headers: request.headers,
      body: text === '' ? undefined : (parseJson(text) ?? { value: text }).value,
      holder: isAccepted ? holder : undefined,
    });
  }

  return {
    handlers: [http.all(ADDRESSES, ({ request }) => respond(request))],
    requests: log.entries,
    refuse(token) {
      refused.add(token);
      state.tokens.drop((stored) => stored.token === token);
    },
    answerNext: (response) => void planned.push({ response, left: response.times ?? 1 }),
    async listen(port) {
      const respondAtOrigin = (request: Request) => {
        const { pathname, search } = new URL(request.url);
        const provider = PROVIDERS.find(({ name }) => pathname.startsWith(`/${name}/`));
        const path = provider === undefined ? pathname : pathname.slice(provider.name.length + 1);
        const origin = provider === undefined ? MCP_ORIGIN : new URL(provider.base).origin;
        return respond(new Request(`${origin}${path}${search}`, request));
      };
      const server = await serveRequests(respondAtOrigin, { port });
      mcp.setOrigin(server.url);
      return server;
    },
    reset() {
      log.clear();
      mcp.reset();
      refused.clear();
      planned = [];
    },
  };
}
