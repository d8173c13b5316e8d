import { checkArgument, InvalidArgumentError } from '../errors/index.js';
import { type MediaKind, mediaKindOf } from '../openapi/media-types.js';
import type { OperationInfo, OperationTable } from '../openapi/operation-info.js';
import type { ParseAs } from '../transport/middleware.js';
import { createLimiter, type Limiter } from '../util/limiter.js';
import { describeValue } from '../util/redact.js';
import { nearestName } from './option-names.js';

/** Longer paths are not compared. */
const MAX_PATH_LENGTH = 120;

/** Registered, so that a client of another installed copy of the package is understood too. */
const OPERATIONS = Symbol.for('vercel-rest.operations');

/** An operation of a client's document, with its id and the form in which its responses are read. */
export interface KnownOperation extends OperationInfo {
  readonly id: string;
  /** The form for a call that names none; `stream` where a call must name it. */
  readonly parseAs: ParseAs;
  /** The media type that only `stream` reads, if the operation has one. */
  readonly streamType: string | undefined;
  /** The media types of the responses for an `Accept` header; `undefined` where they are JSON alone. */
  readonly accept: string | undefined;
  /** {@link accept} of a call that reads a stream: its media type comes first, since servers choose the first of equal ones. */
  readonly streamAccept: string | undefined;
  /** Whether some response is JSON. */
  readonly hasJson: boolean;
}

/** Operations by method and path template, e.g. `GET /v2/connect/connectors`, and by operation id. */
export type OperationsAt<Operation extends OperationInfo = OperationInfo> = ReadonlyMap<string, Operation>;

/** Reads the table of a document once, and indexes its operations. */
export function indexOperations({ operations }: OperationTable): OperationsAt<KnownOperation> {
  const index = new Map<string, KnownOperation>();
  for (const [id, info] of Object.entries(operations)) {
    const types = [...new Set(Object.values(info.success).flat())];
    const kinds = new Set(types.map(mediaKindOf));
    const hasJson = kinds.has('json');
    const streamType = types.find((type) => mediaKindOf(type) === 'stream');
    const accept = types.length === 0 || (hasJson && kinds.size === 1) ? undefined : types.join(', ');
    const operation = {
      ...info,
      ...{ id, hasJson, parseAs: parseAsOf(info.method, kinds) },
      ...{ streamType, accept },
      streamAccept:
        streamType === undefined
          ? accept
          : [streamType, ...types.filter((type) => type !== streamType)].join(', '),
    };
    index.set(id, operation);
    index.set(`${info.method} ${info.path}`, operation);
  }
  return index;
}

function parseAsOf(method: string, kinds: ReadonlySet<MediaKind>): ParseAs {
  if (method === 'HEAD') return 'json';
  if (kinds.has('stream')) return 'stream';
  if (kinds.size === 0 || kinds.has('json')) return 'json';
  return kinds.has('bytes') || kinds.has('multipart') ? 'blob' : 'text';
}

/** Attaches the operations of a client's document to it, for functions that work on any client. */
export function rememberOperations<C extends object>(client: C, read: () => OperationsAt): C {
  return Object.defineProperty(client, OPERATIONS, { get: read });
}

/** Registered for the same reason. */
const UPLOADS = Symbol.for('vercel-rest.uploads');
/** Uploads of one client at a time: each holds a file and a connection open, and 512 of both is a common limit. */
const MAX_UPLOADS = 64;

/** Returns the limiter of a client's uploads, made at the first one. */
export function uploadsOf(client: object): Limiter {
  const known: unknown = Reflect.get(client, UPLOADS);
  if (known !== undefined) return known as Limiter; // Only this function writes under this symbol.
  const limiter = createLimiter(MAX_UPLOADS);
  Reflect.defineProperty(client, UPLOADS, { value: limiter });
  return limiter;
}

/** @throws {InvalidArgumentError} When the document has no operation of this id. */
export function findOperation(operations: OperationsAt<KnownOperation>, operationId: string): KnownOperation {
  const operation = typeof operationId === 'string' ? operations.get(operationId) : undefined;
  // The index holds paths too.
  if (operation !== undefined && operation.id === operationId) return operation;
  const name = typeof operationId === 'string' ? operationId : describeValue(operationId);
  const nearest = nearestName(name, new Set([...operations.values()].map(({ id }) => id)));
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new InvalidArgumentError(
    'operationId',
    `names no operation of this client's document: ${JSON.stringify(name).slice(0, 80)}${hint}`,
  );
}

/** Returns an operation of a client's document; `undefined` for one that the document does not have. */
export function operationOf(client: object, method: string, path: string): OperationInfo | undefined {
  return operationsOf(client)?.get(`${method} ${path}`);
}

function operationsOf(client: object): OperationsAt | undefined {
  checkArgument(typeof client === 'object' && client !== null, 'client', 'must be a client', client);
  const operations: unknown = Reflect.get(client, OPERATIONS);
  // Only `rememberOperations` writes under this symbol.
  return operations instanceof Map ? (operations as OperationsAt) : undefined;
}

/**
 * Finds an operation of a client by its id, or by its path and one of some methods.
 *
 * @throws {InvalidArgumentError} For an operation that the client's document does not have.
 */
export function operationFor(client: object, target: unknown, methods: readonly string[]): OperationInfo {
  const known = operationsOf(client);
  const text = typeof target === 'string' ? target : '';
  const keys = text.startsWith('/') ? methods.map((method) => `${method} ${text}`) : [text];
  const operation = keys.map((key) => known?.get(key)).find((found) => found !== undefined);
  if (operation !== undefined && methods.includes(operation.method)) return operation;
  const fitting = [...(known ?? [])].filter(([, info]) => methods.includes(info.method));
  const names = fitting.map(([key, info]) => (text.startsWith('/') ? info.path : key));
  const nearest = nearestName(text, new Set(names), MAX_PATH_LENGTH);
  const hint =
    nearest === undefined
      ? 'for a document of your own use the createClient that was generated with it'
      : `did you mean ${nearest}?`;
  throw new InvalidArgumentError(
    'operation',
    `must be a ${methods.join(' or ')} operation of this client's document, by its id or its path, got ` +
      `${typeof target === 'string' ? JSON.stringify(target).slice(0, 80) : describeValue(target)}; ${hint}`,
  );
}

/** Finds the path of a document that a misspelled one most likely means. */
export function nearestPath(operations: OperationsAt, path: string): string | undefined {
  return nearestName(path, new Set([...operations.values()].map((info) => info.path)), MAX_PATH_LENGTH);
}

/** Refuses a further argument, where the options of a call were split over two positions. */
export function refuseFurtherArgument(further: readonly unknown[], name: string): void {
  if (further.every((argument) => argument === undefined)) return;
  throw new InvalidArgumentError(
    'init',
    `is one object with all options since 0.2: pass ${name}(client, operation, { ...options, params })`,
  );
}
