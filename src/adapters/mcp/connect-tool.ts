import { getConsentChallenge } from '../../connect/consent/consent-required.js';
import {
  type ConnectFetch,
  type ConnectFetchOptions,
  createConnectFetch,
} from '../../connect/fetch/connect-fetch.js';
import { createProviderToken } from '../../connect/fetch/provider-token.js';
import type { ConnectTokenParams } from '../../connect/types.js';
import { isRecord } from '../../util/is-record.js';

/** Connect, for the `execute` of a tool. */
export interface ConnectToolContext {
  /** Sends the connector's token to the tool's origin, and stops with the tool call. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Returns the connector's token, for an SDK that takes no `fetch`. */
  token(): Promise<string>;
}

/** The options of a tool call that are used here; the AI SDK passes more. */
export interface ConnectToolCallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal | undefined;
}

/** The result of a tool whose user has not consented: a UI shows it as a button. */
export interface ConsentRequiredResult {
  readonly status: 'authorization_required';
  readonly connector: string;
  /** The consent page. */
  readonly url: string;
  readonly deviceCode?: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

/** The form of a result that the model reads. */
export type ToolModelOutput =
  | { readonly type: 'text'; readonly value: string }
  // The AI SDK has a type of its own for JSON.
  | { readonly type: 'json'; readonly value: never };

/** The input that a schema of the AI SDK, or of any library with Standard Schema, gives. */
export type ConnectToolInput<SCHEMA> = SCHEMA extends { readonly _type: infer INPUT }
  ? INPUT
  : SCHEMA extends { readonly '~standard': { readonly types?: infer TYPES } }
    ? NonNullable<TYPES> extends { readonly output: infer INPUT }
      ? INPUT
      : unknown
    : unknown;

/** A tool before it has Connect. */
export interface ConnectToolDefinition<SCHEMA, OUTPUT> {
  readonly description?: string;
  readonly inputSchema: SCHEMA;
  /** Runs the tool, with `options.connect` for its requests. */
  readonly execute: (
    input: ConnectToolInput<SCHEMA>,
    options: ConnectToolCallOptions & { readonly connect: ConnectToolContext },
  ) => Promise<OUTPUT> | OUTPUT;
}

/** A tool for the AI SDK. */
export interface ConnectTool<SCHEMA, OUTPUT> {
  readonly description?: string;
  readonly inputSchema: SCHEMA;
  /** Runs the tool. Resolves to a {@link ConsentRequiredResult} where the user has not consented. */
  readonly execute: (
    input: ConnectToolInput<SCHEMA>,
    options: ConnectToolCallOptions,
  ) => Promise<OUTPUT | ConsentRequiredResult>;
  /** Keeps the consent page from the model: the user is to open it, and nobody else. */
  readonly toModelOutput: (options: { readonly output: OUTPUT | ConsentRequiredResult }) => ToolModelOutput;
}

/** Options of {@link connectTool}. */
export interface ConnectToolOptions extends Omit<ConnectFetchOptions, 'errors'> {
  /**
   * `'result'` returns a {@link ConsentRequiredResult}; `'throw'` throws `ConsentRequiredError`, which the AI SDK turns into
   * a tool error. Default `'result'`.
   */
  readonly onMissingConsent?: 'result' | 'throw' | undefined;
}

/**
 * Gives a tool of the AI SDK the token of a connector, for providers with a REST or GraphQL API and no MCP server.
 *
 * @param tool - Its `execute` gets `options.connect` with a `fetch` and a `token()`. Other fields, such as `needsApproval`, stay
 *   as they are.
 * @returns The tool, for `tools` of `generateText` and `streamText`. Where the user has not consented its result is a
 *   {@link ConsentRequiredResult}, of which the model sees no URL.
 * @throws {InvalidArgumentError} At once for an argument that cannot work.
 *
 * @example
 * const viewer = connectTool(
 *   'oauth/linear',
 *   { subject: { type: 'user', id: 'user_123' } },
 *   {
 *     description: 'Tells who the user is in Linear.',
 *     inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
 *     execute: async (_input, { connect }) => {
 *       const body = JSON.stringify({ query: '{ viewer { name } }' });
 *       const headers = { 'content-type': 'application/json' };
 *       const response = await connect.fetch('https://api.linear.app/graphql', { method: 'POST', headers, body });
 *       return response.json();
 *     },
 *   },
 *   { origin: 'https://api.linear.app' },
 * );
 */
export function connectTool<SCHEMA, OUTPUT, REST extends object>(
  connector: string,
  params: ConnectTokenParams,
  tool: ConnectToolDefinition<SCHEMA, OUTPUT> & REST,
  options: ConnectToolOptions,
): ConnectTool<SCHEMA, OUTPUT> & Omit<REST, keyof ConnectTool<SCHEMA, OUTPUT>> {
  const { onMissingConsent = 'result', ...own } = options;
  const connectFetch = createConnectFetch(connector, params, own);
  const tokens = createProviderToken(connector, params, own);
  return {
    ...tool,
    async execute(input, call) {
      const { abortSignal } = call;
      const connect: ConnectToolContext = {
        fetch: abortSignal === undefined ? connectFetch : withSignal(connectFetch, abortSignal),
        token: async () => (await tokens.get(abortSignal)).token,
      };
      try {
        return await tool.execute(input, { ...call, connect });
      } catch (error) {
        const challenge = onMissingConsent === 'result' ? getConsentChallenge(error) : undefined;
        if (challenge === undefined) throw error;
        // Its secrets are not enumerable, and stay here.
        return { status: 'authorization_required', ...challenge };
      }
    },
    toModelOutput({ output }) {
      if (isConsentRequiredResult(output)) {
        const value = `The user has to authorize ${output.connector} first. The application shows them where. Wait for it.`;
        return { type: 'text', value };
      }
      // As the AI SDK does for a tool without this function; the output is checked by nobody, there as here.
      if (typeof output === 'string') return { type: 'text', value: output };
      return { type: 'json', value: (output ?? null) as never };
    },
  };
}

function withSignal(connectFetch: ConnectFetch, abortSignal: AbortSignal): ConnectToolContext['fetch'] {
  return (input, init) => {
    const own = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const signal = own === undefined ? abortSignal : AbortSignal.any([own, abortSignal]);
    return connectFetch(input, { ...init, signal });
  };
}

/**
 * Returns whether a tool's result says that the user has to consent first.
 *
 * @example
 * if (isConsentRequiredResult(part.output)) return <a href={part.output.url}>Connect Linear</a>;
 */
export function isConsentRequiredResult(output: unknown): output is ConsentRequiredResult {
  return isRecord(output) && output.status === 'authorization_required' && typeof output.url === 'string';
}
