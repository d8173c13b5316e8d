import type { OperationTable } from '../openapi/operation-info.js';
import type { BearerToken } from '../transport/auth/credentials.js';
import type { ParseAs } from '../transport/compose.js';
import type {
  BodySerializer,
  HeadersOptions,
  ParamsOption,
  QuerySerializer,
  QuerySerializerOptions,
  RequestBodyOption,
} from './openapi-fetch.js';
import type { ServerSentEvent } from './stream/server-sent-events.js';

/** What every call gives: the parsed body and the answer that it came in. */
export interface Result<Data> {
  /** The body as the document types it; `undefined` only where the operation has an answer without one. */
  readonly data: Data;
  /** The answer: status and headers. Its body has been read, unless `parseAs` is `'stream'`. */
  readonly response: Response;
}

type SuccessStatus = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | '2XX';

type BodyOf<Answer> = Answer extends { content: infer Content } ? Content[keyof Content] : undefined;

/** The body types of an operation's documented successes. */
export type SuccessBody<Operation> = Operation extends { responses: infer Answers }
  ? { [Status in keyof Answers & SuccessStatus]: BodyOf<Answers[Status]> }[keyof Answers & SuccessStatus]
  : unknown;

/** What `data` is, by operation and `parseAs`. */
export type Data<Operation, As extends ParseAs> = {
  json: SuccessBody<Operation>;
  text: string;
  blob: Blob;
  arrayBuffer: ArrayBuffer;
  stream: ReadableStream<Uint8Array> | null;
}[As];

/** Options of one call that concern its transport; each overrides the client's own. */
export interface CallOptions {
  /** Ends the call in whatever phase it is, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time for each attempt in milliseconds, its body included. Default: the client's `timeout`. */
  readonly timeout?: number | undefined;
  /** Time for the whole call in milliseconds. Default: the client's `totalTimeout`. */
  readonly totalTimeout?: number | undefined;
  /**
   * Sent as `Idempotency-Key` on every attempt, so that a POST or PATCH may be repeated like a GET. Give it only where
   * the API knows the key.
   */
  readonly idempotencyKey?: string | undefined;
  /** Further attempts after the first. Default: the client's `maxRetries`. */
  readonly maxRetries?: number | undefined;
  /** The longest wait that is obeyed when the server asks for it, in milliseconds. Default: the client's. */
  readonly maxRetryAfterMs?: number | undefined;
  /** The credential for this call alone. Default: the client's `bearerToken`. */
  readonly bearerToken?: BearerToken | undefined;
  /** `false` asks the API itself, and keeps and shares nothing; a write clears all the same. Default: the client's. */
  readonly responseCache?: false | undefined;
}

/** The second argument of a typed call: openapi-fetch's `params`, `body`, `headers` and serialisers, and ours. */
export type CallInit<Operation, As extends ParseAs = ParseAs> = ParamsOption<Operation> &
  RequestBodyOption<Operation> &
  CallOptions & {
    /** How to give the body. Default `'json'`. */
    readonly parseAs?: As;
    readonly headers?: HeadersOptions;
    readonly querySerializer?: QuerySerializer<Operation> | QuerySerializerOptions;
    readonly bodySerializer?: BodySerializer<Operation>;
  };

type RequiredKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? never : Key }[keyof T];

// One non-generic-over-init shape (unlike openapi-fetch, which infers the whole argument), so that TypeScript checks a
// literal against the document: a misspelt optional field is an error and completion knows the fields.
// Distributes over `Operation`, so that a wrong path (which has none) is reported as such and not as a missing argument.
type InitArguments<Operation, As extends ParseAs> = Operation extends unknown
  ? RequiredKeys<CallInit<Operation, As>> extends never
    ? [init?: CallInit<Operation, As>]
    : [init: CallInit<Operation, As>]
  : never;

type PathsWith<Paths, Method extends string> = {
  [Path in keyof Paths]: Paths[Path] extends { [Name in Method]: object } ? Path : never;
}[keyof Paths];

type OperationAt<Paths, Path, Method extends string> = Path extends keyof Paths
  ? Method extends keyof Paths[Path]
    ? Paths[Path][Method]
    : never
  : never;

/** The paths that have a GET operation. */
export type GetPath<Paths> = PathsWith<Paths, 'get'>;

