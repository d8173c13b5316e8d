import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { processEnvironment } from '../../util/node-module.js';
import { describeValue } from '../../util/redact.js';
import type { TriggerExpectations, TriggerSource } from './types.js';
import { VerificationError, type VerificationFailure } from './verification-error.js';

/** Source: https://vercel.com/docs/oidc */
const ISSUER = 'https://oidc.vercel.com';
const AUDIENCE = 'https://vercel.com';
/** The client that Connect's forwards were seen to name. */
const CLIENT_ID = 'api-connex';
const DEFAULT_MAX_AGE_MS = 300_000;
const DEFAULT_TOLERANCE_MS = 60_000;

type Claims = Readonly<Record<string, unknown>>;

/** The expectations with all defaults; an `undefined` list accepts anything. */
export interface Expected {
  readonly projects: readonly string[] | undefined;
  readonly environments: readonly string[] | undefined;
  readonly ownerId: string | undefined;
  readonly audiences: readonly string[] | undefined;
  readonly connectors: readonly string[] | undefined;
  readonly clientId: string;
  readonly maxAgeMs: number;
  readonly toleranceMs: number;
}

/**
 * Fills in expectations from the deployment's own environment.
 *
 * @throws {InvalidArgumentError} Where nothing says which project and environment this is: it fails closed.
 */
export function resolveExpectations(
  options: TriggerExpectations,
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): Expected {
  const { ownerId } = options;
  const projectId = options.projectId ?? environment.VERCEL_PROJECT_ID;
  const target = options.environment ?? (environment.VERCEL_TARGET_ENV || environment.VERCEL_ENV);
  const audiences = options.audience === undefined ? undefined : listOf('options.audience', options.audience);
  if (projectId === '*' && ownerId === undefined && audiences === undefined)
    throw new InvalidArgumentError(
      'options.projectId',
      "accepts a token of any team with '*': pass ownerId or audience beside it",
    );
  return {
    projects: projectId === '*' ? undefined : receiverOf('projectId', projectId),
    environments: target === '*' ? undefined : receiverOf('environment', target),
    ownerId,
    audiences,
    connectors: options.connector === undefined ? undefined : listOf('options.connector', options.connector),
    clientId: options.clientId ?? CLIENT_ID,
    maxAgeMs: durationOf('options.maxTokenAgeMs', options.maxTokenAgeMs ?? DEFAULT_MAX_AGE_MS),
    toleranceMs: durationOf('options.clockToleranceMs', options.clockToleranceMs ?? DEFAULT_TOLERANCE_MS),
  };
}

/**
 * Checks the claims of a token whose signature was found to be good.
 *
 * @param now - Epoch milliseconds.
 * @throws {VerificationError} Naming the claim; values only of what the receiver itself expects.
 */
export function checkClaims(claims: Claims, expected: Expected, now: number): TriggerSource {
  const { owner, iss } = claims;
  if (iss !== ISSUER && (typeof owner !== 'string' || iss !== `${ISSUER}/${owner}`))
    throw refusal('wrong_issuer', 'iss is not Vercel, or not of the team that the token names');
  checkTimes(claims, expected, now);
  const accepted: readonly unknown[] =
    expected.audiences ?? (typeof owner === 'string' && owner !== '' ? [`${AUDIENCE}/${owner}`] : []);
  if (![claims.aud].flat().some((one) => typeof one === 'string' && accepted.includes(one)))
    throw refusal('wrong_audience', 'aud is not for the receiver');
  requireOneOf(claims.project_id, expected.projects, 'wrong_project', 'projectId');
  requireOneOf(claims.environment, expected.environments, 'wrong_environment', 'environment');
  if (expected.ownerId !== undefined && claims.owner_id !== expected.ownerId)
    throw refusal('wrong_owner', 'owner_id is not the expected team');
  if (claims.client_id !== expected.clientId)
    throw refusal(
      'wrong_client',
      `client_id is not ${expected.clientId}: the request does not come from Connect`,
    );
  return readSource(claims.trigger, expected.connectors);
}

function checkTimes({ iat, nbf, exp }: Claims, { maxAgeMs, toleranceMs }: Expected, now: number): void {
  const [issued, from, until] = [iat, nbf ?? iat, exp].map((seconds) =>
    typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : Number.NaN,
  );
  // Written so that NaN fails every comparison.
  const isNow =
    issued !== undefined &&
    from !== undefined &&
    until !== undefined &&
    issued <= now + toleranceMs &&
    from <= now + toleranceMs &&
    until > now - toleranceMs &&
    issued >= now - maxAgeMs - toleranceMs;
  if (!isNow) throw refusal('wrong_time', 'the token is expired, too old, from the future, or has no times');
}

function requireOneOf(
  actual: unknown,
  expected: readonly string[] | undefined,
  failure: VerificationFailure,
  option: keyof typeof RECEIVER,
): void {
  const isNamed = typeof actual === 'string' && actual !== '';
  if (isNamed && (expected?.includes(actual) ?? true)) return;
  const { claim, sources } = RECEIVER[option];
  if (!isNamed) throw refusal(failure, `it has no ${claim}`);
  throw refusal(failure, `its ${claim} is not ${expected?.join(' or ')}, which ${sources} names`);
}

function readSource(trigger: unknown, connectors: readonly string[] | undefined): TriggerSource {
  if (!isRecord(trigger))
    throw refusal('wrong_client', 'the trigger claim is missing: the request does not come from Connect');
  const { id, uid, type, service } = trigger;
  if (![id, uid, type, service].every((one) => typeof one === 'string' && one !== ''))
    throw refusal('wrong_connector', 'trigger does not name a connector');
  const source = trigger as unknown as TriggerSource; // Just checked.
  if (connectors !== undefined && !connectors.includes(source.id) && !connectors.includes(source.uid))
    throw refusal('wrong_connector', 'trigger names another connector');
  return { id: source.id, uid: source.uid, type: source.type, service: source.service };
}

function refusal(reason: VerificationFailure, message: string): VerificationError {
  return new VerificationError(reason, `The token was not accepted: ${message}`);
}

/** The claims that name the receiver, and the options and variables that say who that is. */
const RECEIVER = {
  projectId: {
    claim: 'project_id',
    noun: 'project',
    example: 'prj_...',
    sources: 'options.projectId or VERCEL_PROJECT_ID',
    absence: 'VERCEL_PROJECT_ID, which Vercel sets in a deployment, is not set',
  },
  environment: {
    claim: 'environment',
    noun: 'environment',
    example: 'production',
    sources: 'options.environment, VERCEL_TARGET_ENV or VERCEL_ENV',
    absence: 'neither VERCEL_TARGET_ENV nor VERCEL_ENV, which Vercel sets in a deployment, is set',
  },
} as const;

/** @throws {InvalidArgumentError} That says where the name comes from, where nothing gives one. */
function receiverOf(option: keyof typeof RECEIVER, value: unknown): readonly string[] {
  const field = `options.${option}`;
  if (value !== undefined && value !== '') return listOf(field, value);
  const { noun, example, absence } = RECEIVER[option];
  throw new InvalidArgumentError(
    field,
    `must name the ${noun} that receives the event, e.g. '${example}': ${absence}`,
  );
}

function listOf(field: string, value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((one) => typeof one === 'string' && one !== '')) return list;
  throw new InvalidArgumentError(
    field,
    `must be a string or a list of strings, none of them empty, got ${describeValue(value)}`,
  );
}

function durationOf(field: string, value: unknown): number {
  const isTime = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  checkArgument(isTime, field, 'must be a number of milliseconds, 0 or more', value);
  return value;
}
