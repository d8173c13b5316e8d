import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { LRUCache } from 'lru-cache';
import type {
  Contract,
  ContractBody,
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from '../contract-types.js';
import { componentsOf, resolveReference } from './components.js';
import { explainUnions } from './explain.js';
import { FORMATS } from './formats.js';

/** Finds what is wrong with a value; an empty list when nothing is. */
export type Validate = (value: unknown) => readonly ErrorObject[];

/**
 * How `oneOf` is read: `any`, at least one branch holds, or `one`, exactly one does.
 *
 * JSON Schema says the latter. Documents that are made from types say `oneOf` for a union, whose branches overlap.
 */
export type OneOfReading = 'any' | 'one';

/** The schemas of a document as functions; each is compiled when it is first asked for. */
export interface Schemas {
  parameter(operation: ContractOperation, parameter: ContractParameter): Validate;
  /** @param body - Which of its media types; default the first. */
  requestBody(operation: ContractOperation, body?: ContractBody): Validate;
  /** @param oneOf - Default: the reading of these schemas. */
  response(operation: ContractOperation, status: string, body?: ContractBody, oneOf?: OneOfReading): Validate;
  /** Of what is wrong in a union, only what is wrong with the branch that was meant. */
  explain(errors: readonly ErrorObject[]): readonly ErrorObject[];
  /** Follows `$ref` until there is none; siblings of a `$ref` are not looked at. */
  resolve(schema: JsonSchema): JsonSchema;
}

const DOCUMENT = 'contract.json';
/** How many schemas of requests, and how many of responses, are kept compiled. */
const MAX_REQUESTS = 200;
const MAX_RESPONSES = 16;
/** How many branches of unions are kept compiled; they are needed only to say what is wrong. */
const MAX_BRANCHES = 64;

/**
 * Prepares the schemas of a document for checking.
 *
 * Each side of an operation is a validator of its own, with the components that it refers to; validators that were not
 * used for long are dropped. Bodies of answers are validated once, when they are made, so few of theirs are kept.
 */
export function createSchemas(contract: Contract, { oneOf = 'any' }: { oneOf?: OneOfReading } = {}): Schemas {
  const requests = new LRUCache<string, Unit>({ max: MAX_REQUESTS });
  const responses = new LRUCache<string, Unit>({ max: MAX_RESPONSES });
  const unitOf = (cache: LRUCache<string, Unit>, key: string, reading: OneOfReading, schema: JsonSchema) => {
    const known = cache.get(key) ?? new Unit(contract, schema, reading);
    cache.set(key, known);
    return known;
  };
  const branches = new LRUCache<JsonSchema & object, Unit>({ max: MAX_BRANCHES });
  const checkBranch = (branch: JsonSchema, value: unknown) => {
    if (typeof branch === 'boolean') return [];
    const known = branches.get(branch) ?? new Unit(contract, branch, oneOf);
    branches.set(branch, known);
    return known.validate(value);
  };
  const explain: Schemas['explain'] = (errors) => explainUnions(errors, checkBranch);
  return {
    explain,
    parameter: ({ operationId, parameters }, parameter) => {
      const key = `${operationId} parameter ${parameters.indexOf(parameter)}`;
      return (value) => explain(unitOf(requests, key, oneOf, parameter.schema).validate(value));
    },
    requestBody: ({ operationId, requestBody }, body = requestBody) => {
      const key = `${operationId} body ${body?.mediaType}`;
      return (value) => explain(unitOf(requests, key, oneOf, body?.schema ?? true).validate(value));
    },
    response: ({ operationId, responses: all }, status, body = all[status]?.body, reading = oneOf) => {
      const key = `${operationId} ${status} ${body?.mediaType} ${reading}`;
      return (value) => unitOf(responses, key, reading, body?.schema ?? true).validate(value);
    },
    resolve: (schema) => resolveReference(contract, schema),
  };
}

/** One schema and its components, compiled when a value first comes. */
class Unit {
  #compiled: ValidateFunction | undefined;

  constructor(
    readonly contract: Contract,
    readonly schema: JsonSchema,
    readonly reading: OneOfReading,
  ) {}

  readonly validate: Validate = (value) => {
    this.#compiled ??= compile(this.contract, this.schema, this.reading);
    return this.#compiled(value) ? [] : [...(this.#compiled.errors ?? [])];
  };
}

function compile(contract: Contract, schema: JsonSchema, reading: OneOfReading): ValidateFunction {
  // One of its own each time: what ajv compiles it keeps for as long as it lives.
  const ajv = createAjv(reading);
  const schemas = componentsOf(contract, schema);
  ajv.addSchema({ $id: DOCUMENT, components: { schemas }, schema }, DOCUMENT, undefined, false);
  const validate = ajv.getSchema(`${DOCUMENT}#/schema`);
  // It was put there above.
  if (validate === undefined) throw new Error('the schema is gone');
  return validate;
}

function createAjv(reading: OneOfReading): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    // Errors then carry the value, whose type the messages name.
    verbose: true,
    logger: false,
    // The document was repaired, and each schema runs a few times: checking and optimising it would cost more than it saves.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
    formats: { ...FORMATS },
  });
  if (reading === 'one') return ajv;
  const anyOf = ajv.getKeyword('anyOf');
  // ajv has its own definition of every keyword of the dialect.
  if (typeof anyOf === 'boolean') throw new Error('the validator does not know anyOf');
  return ajv.removeKeyword('oneOf').addKeyword({ ...anyOf, keyword: 'oneOf' });
}

/** Writes a name as one step of a JSON pointer (RFC 6901 section 3). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
