import { checkOptionNames } from '../client/option-names.js';
import { checkArgument } from '../errors/index.js';
import { checkOwnFields } from '../http/json-copy.js';
import { isRecord } from '../util/is-record.js';
import type {
  EmulatedConnector,
  EmulatedCredential,
  EmulatorOptions,
  PlannedFailure,
} from './emulator/types.js';
import type { CoverageThreshold } from './mock/coverage.js';
import type { MemoryOptions, MockLimit } from './mock/platform/memory-options.js';
import type { CoverageOptions, SetupOptions } from './mock/setup.js';
import type { Fault, MockOptions } from './mock/types.js';
import type { ServeOptions } from './server/http-server.js';
import type { HandlerOptions, MockResponse } from './types.js';

/** Every name of an options object. A record, so that the compiler finds a name that is missing or too many. */
type Names<Options> = Readonly<Record<keyof Options & string, true>>;

export const HANDLERS: Names<HandlerOptions> = {
  ...{ document: true, contract: true, extension: true, nullable: true, baseUrl: true, seed: true },
  ...{
    operations: true,
    overrides: true,
    validate: true,
    oneOf: true,
    onValidationError: true,
    onDeprecated: true,
  },
};
const MOCK: Names<MockOptions> = { ...HANDLERS, memory: true, faults: true, onResponse: true };
const SETUP: Names<MockOptions & SetupOptions> = { ...MOCK, runner: true, coverage: true, passthrough: true };
const FAULT: Names<Fault> = { status: true, share: true };
const COVERAGE: Names<CoverageOptions> = { threshold: true, html: true, print: true };
const THRESHOLD: Names<CoverageThreshold> = { operations: true, responses: true };
const MEMORY: Names<MemoryOptions> = {
  ...{ limits: true, latencyMs: true, deployments: true, environment: true, domains: true, promotions: true },
};
const LIMIT: Names<MockLimit> = { operations: true, limit: true, windowMs: true, headers: true };
type Part<Name extends keyof MemoryOptions> = NonNullable<MemoryOptions[Name]>;
const DEPLOYMENTS: Names<Part<'deployments'>> = {
  ...{ buildMs: true, aliasMs: true, logLines: true, outcome: true, disconnectAfter: true },
};
const ENVIRONMENT: Names<Part<'environment'>> = { refuse: true };
const DOMAINS: Names<Part<'domains'>> = { verifyMs: true, configureMs: true };
const PROMOTIONS: Names<Part<'promotions'>> = { ms: true };
export const SERVE: Names<ServeOptions> = { port: true, baseUrl: true, origins: true };
const EMULATOR: Names<EmulatorOptions> = {
  ...{ baseUrl: true, seed: true, now: true, tokenLifetimeMs: true, connectors: true, credentials: true },
  account: true,
};
export const CONNECTOR: Names<EmulatedConnector> = {
  ...{ uid: true, id: true, type: true, name: true, subjectTypes: true, installations: true, users: true },
  ...{ issuesTokens: true, tokenPrefix: true, links: true, data: true, createdAt: true },
  supportsTriggers: true,
};
const CREDENTIAL: Names<EmulatedCredential> = {
  projectId: true,
  environment: true,
  kind: true,
  userId: true,
};
export const FAILURE: Names<PlannedFailure> = {
  operationId: true,
  status: true,
  body: true,
  headers: true,
  times: true,
};
const RESPONSE: Names<MockResponse> = {
  ...{ status: true, body: true, headers: true, raw: true, delayMs: true, networkError: true },
};

/** Options of 0.1.0 that have another name since. */
const RENAMED = {
  onViolation: 'is now named onValidationError',
  onAnswer: 'is now named onResponse',
  answers: 'is now named responses',
};

/** @throws {InvalidArgumentError} For options of `createMock`, or with `setup` of `setupMock`, that do not exist. */
export function checkMockNames(options: unknown, setup = false): void {
  const { faults, memory, coverage } = checkNames('options', options, setup ? SETUP : MOCK, '');
  for (const fault of listOf('faults', faults)) checkNames('faults', fault, FAULT);
  if (isRecord(memory)) checkMemoryNames(memory);
  if (coverage === undefined) return;
  const { threshold } = checkNames('coverage', coverage, COVERAGE);
  if (threshold !== undefined) checkNames('coverage.threshold', threshold, THRESHOLD);
}

function checkMemoryNames(memory: object): void {
  const { limits, deployments, environment, domains, promotions } = checkNames('memory', memory, MEMORY);
  for (const limit of listOf('memory.limits', limits)) checkNames('memory.limits', limit, LIMIT);
  if (deployments !== undefined) checkNames('memory.deployments', deployments, DEPLOYMENTS);
  if (environment !== undefined) checkNames('memory.environment', environment, ENVIRONMENT);
  if (domains !== undefined) checkNames('memory.domains', domains, DOMAINS);
  if (promotions !== undefined) checkNames('memory.promotions', promotions, PROMOTIONS);
}

/** @throws {InvalidArgumentError} For options of `createConnectEmulator` that do not exist. */
export function checkEmulatorNames(options: unknown): void {
  const { connectors, credentials } = checkNames('options', options, EMULATOR, '');
  for (const connector of listOf('connectors', connectors)) checkNames('connector', connector, CONNECTOR);
  if (!isRecord(credentials)) return;
  // The name is a bearer, which no message may hold.
  for (const credential of Object.values(credentials)) checkNames('credentials', credential, CREDENTIAL);
}

/** Checks the fields of a planned response, and its delay. @throws {InvalidArgumentError} */
export function checkResponseNames(argument: string, response: unknown): void {
  // A `Response` of another implementation has getters alone.
  if (isRecord(response)) checkOwnFields(response, argument);
  const { delayMs = 0 } = checkNames(argument, response, RESPONSE);
  const isTime = typeof delayMs === 'number' && Number.isFinite(delayMs) && delayMs >= 0;
  checkArgument(isTime, `${argument}.delayMs`, 'must be a number of milliseconds, 0 or more', delayMs);
}

/** @throws {InvalidArgumentError} For fields that do not exist. @param prefix - Written before a field in an error. */
export function checkNames(
  argument: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
  prefix = `${argument}.`,
): Record<string, unknown> {
  checkArgument(isRecord(options), argument, 'must be an object', options);
  checkOptionNames(options, new Set(Object.keys(known)), { prefix, instead: RENAMED });
  return options;
}

function listOf(argument: string, value: unknown): readonly unknown[] {
  checkArgument(value === undefined || Array.isArray(value), argument, 'must be a list', value);
  return value ?? [];
}
