import type { Client, OperationMethods, StreamItem, SuccessBody } from '../client/types.js';
import { type operations, type paths, operations as table } from '../generated/platform/index.js';
import type { OperationTable } from '../openapi/operation-info.js';

/**
 * The run-time table of the operations that this subpath calls, for a client without a generated document:
 * `createClient({ operations: platformOperations })`.
 */
export const platformOperations: OperationTable<PlatformPaths, PlatformOperations> = table;

/** The operations that this subpath calls, generated from `openapi/platform.yaml`. */
export type PlatformOperations = operations;

/** The paths of the operations that this subpath calls, generated from `openapi/platform.yaml`. */
export type PlatformPaths = paths;

/** The operations that this subpath calls, by id. */
export type PlatformOperationId = keyof PlatformOperations;

/** The operation that an id names in the document of a client; `never` where it has none. */
export type OperationIn<C, Id extends PlatformOperationId> = C extends {
  readonly operations: OperationMethods<infer Operations>;
}
  ? Id extends keyof Operations
    ? Operations[Id]
    : never
  : never;

/** The ids that the document of a client does not have. */
type MissingIn<C, Id extends PlatformOperationId> = Id extends PlatformOperationId
  ? [OperationIn<C, Id>] extends [never]
    ? Id
    : never
  : never;

/**
 * A condition on a client: its document has the operations `Id`.
 *
 * A client that lacks some is refused where it is passed; the compiler's message names them.
 */
export type Requires<C, Id extends PlatformOperationId> = [MissingIn<C, Id>] extends [never]
  ? unknown
  : { readonly missingOperations: MissingIn<C, Id> };

/** The body of an operation's success, as the document of the client has it. */
export type BodyIn<C, Id extends PlatformOperationId> = SuccessBody<OperationIn<C, Id>>;

/** The JSON body that an operation takes, as the document of the client has it. */
export type RequestBodyIn<C, Id extends PlatformOperationId> =
  OperationIn<C, Id> extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never;

/** The query that an operation takes, as the document of the client has it. */
export type QueryIn<C, Id extends PlatformOperationId> =
  OperationIn<C, Id> extends { parameters: { query?: infer Query } } ? NonNullable<Query> : never;

/** A deployment, as the document of the client has it. */
export type DeploymentOf<C> = BodyIn<C, 'getDeployment'>;

/** A project, as the document of the client has it. */
export type ProjectOf<C> = BodyIn<C, 'getProject'>;

/** One event of a build log, as the document of the client has it. */
export type EventOf<C> = StreamItem<OperationIn<C, 'getDeploymentEvents'>>;

/** The client that the functions of this subpath work with: the operations of `openapi/platform.yaml`. */
export type PlatformClient = Client<PlatformPaths, PlatformOperations>;

/** A client that calls the operations of this subpath by id, whatever document it was made from. */
export function asPlatform(client: object): PlatformClient {
  // `Requires` has checked that the client's document has the operations. The fields that are read here are those that
  // `openapi/platform.yaml` names, and each is treated as what a server may leave out.
  return client as PlatformClient;
}
