import { checkVerifyOptions } from './triggers/check-options.js';
import type { IncomingRequest } from './triggers/incoming.js';
import type { TriggerEvent, VerifyTriggerOptions } from './triggers/types.js';
import { createTriggerVerifier, type TriggerVerifier } from './triggers/verify.js';

// Keys are fetched once a process, so they outlive a call.
let defaultVerifier: TriggerVerifier | undefined;

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
  options: VerifyTriggerOptions = {},
): (request: Request, body?: unknown) => Promise<true> {
  checkVerifyOptions(options);
  return async (request, body) => {
    const given = typeof body === 'string' || body instanceof Uint8Array ? body : '';
    await verifyTrigger(request, { ...options, body: given });
    return true;
  };
}
