import type { ContractBody, ContractOperation } from '../../openapi/contract-types.js';
import { fromPointer, valueAt } from '../../openapi/json-pointer.js';
import { type ContractError, mostSpecific } from '../validate/validation-error.js';
import type { KeywordError, Schemas } from '../validate/validator.js';
import { createRandom } from './random.js';
import { GIVE_UP_AFTER, sampleSchema } from './sample-body.js';
import { sampleText } from './sample-text.js';

const ATTEMPTS = 40;
/** After so many, a value that is valid with overlapping branches is good enough. */
const STRICT_ATTEMPTS = 12;

/** After so many, branches that overlap at a place are taken to do so always. */
const OVERLAP_TRIES = 1;

/** One documented body of an answer. */
export interface DocumentedBody {
  readonly operation: ContractOperation;
  readonly status: number;
  /** Under which key the document has the status, e.g. `4XX`. */
  readonly key: string;
  readonly body: ContractBody;
}

/** The first documented example that is valid; one that is so with `oneOf` read strictly comes first. */
export function validExample(
  place: DocumentedBody,
  schemas: Schemas,
): { readonly value: unknown } | undefined {
  const examples = Object.values(place.body.examples);
  for (const reading of ['one', 'any'] as const) {
    const value = examples.find(
      (example) => schemas.inResponse(place.body.schema, example, reading).length === 0,
    );
    if (value !== undefined) return { value: withExactFormats(place, value, schemas) };
  }
  return undefined;
}

/** An example, its loose texts made anew: clients parse `2026-01-01 10:00` otherwise than the API's own times. */
function withExactFormats(
  { operation, status, body }: DocumentedBody,
  example: unknown,
  schemas: Schemas,
): unknown {
  const holder = { value: structuredClone(example) };
  for (const { instancePath, params } of schemas.looseFormats(body.schema, example)) {
    const steps = ['value', ...fromPointer(instancePath)];
    const last = steps.pop() ?? '';
    const random = createRandom('format', operation.operationId, status, instancePath);
    Reflect.set(
      Object(valueAt(holder, steps)),
      last,
      sampleText({ format: params.format }, random, '', schemas),
    );
  }
  return holder.value;
}

/**
 * Makes a value that the document allows: one with exactly one branch of each `oneOf`, or else one with at least one.
 *
 * What is wrong with a value is made anew, and the rest of it stays.
 *
 * @returns `undefined` where none could be made.
 */
export function generateBody(
  place: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
  examples: boolean,
): { readonly value: unknown } | undefined {
  const { operation, status, body } = place;
  const random = createRandom('body', seed, operation.operationId, status);
  const retries = new Map<string, number>();
  let second: { readonly value: unknown } | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = sampleSchema(body.schema, random, schemas, { retries, examples, direction: 'response' });
    const errors = schemas.inResponse(body.schema, value, 'one');
    if (errors.length === 0) return { value };
    if (second === undefined && schemas.inResponse(body.schema, value, 'any').length === 0)
      second = { value };
    if (second !== undefined && attempt >= STRICT_ATTEMPTS) break;
    planRetries(errors, retries);
  }
  return second;
}

/** The value that {@link generateBody} begins with, valid or not. */
export function firstAttempt(
  { operation, status, body }: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
) {
  const random = createRandom('body', seed, operation.operationId, status);
  return { value: sampleSchema(body.schema, random, schemas, { examples: true, direction: 'response' }) };
}

/** What is wrong with the best that was made, for a response that no value could be made for. */
export function contradictionIn(
  place: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
): ContractError {
  const { value } = firstAttempt(place, schemas, seed);
  const found = mostSpecific(`/responses/${place.key}`, schemas.inResponse(place.body.schema, value));
  const problem = `${found?.problem ?? 'has no value'}, and no value could be made that the document allows there; correct the document, or give the body in \`overrides\``;
  return {
    ...(found ?? { pointer: `/responses/${place.key}`, rule: 'schema' }),
    check: 'document',
    problem,
    status: 500,
  };
}

/** Has what is wrong made anew: where several branches of a union hold, the union; where none does, what the branches name. */
function planRetries(errors: readonly KeywordError[], retries: Map<string, number>): void {
  const overlaps = errors.filter(
    ({ keyword, params }) => keyword === 'oneOf' && params.passingSchemas !== null,
  );
  const [wrong, tries] = overlaps.length > 0 ? [overlaps, OVERLAP_TRIES] : [errors, GIVE_UP_AFTER];
  for (const path of new Set(wrong.map(({ instancePath }) => instancePath))) mend(path, tries, retries);
}

/** A place that is wrong again and again is left out where it may be, or made anew together with what it stands in. */
function mend(path: string, tries: number, retries: Map<string, number>): void {
  const count = (retries.get(path) ?? 0) + 1;
  retries.set(path, count > tries ? Math.max(count, GIVE_UP_AFTER) : count);
  if (count > tries && path !== '') mend(path.slice(0, path.lastIndexOf('/')), tries, retries);
}
