import type { CallFacts } from '../errors/index.js';
import { safeText } from '../util/redact.js';
import { Secrets } from '../util/secrets.js';

/** Registered, so that another installed copy of the package finds them too. */
const SECRETS = Symbol.for('vercel-rest.secrets');

/** Attaches secrets to a response, so that an error made of it later can redact its headers. */
export function attachSecrets(response: Response, secrets: Secrets): void {
  Reflect.defineProperty(response, SECRETS, { value: secrets });
}

/**
 * Returns the `x-vercel-id` of a response, to quote in a support case, masked like any text from outside.
 *
 * @param secrets - Default: those attached to the response.
 */
export function readRequestId(response: Response, secrets?: Secrets): string | undefined {
  const id: unknown = response.headers.get('x-vercel-id');
  if (typeof id !== 'string' || id === '') return undefined; // A test may play headers that give `undefined`.
  const attached: unknown = Reflect.get(response, SECRETS);
  return safeText(id, secrets ?? (attached instanceof Secrets ? attached : undefined));
}

/** Returns the facts of a response for the error that it becomes. */
export function responseFacts(response: Response, { method, path }: CallFacts, secrets?: Secrets) {
  return { method, path, status: response.status, requestId: readRequestId(response, secrets) };
}
