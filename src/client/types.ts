import type { BearerToken } from '../transport/auth/credentials.js';
import type { FetchOptions } from '../transport/fetch-options.js';
import type { ParseAs } from '../transport/middleware.js';
import type { ClientStats } from '../util/emitter.js';
import type {
  BodySerializer,
  HeadersOptions,
  QuerySerializer,
  QuerySerializerOptions,
} from './openapi-fetch.js';
import type { ServerSentEvent } from './stream/server-sent-events.js';

/** The result of a call: the parsed body and its response. */
export interface Result<Data> {
  /** The body as the document types it; `undefined` only where the operation has a response without one. */
  readonly data: Data;
  /** The response: status and headers. Its body has been read, unless `parseAs` is `'stream'`. */
  readonly response: Response;
}

type SuccessStatus = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226 | '2XX';

/** Media types of streamed bodies; `stream` reads them. */
type StreamMedia =
  | 'text/event-stream'
  | 'application/stream+json'
  | 'application/json-seq'
  | 'application/x-ndjson'
  | 'application/ndjson'
  | 'application/jsonl';

// The two conditions keep the common case, JSON alone, free of a mapped type: it is instantiated for every call.
type AnswerBody<Answer> = Answer extends { content: infer Content }
  ? keyof Content extends 'application/json'
    ? Content[keyof Content]
    : JsonMedia<Content> extends infer Media extends keyof Content
      ? [Media] extends [never]
        ? { [Other in keyof Content]: MediaData<Other> }[keyof Content]
        : Content[Media]
      : never
  : undefined;

/** The JSON among the media types of a response. Where there is one, the client asks for JSON alone. */
type JsonMedia<Content> = Exclude<Extract<keyof Content, `${string}json${string}`>, StreamMedia>;

type MediaData<Media> = Media extends StreamMedia
  ? never
  : Media extends `text/${string}` | `${string}xml` | 'application/x-www-form-urlencoded'
    ? string
    : Blob;

/** The body types of an operation's documented successes; `default` counts where the document names no other. */
export type SuccessBody<Operation> = Operation extends { responses: infer Answers }
  ? keyof Answers & SuccessStatus extends infer Status extends keyof Answers
    ? [Status] extends [never]
      ? Answers extends { default: infer Answer }
        ? AnswerBody<Answer>
        : unknown
      : { [Each in Status]: AnswerBody<Answers[Each]> }[Status]
    : never
  : unknown;

/** The type of `data`, by operation and `parseAs`. */
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
  /** The longest wait that the call obeys when the server asks for it, in milliseconds. Default: the client's. */
  readonly maxRetryAfterMs?: number | undefined;
  /** The credential for this call alone. Default: the client's `bearerToken`. */
  readonly bearerToken?: BearerToken | undefined;
  /** Passed to `fetch`, over those of the client, e.g. `{ next: { revalidate: 60 } }`. */
  readonly fetchOptions?: FetchOptions | undefined;
  /** `false` requests the API itself, and keeps and shares nothing; a write still drops entries. Default: the client's. */
  readonly responseCache?: false | undefined;
}

/** Bytes that are sent as they are: in memory, or a stream of them, Node.js streams included. */
export type BinaryBody =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

type MediaBody<Media, Body> = Media extends StreamMedia
  ? BinaryBody
  : Media extends `${string}json${string}`
    ? Body
    : Media extends 'multipart/form-data'
      ? FormData
      : Media extends 'application/x-www-form-urlencoded'
        ? Body | URLSearchParams
        : Media extends `text/${string}` | `${string}xml`
          ? string | BinaryBody
          : BinaryBody;

type BodyFor<Content> = keyof Content extends 'application/json'
  ? Content[keyof Content]
  : { [Media in keyof Content]: MediaBody<Media, Content[Media]> }[keyof Content];

/** The body that an operation takes; `undefined` where it takes none. */
export type RequestBody<Operation> = Operation extends {
  requestBody?: { content: infer Content } | undefined;
}
  ? 'requestBody' extends keyof Operation
    ? BodyFor<Content>
    : undefined
  : undefined;

type ParamsOption<Operation> = Operation extends { parameters: infer Params }
  ? object extends Params
    ? { readonly params?: Params }
    : { readonly params: Params }
  : { readonly params?: { readonly query?: Readonly<Record<string, unknown>> } };

type BodyOption<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? { readonly body: BodyFor<Content> }
  : 'requestBody' extends keyof Operation
    ? Operation extends { requestBody?: { content: infer Content } | undefined }
      ? { readonly body?: BodyFor<Content> }
      : { readonly body?: never }
    : { readonly body?: never };

/** Requires `parseAs` for a streamed response, which `stream` reads otherwise. */
type StreamOption<Operation, As> = Operation extends { responses: { 200: { content: infer Content } } }
  ? [keyof Content & StreamMedia] extends [never]
    ? unknown
    : { readonly parseAs: As }
  : unknown;

