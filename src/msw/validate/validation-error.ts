import { toPointer } from '../../openapi/json-pointer.js';
import { describeValue, safeText } from '../../util/redact.js';
import { Secrets } from '../../util/secrets.js';
import type { CheckName } from './checks.js';
import type { KeywordError } from './validator.js';

/**
 * An error of a request that violates the document, as data; the response to it says the same.
 *
 * It never holds the bearer, nor a text that was sent.
 */
export interface ValidationError {
  /**
   * The check that found it; `preference` for a `Prefer: example=<name>` that names no example of the operation, and `document`
   * for an error of the document: no value could be made for a response, or a schema cannot be read.
   */
  readonly check: CheckName | 'preference' | 'document';
  /** `undefined` where the document has no such operation. */
  readonly operationId: string | undefined;
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /**
   * Status of the response: 400, 401 without a bearer, 404 for an operation that the document does not have, 500 for an error
   * of the document.
   */
  readonly status: 400 | 401 | 404 | 500;
  /** JSON pointer to the part of the request, e.g. `/query/limit`, `/body/subject/type`, `/headers/authorization`. */
  readonly pointer: string;
  /** `undocumented`, `repeated`, `encoding`, `contentType`, `json`, or the keyword of JSON Schema, e.g. `required`. */
  readonly rule: string;
  /** A sentence for the developer. */
  readonly message: string;
}

/** An error in a request or in the document, before it is known of which operation. */
export interface ContractError {
  readonly check?: ValidationError['check'];
  readonly pointer: string;
  readonly rule: string;
  /** The end of a sentence that begins with the pointer. */
  readonly problem: string;
  readonly status?: ValidationError['status'];
}

/**
 * Makes the full validation error of a request.
 *
 * @param bearer - Masked wherever it occurs, e.g. when somebody sends it as the name of a parameter.
 */
export function toValidationError(
  { operationId, method, path }: Pick<ValidationError, 'operationId' | 'method' | 'path'>,
  { check = 'body', pointer, rule, problem, status = 400 }: ContractError,
  bearer: string | undefined,
): ValidationError {
  const secrets = new Secrets(bearer === undefined ? [] : [bearer]);
  const safePointer = safeText(pointer, secrets);
  const location = operationId === undefined ? `${method} ${path}` : `${operationId}: ${safePointer}`;
  return {
    check,
    operationId,
    method,
    path: safeText(path, secrets),
    status,
    pointer: safePointer,
    rule,
    message: safeText(`${location} ${problem} (rule ${rule}).`, secrets),
  };
}

/** Keywords whose errors only sum up those of other keywords. */
const SUMMARIES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not']);

/** Keywords about which properties an object has, and not about the value of one. */
const SHAPES: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
]);

/**
 * Picks the most useful error of a value.
 *
 * The deepest pointer wins, then a wrong value before a missing or surplus property. Keywords that only sum up come last, and of
 * equal errors the first one wins.
 *
 * @param base - Pointer to the value that was checked, e.g. `/body`.
 */
export function mostSpecific(base: string, errors: readonly KeywordError[]): ContractError | undefined {
  let [best, highest]: [ContractError | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const { instancePath, keyword, params, value } of errors) {
    // The pointer of a missing or surplus property is its own, and not that of its object.
    const property =
      params.missingProperty ??
      params.additionalProperty ??
      params.unevaluatedProperty ??
      params.propertyName;
    const pointer = `${base}${instancePath}${typeof property === 'string' ? toPointer([property]) : ''}`;
    const depth = pointer.split('/').length;
    const rank = (SUMMARIES.has(keyword) ? -1e6 : 0) + depth * 2 + (SHAPES.has(keyword) ? 0 : 1);
    if (rank <= highest) continue;
    const problem = PROBLEMS[keyword]?.(params, value) ?? 'does not match the document';
    [best, highest] = [{ pointer, rule: keyword, problem }, rank];
  }
  return best;
}

/** Names of properties that an error lists. */
const MAX_NAMES = 8;

function notAllowed({ nearest, allowed }: KeywordError['params']): string {
  const problem = 'is a property that the document does not allow here';
  if (nearest !== undefined) return `${problem}; did you mean ${String(nearest)}?`;
  const names = Array.isArray(allowed) ? allowed : [];
  if (names.length === 0) return problem;
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${problem}; it allows ${names.slice(0, MAX_NAMES).join(', ')}${rest}`;
}

/** The problem of each keyword, as the end of a sentence that begins with the pointer. */
const PROBLEMS: Readonly<Record<string, (params: KeywordError['params'], value: unknown) => string>> = {
  'false schema': () => 'is a value where the document allows none (its schema is false)',
  required: () => 'is required',
  dependentRequired: ({ name }) => `is required beside ${JSON.stringify(name)}`,
  additionalProperties: notAllowed,
  unevaluatedProperties: notAllowed,
  propertyNames: () => 'is not a name that the document allows here',
  enum: ({ allowedValues }, value) =>
    `must be one of ${JSON.stringify(allowedValues)}, got ${describeValue(value)}`,
  discriminator: ({ allowedValues }) =>
    `must be one of ${JSON.stringify(allowedValues)}, which name the schema`,
  const: ({ allowedValue }, value) => `must be ${JSON.stringify(allowedValue)}, got ${describeValue(value)}`,
  type: ({ type }, value) => `must be of type ${String(type)}, got ${describeValue(value)}`,
  minLength: ({ limit }) => `must have at least ${count(limit, 'character')}`,
  maxLength: ({ limit }) => `must have no more than ${count(limit, 'character')}`,
  pattern: ({ pattern }, value) => `must match pattern "${String(pattern)}", got ${describeValue(value)}`,
  format: ({ format }, value) => `must match format "${String(format)}", got ${describeValue(value)}`,
  minimum: ({ limit }, value) => `must be ${String(limit)} or more, got ${String(value)}`,
  maximum: ({ limit }, value) => `must be ${String(limit)} or less, got ${String(value)}`,
  exclusiveMinimum: ({ limit }, value) => `must be more than ${String(limit)}, got ${String(value)}`,
  exclusiveMaximum: ({ limit }, value) => `must be less than ${String(limit)}, got ${String(value)}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${String(multipleOf)}`,
  minItems: ({ limit }) => `must have at least ${count(limit, 'item')}`,
  maxItems: ({ limit }) => `must have no more than ${count(limit, 'item')}`,
  uniqueItems: () => 'must have no two items that are equal',
  items: ({ limit }) => `must have no more than ${count(limit, 'item')}`,
  unevaluatedItems: ({ limit }) => `must have no more than ${count(limit, 'item')}`,
  contains: ({ minContains, maxContains }) =>
    `must contain from ${String(minContains)} to ${String(maxContains)} items of the kind that the document names`,
  minProperties: ({ limit }) => `must have at least ${count(limit, 'property', 'properties')}`,
  maxProperties: ({ limit }) => `must have no more than ${count(limit, 'property', 'properties')}`,
  oneOf: ({ passingSchemas }) =>
    passingSchemas === null
      ? 'must be one of the alternatives that the document has'
      : 'must be exactly one of the alternatives that the document has',
  anyOf: () => 'must be one of the alternatives that the document has',
  not: () => 'must not be what the document excludes',
  depth: () => 'is nested too deep to be checked',
};

function count(limit: unknown, one: string, many = `${one}s`): string {
  return `${String(limit)} ${limit === 1 ? one : many}`;
}
