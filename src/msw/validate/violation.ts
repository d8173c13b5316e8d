import type { ErrorObject } from 'ajv';
import { describeValue, safeText } from '../../util/redact.js';
import { type ErrorBody, errorBody } from '../respond/error-body.js';
import type { CheckName } from './checks.js';
import { escapePointer } from './schemas.js';

/**
 * How a request breaks the document; what the answer tells, as data.
 *
 * It never holds the bearer, nor a value that was sent.
 */
export interface Violation {
  /** The check that found it; `preference` where the request's own `Prefer` asks for what there is not. */
  readonly check: CheckName | 'preference';
  /** `undefined` where the document has no such operation. */
  readonly operationId: string | undefined;
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /** Status of the answer: 400, 401 without a bearer, 404 for an operation that the document does not have. */
  readonly status: 400 | 401 | 404;
  /** JSON pointer to the place, e.g. `/query/limit`, `/body/subject/type`, `/headers/authorization`. */
  readonly pointer: string;
  /** `undocumented`, `repeated`, `encoding`, `contentType`, `json`, or the keyword of JSON Schema, e.g. `required`. */
  readonly rule: string;
  /** A sentence for the developer. */
  readonly message: string;
}

/** Place and rule of a breach, before it is known whose. */
export interface Breach {
  readonly check?: Violation['check'];
  readonly pointer: string;
  readonly rule: string;
  /** What is wrong, as the end of a sentence that begins with the place. */
  readonly problem: string;
  readonly status?: Violation['status'];
}

/**
 * Makes the full violation of a breach.
 *
 * @param subject - Whose document: operation id, method and path.
 * @param bearer - Masked wherever it stands, e.g. when somebody sends it as the name of a parameter.
 */
export function describeBreach(
  subject: Pick<Violation, 'operationId' | 'method' | 'path'>,
  breach: Breach,
  bearer: string | undefined,
): Violation {
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
export function violationBody({ status, message, operationId, pointer, rule }: Violation): ErrorBody {
  const code = { 400: 'bad_request', 401: 'unauthorized', 404: 'not_found' }[status];
  return errorBody(code, message, { operationId, pointer, rule });
}

// Keywords that only sum up what others say more exactly.
const SUMMARIES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'if', 'not', 'dependentSchemas']);

/** Keywords that speak of which properties there are, and not of the value of one. */
const SHAPES: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
]);

/**
 * Picks what is most worth telling of the errors that ajv found.
 *
 * In a union each branch reports why it is not the one. The deepest place wins, since that branch got furthest; then a
 * wrong value, since its property was right; then what the most branches say. Keywords that only sum up come last.
 *
 * @param base - Pointer to the value that was checked, e.g. `/body`.
 */
export function mostSpecific(base: string, errors: readonly ErrorObject[]): Breach | undefined {
  const counts = new Map<string, number>();
  const ranked = errors.map((error) => {
    const breach = { pointer: pointerOf(base, error), rule: ruleOf(error) };
    const key = JSON.stringify(breach);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const depth = breach.pointer.split('/').length;
    return {
      error,
      breach,
      key,
      depth,
      summary: SUMMARIES.has(error.keyword),
      shape: SHAPES.has(breach.rule),
    };
  });
  // Array.prototype.sort is stable: among equals the order of the document stays.
  const [best] = ranked.sort(
    (a, b) =>
      Number(a.summary) - Number(b.summary) ||
      b.depth - a.depth ||
      Number(a.shape) - Number(b.shape) ||
      (counts.get(b.key) ?? 0) - (counts.get(a.key) ?? 0),
  );
  return best === undefined ? undefined : { ...best.breach, problem: problemOf(best.error) };
}

// What an object lacks or has too much is told at the place of that property, not at the object's.
function pointerOf(base: string, { instancePath, params, propertyName }: ErrorObject): string {
  const name: unknown =
    params.missingProperty ??
    params.additionalProperty ??
    params.unevaluatedProperty ??
    params.propertyName ??
    propertyName;
  const property = typeof name === 'string' ? `/${escapePointer(name)}` : '';
  return `${base}${instancePath}${property}`;
}

// ajv reports the schema of a name under that schema's own keyword; to the caller the name is what is wrong.
function ruleOf({ keyword, propertyName }: ErrorObject): string {
  return propertyName === undefined ? keyword : 'propertyNames';
}

function problemOf(error: ErrorObject): string {
  const { keyword, params, data } = error;
  if (error.propertyName !== undefined || keyword === 'propertyNames')
    return 'is not a name that the document allows here';
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')
    return 'is a property that the document does not allow here';
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'type') return `must be of type ${String(params.type)}, got ${describeValue(data)}`;
  return error.message ?? 'does not match the document';
}
