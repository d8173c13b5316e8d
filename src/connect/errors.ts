import { brand } from '../errors/brand.js';
import { APIError, type APIErrorOptions } from '../errors/index.js';
import { isSafeOrigin } from '../http/base-url.js';
import { REDIRECTS } from '../transport/fetch-send.js';
import { isRecord } from '../util/is-record.js';

/** The `error.code` of a Connect response. Editors complete the known codes; any other string is possible. */
export type ConnectErrorCode =
  | 'no_token'
  | 'user_authorization_required'
  | 'client_installation_required'
  | 'connector_installation_required'
  | 'forbidden'
  | 'not_found'
  | 'bad_request'
  | 'rate_limited'
  | 'registration_required'
  | (string & {});

/** Error body of the provider behind the connector, when Connect passes it on. */
export type ConnectVendorErrorPayload = Record<string, unknown>;

/** Options of a {@link ConnectError}: those of `@vercel/connect`, and more. */
export interface ConnectErrorOptions extends Partial<APIErrorOptions> {
  /** Error body of the provider. */
  readonly vendor?: ConnectVendorErrorPayload | undefined;
}

/**
 * Thrown for a response of Vercel Connect outside 2xx.
 *
 * It is also `instanceof` its status family: a 429 is a `ConnectError` and a `RateLimitError`. Children are chosen by
 * the server's `code` first, since the statuses of these codes have moved between releases of the API.
 *
 * @example
 * try {
 *   await getToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * } catch (error) {
 *   if (error instanceof UserAuthorizationRequiredError) redirectToConsent();
 *   else throw error;
 * }
 */
export class ConnectError extends APIError {
  static {
    brand(this, 'ConnectError');
  }

  readonly #vendor: ConnectVendorErrorPayload | undefined;

  /** @param options - `status` is 0 when made by hand without one. */
  constructor(message: string, options: ConnectErrorOptions = {}) {
    super(message, { ...options, status: options.status ?? 0 });
    this.#vendor = options.vendor;
  }

  /** Error body of the provider. A getter, so that logs leave it out: providers echo what they receive. */
  get vendor(): ConnectVendorErrorPayload | undefined {
    return this.#vendor;
  }
}

/** Nothing valid is stored for the request, and nothing could be issued (`no_token`). */
export class NoValidTokenError extends ConnectError {
  static {
    brand(this, 'NoValidTokenError');
  }
}

/** The user has to consent first (`user_authorization_required`): start an authorization and open its `url`. */
export class UserAuthorizationRequiredError extends ConnectError {
  static {
    brand(this, 'UserAuthorizationRequiredError');
  }
}

/** The connector has to be installed with the provider first (`client_installation_required` and its newer spelling). */
export class ConnectorInstallationRequiredError extends ConnectError {
  static {
    brand(this, 'ConnectorInstallationRequiredError');
  }
}

/** The connector does not exist for this caller, or Connect is not enabled for the team. */
export class ConnectorNotFoundError extends ConnectError {
  static {
    brand(this, 'ConnectorNotFoundError');
  }
}

/** The connector is not linked to the caller's project. */
export class ClientNotLinkedToProjectError extends ConnectError {
  static {
    brand(this, 'ClientNotLinkedToProjectError');
  }
}

/** The link between connector and project leaves out the caller's environment. */
export class ClientNotEnabledForEnvironmentError extends ConnectError {
  static {
    brand(this, 'ClientNotEnabledForEnvironmentError');
  }
}

/** The user refused (`access_denied`). */
export class AuthorizationDeniedError extends ConnectError {
  static {
    brand(this, 'AuthorizationDeniedError');
  }
}

/** Nobody decided in time (`expired_token`): start another authorization. */
export class AuthorizationExpiredError extends ConnectError {
  static {
    brand(this, 'AuthorizationExpiredError');
  }
}

/**
 * The provider wants a registration in a browser before Connect can create the connector (`registration_required`):
 * open {@link registerUrl}, or pass `onRegistration` to `connectors.createManaged`, which then waits for it.
 */
export class ConnectorRegistrationRequiredError extends ConnectError {
  static {
    brand(this, 'ConnectorRegistrationRequiredError');
  }

  /** The page to open, in normal form; `undefined` when the response names no web page. */
  get registerUrl(): string | undefined {
    const detail = isRecord(this.body) ? this.body.error : undefined;
    const url = isRecord(detail) ? detail.registerUrl : undefined;
    if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
    return isSafeOrigin(new URL(url)) ? new URL(url).href : undefined;
  }
}

type ConnectErrorClass = new (message: string, options?: ConnectErrorOptions) => ConnectError;

