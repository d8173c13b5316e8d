// The one file that imports openapi-fetch. Its maintainer ended all updates in September 2026: it is pinned exactly, and
// everything that this package uses of it is named here. See docs/decisions/openapi-fetch.md.
import {
  type BodySerializer,
  createFinalURL,
  createQuerySerializer,
  type HeadersOptions,
  type QuerySerializer,
  type QuerySerializerOptions,
} from 'openapi-fetch';
import { InvalidArgumentError, VercelError } from '../errors/index.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { serializePath, serializeQuery } from './call-parameters.js';

export type { BodySerializer, HeadersOptions, QuerySerializer, QuerySerializerOptions };

/** The parts of a call that its URL is made of. */
interface UrlParts {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Path template. Some documents write a query into it, such as `/things?api-version=2024`, which is sent as it is. */
  readonly path: string;
  readonly pathValues: Readonly<Record<string, unknown>> | undefined;
  readonly query: Readonly<Record<string, unknown>> | undefined;
  readonly operation: OperationInfo | undefined;
  /** The caller's own: a function, or the options of openapi-fetch for one. */
  readonly querySerializer: unknown;
}

/**
 * Returns the URL of a call, as URL parsers write it.
 *
 * @throws {InvalidArgumentError} For text that has no encoding, and for a serialiser of the caller that fails.
 */
export function serializeUrl(parts: UrlParts): string {
  const { baseUrl, path, pathValues, query, operation, querySerializer } = parts;
  const [template = path, fixedQuery = ''] = path.split('?', 2);
  try {
    const ownQuery =
      querySerializer === undefined
        ? query && serializeQuery(query, operation)
        : serializerOf(querySerializer)(query ?? {});
    const search = [fixedQuery, ownQuery].filter(Boolean).join('&');
    const url = createFinalURL(template, {
      baseUrl,
      params: pathValues === undefined ? {} : { path: { ...pathValues } },
      pathSerializer: (text, values) => serializePath(text, values, operation),
      querySerializer: () => search,
    });
    return new URL(url).href;
  } catch (cause) {
    if (cause instanceof VercelError) throw cause;
    const rule =
      'cannot be written into a request; check the query, the headers and the serialisers of this call';
    throw new InvalidArgumentError('params', rule, { cause });
  }
}

function serializerOf(given: unknown): (query: Readonly<Record<string, unknown>>) => string {
  // The types of a call allow nothing else.
  return typeof given === 'function'
    ? (given as (query: Readonly<Record<string, unknown>>) => string)
    : createQuerySerializer(given as QuerySerializerOptions);
}
