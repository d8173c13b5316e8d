import { InvalidArgumentError } from '../../errors/index.js';
import { fromHex } from '../../util/bytes.js';
import { checkNames } from './check-options.js';
import {
  checkMaxBodyBytes,
  checkRequest,
  type IncomingRequest,
  type RawBody,
  readHeader,
  readRawBody,
} from './incoming.js';
import { VerificationError } from './verification-error.js';

const KNOWN: Readonly<Record<keyof VerifyWebhookOptions, true>> = {
  secret: true,
  body: true,
  maxBodyBytes: true,
};

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /** The webhook's secret; several while one is replaced by another. */
  readonly secret: string | readonly string[];
  /** The raw body, where a framework has read it already. */
  readonly body?: RawBody | undefined;
  /** Longest body, in bytes. Default 5 000 000. */
  readonly maxBodyBytes?: number | undefined;
}

/** A webhook of Vercel. */
export interface WebhookEvent {
  /** The body as it was sent. */
  readonly body: Uint8Array;
  /** The body as text. */
  text(): string;
  /** The body as JSON. @throws {SyntaxError} */
  json(): unknown;
}

/**
 * Checks one of Vercel's own signed webhooks: HMAC-SHA1 of the raw body in `x-vercel-signature`, in constant time.
 *
 * The signature has no time in it: remember the event's `id` where an event must not be handled twice.
 *
 * Source: https://vercel.com/docs/webhooks/webhooks-api#securing-webhooks
 *
 * @throws {VerificationError} Answer with its `status`.
 * @throws {InvalidArgumentError} For an invalid secret, and for an option that does not exist.
 *
 * @example
 * const event = await verifyWebhook(request, { secret: process.env.WEBHOOK_SECRET });
 * console.log(event.json());
 */
export async function verifyWebhook(
  request: IncomingRequest,
  options: VerifyWebhookOptions,
): Promise<WebhookEvent> {
  checkRequest(request);
  checkNames(options, KNOWN);
  const { secret } = options;
  const secrets: readonly string[] = typeof secret === 'string' ? [secret] : secret;
  const isTexts = Array.isArray(secrets) && secrets.every((one) => typeof one === 'string' && one !== '');
  if (!isTexts || secrets.length === 0)
    throw new InvalidArgumentError(
      'options.secret',
      'must be the secret of the webhook, or a list of secrets',
    );
  const maxBytes = checkMaxBodyBytes(options.maxBodyBytes);
  const signature = readHeader(request, 'x-vercel-signature');
  if (signature === undefined)
    throw new VerificationError(
      'missing_token',
      'The x-vercel-signature header is missing, or present more than once',
    );
  if (!/^[0-9a-f]{40}$/i.test(signature))
    throw new VerificationError('malformed_token', 'The x-vercel-signature header is not an HMAC-SHA1');
  const body = await readRawBody(request, options.body, maxBytes);
  const checks = await Promise.all(secrets.map((one) => isSigned(one, signature, body)));
  if (!checks.includes(true))
    throw new VerificationError('wrong_signature', 'The signature of the webhook is wrong');
  return {
    body,
    text: () => new TextDecoder().decode(body),
    json: () => JSON.parse(new TextDecoder().decode(body)),
  };
}

async function isSigned(secret: string, signature: string, body: Uint8Array): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const bytes = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
  // Compares in constant time. The view is of plain memory, which is what every body here is.
  return crypto.subtle.verify(algorithm, key, fromHex(signature), body as Uint8Array<ArrayBuffer>);
}
