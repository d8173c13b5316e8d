import { misspelledName } from '../client/option-names.js';
import { InvalidArgumentError } from '../errors/index.js';
import { isRecord } from '../util/is-record.js';
import { describeValue } from '../util/redact.js';
import type { ConnectTokenParams } from './types.js';

const MAX_CONNECTOR_LENGTH = 256;

const TEXT_LISTS = ['scopes', 'audience', 'resources'] as const;

/** Which field each kind of subject cannot do without. */
const SUBJECT_FIELDS = new Map<string, string | undefined>([
  ['app', undefined],
  ['user', 'id'],
  ['jwt-bearer', 'sub'],
  ['token', 'token'],
]);

/** Without its `issuer`, a subject is another user. */
const OPTIONAL_SUBJECT_FIELDS: ReadonlySet<string> = new Set([
  'issuer',
  'experimental_idp',
  'additionalClaims',
]);

/**
 * Checks that a connector can stand as one segment of a path.
 *
 * Only what would change the path or break it is refused; everything else is percent-encoded and the server decides.
 *
 * @throws {InvalidArgumentError}
 */
export function checkConnector(value: unknown): asserts value is string {
  // The names that there are, as a rule; what follows takes longer.
  if (typeof value === 'string' && value.length <= MAX_CONNECTOR_LENGTH && /^\w[\w/-]*$/.test(value)) return;
  if (typeof value !== 'string') return refuse(`must be a string, got ${describeValue(value)}`);
  if (value === '') return refuse('a connector is required, and must not be empty');
  if (value === '.' || value === '..') return refuse('must not be "." or ".."');
  if (value.length > MAX_CONNECTOR_LENGTH)
    return refuse(`must have at most ${MAX_CONNECTOR_LENGTH} characters, has ${value.length}`);
  if (/\p{Cc}/u.test(value)) return refuse('must have no control characters');
  if (/\p{Surrogate}/u.test(value)) return refuse('must be well-formed text, has half of a surrogate pair');
}

function refuse(rule: string): never {
  throw new InvalidArgumentError(
    'connector',
    `${rule}; give an id (scl_...) or a UID such as slack/acme-slack`,
  );
}

const GRANT_FIELDS: ReadonlySet<string> = new Set(
  Object.keys({
    ...{ subject: true, installationId: true, audience: true, scopes: true, resources: true },
    ...{ authorizationDetails: true, validityBufferMs: true },
  } satisfies Readonly<Record<keyof ConnectTokenParams, true>>),
);

/**
 * Refuses a misspelt field: without its `scopes` or `installationId` a call asks for more than was meant, or revokes more. Any
 * other unknown field passes: the API may know it before this package does.
 *
 * @param known - Default: the fields of a grant.
 * @throws {InvalidArgumentError} Naming the field and the one that was meant.
 */
export function checkFieldNames(
  params: object,
  name: string,
  known: ReadonlySet<string> = GRANT_FIELDS,
): void {
  for (const field of Object.keys(params)) {
    const meant = known.has(field) ? undefined : misspelledName(field, known);
    if (meant !== undefined)
      throw new InvalidArgumentError(`${name}.${field}`, `is not a field; did you mean ${meant}?`);
  }
}

/**
 * Checks what narrows a token or an installation.
 *
 * @throws {InvalidArgumentError} Naming the field, never a value that may be secret.
 */
export function checkGrantParams(params: unknown, name = 'params'): void {
  if (!isRecord(params))
    throw new InvalidArgumentError(name, `must be an object, got ${describeValue(params)}`);
  checkFieldNames(params, name);
  for (const field of TEXT_LISTS) {
    const list = params[field];
    if (list === undefined) continue;
    if (!Array.isArray(list))
      throw new InvalidArgumentError(
        `${name}.${field}`,
        `must be an array of strings, got ${describeValue(list)}`,
      );
    const wrong = list.findIndex((item) => typeof item !== 'string');
    if (wrong >= 0)
      throw new InvalidArgumentError(
        `${name}.${field}[${wrong}]`,
        `must be a string, got ${describeValue(list[wrong])}`,
      );
  }
  const { installationId, authorizationDetails: details, validityBufferMs } = params;
  if (installationId !== undefined) checkOptionalText(installationId, `${name}.installationId`);
  if (details !== undefined && !(Array.isArray(details) && details.every(isRecord)))
    throw new InvalidArgumentError(
      `${name}.authorizationDetails`,
      `must be an array of objects, got ${describeValue(details)}`,
    );
  if (validityBufferMs !== undefined) checkBuffer(validityBufferMs, `${name}.validityBufferMs`);
}

/**
 * Checks whose token is meant, and returns it with its type.
 *
 * A subject that has a token and no type is a `token` subject, as in `@vercel/connect` 2.5.
 *
 * @param subject - The caller's, copied.
 * @throws {InvalidArgumentError}
 */
export function readSubject(subject: unknown, field: string): Record<string, unknown> {
  if (!isRecord(subject)) {
    throw new InvalidArgumentError(
      field,
      `must be an object such as { type: 'app' }, got ${describeValue(subject)}`,
    );
  }
  const isUntyped = subject.type === undefined && typeof subject.token === 'string';
  const type = isUntyped ? 'token' : subject.type;
  // The document lists the types it knows and allows others, but not a known one in another case.
  const isText = typeof type === 'string' && type !== '';
  if (!isText || (!SUBJECT_FIELDS.has(type) && SUBJECT_FIELDS.has(type.toLowerCase()))) {
    throw new InvalidArgumentError(
      `${field}.type`,
      `must be a type that Connect knows, such as ${[...SUBJECT_FIELDS.keys()].join(', ')}, got ${describeValue(type)}`,
    );
  }
  const needed = SUBJECT_FIELDS.get(type);
  if (needed !== undefined && (typeof subject[needed] !== 'string' || subject[needed] === '')) {
    throw new InvalidArgumentError(
      `${field}.${needed}`,
      `must be a non-empty string for a ${type} subject, got ${describeValue(subject[needed])}`,
    );
  }
  checkFieldNames(subject, field, OPTIONAL_SUBJECT_FIELDS);
  return isUntyped ? { ...subject, type } : subject;
}

/**
 * Checks a validity buffer; `undefined` means the default.
 *
 * @throws {InvalidArgumentError}
 */
export function checkBuffer(value: unknown, field: string): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError(
      field,
      `must be a number of milliseconds, 0 or more, got ${describeValue(value)}`,
    );
  }
}

/** Checks a text that may be absent. @throws {InvalidArgumentError} */
export function checkOptionalText(value: unknown, field: string): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw new InvalidArgumentError(field, `must be a non-empty string, got ${describeValue(value)}`);
}
