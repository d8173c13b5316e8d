// The one file that imports openapi-fetch. Its maintainer ended all updates in September 2026: it is pinned exactly, and
// what is used of it is named here, so that taking it over or replacing it touches this file alone.
import createFetchClient, {
  type BodySerializer,
  createQuerySerializer,
  type HeadersOptions,
  type QuerySerializer,
  type QuerySerializerOptions,
} from 'openapi-fetch';

import { InvalidArgumentError, VercelError } from '../errors/index.js';
import { createRequest, type OutgoingRequest } from '../transport/plain-request.js';
import { isFrameworkError } from '../util/framework-error.js';

export type { BodySerializer, HeadersOptions, QuerySerializer, QuerySerializerOptions };

/** What openapi-fetch is asked to do for one call: build the request, and hand it to our transport. */
export interface SerializedCall {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: HeadersOptions;
  readonly pathSerializer: (template: string, values: Record<string, unknown>) => string;
  readonly querySerializer: unknown;
  /** Further `RequestInit` fields of the caller, e.g. `duplex`. */
  readonly init: Readonly<Record<string, unknown>>;
  readonly send: (request: OutgoingRequest) => Promise<Response>;
}

/**
 * Makes the function that turns path template, parameters and body into a `Request` the way openapi-fetch does.
 *
 * openapi-fetch parses no body here: reading is a middleware of the transport, inside the attempt.
 *
 * @param baseUrl - Without a trailing slash.
 */
export function createSerializer(baseUrl: string): (call: SerializedCall) => Promise<Response> {
  // The document's types guard the public signatures; at this seam a call is plain data.
  const client = createFetchClient<Record<string, Record<string, never>>>({ baseUrl });
  const request = client.request as unknown as UntypedRequest;
  return async ({ method, path, params, body, headers, pathSerializer, querySerializer, init, send }) => {
    const [template = path, fixedQuery] = path.split('?', 2);
    let failure: { readonly error: unknown } | undefined;
    const outcome = await request(method, template, {
      ...init,
      params,
      headers,
      // The body is written by now: as JSON, or as bytes that are sent as they are.
      ...(body === undefined ? {} : { body, bodySerializer: (written: unknown) => written }),
      pathSerializer,
      querySerializer: fixedQuery === undefined ? querySerializer : after(fixedQuery, querySerializer),
      parseAs: 'stream',
      redirect: 'manual',
      Request: RequestMaker,
      fetch: (outgoing) =>
        send(outgoing).catch((error: unknown) => {
          failure = { error };
          throw new Error('handed over below');
        }),
    }).catch((error: unknown) => {
      // openapi-fetch swallows an error that is falsy, and a caller may abort with any reason at all.
      throw failure === undefined ? unwritable(error) : failure.error;
    });
    return outcome.response;
  };
}

/** Some documents write a query into the keys of `paths`, such as `/things?api-version=2024`; it is sent as it stands there. */
function after(fixed: string, serializer: unknown): (query: Record<string, unknown>) => string {
  // A function, or the options of openapi-fetch for one.
  const serialize =
    typeof serializer === 'function'
      ? (serializer as (query: Record<string, unknown>) => string)
      : createQuerySerializer(serializer as QuerySerializerOptions);
  return (query) => [fixed, serialize(query)].filter((part) => part !== '').join('&');
}

/** Makes a typed error of what serialising threw: text that has no encoding, a serialiser of the caller that fails. */
function unwritable(error: unknown): unknown {
  if (error instanceof VercelError || isFrameworkError(error)) return error;
  const rule =
    'cannot be written into a request; check the query, the headers and the serialisers of this call';
  return new InvalidArgumentError('params', rule, { cause: error });
}

/** Stands where openapi-fetch calls `new Request`. */
function RequestMaker(url: string, init: RequestInit): OutgoingRequest {
  return createRequest(url, init);
}

type UntypedRequest = (
  method: string,
  path: string,
  init: Record<string, unknown> & { fetch: (request: OutgoingRequest) => Promise<Response> },
) => Promise<{ response: Response }>;
