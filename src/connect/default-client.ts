import { clientOf } from './client.js';
import * as consent from './consent/start.js';
import * as consentWait from './consent/wait.js';
import * as imports from './import/import-tokens.js';
import { createConnectors } from './management/connectors.js';
import { createProjects } from './management/projects.js';
import { createTriggers } from './management/triggers.js';
import { createState, type State } from './state.js';
import * as operations from './token-operations.js';
import * as tokens from './tokens/find-token.js';
import { createTokenSource } from './tokens/token-source.js';
import * as attempts from './tokens/try-get-token.js';
import { checkVerifyOptions } from './triggers/check-options.js';
import type { IncomingRequest } from './triggers/incoming.js';
import type {
  ConnectWebhookVerifier,
  ConnectWebhookVerifierOptions,
  TriggerEvent,
  VerifyTriggerOptions,
} from './triggers/types.js';
import { createTriggerVerifier, type TriggerVerifier } from './triggers/verify.js';
import type { ConnectClient } from './types.js';

// The only mutable state of the package. The functions below share it; each part is made at its first use. Each function reaches
// for its own code alone, so that a bundler leaves out what a program does not call.
let defaultState: State | undefined;
let defaultClient: ConnectClient | undefined;
let defaultVerifier: TriggerVerifier | undefined;

function state(): State {
  defaultState ??= createState({});
  return defaultState;
}

/** Returns the client whose state the functions of this file share, for code that takes any client. */
export function client(): ConnectClient {
  defaultClient ??= clientOf(state());
  return defaultClient;
}

/**
 * Returns a short-lived provider token, from the cache when it holds one with enough life.
 *
 * @param connector - Id (`scl_...`) or UID (`slack/acme-slack`).
 * @param params - Subject, and what narrows the token.
 * @throws {ConnectError} Or a subclass, for every response outside 2xx.
 * @throws {InvalidArgumentError} Before anything is sent.
 *
 * @example
 * const token = await getToken('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getToken: ConnectClient['getToken'] = async (connector, params, options) =>
  tokens.getToken(state(), connector, params, options);

/**
 * {@link getToken} with all that the API says of the token.
 *
 * @returns A copy of the caller's own.
 *
 * @example
 * const { token, expiresAt } = await getTokenResponse('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getTokenResponse: ConnectClient['getTokenResponse'] = async (...call) =>
  tokens.getTokenResponse(state(), ...call);

/**
 * {@link getToken} that throws nothing for the states that an application has to expect.
 *
 * @throws {VercelError} For everything else.
 *
 * @example
 * const outcome = await tryGetToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * if (!outcome.ok && outcome.reason === 'user_authorization_required') showConsentButton();
 */
export const tryGetToken: ConnectClient['tryGetToken'] = async (...call) =>
  attempts.tryGetToken(state(), ...call);

/**
 * A handle on one token, for callers that ask for the same again and again: its `getToken()` does no key work.
 *
 * @throws {InvalidArgumentError} At once for what cannot be asked for.
 *
 * @example
 * const slack = tokenSource('slack/acme-slack', { subject: { type: 'app' } });
 * await post(await slack.getToken());
 */
export const tokenSource: ConnectClient['tokenSource'] = (...call) => createTokenSource(state(), ...call);

/**
 * Returns the counters of the default client: hits, requests (which are billed), refreshes, retries.
 *
 * @example
 * console.log(connectStats().upstreamCalls);
 */
export const connectStats: ConnectClient['stats'] = () => state().stats();

/**
 * Revokes a subject's tokens, at the provider where it can, and drops them from the cache.
 *
 * @example
 * await revokeToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 */
export const revokeToken: ConnectClient['revokeToken'] = async (...call) =>
  operations.revokeToken(state(), ...call);

/**
 * Drops what the cache holds for these arguments, and keeps a fetch under way from storing. Synchronous.
 *
 * Use it when the provider answered 401, so that the next call fetches a new one.
 *
 * @param options - `vercelToken` narrows it to one caller; without it the entries of every caller and region go.
 *
 * @example
 * deleteTokenCacheEntry('slack/acme-slack', { subject: { type: 'app' } });
 */
