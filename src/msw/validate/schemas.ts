import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { LRUCache } from 'lru-cache';
import type {
  Contract,
  ContractBody,
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from '../../openapi/contract-types.js';
import { Compiler, type Detail, type LoadAjv, type OneOfReading } from './compiler.js';
import { followReference, resolveReference } from './components.js';
import { explainUnions } from './explain.js';
import { findWrong, NotInterpreted, type Wrong } from './interpret.js';
import { pruneFor } from './prune.js';

export type { OneOfReading } from './compiler.js';

/** Finds what is wrong with a value, and says it in words; an empty list when nothing is. */
export type Validate = (value: unknown) => readonly ErrorObject[];
/** Finds places and keywords of what is wrong with a value, in no words. */
export type FindWrong = (value: unknown) => readonly Wrong[];

/**
 * The schemas of a document as functions.
 *
 * Whether a value is valid is found out by reading the schema. It is compiled when words are asked for, or when it has a keyword
 * that takes a full implementation.
 */
export interface Schemas {
  parameter(operation: ContractOperation, parameter: ContractParameter): Validate;
  /** @param body - Which of its media types; default the first. */
  requestBody(operation: ContractOperation, body?: ContractBody): Validate;
  /** What is wrong with one value; what the schema says of other values is not compiled, and nothing is kept. */
  errorsIn(schema: JsonSchema, value: unknown, oneOf: OneOfReading): readonly Wrong[];
  /** Says where a value is wrong and by which keyword, in no words. @param oneOf - Default: the reading of these schemas. */
  response(
    operation: ContractOperation,
    status: string,
    body?: ContractBody,
    oneOf?: OneOfReading,
  ): FindWrong;
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
export function createSchemas(
  contract: Contract,
  { loadAjv, oneOf = 'any' }: { readonly loadAjv: LoadAjv; readonly oneOf?: OneOfReading },
): Schemas {
  const compiler = new Compiler(contract, loadAjv);
  const resolve = (schema: JsonSchema) => resolveReference(contract, schema);
  return {
    resolve,
    ...requestChecks(compiler, oneOf),
    ...responseChecks(compiler, oneOf),
    errorsIn: (schema, value, reading) => {
      const read = interpret(compiler, schema, value, reading, false);
      if (read !== undefined) return read;
      const validate = compiler.compile(pruneFor(schema, [value], resolve), reading, 'places');
      return validate(value) ? [] : [...(validate.errors ?? [])];
    },
  };
}

function requestChecks(compiler: Compiler, oneOf: OneOfReading): Pick<Schemas, 'parameter' | 'requestBody'> {
  const units = new LRUCache<string, Unit>({ max: MAX_REQUESTS });
  const explain = createExplainer(compiler, oneOf);
  const check =
    (key: string, schema: JsonSchema): Validate =>
    (value) =>
      explain(unitIn(units, key, () => new Unit(compiler, schema, oneOf)).words(value));
  return {
    parameter: ({ operationId, parameters }, parameter) =>
      check(`${operationId} parameter ${parameters.indexOf(parameter)}`, parameter.schema),
    requestBody: ({ operationId, requestBody }, body = requestBody) =>
      check(`${operationId} body ${body?.mediaType}`, body?.schema ?? true),
  };
}

function responseChecks(
  compiler: Compiler,
  oneOf: OneOfReading,
): Pick<Schemas, 'response' | 'explainResponse'> {
  const units = new LRUCache<string, Unit>({ max: MAX_RESPONSES });
  const explain = createExplainer(compiler, oneOf);
  const unitOf = (
    { operationId, responses }: ContractOperation,
    status: string,
    body = responses[status]?.body,
    reading = oneOf,
  ) => {
    const key = `${operationId} ${status} ${body?.mediaType} ${reading}`;
    return unitIn(units, key, () => new Unit(compiler, body?.schema ?? true, reading));
  };
  return {
    response:
      (...place) =>
      (value) =>
        unitOf(...place).places(value),
    explainResponse:
      (...place) =>
      (value) =>
        explain(unitOf(...place).words(value)),
  };
}

/** Of what is wrong in unions, leaves what is wrong with the branches that were meant. */
function createExplainer(compiler: Compiler, oneOf: OneOfReading) {
  const units = new LRUCache<JsonSchema & object, Unit>({ max: MAX_BRANCHES });
  const checkBranch = (branch: JsonSchema, value: unknown) => {
    if (typeof branch === 'boolean') return [];
    return unitIn(units, branch, () => new Unit(compiler, branch, oneOf)).words(value);
  };
  return (errors: readonly ErrorObject[]) => explainUnions(errors, checkBranch);
}

function unitIn<Key extends {}>(units: LRUCache<Key, Unit>, key: Key, make: () => Unit): Unit {
  const known = units.get(key) ?? make();
  units.set(key, known);
  return known;
}

/** One schema and its components; compiled where reading it does not do, and when words are asked for. */
class Unit {
  readonly #compiled = new Map<Detail, ValidateFunction>();

  constructor(
    readonly compiler: Compiler,
    readonly schema: JsonSchema,
    readonly reading: OneOfReading,
  ) {}

  readonly places: FindWrong = (value) =>
    interpret(this.compiler, this.schema, value, this.reading, false) ?? this.#errors('places', value);

  readonly words: Validate = (value) => {
    const first =
      interpret(this.compiler, this.schema, value, this.reading, true) ?? this.#errors('verdict', value);
    return first.length === 0 ? [] : this.#errors('words', value);
  };

  #errors(detail: Detail, value: unknown): readonly ErrorObject[] {
    const validate = this.#compiled.get(detail) ?? this.compiler.compile(this.schema, this.reading, detail);
    this.#compiled.set(detail, validate);
    return validate(value) ? [] : [...(validate.errors ?? [])];
  }
}

/** What is wrong with a value; `undefined` where the schema has to be compiled to find out. */
function interpret(
  { contract }: Compiler,
  schema: JsonSchema,
  value: unknown,
  oneOf: OneOfReading,
  first: boolean,
): readonly Wrong[] | undefined {
  const follow = (reference: string) => followReference(contract, reference);
  try {
    return findWrong(schema, value, { oneOf, first, follow });
  } catch (error) {
    if (error instanceof NotInterpreted) return undefined;
    throw error;
  }
}

/** Writes a name as one step of a JSON pointer (RFC 6901 section 3). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
