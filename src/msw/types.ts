import type { operations } from '../generated/index.js';
import type { Contract } from '../openapi/contract-types.js';
import type { ContractSource, DocumentSource } from './handlers/open-document.js';
import type { Checks } from './validate/checks.js';
import type { ValidationError } from './validate/validation-error.js';
import type { OneOfReading } from './validate/validator.js';

/** The `operations` of a document, as `openapi-typescript` writes them. */
export type OperationMap = object;

/** The operation ids of a document; default: the built-in one. */
export type OperationId<Operations extends OperationMap = operations> = keyof Operations & string;

/** One operation of a document by its id. */
export type OperationOf<Operations extends OperationMap, Id> = Id extends keyof Operations
  ? Operations[Id]
  : never;

/** The operations of a document whose types are not known: any id, any parameters, any body. */
export type UntypedOperations = Readonly<
  Record<
    string,
    {
      readonly parameters: {
        readonly path: Readonly<Record<string, string>>;
        readonly query?: Readonly<Record<string, unknown>>;
      };
      readonly requestBody: { readonly content: { readonly 'application/json': unknown } };
      readonly responses: {
        readonly [status: number]: { readonly content: { readonly 'application/json': unknown } };
      };
    }
  >
>;

type Awaitable<T> = T | Promise<T>;

type PathOf<Operation> = Operation extends { parameters: { path: infer Path extends object } }
  ? Path
  : Record<string, never>;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? [NonNullable<Query>] extends [never]
    ? Record<string, never>
    : NonNullable<Query>
  : Record<string, never>;

type BodyOf<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? Content[keyof Content]
  : Operation extends { requestBody?: { content: infer Content } }
    ? Content[keyof Content] | undefined
    : undefined;

type BodiesOf<Operation> = Operation extends { responses: infer Responses }
  ? { [Status in keyof Responses]: ContentOf<Responses[Status]> }[keyof Responses]
  : unknown;

/** The documented body; without one, the API's own error shape or anything else may be sent. */
type BodyOrOwn<Response> = Response extends { content: infer Content } ? Content[keyof Content] : unknown;

type ContentOf<Response> = Response extends { content: infer Content } ? Content[keyof Content] : undefined;

/** The bodies that the document gives an operation, of successes and errors. */
export type ResponseBody<Id extends string, Operations extends OperationMap = operations> = BodiesOf<
  OperationOf<Operations, Id>
>;

/** The statuses that the document gives an operation. */
export type StatusOf<Operation> = Operation extends { responses: infer Responses }
  ? keyof Responses & number
  : number;

/** The body that the document gives a status of an operation; anything for a status that it does not have. */
export type BodyOfStatus<Operation, Status> = Operation extends { responses: infer Responses }
  ? Status extends keyof Responses
    ? BodyOrOwn<Responses[Status]>
    : unknown
  : unknown;

/** A request that passed every check. */
export interface CheckedRequest<
  Id extends string = OperationId,
  Operations extends OperationMap = operations,
> {
  readonly operationId: Id;
  /** Path parameters, decoded. */
  readonly params: PathOf<OperationOf<Operations, Id>>;
  /** Query parameters, each of its documented type; those not sent are absent. */
  readonly query: QueryOf<OperationOf<Operations, Id>>;
  /** The parsed body; `undefined` when none was sent. */
  readonly body: BodyOf<OperationOf<Operations, Id>>;
  /** The token of the `Authorization` header. */
  readonly bearer: string | undefined;
  /** The request itself, its body still unread. */
  readonly request: Request;
}

/** A response in place of the default one; the document supplies what is left out. */
export interface MockResponse<Id extends string = OperationId, Operations extends OperationMap = operations> {
  /** Default: the operation's lowest documented success. Need not be documented, so that a test can see a 503. */
  readonly status?: number | undefined;
  /** Default: the document's body for that status. An explicit `undefined` sends no body. */
  readonly body?: ResponseBody<Id, Operations> | undefined;
  /** Default: none but `content-type` and `x-vercel-id`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent in place of a body, as it is: for what the document does not allow, or what is not even JSON. */
  readonly raw?: string | undefined;
  /** Milliseconds to wait before the response. Default: 0. */
  readonly delayMs?: number | undefined;
  /** `true` for no response: the connection fails. */
  readonly networkError?: boolean | undefined;
}

/**
 * The response of an operation: always the same, or decided for each request.
 *
 * A function receives requests that passed every check. It may return a `Response` for what the document does not allow, and
 * `undefined` for the default response.
 */
export type Override<Id extends string = OperationId, Operations extends OperationMap = operations> =
  | MockResponse<Id, Operations>
  | ((
      request: CheckedRequest<Id, Operations>,
    ) => Awaitable<MockResponse<Id, Operations> | Response | undefined>);

/** Overrides by operation id. */
export type Overrides<Operations extends OperationMap = operations> = {
  readonly [Id in OperationId<Operations>]?: Override<Id, Operations> | undefined;
};

/** A document or contract other than the built-in one, whose operation ids are not known to the compiler. */
export type ForeignSource = { readonly document: DocumentSource } | { readonly contract: Contract };

/** Options of {@link createHandlers}. */
export interface HandlerOptions<Operations extends OperationMap = operations> extends ContractSource {
  /**
   * Base URL of the API. Default: the servers of its document; for the Vercel API `https://api.vercel.com` and its regions,
   * `https://api-<region>.vercel.com`.
   */
  readonly baseUrl?: string | undefined;
  /** Default 1, for which responses are the document's examples; any other seed generates bodies, the same every time. */
  readonly seed?: number | string | undefined;
  /** The operations to mock; all others are refused with 404. Default: all of the document. */
  readonly operations?: readonly OperationId<Operations>[] | undefined;
  /** Responses in place of the default ones. A request's own `Prefer: code=<status>` wins over them. */
  readonly overrides?: Overrides<Operations> | undefined;
  /** The checks of a request. Default: all of them. */
  readonly validate?: Checks | undefined;
  /** The reading of `oneOf`. Default `any`: at least one branch matches. */
  readonly oneOf?: OneOfReading | undefined;
  /** Called for every request that is refused. */
  readonly onValidationError?: ((validationError: ValidationError) => void) | undefined;
  /** Called for every request to an operation that the document deprecates; the request succeeds all the same. */
  readonly onDeprecated?: ((operationId: string) => void) | undefined;
}

/** {@link HandlerOptions} without the document's types. */
export type UntypedOptions = Omit<HandlerOptions, 'operations' | 'overrides'> & {
  readonly operations?: readonly string[] | undefined;
  readonly overrides?: object | undefined;
};
