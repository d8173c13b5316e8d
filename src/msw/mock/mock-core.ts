import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { Repair } from '../../openapi/normalize/normalize.js';
import { sleep } from '../../util/abort.js';
import { isRecord } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { RequestLog } from '../emulator/request-log.js';
import type { RecordedRequest } from '../emulator/types.js';
import { type Core, checkOperationId, createCore } from '../handlers/core.js';
import {
  type HandlerSettings,
  type Observer,
  responseOf,
  type UntypedOverride,
  type UntypedRequest,
} from '../handlers/handler-settings.js';
import { serversOf } from '../handlers/match-path.js';
import type { OpenedContract } from '../handlers/open-document.js';
import { createRequestIds, serve } from '../handlers/serve.js';
import { DEFAULT_SEED, type PlainResponse } from '../respond/responder.js';
import type { UntypedOperations, UntypedOptions } from '../types.js';
import { checkResponse } from '../validate/check-response.js';
import type { ValidationError } from '../validate/validation-error.js';
import { Coverage, type CoverageReport } from './coverage.js';
import { Faults } from './faults.js';
import { Memory } from './memory.js';
import { checkMemoryOptions, type MemoryOptions } from './platform/memory-options.js';
import { MockLimits } from './platform/mock-limits.js';
import type { Mock, MockOptions, Respond } from './types.js';

/** Limit of validation errors: a server that runs for days must not grow. */
const MAX_KEPT = 10_000;

/** `MockOptions` without the document's types. */
export type UntypedMockOptions = UntypedOptions & Pick<MockOptions, 'memory' | 'faults' | 'onResponse'>;

/**
 * A mock without the handlers of msw. Loading msw takes longer than a document of four megabytes, and `vercel-rest mock` does
 * not need it.
 */
export class MockCore implements Omit<Mock<UntypedOperations>, 'handlers' | 'listen'> {
  readonly baseUrl: string | undefined;
  /** The document's title. */
  readonly title: string;
  /** Number of mocked operations. */
  readonly size: number;
  readonly requests: readonly RecordedRequest[];
  readonly deprecatedCalls = new Map<string, number>();
  readonly listRepairs: () => readonly Repair[];
  readonly #contract: Contract;
  readonly #options: UntypedMockOptions;
  /** The parts that handlers share. */
  protected readonly core: Core;
  readonly #log = new RequestLog();
  /** The planned response of each operation, until the next reset. */
  readonly #standing = new Map<string, UntypedOverride>();
  /** The planned responses of its next requests, one for each. */
  readonly #next = new Map<string, UntypedOverride[]>();
  readonly #faults: Faults;
  readonly #memory?: Memory;
  readonly #limits: MockLimits;
  readonly #latencyMs: number;
  readonly #coverage: Coverage;
  readonly #ids: ReturnType<typeof createRequestIds>;
  readonly #validationErrors: ValidationError[] = [];
  #validationErrorsAllowed = false;