const CLASS_BY_CODE = new Map<string, ConnectErrorClass>([
  ['no_token', NoValidTokenError],
  ['no_valid_token', NoValidTokenError],
  ['user_authorization_required', UserAuthorizationRequiredError],
  ['client_installation_required', ConnectorInstallationRequiredError],
  ['connector_installation_required', ConnectorInstallationRequiredError],
  ['registration_required', ConnectorRegistrationRequiredError],
  ['access_denied', AuthorizationDeniedError],
  ['expired_token', AuthorizationExpiredError],
  ['connector_not_found', ConnectorNotFoundError],
  ['client_not_linked_to_project', ClientNotLinkedToProjectError],
  ['client_not_enabled_for_environment', ClientNotEnabledForEnvironmentError],
]);

/**
 * Chooses the class by status and message, for responses without a specific code.
 *
 * Sources: vercel.com/docs/connect names the three classes, without codes. The first-party clients recognise a missing
 * link by the text of a 403 `forbidden`; the text for the environment follows the same page. A code in {@link CLASS_BY_CODE} always wins over this table.
 */
const CLASS_BY_STATUS_AND_MESSAGE: readonly (readonly [
  status: number,
  message: RegExp,
  errorClass: ConnectErrorClass,
])[] = [
  [403, /\bnot (?:enabled|available|allowed) (?:for|in) .*environment/i, ClientNotEnabledForEnvironmentError],
  [
    403,
    /\bnot (?:linked|connected|attached) to (?:this |the |your )?project/i,
    ClientNotLinkedToProjectError,
  ],
  [404, /(?:)/, ConnectorNotFoundError],
];

/** Whether a code is Connect's own word on grant, connector or link, and not on the credential. */
export function isConnectCode(code: string | undefined): boolean {
  return code !== undefined && CLASS_BY_CODE.has(code);
}

const GENERIC_CODES: ReadonlySet<string> = new Set(['forbidden', 'not_found']);

/**
 * Makes the Connect error of a response: class by `code`, then by the documented fallback, then `ConnectError`.
 *
 * @param error - What the transport threw.
 * @returns The error unchanged when it does not come from a response.
 */
export function toConnectError(error: unknown): unknown {
  if (!(error instanceof APIError) || error instanceof ConnectError) return error;
  const { status, statusText, serverMessage, code, requestId, method, path, retryAfterMs, response, body } =
    error;
  // As `@vercel/connect` words it: what the server said, without the operation.
  let message = serverMessage ?? error.message;
  if (serverMessage === undefined && response !== undefined)
    message = REDIRECTS.has(status)
      ? `${method} ${path} answered with a redirect (${status}), which is not followed`
      : `${method} ${path} failed: ${[status, statusText, code && `- ${code}`].filter(Boolean).join(' ')}`;
  return new (classOf(error))(message, {
    ...{ status, statusText, serverMessage, code, requestId, method, path, retryAfterMs, response, body },
    vendor: vendorOf(body),
  });
}

/**
 * Makes the error of an outcome that came in a success: the result of a request for consent.
 *
 * @param outcome - `error` of the result, which may say nothing at all.
 */
export function createConnectError(
  outcome: { readonly code?: unknown; readonly message?: unknown } | undefined,
): ConnectError {
  const code = typeof outcome?.code === 'string' ? outcome.code : undefined;
  const message = typeof outcome?.message === 'string' ? outcome.message : 'The request for consent failed';
  const errorClass = (code === undefined ? undefined : CLASS_BY_CODE.get(code)) ?? ConnectError;
  return new errorClass(message, { status: 0, code });
}

function classOf({ code, status, message }: APIError): ConnectErrorClass {
  const byCode = code === undefined ? undefined : CLASS_BY_CODE.get(code);
  if (byCode !== undefined) return byCode;
  // A code that says more than its status is the API's own word, and the table must not overrule it.
  if (code !== undefined && !GENERIC_CODES.has(code)) return ConnectError;
  const fallback = CLASS_BY_STATUS_AND_MESSAGE.find(
    ([ofStatus, says]) => ofStatus === status && says.test(message),
  );
  return fallback?.[2] ?? ConnectError;
}

/** The provider's detail stands in one of four places: `error.vendor`, `error.meta.vendor`, or the same on the body. */
function vendorOf(body: unknown): ConnectVendorErrorPayload | undefined {
  if (!isRecord(body)) return undefined;
  for (const holder of [body.error, body.err, body]) {
    if (!isRecord(holder)) continue;
    if (isRecord(holder.vendor)) return holder.vendor;
    if (isRecord(holder.meta) && isRecord(holder.meta.vendor)) return holder.meta.vendor;
  }
  return undefined;
}
