import type { ParameterStyle } from './parameter-style.js';
import type { SecurityRequirement, SecurityScheme } from './security-schemes.js';

/** HTTP methods that a typed call can use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** The two query parameters by which the Vercel API picks a team. */
export type TeamParameter = 'teamId' | 'slug';

/** How a query parameter is written. */
export type QueryStyle = ParameterStyle;

/** How a list comes in pages. */
export interface PageShape {
  /** The query parameter that takes `pagination.next` of the page before. */
  readonly parameter: string;
  /** The field of the answer that holds the items. */
  readonly items: string;
}

/**
 * What the client needs to know about one operation of the document at run time.
 *
 * `vercel-rest generate` writes one for each operation, so that run-time decisions (does the operation take a team, may
 * a request be repeated, which body does it take and return) come from the document and not from guesses.
 */
export interface OperationInfo {
  /** HTTP method, upper case. */
  readonly method: Method;
  /** Path template as the document writes it, e.g. `/v1/connect/token/{connector}`. */
  readonly path: string;
  /** Which team parameters the operation takes; empty when it takes none. */
  readonly team: readonly TeamParameter[];
  /** Whether sending the same request twice does no more than sending it once. */
  readonly safeToRepeat: boolean;
  /** How `paginate` goes through the list; `undefined` where it does not come in pages. */
  readonly page?: PageShape;
  /** Query parameters that are not written in the style `form` with `explode`. */
  readonly query?: Readonly<Record<string, ParameterStyle>>;
  /** Query parameters whose reserved characters are sent as they are (`allowReserved`). */
  readonly reserved?: readonly string[];
  /** Other parameters that are not written in the default style of their place. */
  readonly styles?: {
    readonly [Place in 'path' | 'header' | 'cookie']?: Readonly<Record<string, ParameterStyle>>;
  };
  /**
   * The alternatives by which the operation is allowed, each the names of the schemes that are sent together; absent where it
   * is a bearer token alone, or nothing.
   */
  readonly security?: readonly SecurityRequirement[];
  /** Media types of the request body; `undefined` where the operation takes none. */
  readonly body?: readonly string[];
  /** Names the operations that share one rate limit with this one; `undefined` where each has its own. */
  readonly rateLimitClass?: string;
  /** Documented success statuses (`200`, `2XX`, or `default`), and the media types of each; none for no body. */
  readonly success: Readonly<Record<string, readonly string[]>>;
}

/** The version of the table's format. A table of another version was written by another version of this package. */
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
  /** Operation id to what is known about the operation. */
  readonly operations: Readonly<Record<string, OperationInfo>>;
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
