import type { RequestHandler } from 'msw';
import type { operations } from '../../generated/index.js';
import type { Repair } from '../../openapi/normalize/normalize.js';
import type { RecordedRequest } from '../emulator/types.js';
import type { RunningServer } from '../server/http-server.js';
import type {
  BodyOfStatus,
  HandlerOptions,
  MockResponse,
  OperationId,
  OperationMap,
  OperationOf,
  Override,
  StatusOf,
} from '../types.js';
import type { ValidationError } from '../validate/validation-error.js';
import type { CoverageReport } from './coverage.js';
import type { MemoryOptions } from './platform/memory-options.js';

/** A failure for a share of the requests, independent of the document. */
export interface Fault {
  /** 400 to 599, or `network` for a failed connection. */
  readonly status: number | 'network';
  /** From 0 to 1. */
  readonly share: number;
}

/** Options of {@link createMock}. */
export interface MockOptions<Operations extends OperationMap = operations>
  extends HandlerOptions<Operations> {
  /**
   * Whether resources are remembered: `POST /items` creates one that `GET /items/{id}` returns and `DELETE` removes. For the
   * Vercel API, deployments build, uploads are kept by digest, and domains are verified. Options set the times and the rate
   * limits. Default `false`: responses depend on the operation alone.
   */
  readonly memory?: boolean | MemoryOptions | undefined;
  /** Random failures, the same ones for the same seed and order. Default: none. */
  readonly faults?: readonly Fault[] | undefined;
  /** Called with each request after its response, and with its validation error. */
  readonly onResponse?:
    | ((request: RecordedRequest, validationError: ValidationError | undefined) => void)
    | undefined;
}

/** Settings of a planned response, beside its status and body. */
export interface ResponseSettings {
  /** Headers of the response. A `content-type` selects the documented media type whose schema the body is checked against. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds to wait before the response. */
  readonly delayMs?: number | undefined;
}

/** Plans the response of an operation. */
export interface Respond<Operations extends OperationMap> {
  /**
   * Plans a status, with the document's body for it or with a given one.
   *
   * @throws {InvalidArgumentError} For an operation that the document does not have, a status out of range, or a body that
   *   violates the schema of that status.
   */
  <Id extends OperationId<Operations>, Status extends StatusOf<OperationOf<Operations, Id>> | (number & {})>(
    operationId: Id,
    status: Status,
    body?: BodyOfStatus<OperationOf<Operations, Id>, Status>,
    settings?: ResponseSettings,
  ): void;
  /** Plans a whole response (`networkError`, `raw`, `delayMs`), or a function of the request. */
  <Id extends OperationId<Operations>>(operationId: Id, response: Override<Id, Operations>): void;
}

/** A mock of an API: its handlers, planned responses and recorded requests. */
export interface Mock<Operations extends OperationMap = operations> {
  /** Base URL of the handlers; `undefined` for the Vercel API and its regions. */
  readonly baseUrl: string | undefined;
  /** For `setupServer` of msw. */
  readonly handlers: RequestHandler[];
  /**
   * Requests since the last reset, in order of arrival: the latest ten thousand, within 16 million characters together.
   */
  readonly requests: readonly RecordedRequest[];
  /** Errors of refused requests since the last reset; the latest ten thousand. */
  readonly validationErrors: readonly ValidationError[];
  /** Calls of each deprecated operation since the mock was created, by operation id. */
  readonly deprecatedCalls: ReadonlyMap<string, number>;
  /** Plans the response of an operation until the next reset. */
  readonly respond: Respond<Operations>;
  /** Plans the response to the next request. Several are played in order. */
  readonly once: Respond<Operations>;
  /** Plans the responses to the next requests, each a status or a whole response. */
  sequence<Id extends OperationId<Operations>>(
    operationId: Id,
    responses: readonly (number | MockResponse<Id, Operations>)[],
  ): void;
  /** Lets validation errors pass until the next reset. */
  allowValidationErrors(): void;
  /** Whether validation errors are allowed now. */
  readonly validationErrorsAllowed: boolean;
  /** Returns the coverage since the mock was created. A reset does not clear it. */
  coverage(): CoverageReport;
  /** Lists the repairs of the document, which takes a second for a large one. */
  listRepairs(): readonly DocumentRepair[];
  /** Clears planned responses, requests, validation errors and created resources. */
  reset(): void;
  /** Serves the mock over HTTP on this machine; `port` 0, the default, picks a free one. */
  listen(port?: number): Promise<RunningServer>;
}

/** A flaw of the document that the mock repaired. */
export interface DocumentRepair {
  readonly kind: Repair['kind'];
  /** JSON pointer to something in the document as it was given. */
  readonly pointer: string;
  /** The flaw and its repair, in words. */
  readonly detail: string;
}
