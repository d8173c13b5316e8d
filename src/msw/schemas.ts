import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Contract, ContractOperation, ContractParameter, JsonSchema } from '../contract-types.js';

/** Finds what is wrong with a value; an empty list when nothing is. */
export type Validate = (value: unknown) => readonly ErrorObject[];

/** The schemas of a document as functions; each is compiled when it is first asked for. */
export interface Schemas {
  parameter(operation: ContractOperation, parameter: ContractParameter): Validate;
  requestBody(operation: ContractOperation): Validate;
  response(operation: ContractOperation, status: string): Validate;
  /** Follows `$ref` until there is none; siblings of a `$ref` are not looked at. */
  resolve(schema: JsonSchema): JsonSchema;
}

const DOCUMENT = 'contract.json';

/**
 * Prepares the schemas of a document for checking.
 *
 * The whole table is one schema to ajv, so that `#/components/schemas/Name` means the same everywhere and is compiled
 * once, however many operations use it.
 */
export function createSchemas(contract: Contract): Schemas {
  let ajv: Ajv2020 | undefined;
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (...steps: readonly string[]): Validate => {
    const pointer = `/operations/${steps.map(escapeStep).join('/')}`;
    return (value) => {
      ajv ??= createAjv(contract);
      const validate = compiled.get(pointer) ?? compile(ajv, pointer);
      compiled.set(pointer, validate);
      return validate(value) ? [] : [...(validate.errors ?? [])];
    };
  };
  return {
    parameter: ({ operationId, parameters }, parameter) =>
      validatorAt(operationId, 'parameters', String(parameters.indexOf(parameter)), 'schema'),
    requestBody: ({ operationId }) => validatorAt(operationId, 'requestBody', 'schema'),
    response: ({ operationId }, status) => validatorAt(operationId, 'responses', status, 'body', 'schema'),
    resolve: (schema) => resolve(contract, schema),
  };
}

function createAjv(contract: Contract): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    // Errors then carry the value, whose type the messages name.
    verbose: true,
    logger: false,
    // The document was linted, and each schema runs a few times: checking and optimising it would cost more than it saves.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
    formats: { uri: (text: string) => URL.canParse(text) },
  });
  const { schemas, operations } = contract;
  return ajv.addSchema({ $id: DOCUMENT, components: { schemas }, operations }, DOCUMENT, undefined, false);
}

function compile(ajv: Ajv2020, pointer: string): ValidateFunction {
  const validate = ajv.getSchema(`${DOCUMENT}#${pointer}`);
  // Only operations of this very document are asked for, so a miss is a fault of this package and not of its user.
  if (validate === undefined) throw new Error(`the document has no schema at ${pointer}`);
  return validate;
}

function resolve(contract: Contract, schema: JsonSchema): JsonSchema {
  let current = schema;
  for (
    let depth = 0;
    depth < 32 && typeof current === 'object' && typeof current.$ref === 'string';
    depth++
  ) {
    const name = current.$ref.replace('#/components/schemas/', '');
    current = contract.schemas[name] ?? true;
  }
  return current;
}

function escapeStep(step: string): string {
  return encodeURIComponent(escapePointer(step));
}

/** Writes a name as one step of a JSON pointer (RFC 6901 section 3). */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
