import type { RequestHandler } from 'msw';
import type { operations } from '../../generated/index.js';
import type { Repair } from '../../openapi/normalize/normalize.js';
import type { RecordedRequest } from '../emulator/types.js';
import type { RunningServer } from '../server/serve-handlers.js';
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

/** A share of the requests that is answered with a failure, whatever the document says. */
export interface Fault {
  /** 400 to 599, or `network` for no answer at all. */
  readonly status: number | 'network';
  /** From 0 to 1. */
  readonly share: number;
}

/** What {@link createMock} takes. */
export interface MockOptions<Operations extends OperationMap = operations>
  extends HandlerOptions<Operations> {
  /**
   * Whether what is created is remembered: `POST /things` answers a thing that `GET /things/{id}` then gives, and
   * `DELETE` takes away. Of the Vercel API, deployments build, uploads are kept by digest, domains are verified; options
   * say how fast, and which rate limits there are. Default `false`: answers hang on the operation alone.
   */
  readonly memory?: boolean | MemoryOptions | undefined;
  /** Failures that come by chance, the same ones for the same seed and order. Default: none. */
  readonly faults?: readonly Fault[] | undefined;
  /** Told of each request when it is answered, and of what was wrong with it. */
  readonly onAnswer?:
    | ((request: RecordedRequest, validationError: ValidationError | undefined) => void)
    | undefined;
}

/** What can be said of an answer beside its status and body. */
export interface AnswerSettings {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds to wait before the answer. */
  readonly delayMs?: number | undefined;
}

/** Sets what an operation answers. */
export interface Respond<Operations extends OperationMap> {
  /**
   * By status: with the document's body for it, or one of yours.
   *
   * @throws {InvalidArgumentError} For an operation that the document does not have, a status that is none, or a body that
   *   breaks the schema of that status.
   */
  <Id extends OperationId<Operations>, Status extends StatusOf<OperationOf<Operations, Id>> | (number & {})>(
    operationId: Id,
    status: Status,
    body?: BodyOfStatus<OperationOf<Operations, Id>, Status>,
    settings?: AnswerSettings,
  ): void;
  /** By a whole answer (`networkError`, `raw`, `delayMs`), or by a function of the request. */
  <Id extends OperationId<Operations>>(operationId: Id, answer: Override<Id, Operations>): void;
}

/** A mock of an API: handlers, what they are to answer, and what they saw. */
export interface Mock<Operations extends OperationMap = operations> {
  /** Where the handlers are; `undefined` for the Vercel API and its regions. */
  readonly baseUrl: string | undefined;
  /** For `setupServer` of msw. */
  readonly handlers: RequestHandler[];
  /**
   * Requests that arrived since the last reset, in the order of their arrival: the latest ten thousand, and of those as many
   * as have 16 million characters together.
   */
  readonly requests: readonly RecordedRequest[];
  /** Requests that were refused since the last reset; the latest ten thousand. */
  readonly validationErrors: readonly ValidationError[];
  /** How often each deprecated operation was called, by operation id, since the mock was made. */
  readonly deprecatedCalls: ReadonlyMap<string, number>;
  /** What an operation answers from now on, until the next reset. */
  readonly respond: Respond<Operations>;
  /** What it answers to the next request alone; several wait in line. */
  readonly once: Respond<Operations>;
  /** One answer after another: a status, or a whole answer; then what it answers otherwise. */
  sequence<Id extends OperationId<Operations>>(
    operationId: Id,
    answers: readonly (number | MockResponse<Id, Operations>)[],
  ): void;
  /** Until the next reset, validation errors fail no test. */
  allowValidationErrors(): void;
  /** Whether validation errors are allowed at the moment. */
  readonly validationErrorsAllowed: boolean;
  /** What was exercised since the mock was made; a reset does not clear it. */
  coverage(): CoverageReport;
  /** What had to be repaired in the document; looked for when asked, which takes a second for a large one. */
  listRepairs(): readonly Repair[];
  /** Forgets planned answers, requests, validation errors and what was created. */
  reset(): void;
  /** Serves the mock over HTTP on this machine; `port` 0, the default, picks a free one. */
  listen(port?: number): Promise<RunningServer>;
}
