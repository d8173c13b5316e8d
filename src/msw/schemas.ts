import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { LRUCache } from 'lru-cache';
import type {
  Contract,
  ContractBody,
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from '../contract-types.js';
import { Compiler, type Detail, type OneOfReading } from './compiler.js';
import { resolveReference } from './components.js';
import { explainUnions } from './explain.js';
import { pruneFor } from './prune.js';

export type { OneOfReading } from './compiler.js';

/** Finds what is wrong with a value; an empty list when nothing is. */
export type Validate = (value: unknown) => readonly ErrorObject[];

/** The schemas of a document as functions; each is compiled when it is first asked for. */
export interface Schemas {
  parameter(operation: ContractOperation, parameter: ContractParameter): Validate;
  /** @param body - Which of its media types; default the first. */
  requestBody(operation: ContractOperation, body?: ContractBody): Validate;
  /** Whether one value is valid, every `oneOf` read strictly; what the schema says of other values is not compiled. */
  accepts(schema: JsonSchema, value: unknown): boolean;
  /** Says where a value is wrong and by which keyword, in no words. @param oneOf - Default: the reading of these schemas. */
  response(operation: ContractOperation, status: string, body?: ContractBody, oneOf?: OneOfReading): Validate;
  /** The same in words; of what is wrong in a union, only what is wrong with the branch that was meant. */
  explainResponse(operation: ContractOperation, status: string): Validate;
  /** Follows `$ref` until there is none; siblings of a `$ref` are not looked at. */
  resolve(schema: JsonSchema): JsonSchema;
}

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
  const compiler = new Compiler(contract);
  const requests = new LRUCache<string, Unit>({ max: MAX_REQUESTS });
  const responses = new LRUCache<string, Unit>({ max: MAX_RESPONSES });
  const unitOf = <Key extends {}>(cache: LRUCache<Key, Unit>, key: Key, make: () => Unit) => {
    const known = cache.get(key) ?? make();
    cache.set(key, known);
    return known;
  };
  const requestUnit = (key: string, schema: JsonSchema) =>
    unitOf(requests, key, () => new Unit(compiler, schema, oneOf));
  const branches = new LRUCache<JsonSchema & object, Unit>({ max: MAX_BRANCHES });
  const checkBranch = (branch: JsonSchema, value: unknown) => {
    if (typeof branch === 'boolean') return [];
    return unitOf(branches, branch, () => new Unit(compiler, branch, oneOf)).words(value);
  };
  const explain = (errors: readonly ErrorObject[]) => explainUnions(errors, checkBranch);
  const responseUnit = (
    { operationId, responses: all }: ContractOperation,
    status: string,
    body = all[status]?.body,
    reading = oneOf,
  ) => {
    const key = `${operationId} ${status} ${body?.mediaType} ${reading}`;
    return unitOf(responses, key, () => new Unit(compiler, body?.schema ?? true, reading, 'places'));
  };
  return {
    parameter: ({ operationId, parameters }, parameter) => {
      const key = `${operationId} parameter ${parameters.indexOf(parameter)}`;
      return (value) => explain(requestUnit(key, parameter.schema).words(value));
    },
    requestBody: ({ operationId, requestBody }, body = requestBody) => {
      const key = `${operationId} body ${body?.mediaType}`;
      return (value) => explain(requestUnit(key, body?.schema ?? true).words(value));
    },
    accepts: (schema, value) => compiler.compile(pruneFor(schema, [value]), 'one', 'verdict')(value) === true,
    response:
      (...place) =>
      (value) =>
        responseUnit(...place).places(value),
    explainResponse:
      (...place) =>
      (value) =>
        explain(responseUnit(...place).words(value)),
    resolve: (schema) => resolveReference(contract, schema),
  };
}

/** One schema and its components, compiled when a value first comes, and in full only when something is wrong with it. */
class Unit {
  readonly #compiled = new Map<Detail, ValidateFunction>();

  constructor(
    readonly compiler: Compiler,
    readonly schema: JsonSchema,
    readonly reading: OneOfReading,
    readonly first: Detail = 'verdict',
  ) {}

  readonly places: Validate = (value) => this.#errors(this.first, value);

  readonly words: Validate = (value) =>
    this.#errors(this.first, value).length === 0 ? [] : this.#errors('words', value);

  #errors(detail: Detail, value: unknown): readonly ErrorObject[] {
    const validate = this.#compiled.get(detail) ?? this.compiler.compile(this.schema, this.reading, detail);
    this.#compiled.set(detail, validate);
    return validate(value) ? [] : [...(validate.errors ?? [])];
  }
}

/** Writes a name as one step of a JSON pointer (RFC 6901 section 3). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
