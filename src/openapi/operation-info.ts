/** HTTP methods that a typed call can use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** The two query parameters by which the Vercel API picks a team. */
export type TeamParameter = 'teamId' | 'slug';

/** How a list comes in pages. */
export interface PageShape {
  /** The query parameter that takes `pagination.next` of the page before. */
  readonly parameter: string;
  /** The field of the answer that holds the items. */
  readonly items: string;
}

/**
 * What the transport needs to know of one operation of the document, by operation id.
 *
 * The generated table in `src/generated/operations.ts` holds one per operation, so that run-time decisions
 * (does this take a team, may it be sent twice, must it answer a body) come from the document and not from guesses.
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
  /** How a list goes on, or `undefined` where the operation is no list. */
  readonly pagination?: 'cursor' | 'timestamp';
  /** How `paginate` goes through the list; `undefined` where it does not come in pages. */
  readonly page?: PageShape;
  /** Whether the operation takes a request body. */
  readonly requestBody: boolean;
  /** Names the operations that share one rate limit with this one; `undefined` where each has its own. */
  readonly rateLimitClass?: string;
  /** Documented success statuses, and whether each carries a body. */
  readonly success: Readonly<Record<string, boolean>>;
}

/** Operation id to what is known of it. */
export type OperationTable = Readonly<Record<string, OperationInfo>>;