  constructor(options: UntypedMockOptions, { contract, listRepairs }: OpenedContract) {
    const { seed = DEFAULT_SEED, overrides = {}, operations } = options;
    this.#contract = contract;
    this.#options = options;
    this.baseUrl = options.baseUrl ?? serversOf(contract)[0];
    this.listRepairs = listRepairs;
    this.requests = this.#log.entries;
    this.#ids = createRequestIds(seed);
    this.#faults = new Faults(options.faults ?? [], seed);
    const all = Object.values(contract.operations);
    const served = all.filter(({ operationId }) => operations?.includes(operationId) ?? true);
    [this.title, this.size] = [contract.title, served.length];
    this.#coverage = new Coverage(contract.title, served);
    // The document's types end here: a checked request has the type that the override expects.
    const fixed = new Map(Object.entries(overrides as Record<string, UntypedOverride | undefined>));
    this.core = createCore(this.#settings(fixed));
    const memory: MemoryOptions = isRecord(options.memory) ? options.memory : {};
    const { limits = [], latencyMs = 0 } = memory;
    checkMemoryOptions(memory);
    for (const id of limits.flatMap(({ operations: named }) => named ?? []))
      checkOperationId('memory.limits.operations', id, contract);
    if (options.memory) this.#memory = new Memory(contract, this.core.responder, seed, memory);
    this.#limits = new MockLimits(limits);
    this.#latencyMs = latencyMs;
    for (const [id, override] of fixed) if (override !== undefined) this.#check('overrides', id, override);
  }

  get validationErrors(): readonly ValidationError[] {
    return this.#validationErrors;
  }

  get validationErrorsAllowed(): boolean {
    return this.#validationErrorsAllowed;
  }

  readonly respond: Respond<UntypedOperations> = (operationId: string, ...given: readonly unknown[]) => {
    this.#standing.set(operationId, this.#check('respond', operationId, readResponse(given)));
  };

  readonly once: Respond<UntypedOperations> = (operationId: string, ...given: readonly unknown[]) => {
    this.#planNext(operationId, [this.#check('once', operationId, readResponse(given))]);
  };

  sequence(operationId: string, responses: readonly unknown[]): void {
    const checked = responses.map((given) => this.#check('sequence', operationId, readResponse([given])));
    this.#planNext(operationId, checked);
  }

  #planNext(operationId: string, responses: readonly UntypedOverride[]): void {
    this.#next.set(operationId, [...(this.#next.get(operationId) ?? []), ...responses]);
  }

  allowValidationErrors(): void {
    this.#validationErrorsAllowed = true;
  }

  coverage(): CoverageReport {
    return this.#coverage.report();
  }

  reset(): void {
    this.#validationErrorsAllowed = false;
    this.#validationErrors.length = 0;
    for (const part of [this.#log, this.#standing, this.#next, this.#faults, this.#memory, this.#limits])
      part?.clear();
    this.#ids.reset();
  }

  /** Answers one request; `undefined` for a request to another server. */
  answer(request: Request): Promise<Response | undefined> {
    return serve(this.core, request);
  }

  #settings(fixed: ReadonlyMap<string, UntypedOverride | undefined>): HandlerSettings {
    const { onValidationError, onDeprecated } = this.#options;
    return {
      ...this.#options,
      contract: this.#contract,
      ids: this.#ids,
      onArrival: (request) => void this.#log.arrive(request),
      observe: (request, operationId) => this.#observe(request, operationId),
      overrideOf: (operationId) => {
        const verdict = this.#limits.count(operationId);
        const override =
          verdict?.refusal ??
          this.#next.get(operationId)?.shift() ??
          this.#standing.get(operationId) ??
          this.#faults.draw() ??
          fixed.get(operationId) ??
          ((request: UntypedRequest) => this.#memory?.respond(request));
        if (verdict === undefined && this.#latencyMs === 0) return override;
        return (request) => finishResponse(override, request, verdict?.headers ?? {}, this.#latencyMs);
      },
      onValidationError: (validationError) => {
        this.#validationErrors.push(validationError);
        if (this.#validationErrors.length > MAX_KEPT) this.#validationErrors.shift();
        onValidationError?.(validationError);
      },
      onDeprecated: (operationId) => {
        this.deprecatedCalls.set(operationId, (this.deprecatedCalls.get(operationId) ?? 0) + 1);
        onDeprecated?.(operationId);
      },
    };
  }

  #observe(request: Request, operationId: string | undefined): Observer {
    const entry = this.#log.arrive(request);
    const log = this.#log.observe(request, operationId);
    let [accepted, validationError]: [boolean, ValidationError | undefined] = [false, undefined];
    return {
      readText: log.readText,
      accepted: () => {
        accepted = true;
        if (operationId !== undefined) this.#coverage.accepted(operationId);
      },
      refused: (found) => {
        validationError = found;
        if (operationId !== undefined) this.#coverage.refused(operationId);
      },
      answered: (status) => {
        log.answered(status);
        // A refused request does not cover a status, though the document may have a 400.
        if (accepted && operationId !== undefined) this.#coverage.answered(operationId, status);
        this.#options.onResponse?.(entry, validationError);
      },
    };
  }

  /** @throws {InvalidArgumentError} For a response that the document does not allow. */
  #check(argument: string, operationId: string, response: UntypedOverride): UntypedOverride {
    checkOperationId(argument, operationId, this.#contract);
    if (typeof response === 'function') return response;
    const status: unknown = response?.status;
    const isStatus = Number.isInteger(status) && Number(status) >= 200 && Number(status) < 600;
    checkArgument(status === undefined || isStatus, `${argument}.status`, 'must be from 200 to 599', status);
    checkResponse(argument, this.#contract, operationId, response, this.core.responder);
    return response;
  }
}

async function finishResponse(
  override: UntypedOverride,
  request: UntypedRequest,
  headers: Readonly<Record<string, string>>,
  latencyMs: number,
): Promise<PlainResponse | Response> {
  const response = (await responseOf(override, request)) ?? {};
  if (!(response instanceof Response)) {
    return {
      ...response,
      headers: { ...headers, ...response.headers },
      delayMs: (response.delayMs ?? 0) + latencyMs,
    };
  }
  if (response.type === 'error') return response;
  if (latencyMs > 0) await sleep(latencyMs, request.request.signal);
  const { status, statusText, body } = response;
  return new Response(body, {
    status,
    statusText,
    headers: { ...headers, ...Object.fromEntries(response.headers) },
  });
}

/** Reads the arguments of a plan: status, body and settings, or a whole response, or a function. */
function readResponse([response, ...rest]: readonly unknown[]): UntypedOverride {
  if (typeof response === 'number') {
    const [body, settings] = rest;
    const plain: PlainResponse = { ...(isRecord(settings) ? settings : {}), status: response };
    return rest.length > 0 && body !== undefined ? { ...plain, body } : plain;
  }
  if (isRecord(response)) return response;
  // The type allows only a function of the request.
  if (typeof response === 'function') return response as UntypedOverride;
  throw new InvalidArgumentError(
    'response',
    `must be a status, a response or a function, got ${describeValue(response)}`,
  );
}
