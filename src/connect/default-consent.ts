import { client } from './default-client.js';
import type { ConnectClient } from './types.js';

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
  client().startAuthorization(...call);

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
  client().startInstallation(...call);

/** {@link startInstallation} under the name that it has in `@vercel/connect`. */
export const experimental_startInstallation: ConnectClient['startInstallation'] = async (...call) =>
  client().startInstallation(...call);

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
  client().waitForAuthorization(...call);
