import type { ParameterStyle } from './parameters.js';
import type { SecurityRequirement, SecurityScheme } from './security-schemes.js';

/** HTTP methods that a typed call can use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** The two query parameters by which the Vercel API picks a team. */
export type TeamParameter = 'teamId' | 'slug';

/** The style of a query parameter. */
export type QueryStyle = ParameterStyle;

/** The pagination of a list. */
export interface PageShape {
  /** The query parameter that takes `pagination.next` of the previous page. */
  readonly parameter: string;
  /** The field of the response that holds the items. */
  readonly items: string;
}

/**
 * Describes one operation of the document at run time.
 *
 * `vercel-rest generate` writes one for each operation. Run-time decisions then come from the document and not from guesses:
 * whether the operation takes a team, whether a request may be repeated, and which bodies it takes and returns.
 */
export interface OperationInfo {
  /** HTTP method, upper case. */
  readonly method: Method;
  /** Path template as the document writes it, e.g. `/v1/connect/token/{connector}`. */
  readonly path: string;
  /** Base URL of the operation, where the document has servers of its own for it. */
  readonly server?: string;
  /** Which team parameters the operation takes; empty when it takes none. */
  readonly team: readonly TeamParameter[];
  /** Whether sending the same request twice does no more than sending it once. */
  readonly safeToRepeat: boolean;
  /** The pagination that `paginate` follows; `undefined` for an operation without one. */
  readonly page?: PageShape;
  /** Query parameters of another style than `form` with `explode`. */
  readonly query?: Readonly<Record<string, ParameterStyle>>;
  /** Query parameters whose reserved characters are sent as they are (`allowReserved`). */
  readonly reserved?: readonly string[];
  /** Parameters of other places that do not have the default style of their place. */
  readonly styles?: {
    readonly [Location in 'path' | 'header' | 'cookie']?: Readonly<Record<string, ParameterStyle>>;
  };
  /**
   * Alternative credentials, each the names of the schemes that are sent together; absent where the operation needs a bearer
   * token alone, or nothing.
   */
  readonly security?: readonly SecurityRequirement[];
  /** Media types of the request body; `undefined` where the operation takes none. */
  readonly body?: readonly string[];
  /** Styles of the fields of a body that is a form, as far as the document gives them. */
  readonly form?: Readonly<Record<string, ParameterStyle>>;
  /** Names the operations that share one rate limit with this one; `undefined` where each has its own. */
  readonly rateLimitClass?: string;
  /** Documented success statuses (`200`, `2XX`, or `default`), and the media types of each; none for no body. */
  readonly success: Readonly<Record<string, readonly string[]>>;
}

/** The version of the table's format. Another version of this package wrote a table of another version. */
export const TABLE_FORMAT = 2;

/**
 * The run-time table that `vercel-rest generate` writes.
 *
 * @typeParam P - The paths that the table belongs to.
 * @typeParam O - The operations that the table belongs to, by id.
 */
export interface OperationTable<P = unknown, O = unknown> {
  /** The version of the table's format. A client refuses a table of another one, and names the command to run. */
  readonly format: number;
  /** The operations by id. */
  readonly operations: Readonly<Record<string, OperationInfo>>;
  /**
   * Base URLs of the document, of which the first is the default of a client; empty where no server has a host. Absent for
   * `https://api.vercel.com` alone.
   */
  readonly servers?: readonly string[];
  /** The security schemes of the document by name; absent where an operation takes a bearer token alone, or nothing. */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  /** Exists for type inference only; the property is never present at run time. */
  readonly types?: { readonly paths: P; readonly operations: O } | undefined;
}

/** Returns the media types that an operation documents for a status; `undefined` where it documents no such success. */
export function successTypes(
  operation: OperationInfo | undefined,
  status: number,
): readonly string[] | undefined {
  const success = operation?.success;
  return success?.[status] ?? success?.['2XX'] ?? success?.default;
}
