import { InvalidArgumentError } from '../errors/index.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { createLimiter, type Limiter } from '../util/limiter.js';
import { describeValue } from '../util/redact.js';

/** Registered, so that a client of another installed copy of the package is understood too. */
const OPERATIONS = Symbol.for('vercel-rest.operations');

/** Operations by method and path template, e.g. `GET /v2/connect/connectors`. */
export type OperationsAt = ReadonlyMap<string, OperationInfo>;

/** Leaves on a client what it knows of its document, for functions that work on any client. */
export function rememberOperations<C extends object>(client: C, operations: OperationsAt): C {
  return Object.defineProperty(client, OPERATIONS, { value: operations });
}

/** Registered for the same reason. */
const UPLOADS = Symbol.for('vercel-rest.uploads');
/** Uploads of one client at a time: each holds a file and a connection open, and 512 of both is a common limit. */
const MAX_UPLOADS = 64;

/** The limiter of a client's uploads, made at the first one. */
export function uploadsOf(client: object): Limiter {
  const known: unknown = Reflect.get(client, UPLOADS);
  if (known !== undefined) return known as Limiter; // Only this function writes under this symbol.
  const limiter = createLimiter(MAX_UPLOADS);
  Reflect.defineProperty(client, UPLOADS, { value: limiter });
  return limiter;
}

/** What a client's document says of an operation; `undefined` for one that it does not have. */
export function operationOf(client: object, method: string, path: string): OperationInfo | undefined {
  if (typeof client !== 'object' || client === null)
    throw new InvalidArgumentError('client', `must be a client, got ${describeValue(client)}`);
  const operations: unknown = Reflect.get(client, OPERATIONS);
  // Only `rememberOperations` writes under this symbol.
  return operations instanceof Map ? (operations as OperationsAt).get(`${method} ${path}`) : undefined;
}
