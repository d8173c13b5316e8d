import { InvalidArgumentError } from '../../errors/index.js';
import { processEnvironment } from '../../util/node-module.js';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|.+\.localhost)$/;

/**
 * Checks where a browser is sent after consent: https, or http to the user's own machine.
 *
 * @param field - Name of the option, for the error.
 * @throws {InvalidArgumentError} Showing scheme and host at most, since a query may hold a secret.
 */
export function checkCallbackUrl(value: unknown, field: string): void {
  const url = parse(value, field);
  if (url.protocol === 'https:') return;
  if (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) return;
  throw new InvalidArgumentError(
    field,
    `${field} must be https://, http://localhost, or http://*.localhost, got ${url.protocol}//${url.host}`,
  );
}

/** Checks where Connect reports the outcome: https alone. @throws {InvalidArgumentError} */
export function checkWebhookUrl(value: unknown): void {
  const url = parse(value, 'webhook URL');
  if (url.protocol === 'https:') return;
  throw new InvalidArgumentError('webhook', `webhook must be https://, got ${url.protocol}//${url.host}`);
}

/**
 * Whether consent is given elsewhere than in this process's browser: a device code is then asked for, and nobody is sent
 * back. Source: `VERCEL_CONNECT_INTERACTIVE_AUTH_MODE` of `@vercel/connect`.
 */
export function isDetached(
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): boolean {
  return environment.VERCEL_CONNECT_INTERACTIVE_AUTH_MODE?.trim() === 'detached';
}

function parse(value: unknown, field: string): URL {
  if (typeof value === 'string' && URL.canParse(value)) return new URL(value);
  throw new InvalidArgumentError(field, 'must be an absolute URL such as https://shop.example.com/connected');
}