/** The paths that have a POST or a PUT operation. */
export type UploadPath<Paths> = PathsWith<Paths, 'post'> | PathsWith<Paths, 'put'>;

/** The second argument of a call of the operation at a path, as the rest of an argument list. */
export type InitOf<Paths, Path, Method extends string, As extends ParseAs = 'json'> = InitArguments<
  OperationAt<Paths, Path, Method>,
  As
>;

/** The body types of the documented successes of the operation at a path. */
export type SuccessBodyAt<Paths, Path, Method extends string> = SuccessBody<OperationAt<Paths, Path, Method>>;

/** What a streamed response with this content holds. */
export type StreamContent<Content> = Content extends { 'text/event-stream': unknown }
  ? ServerSentEvent
  : Content[keyof Content] extends infer Body
    ? Body extends readonly (infer Item)[]
      ? Item
      : Body
    : never;

/** What a streamed answer of the GET operation at a path holds. */
export type StreamItemAt<Paths, Path> =
  OperationAt<Paths, Path, 'get'> extends {
    responses: { 200: { content: infer Content } };
  }
    ? StreamContent<Content>
    : unknown;

/** `client.GET` and its siblings: a path of the document, then what its operation takes. */
export type PathMethod<Paths, Method extends string> = <
  Path extends PathsWith<Paths, Method>,
  As extends ParseAs = 'json',
>(
  path: Path,
  ...init: InitArguments<OperationAt<Paths, Path, Method>, As>
) => Promise<Result<Data<OperationAt<Paths, Path, Method>, As>>>;

type Named<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]-?: Paths[Path][Method] extends { operationId: string }
      ? Paths[Path][Method]
      : never;
  }[keyof Paths[Path]];
}[keyof Paths];

// Types that `vercel-rest generate` made say the id of each operation, so that `createClient<paths>({ operations })` need
// not be given the type of the table too.
type OperationsByName<Paths> = {
  [Operation in Named<Paths> as Operation extends { operationId: infer Id extends string }
    ? Id
    : never]: Operation;
};

type OperationsByTable<Paths, Table extends OperationTable> = {
  [Id in keyof Table & string as Table[Id]['path'] extends keyof Paths ? Id : never]: OperationAt<
    Paths,
    Table[Id]['path'],
    Lowercase<Table[Id]['method']>
  >;
};

/** Operation id to operation: as the types name them, else as the table does. */
export type OperationsOf<Paths, Table extends OperationTable> = [Named<Paths>] extends [never]
  ? OperationsByTable<Paths, Table>
  : OperationsByName<Paths>;

/** The operation ids that {@link Client.call} takes. */
export type OperationId<Paths, Table extends OperationTable> = keyof OperationsOf<Paths, Table> & string;

/** The operation that an id names. */
export type OperationOf<Paths, Table extends OperationTable, Id> = Id extends keyof OperationsOf<Paths, Table>
  ? OperationsOf<Paths, Table>[Id]
  : never;

/** A typed client over the paths `P`. */
export interface Client<P, Table extends OperationTable> {
  /** Calls a GET operation. @throws {VercelError} */
  readonly GET: PathMethod<P, 'get'>;
  /** Calls a POST operation. @throws {VercelError} */
  readonly POST: PathMethod<P, 'post'>;
  /** Calls a PUT operation. @throws {VercelError} */
  readonly PUT: PathMethod<P, 'put'>;
  /** Calls a PATCH operation. @throws {VercelError} */
  readonly PATCH: PathMethod<P, 'patch'>;
  /** Calls a DELETE operation. @throws {VercelError} */
  readonly DELETE: PathMethod<P, 'delete'>;
  /** Calls a HEAD operation, whose answer has no body: `data` is `undefined`. @throws {VercelError} */
  readonly HEAD: PathMethod<P, 'head'>;
  /**
   * Calls an operation by its id, so that the caller need not know path versions and survives a moved path.
   *
   * @example
   * const { data } = await client.call('getConnector', { params: { path: { connector: 'slack/acme-slack' } } });
   */
  call<Id extends OperationId<P, Table>, As extends ParseAs = 'json'>(
    operationId: Id,
    ...init: InitArguments<OperationOf<P, Table, Id>, As>
  ): Promise<Result<Data<OperationOf<P, Table, Id>, As>>>;
}
