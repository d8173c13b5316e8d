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
 * @throws {InvalidArgumentError} For a value that cannot be sent as it is meant, for text that has no encoding, for a serialiser of
 *   the caller that fails, and where the request would reach another path.
 */
export function serializeUrl(parts: UrlParts): string {
  const { baseUrl, path, pathValues, query, operation, querySerializer } = parts;
  const [template = path, fixedQuery = ''] = path.split('?', 2);
  let url: string;
  try {
    let ownQuery: string | undefined;
    if (querySerializer !== undefined) {
      // The types of a call allow a function and these options alone.
      const serialize =
        typeof querySerializer === 'function'
          ? querySerializer
          : createQuerySerializer(querySerializer as QuerySerializerOptions);
      ownQuery = serialize(query ?? {});
    } else if (query !== undefined) ownQuery = serializeQuery(query, operation);
    const search = [fixedQuery, ownQuery].filter(Boolean).join('&');
    const hasValues = template.includes('{');
    const written = createFinalURL(template, {
      baseUrl,
      params: hasValues ? { path: { ...pathValues } } : {},
      pathSerializer: (text, values) => serializePath(text, values, operation),
      querySerializer: () => search,
    });
    url = new URL(written).href;
    if (operation !== undefined && !hasValues) return url;
  } catch (cause) {
    if (cause instanceof VercelError) throw cause;
    const rule =
      'cannot be written into a request; check the query, the headers and the serialisers of this call';
    throw new InvalidArgumentError('params', rule, { cause });
  }
  // Whatever the values are, and however URL parsers read them, the request must not reach another operation.
  const [sent = ''] = url.split('?', 1);
  if (sent.split('/').length === (baseUrl + template).split('/').length) return url;
  throw new InvalidArgumentError('params.path', 'would lead the request to another path of the API');
}
