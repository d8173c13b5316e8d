import type { Contract, ContractOperation, ContractResponse } from '../contract-types.js';
import { codeOfStatus, errorBody, jsonResponse } from './error-body.js';
import { createRandom } from './random.js';
import { sampleSchema } from './sample-body.js';
import { createSchemas, type Schemas } from './schemas.js';

/** The seed at which answers are the document's own examples. */
export const DEFAULT_SEED = 1;

const ATTEMPTS = 50;
/** Statuses whose answers have no body (RFC 9110 section 6.4.1; Fetch, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** An answer before it is a `Response`. */
export interface PlainAnswer {
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Makes the answers of a document. */
export interface Answerer {
  /** The lowest documented success of an operation. */
  defaultStatus(operation: ContractOperation): number;
  isDocumented(operation: ContractOperation, status: number): boolean;
  /**
   * Fills in what an answer leaves open: status, and the body that the document gives that status.
   *
   * @throws {Error} When the document has neither a valid example nor a schema that a value can be made for.
   */
  toResponse(operation: ContractOperation, answer: PlainAnswer): Response;
}

/**
 * Makes an answerer.
 *
 * A body depends on seed, operation and status alone: not on the other operations, nor on what was asked before.
 */
export function createAnswerer(contract: Contract, seed: number | string, schemas?: Schemas): Answerer {
  const known = schemas ?? createSchemas(contract);
  const bodies = new Map<string, unknown>();
  const bodyOf = (operation: ContractOperation, status: number): unknown => {
    const key = `${operation.operationId} ${status}`;
    if (!bodies.has(key)) bodies.set(key, makeBody(operation, status, seed, known));
    return bodies.get(key);
  };
  const defaultStatus = (operation: ContractOperation) => {
    const successes = Object.keys(operation.responses)
      .map(Number)
      .filter((status) => status >= 200 && status < 300);
    return successes.length === 0 ? 200 : Math.min(...successes);
  };
  return {
    defaultStatus,
    isDocumented: (operation, status) => documentedResponse(operation, status) !== undefined,
    toResponse(operation, { status = defaultStatus(operation), headers = {}, ...rest }) {
      const body = 'body' in rest ? rest.body : bodyOf(operation, status);
      if (body === undefined || BODILESS.has(status)) return new Response(null, { status, headers });
      return jsonResponse(status, body, headers);
    },
  };
}

function documentedResponse(
  { responses }: ContractOperation,
  status: number,
): readonly [key: string, response: ContractResponse] | undefined {
  for (const key of [String(status), `${Math.floor(status / 100)}XX`, 'default']) {
    const response = responses[key];
    if (response !== undefined) return [key, response];
  }
  return undefined;
}

function makeBody(
  operation: ContractOperation,
  status: number,
  seed: number | string,
  schemas: Schemas,
): unknown {
  const documented = documentedResponse(operation, status);
  if (status >= 400) return makeErrorBody(operation, status, documented, schemas);
  if (documented?.[1].body === undefined) return undefined;
  const [key, { body }] = documented;
  const validate = schemas.response(operation, key);
  const example = Object.values(body.examples).find((value) => validate(value).length === 0);
  if (seed === DEFAULT_SEED && example !== undefined) return example;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = createRandom('body', seed, operation.operationId, status, attempt);
    const value = sampleSchema(body.schema, random, schemas);
    if (validate(value).length === 0) return value;
  }
  if (example !== undefined) return example;
  throw new Error(
    `${operation.operationId} ${status}: the document has no valid example, and no value could be made for its schema; give the body in \`overrides\``,
  );
}

// Errors keep their documented code and text at every seed: which class a client throws hangs on them.
function makeErrorBody(
  operation: ContractOperation,
  status: number,
  documented: readonly [key: string, response: ContractResponse] | undefined,
  schemas: Schemas,
): unknown {
  if (documented?.[1].body !== undefined) {
    const validate = schemas.response(operation, documented[0]);
    const example = Object.values(documented[1].body.examples).find((value) => validate(value).length === 0);
    if (example !== undefined) return example;
  }
  const message = documented?.[1].description || `${operation.operationId} failed with status ${status}.`;
  return errorBody(codeOfStatus(status), message);
}