export const deleteTokenCacheEntry: ConnectClient['deleteTokenCacheEntry'] = (...call) =>
  operations.deleteTokenCacheEntry(state(), ...call);

/**
 * Brings tokens from elsewhere into Connect, in batches one after another.
 *
 * Checks every item before it sends the first. A batch that fails ends the import and throws nothing: the result accounts for
 * every item, with the `error` of those that failed. It never sends an item twice.
 *
 * @returns One result an item, in order, and `failed`, to be given to `importTokens` again.
 * @throws {InvalidArgumentError} For an argument that is wrong as a whole; a wrong item is in the result.
 * @throws {CredentialError} Without a credential, before anything is sent.
 * @throws The signal's reason, where it fires before anything is sent.
 *
 * @example
 * const { failed, tokens } = await importTokens('oauth/linear', [
 *   { accessToken, expiresAt, environment: 'production', subject: { type: 'user', id: 'user_123' } },
 * ]);
 * for (const { index, outcome, error } of tokens) if (outcome !== 'imported') console.error(index, outcome, error);
 * if (failed.length > 0) await importTokens('oauth/linear', failed);
 */
export const importTokens: ConnectClient['importTokens'] = async (...call) =>
  imports.importTokens(state(), ...call);

/**
 * Returns a connector, with the provider's public configuration under `vendor`.
 *
 * @example
 * const { name, vendor } = await getConnectorMetadata('snowflake/warehouse');
 */
export const getConnectorMetadata: ConnectClient['getConnectorMetadata'] = async (...call) =>
  operations.getConnectorMetadata(state(), ...call);

/**
 * Asks for a user's consent: send the user to `url`, keep `verifier` on the server.
 *
 * With `VERCEL_CONNECT_INTERACTIVE_AUTH_MODE=detached` a device code is asked for, and nobody is sent back.
 *
 * @throws {InvalidArgumentError} For a callback that is neither https nor local, or a webhook that is not https.
 * @throws {ConnectError}
 *
 * @example
 * const authorization = await startAuthorization(
 *   'oauth/linear',
 *   { subject: { type: 'user', id: 'user_123' } },
 *   { callbackUrl: 'https://shop.example.com/connected' },
 * );
 * redirect(authorization.url);
 */
export const startAuthorization: ConnectClient['startAuthorization'] = async (...call) =>
  consent.startAuthorization(state(), ...call);

/**
 * Asks for an installation with the provider: an operator opens `url`.
 *
 * @throws {InvalidArgumentError} For a return URL that is neither https nor local, or a webhook that is not https.
 * @throws {ConnectError}
 *
 * @example
 * const installation = await startInstallation('github/acme', {}, { returnUrl: 'https://shop.example.com/done' });
 * console.log('Open', installation.url);
 */
export const startInstallation: ConnectClient['startInstallation'] = async (...call) =>
  consent.startInstallation(state(), ...call);

/** {@link startInstallation} under the name that it has in `@vercel/connect`. */
export const experimental_startInstallation: ConnectClient['startInstallation'] = async (...call) =>
  consent.startInstallation(state(), ...call);

/**
 * Waits until a person has decided, then gets the token that was asked for, with one token request.
 *
 * Reads the result every 2 s until `expiresAt`, which costs nothing; only the last step is billed.
 *
 * @param authorization - What {@link startAuthorization} or {@link startInstallation} gave. One that was stored and read
 *   back needs `params` besides.
 * @throws {AuthorizationDeniedError} When the user refused.
 * @throws {AuthorizationExpiredError} When nobody decided in time.
 * @throws {ConnectError}
 *
 * @example
 * const authorization = await startAuthorization('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * console.log('Open', authorization.url);
 * const { token } = await waitForAuthorization(authorization, { signal: AbortSignal.timeout(600_000) });
 */
export const waitForAuthorization: ConnectClient['waitForAuthorization'] = async (...call) =>
  consentWait.waitForAuthorization(state(), ...call);

