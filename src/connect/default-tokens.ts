import { client } from './default-client.js';
import type { ConnectClient } from './types.js';

/**
 * A short-lived provider token, from the cache where that has one with enough life.
 *
 * @param connector - Id (`scl_...`) or UID (`slack/acme-slack`).
 * @param params - Subject, and what narrows the token.
 * @throws {ConnectError} Or a child of it, for every answer of the API that is no success.
 * @throws {InvalidArgumentError} Before anything is sent.
 *
 * @example
 * const token = await getToken('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getToken: ConnectClient['getToken'] = async (...call) => client().getToken(...call);

/**
 * {@link getToken} with all that the API says of the token.
 *
 * @returns A copy of the caller's own.
 *
 * @example
 * const { token, expiresAt } = await getTokenResponse('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getTokenResponse: ConnectClient['getTokenResponse'] = async (...call) =>
  client().getTokenResponse(...call);

/**
 * {@link getToken} that throws nothing for the states that an application has to expect.
 *
 * @throws {VercelError} For everything else.
 *
 * @example
 * const outcome = await tryGetToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * if (!outcome.ok && outcome.reason === 'user_authorization_required') showConsentButton();
 */
export const tryGetToken: ConnectClient['tryGetToken'] = async (...call) => client().tryGetToken(...call);

/**
 * A handle on one token, for callers that ask for the same again and again: its `getToken()` does no key work.
 *
 * @throws {InvalidArgumentError} At once for what cannot be asked for.
 *
 * @example
 * const slack = tokenSource('slack/acme-slack', { subject: { type: 'app' } });
 * await post(await slack.getToken());
 */
export const tokenSource: ConnectClient['tokenSource'] = (...call) => client().tokenSource(...call);

/**
 * What the default client has done: hits, requests (which are billed), refreshes, retries.
 *
 * @example
 * console.log(connectStats().upstreamCalls);
 */
export const connectStats: ConnectClient['stats'] = () => client().stats();

/**
 * Revokes a subject's tokens, at the provider where it can, and drops them from the cache.
 *
 * @example
 * await revokeToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 */
export const revokeToken: ConnectClient['revokeToken'] = async (...call) => client().revokeToken(...call);

/**
 * Drops what the cache holds for these arguments, and keeps a fetch under way from storing. Synchronous.
 *
 * Use it when the provider answered 401, so that the next call asks anew.
 *
 * @param options - `vercelToken` narrows it to one caller; without it the entries of every caller and region go.
 *
 * @example
 * deleteTokenCacheEntry('slack/acme-slack', { subject: { type: 'app' } });
 */
export const deleteTokenCacheEntry: ConnectClient['deleteTokenCacheEntry'] = (...call) =>
  client().deleteTokenCacheEntry(...call);

/**
 * Brings tokens from elsewhere into Connect, in batches one after another.
 *
 * Every item is checked before the first is sent. A batch that fails ends the import and throws nothing: the result accounts
 * for every item, with the `error` of those that failed. What was sent is never sent again by itself.
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
export const importTokens: ConnectClient['importTokens'] = async (...call) => client().importTokens(...call);

/**
 * What a connector is, the provider's public configuration under `vendor`.
 *
 * @example
 * const { name, vendor } = await getConnectorMetadata('snowflake/warehouse');
 */
export const getConnectorMetadata: ConnectClient['getConnectorMetadata'] = async (...call) =>
  client().getConnectorMetadata(...call);
