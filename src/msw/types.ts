import type { operations } from '../generated/index.js';
import type { Violation } from './violation.js';

/** The operation ids of the built-in document. */
export type OperationId = keyof operations & string;

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

type AnswerOf<Operation> = Operation extends { responses: infer Answers }
  ? { [Status in keyof Answers]: ContentOf<Answers[Status]> }[keyof Answers]
  : never;

type ContentOf<Answer> = Answer extends { content: infer Content } ? Content[keyof Content] : undefined;

/** The bodies that the document gives an operation, of successes and errors. */
export type AnswerBody<Id extends OperationId> = AnswerOf<operations[Id]>;

/** A request that was found to be as the document has it. */
export interface CheckedRequest<Id extends OperationId = OperationId> {
  readonly operationId: Id;
  /** Path parameters, decoded. */
  readonly params: PathOf<operations[Id]>;
  /** Query parameters, each of the type that the document gives it; those not sent are absent. */
  readonly query: QueryOf<operations[Id]>;
  /** The parsed body; `undefined` when none was sent. */
  readonly body: BodyOf<operations[Id]>;
  /** The token of the `Authorization` header. */
  readonly bearer: string | undefined;
  /** The request itself, its body still unread. */
  readonly request: Request;
}

/** An answer in place of the default one; what is left out is filled in from the document. */
export interface MockAnswer<Id extends OperationId = OperationId> {
  /** Default: the operation's lowest documented success. Need not be documented, so that a 503 can be played. */
  readonly status?: number | undefined;
  /** Default: the document's body for that status. `undefined` given as such is no body. */
  readonly body?: AnswerBody<Id> | undefined;
  /** Default: none but `content-type` and `x-vercel-id`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * What an operation answers: always the same, or decided request by request.
 *
 * A function gets requests that passed the check. It may answer with a `Response` for what the document does not allow,
 * and with `undefined` for the default answer.
 */
export type Override<Id extends OperationId = OperationId> =
  | MockAnswer<Id>
  | ((request: CheckedRequest<Id>) => Awaitable<MockAnswer<Id> | Response | undefined>);

/** Overrides by operation id. */
export type Overrides = { readonly [Id in OperationId]?: Override<Id> | undefined };

/** What {@link createHandlers} takes. */
export interface HandlerOptions {
  /** Where the API is. Default: `https://api.vercel.com` and its regions, `https://api-<region>.vercel.com`. */
  readonly baseUrl?: string | undefined;
  /** Default 1, which answers with the document's examples; any other seed generates bodies, the same every time. */
  readonly seed?: number | string | undefined;
  /** Which operations there are; all others are refused with 404. Default: all of the document. */
  readonly operations?: readonly OperationId[] | undefined;
  /** Answers other than the default ones. A request's own `Prefer: code=<status>` wins over them. */
  readonly overrides?: Overrides | undefined;
  /** Told of every request that is refused. */
  readonly onViolation?: ((violation: Violation) => void) | undefined;
}