/**
 * Creates, reads, changes and deletes connectors, with the default client.
 *
 * These operations want an access token of a person or team: pass `vercelToken`, or use a client of your own with
 * `createConnectClient({ bearerToken: environmentCredential(), teamId })`.
 *
 * @example
 * for await (const connector of connectors.list({ type: 'slack' }, { vercelToken })) console.log(connector.uid);
 * const slack = await connectors.create({ type: 'slack', name: 'Bot', data: { appId, appName, clientId, clientSecret } });
 * await connectors.update<'slack'>(slack.id, { data: { botScopes: ['chat:write'] } });
 * await connectors.delete(slack.id);
 */
export const connectors: ConnectClient['connectors'] = {
  list: (...call) => createConnectors(state()).list(...call),
  get: async (...call) => createConnectors(state()).get(...call),
  create: async (...call) => createConnectors(state()).create(...call),
  createManaged: async (...call) => createConnectors(state()).createManaged(...call),
  update: async (...call) => createConnectors(state()).update(...call),
  delete: async (...call) => createConnectors(state()).delete(...call),
  eject: async (...call) => createConnectors(state()).eject(...call),
  revokeTokens: async (...call) => createConnectors(state()).revokeTokens(...call),
  getService: async (...call) => createConnectors(state()).getService(...call),
};

/**
 * Links connectors and projects, with the default client; wants an access token like {@link connectors}.
 *
 * @example
 * // The environments replace those that were enabled before.
 * await projects.attach('slack/acme-slack', 'prj_shop', { environments: ['production', 'preview'] }, { vercelToken });
 * await projects.detach('slack/acme-slack', 'prj_shop', { environment: 'preview', vercelToken });
 */
export const projects: ConnectClient['projects'] = {
  list: (...call) => createProjects(state()).list(...call),
  listConnectors: (...call) => createProjects(state()).listConnectors(...call),
  get: async (...call) => createProjects(state()).get(...call),
  attach: async (...call) => createProjects(state()).attach(...call),
  detach: async (...call) => createProjects(state()).detach(...call),
};

/**
 * Says where a connector's events go, with the default client; wants an access token like {@link connectors}.
 *
 * @example
 * await triggers.set('slack/acme-slack', [{ projectId: 'prj_shop', path: '/api/slack/events' }], { vercelToken });
 * await triggers.clear('slack/acme-slack', { vercelToken });
 */
export const triggers: ConnectClient['triggers'] = {
  set: async (...call) => createTriggers(state()).set(...call),
  clear: async (...call) => createTriggers(state()).clear(...call),
};

/**
 * Checks an event that Connect forwarded, and gives it with its raw body.
 *
 * The bearer of `Authorization` must be signed by Vercel with RS256, for this project and environment, by Connect
 * (`client_id` and a `trigger` claim), not older than 5 minutes. Everything is refused where the environment does not say
 * which project this is.
 *
 * @param request - A `Request`, or Node's `IncomingMessage` before its body was read; else give `body`.
 * @throws {VerificationError} Answer with its `status`.
 * @throws {InvalidArgumentError} Where nothing says which project and environment this is.
 *
 * @example
 * export async function POST(request: Request) {
 *   const event = await verifyTrigger(request, { connector: 'slack/acme-slack' });
 *   await handle(event.connector.service, event.json());
 *   return new Response(null, { status: 204 });
 * }
 */
export async function verifyTrigger(
  request: IncomingRequest,
  options?: VerifyTriggerOptions,
): Promise<TriggerEvent> {
  defaultVerifier ??= createTriggerVerifier();
  return defaultVerifier.verify(request, options);
}

/**
 * The verifier of a Chat SDK adapter, under the name that it has in `@vercel/connect/chat`.
 *
 * @param options - As for {@link verifyTrigger}; it checks besides that Connect sent the request.
 * @throws {InvalidArgumentError} For an option that does not exist.
 * @returns A function that resolves to `true`, or rejects with a {@link VerificationError}.
 *
 * @example
 * createSlackAdapter({ webhookVerifier: createConnectWebhookVerifier() });
 */
export function createConnectWebhookVerifier(
  options: ConnectWebhookVerifierOptions = {},
): ConnectWebhookVerifier {
  checkVerifyOptions(options);
  return async (request, body) => {
    const given = typeof body === 'string' || body instanceof Uint8Array ? body : '';
    await verifyTrigger(request, { ...options, body: given });
    return true;
  };
}
