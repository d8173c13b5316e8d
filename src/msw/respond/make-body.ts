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

/** After so many, and an empty object, branches that overlap at a place are taken to do so always. */
const OVERLAP_TRIES = 1;

/** One documented body of a response. */
export interface DocumentedBody {
  readonly operation: ContractOperation;
  readonly status: number;
  /** Under which key the document has the status, e.g. `4XX`. */
  readonly key: string;
  readonly body: ContractBody;
}

/** Returns the first example that is valid by the mock's own reading of `oneOf`; one that is valid by the strict one comes first. */
export function validExample(
  documented: DocumentedBody,
  schemas: Schemas,
): { readonly value: unknown } | undefined {
  const examples = Object.values(documented.body.examples);
  for (const reading of ['one', undefined] as const) {
    const value = examples.find(
      (example) => schemas.inResponse(documented.body.schema, example, reading).length === 0,
    );
    if (value !== undefined) return { value: withExactFormats(documented, value, schemas) };
  }
  return undefined;
}

/** Replaces the loose texts of an example: clients parse `2026-01-01 10:00` differently from the API's own times. */
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
 * It makes the invalid parts of a value anew, and keeps the rest.
 *
 * @returns `undefined` if none could be made.
 */
export function generateBody(
  documented: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
  examples: boolean,
): { readonly value: unknown } | undefined {
  const { operation, status, body } = documented;
  const random = createRandom('body', seed, operation.operationId, status);
  const faults: Faults = { retries: new Map(), empty: new Set() };
  let second: { readonly value: unknown } | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = sampleSchema(body.schema, random, schemas, { ...faults, examples, direction: 'response' });
    const errors = schemas.inResponse(body.schema, value, 'one');
    if (errors.length === 0) return { value };
    if (second === undefined && schemas.inResponse(body.schema, value, 'any').length === 0)
      second = { value };
    if (second !== undefined && attempt >= STRICT_ATTEMPTS) break;
    planRetries(errors, faults);
  }
  return second;
}

/** The places of invalid parts: how often each was made, and those that are to be an empty object. */
interface Faults {
  readonly retries: Map<string, number>;
  readonly empty: Set<string>;
}

/** Makes the value that {@link generateBody} begins with, valid or not. */
export function firstAttempt(
  { operation, status, body }: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
) {
  const random = createRandom('body', seed, operation.operationId, status);
  return { value: sampleSchema(body.schema, random, schemas, { examples: true, direction: 'response' }) };
}

/** Returns the error of the best value, for a response that no valid value could be made for. */
export function contradictionIn(
  documented: DocumentedBody,
  schemas: Schemas,
  seed: number | string,
): ContractError {
  const { value } = firstAttempt(documented, schemas, seed);
  const found = mostSpecific(
    `/responses/${documented.key}`,
    schemas.inResponse(documented.body.schema, value),
  );
  const problem = `${found?.problem ?? 'has no value'}, and no value could be made that the document allows there; correct the document, or give the body in \`overrides\``;
  return {
    ...(found ?? { pointer: `/responses/${documented.key}`, rule: 'schema' }),
    check: 'document',
    problem,
    status: 500,
  };
}

/** Marks the invalid parts for another attempt: unions of which several branches match, else the parts that the branches name. */
function planRetries(errors: readonly KeywordError[], { retries, empty }: Faults): void {
  const overlaps = errors.filter(
    ({ keyword, params }) => keyword === 'oneOf' && params.passingSchemas !== null,
  );
  const places = (some: readonly KeywordError[]) => new Set(some.map(({ instancePath }) => instancePath));
  if (overlaps.length === 0)
    for (const path of places(errors)) {
      empty.delete(path);
      mend(path, GIVE_UP_AFTER, retries);
    }
  for (const path of places(overlaps))
    if (retries.get(path) === OVERLAP_TRIES && !empty.has(path)) empty.add(path);
    else {
      empty.delete(path);
      mend(path, OVERLAP_TRIES, retries);
    }
}

/** Marks a part; one that stays invalid is left out if the schema allows that, or made anew together with its parent. */
function mend(path: string, tries: number, retries: Map<string, number>): void {
  const count = (retries.get(path) ?? 0) + 1;
  retries.set(path, count > tries ? Math.max(count, GIVE_UP_AFTER) : count);
  if (count > tries && path !== '') mend(path.slice(0, path.lastIndexOf('/')), tries, retries);
}
