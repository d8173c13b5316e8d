import { toPointer } from '../../openapi/json-pointer.js';
import { describeValue, safeText } from '../../util/redact.js';
import { codeOfStatus, type ErrorBody, errorBody } from '../respond/error-body.js';
import type { CheckName } from './checks.js';

import type { KeywordError } from './validator.js';

/**
 * How a request breaks the document; what the answer tells, as data.
 *
 * It never holds the bearer, nor a value that was sent.
 */
export interface ValidationError {
  /**
   * The check that found it; `preference` where the request's own `Prefer` asks for what there is not, and `document` where
   * the document is at fault: no value could be made for its response, or its schema cannot be read.
   */
  readonly check: CheckName | 'preference' | 'document';
  /** `undefined` where the document has no such operation. */
  readonly operationId: string | undefined;
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /**
   * Status of the answer: 400, 401 without a bearer, 404 for an operation that the document does not have, 500 where the
   * document is at fault.
   */
  readonly status: 400 | 401 | 404 | 500;
  /** JSON pointer to the place, e.g. `/query/limit`, `/body/subject/type`, `/headers/authorization`. */
  readonly pointer: string;
  /** `undocumented`, `repeated`, `encoding`, `contentType`, `json`, or the keyword of JSON Schema, e.g. `required`. */
  readonly rule: string;
  /** A sentence for the developer. */
  readonly message: string;
}

/** Place and rule of a breach, before it is known whose. */
export interface ContractError {
  readonly check?: ValidationError['check'];
  readonly pointer: string;
  readonly rule: string;
  /** What is wrong, as the end of a sentence that begins with the place. */
  readonly problem: string;
  readonly status?: ValidationError['status'];
}

/**
 * Makes the full validationError of a breach.
 *
 * @param subject - Whose document: operation id, method and path.
 * @param bearer - Masked wherever it stands, e.g. when somebody sends it as the name of a parameter.
 */
export function toValidationError(
  subject: Pick<ValidationError, 'operationId' | 'method' | 'path'>,
  breach: ContractError,
  bearer: string | undefined,
): ValidationError {
  const secrets = bearer === undefined ? [] : [bearer];
  const pointer = safeText(breach.pointer, secrets);
  // Of a request to nothing, method and path are the place.
  const place =
    subject.operationId === undefined
      ? `${subject.method} ${subject.path}`
      : `${subject.operationId}: ${pointer}`;
  return {
    check: breach.check ?? 'body',
    ...subject,
    path: safeText(subject.path, secrets),
    status: breach.status ?? 400,
    pointer,
    rule: breach.rule,
    message: safeText(`${place} ${breach.problem} (rule ${breach.rule}).`, secrets),
  };
}

/** The body that refuses a request, in the API's own error shape. */
export function validationErrorBody({
  status,
  message,
  operationId,
  pointer,
  rule,
}: ValidationError): ErrorBody {
  const code = codeOfStatus(status);
  return errorBody(code, message, { operationId, pointer, rule });
}

// Keywords that only sum up what others say more exactly.
const SUMMARIES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not']);

/** Keywords that speak of which properties there are, and not of the value of one. */
const SHAPES: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
]);

/**
 * Picks what is most worth telling of the errors of a value.
 *
 * The deepest place wins; then a wrong value, since its property was right. Keywords that only sum up come last.
 *
 * @param base - Pointer to the value that was checked, e.g. `/body`.
 */
export function mostSpecific(base: string, errors: readonly KeywordError[]): ContractError | undefined {
  const ranked = errors.map((error) => {
    const pointer = pointerOf(base, error);
    const [summary, shape] = [SUMMARIES.has(error.keyword), SHAPES.has(error.keyword)];
    return { error, pointer, depth: pointer.split('/').length, summary, shape };
  });
  // Array.prototype.sort is stable: among equals the order of the document stays.
  const [best] = ranked.sort(
    (a, b) => Number(a.summary) - Number(b.summary) || b.depth - a.depth || Number(a.shape) - Number(b.shape),
  );
  if (best === undefined) return undefined;
  return { pointer: best.pointer, rule: best.error.keyword, problem: problemOf(best.error) };
}

/** What an object lacks or has too much is told at the place of that property, not at the object's. */
function pointerOf(base: string, { instancePath, params }: KeywordError): string {
  const name =
    params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName;
  return `${base}${instancePath}${typeof name === 'string' ? toPointer([name]) : ''}`;
}

const NOT_ALLOWED = 'is a property that the document does not allow here';

function notAllowed({ nearest }: KeywordError['params']): string {
  return nearest === undefined ? NOT_ALLOWED : `${NOT_ALLOWED}; did you mean ${String(nearest)}?`;
}

/** What is wrong by each keyword, as the end of a sentence that begins with the place. */
const PROBLEMS: Readonly<Record<string, (params: KeywordError['params'], value: unknown) => string>> = {
  'false schema': () => 'is a value where the document allows none (its schema is false)',
  required: () => 'is required',
  dependentRequired: ({ name }) => `is required beside ${JSON.stringify(name)}`,
  additionalProperties: notAllowed,
  unevaluatedProperties: notAllowed,
  propertyNames: () => 'is not a name that the document allows here',
  enum: ({ allowedValues }) => `must be one of ${JSON.stringify(allowedValues)}`,
  discriminator: ({ allowedValues }) =>
    `must be one of ${JSON.stringify(allowedValues)}, which name the schema`,
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  type: ({ type }, value) => `must be of type ${String(type)}, got ${describeValue(value)}`,
  minLength: ({ limit }) => `must have at least ${count(limit, 'character')}`,
  maxLength: ({ limit }) => `must have no more than ${count(limit, 'character')}`,
  pattern: ({ pattern }) => `must match pattern "${String(pattern)}"`,
  format: ({ format }) => `must match format "${String(format)}"`,
  minimum: ({ limit }) => `must be ${String(limit)} or more`,
  maximum: ({ limit }) => `must be ${String(limit)} or less`,
  exclusiveMinimum: ({ limit }) => `must be more than ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${String(limit)}`,
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

function problemOf({ keyword, params, value }: KeywordError): string {
  return PROBLEMS[keyword]?.(params, value) ?? 'does not match the document';
}

function count(limit: unknown, one: string, many = `${one}s`): string {
  return `${String(limit)} ${limit === 1 ? one : many}`;
}
