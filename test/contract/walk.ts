import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createClient } from '../../src/client/create-client.js';
import type { Result } from '../../src/client/types.js';
import {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from '../../src/errors/index.js';
import { contract } from '../../src/generated/contract.js';
import type { ContractOperation, JsonSchema } from '../../src/openapi/contract-types.js';
import { asFetch } from '../helpers/as-fetch.js';
import { ownOperationIds } from '../helpers/own-operations.js';

/** A call whose operation and arguments come from the document at run time. */
type UntypedCall = (operationId: string, init?: Record<string, unknown>) => Promise<Result<unknown>>;

/** The credential of every walk but those without one. */
export const BEARER = 'contract-bearer';

/** Every operation that `src/generated` holds, with its id in front, which names the test. */
export const allRows = Object.entries(contract.operations);

/** The operations of our own document, which has an example of everything. */
export const operations: readonly ContractOperation[] = Object.values(contract.operations).filter(
  ({ operationId }) => ownOperationIds.has(operationId),
);

/** The same with their ids in front. */
export const rows = operations.map((operation) => [operation.operationId, operation] as const);

/** The error class of each documented status; 410 and 413 have none of their own. */
export const CLASSES: Readonly<Record<number, new (...args: never[]) => APIError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  410: APIError,
  413: APIError,
  422: UnprocessableEntityError,
  429: RateLimitError,
  500: InternalServerError,
  501: InternalServerError,
  502: InternalServerError,
  504: InternalServerError,
};

export const isError = (status: number) => status >= 400;
export const isSuccess = (status: number) => status >= 200 && status < 300;

/** The real client, without retries and without its types; `change` spoils what it would send. */
export function untypedClient(bearerToken = BEARER, change?: (request: Request) => Request) {
  const client = createClient({
    maxRetries: 0,
    ...(bearerToken === '' ? {} : { bearerToken }),
    ...(change === undefined ? {} : { fetch: asFetch((request) => fetch(change(request))) }),
  });
  return {
    // A walk over the document passes what the document says, which types know one operation at a time.
    call: client.call as unknown as UntypedCall,
    byPath: (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string) =>
      (client[method] as unknown as UntypedCall)(path),
  };
}

/** The documented example of a request: all parameters that have one, and the body. */
export function exampleInit(operation: ContractOperation): {
  params: Record<'path' | 'query' | 'header', Record<string, unknown>>;
  body?: unknown;
} {
  const of = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const values = (place: string) =>
    Object.fromEntries(
      of(place)
        .map(({ name, example }) => [name, example])
        .filter(([, value]) => value !== undefined),
    );
  const [example] = Object.values(operation.requestBody?.examples ?? {});
  const isBytes = operation.requestBody?.mediaType === 'application/octet-stream';
  const body = isBytes ? new TextEncoder().encode(String(example)) : example;
  const query = values('query');
  // The document asks for one of the two, and shows both.
  if ('teamId' in query) delete query.slug;
  return {
    params: { path: values('path'), query, header: values('header') },
    ...(body === undefined ? {} : { body }),
  };
}

/** Documented statuses of an operation for which `wanted` holds. */
export function statusesOf({ responses }: ContractOperation, wanted: (status: number) => boolean): number[] {
  return Object.keys(responses).map(Number).filter(wanted);
}

const validators = new Map<string, ValidateFunction>();

/** A validator of our own for a documented answer, so that the mock does not vouch for itself. */
export function answerValidator(operation: ContractOperation, status: number): ValidateFunction {
  const schema: JsonSchema = operation.responses[status]?.body?.schema ?? true;
  const key = JSON.stringify(schema);
  const known = validators.get(key) ?? compile(schema);
  validators.set(key, known);
  return known;
}

/** Compiles a schema of the document. */
export function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, logger: false });
  return ajv.compile({ allOf: [schema], components: { schemas: contract.schemas } });
}