/** The fields of a typed call besides the parameters and the body that its operation takes. */
export interface CallFields<Operation, As extends ParseAs = ParseAs> extends CallOptions {
  /** Form of `data`. Default: `'json'`, or for a response that is not JSON the form that the document names. */
  readonly parseAs?: As;
  readonly headers?: HeadersOptions;
  readonly querySerializer?: QuerySerializer<Operation> | QuerySerializerOptions;
  readonly bodySerializer?: BodySerializer<Operation>;
}

/** The second argument of a typed call: `params`, `body`, and the options of the call. */
export type CallInit<Operation, As extends ParseAs = ParseAs> = ParamsOption<Operation> &
  BodyOption<Operation> &
  StreamOption<Operation, As> &
  CallFields<Operation, As>;

/** {@link CallInit} without a body, for a call that gets it elsewhere. */
export type BodilessInit<Operation, As extends ParseAs = ParseAs> = ParamsOption<Operation> &
  CallFields<Operation, As>;

// One shape that is not generic over the argument (openapi-fetch infers it as a whole), so that TypeScript checks a literal
// against the document: a misspelt optional field is an error and completion knows the fields.
// Distributes over `Operation`, so that a wrong path (which has none) is reported as such and not as a missing argument.
/** The arguments of a typed call after its path or id: optional where nothing in them is required. */
export type InitArguments<Operation, As extends ParseAs> = Operation extends unknown
  ? object extends ParamsOption<Operation> & BodyOption<Operation> & StreamOption<Operation, As>
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

/** The operation that a path with a method, or an operation id, names. */
export type OperationFor<Paths, Operations, Target, Method extends string> = Target extends keyof Operations
  ? Operations[Target]
  : OperationAt<Paths, Target, Method>;

/** The items of a streamed response with this content. */
type StreamContent<Content> = Content extends { 'text/event-stream': unknown }
  ? ServerSentEvent
  : Content[keyof Content] extends infer Body
    ? Body extends readonly (infer Item)[]
      ? Item
      : Body
    : never;

/** The items of a streamed response of an operation. */
export type StreamItem<Operation> = Operation extends { responses: { 200: { content: infer Content } } }
  ? StreamContent<Content>
  : unknown;

/** `client.GET` and its siblings: takes a path of the document, then what its operation takes. */
export type PathMethod<Paths, Method extends string> = <
  Path extends PathsWith<Paths, Method>,
  As extends ParseAs = 'json',
>(
  path: Path,
  ...init: InitArguments<OperationAt<Paths, Path, Method>, As>
) => Promise<Result<Data<OperationAt<Paths, Path, Method>, As>>>;

/** A member of `client.operations`: takes what the operation takes. */
export type OperationMethod<Operation> = <As extends ParseAs = 'json'>(
  ...init: InitArguments<Operation, As>
) => Promise<Result<Data<Operation, As>>>;

/** The operations of a document as functions. Each keeps the documentation that the generated types carry. */
export type OperationMethods<Operations> = {
  readonly [Id in keyof Operations]: OperationMethod<Operations[Id]>;
};

type Named<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]-?: Paths[Path][Method] extends { operationId: string }
      ? Paths[Path][Method]
      : never;
  }[keyof Paths[Path]];
}[keyof Paths];

/** The operations of some paths by the ids that generated types name; none where the types name no ids. */
export type OperationsOf<Paths> = {
  [Operation in Named<Paths> as Operation extends { operationId: infer Id extends string }
    ? Id
    : never]: Operation;
};

/** The operation ids that {@link Client.call} takes. */
export type OperationId<Operations> = keyof Operations & string;

/**
 * A typed client.
 *
 * @typeParam P - The paths of the document.
 * @typeParam O - The operations of the document by id.
 */
export interface Client<P, O = OperationsOf<P>> {
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
  /** Calls a HEAD operation, whose response has no body: `data` is `undefined`. @throws {VercelError} */
  readonly HEAD: PathMethod<P, 'head'>;
  /**
   * The operations as functions, by operation id. Editors show the documentation of each.
   *
   * @example
   * const { data } = await client.operations.getConnector({ params: { path: { connector: 'slack/acme-slack' } } });
   */
  readonly operations: OperationMethods<O>;
  /**
   * Calls an operation by its id, so that the caller need not know path versions and survives a moved path.
   *
   * @throws {VercelError}
   * @example
   * const { data } = await client.call('getConnector', { params: { path: { connector: 'slack/acme-slack' } } });
   */
  call<Id extends OperationId<O>, As extends ParseAs = 'json'>(
    operationId: Id,
    ...init: InitArguments<O[Id], As>
  ): Promise<Result<Data<O[Id], As>>>;
  /** Returns what this client has done since it was made: requests, responses, errors, retries. */
  stats(): ClientStats;
}
