// Values that json-schema-faker makes and ajv allows, against the types that are generated of documents of other APIs: valid ones
// compile, and each that is broken in one place does not.
import { describe, expect, test } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import { openContract } from '../../../../src/msw/handlers/open-contract.js';
import { createSchemas } from '../../../../src/msw/validate/validator.js';
import type { Contract, ContractOperation } from '../../../../src/openapi/contract-types.js';
import { mediaKindOf } from '../../../../src/openapi/media-types.js';
import { compileFolders } from '../../../helpers/compile-folder.js';
import { foreignNames, readForeign } from '../../../helpers/foreign-document.js';
import { compiledOr, fake } from '../../../helpers/foreign-values.js';
import { mutationsOf } from '../../../helpers/mutations.js';

interface Literal {
  readonly type: string;
  readonly value: unknown;
  readonly isValid: boolean;
  readonly what: string;
}

test.skipIf(foreignNames.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.each(foreignNames)('the types of %s', (name) => {
  test('take the values that ajv takes, and refuse those that it refuses', { timeout: 900_000 }, async () => {
    const document = readForeign(name);
    const { contract } = openContract({ document });
    const literals: Literal[] = [];
    for (const operation of Object.values(contract.operations)) {
      literals.push(...(await parametersOf(contract, operation)));
      literals.push(...(await bodiesOf(contract, operation)));
      literals.push(...(await responsesOf(contract, operation)));
    }
    const types = generateFrom(prepareDocument({ hash: '', openapi: document }), {
      source: name,
      client: false,
    });
    const lines = literals.map(
      ({ type, value }, index) => `export const v${index}: ${type} = ${JSON.stringify(value)};`,
    );
    const imported = "import type { operations, BodyOf, ResponseOf } from '../types/index.js';";
    const unused = 'export type Used = [operations, BodyOf<never>, ResponseOf<never>];';
    const values = { 'index.ts': [imported, unused, ...lines].join('\n') };
    const output = await compileFolders({ types, values });
    const refused = new Map<number, string>();
    for (const [, line, message = ''] of output.matchAll(/values\/index\.ts\((\d+),\d+\): error (.*)/g))
      refused.set(Number(line) - 3, message);
    const faults = literals.flatMap(({ isValid, what, value }, index) => {
      const message = refused.get(index);
      if (isValid === (message === undefined)) return [];
      // A literal may have no undeclared property, though an open object may. Nor may it lack its discriminator (OpenAPI 3.1).
      const isStricter = /^TS2353|^TS2322: Type '\{\}' is not assignable/.test(message ?? '');
      return isValid && isStricter ? [] : [`${what}: ${message ?? JSON.stringify(value)}`];
    });
    const valid = literals.filter(({ isValid }) => isValid).length;
    console.log(
      `${name}: ${valid} valid values and ${literals.length - valid} broken ones, of which ${faults.length} compile or not as they should not\n${faults.slice(0, 20).join('\n')}`,
    );
    expect(faults.length).toBeLessThanOrEqual(literals.length / 1000);
  });
});

async function parametersOf(contract: Contract, operation: ContractOperation): Promise<Literal[]> {
  const found: Literal[] = [];
  for (const { name, in: place, schema } of operation.parameters) {
    const allows = compiledOr(contract, schema);
    const made = await fake(contract, schema, 1, allows);
    const type = `NonNullable<NonNullable<operations[${JSON.stringify(operation.operationId)}]["parameters"]["${place}"]>[${JSON.stringify(name)}]>`;
    const what = `${operation.operationId} ${place} ${name}`;
    if (made === undefined || made.value === null) continue;
    found.push({ type, value: made.value, isValid: true, what });
    const wrong = { not: 'of that type' };
    if (!allows(wrong)) found.push({ type, value: wrong, isValid: false, what });
  }
  return found;
}

async function bodiesOf(contract: Contract, operation: ContractOperation): Promise<Literal[]> {
  const { operationId, requestBody, method, path } = operation;
  if (requestBody === undefined || mediaKindOf(requestBody.mediaType) !== 'json') return [];
  const { schema } = requestBody;
  const schemas = createSchemas(contract);
  const allows = compiledOr(contract, schema);
  const isValid = (value: unknown) => schemas.inRequest(schema, value).length === 0;
  const made = await fake(contract, schema, 1, (value) => allows(value) && isValid(value));
  if (made === undefined) return [];
  const type = `BodyOf<${JSON.stringify(operationId)}>`;
  const literal = (value: unknown, isRight: boolean, what: string): Literal => ({
    ...{ type, value, isValid: isRight },
    what: `${operationId} ${what}`,
  });
  const plain = {
    operationId,
    method,
    path,
    secured: false,
    deprecated: false,
    parameters: [],
    responses: {},
  };
  const body = { ...requestBody, mediaType: 'application/json' };
  const parts = { path: {}, query: {}, headers: {}, body: made.value };
  const broken = mutationsOf(contract, { ...plain, requestBody: body }, parts).filter(
    ({ parts: { body: value } }) => !isValid(value),
  );
  return [
    literal(made.value, true, 'body'),
    ...broken.map(({ name, pointer, parts: { body: value } }) => literal(value, false, `${name} ${pointer}`)),
  ];
}

async function responsesOf(contract: Contract, { operationId, responses }: ContractOperation) {
  const schemas = createSchemas(contract);
  const found: Literal[] = [];
  for (const [status, { body }] of Object.entries(responses)) {
    if (!/^20\d$/.test(status) || body === undefined || mediaKindOf(body.mediaType) !== 'json') continue;
    const allows = compiledOr(contract, body.schema);
    const made = await fake(contract, body.schema, 1, (value) => {
      return allows(value) && schemas.inResponse(body.schema, value).length === 0;
    });
    const type = `ResponseOf<${JSON.stringify(operationId)}>`;
    if (made !== undefined)
      found.push({ type, value: made.value, isValid: true, what: `${operationId} ${status}` });
  }
  return found;
}
