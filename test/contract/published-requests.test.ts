import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import { createHandlers, type ValidationError } from '../../src/msw/index.js';
import type { ContractOperation } from '../../src/openapi/contract-types.js';
import { type Mutation, mutationsOf } from '../helpers/mutations.js';
import { secondValidator } from '../helpers/second-validator.js';
import { type RequestParts, toRequest, validRequest } from '../helpers/valid-request.js';
import { readPublished, skipWithoutDocuments, someNames } from '../openapi/normalize/documents.js';

const CAUGHT_SHARE = 0.99;
/** Every other one with the optional parameters too. */
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const MUTATED_SEEDS = [0, 1];

skipWithoutDocuments();

describe.each(someNames)('the checks of %s', (name) => {
  const document = readPublished(name);
  const { contract } = openContract({ document });
  const validationErrors: ValidationError[] = [];
  const handlers = createHandlers({
    document,
    onValidationError: (validationError) => validationErrors.push(validationError),
  });
  const send = async (operation: ContractOperation, parts: RequestParts) => {
    validationErrors.length = 0;
    await getResponse(handlers, toRequest(operation, parts));
    return validationErrors[0];
  };
  /** Whether the document itself, as it was published, allows a body. */
  const allowsBody = ({ path, method }: ContractOperation) => {
    const { requestBody } = Object(document.paths[path]?.[method.toLowerCase()]);
    const schema = requestBody?.content?.['application/json']?.schema;
    return schema === undefined ? () => true : secondValidator(document, schema, { oneOf: 'any' });
  };

  test('catch what is broken, with operation, pointer and rule, and nothing else', {
    timeout: 300_000,
  }, async () => {
    let [mutations, valid, unseen] = [0, 0, 0];
    const missed: string[] = [];
    const alarms: (ValidationError | undefined)[] = [];
    for (const operation of Object.values(contract.operations)) {
      const isAllowed = await allowsBody(operation);
      for (const seed of SEEDS) {
        const parts = validRequest(contract, operation, seed, seed % 2 === 0);
        // What the document itself refuses is no valid request, whatever its repaired form says.
        if (typeof parts.body === 'object' && !isAllowed(parts.body)) continue;
        valid += 1;
        const alarm = await send(operation, parts);
        if (alarm !== undefined) alarms.push(alarm);
        if (!MUTATED_SEEDS.includes(seed)) continue;
        for (const mutation of mutationsOf(contract, operation, parts)) {
          if (mutation.pointer.startsWith('/body') && isAllowed(mutation.parts.body)) continue;
          mutations += 1;
          const found = await send(operation, mutation.parts);
          if (found === undefined) unseen += 1;
          if (!isRight(operation, mutation, found)) missed.push(describeMiss(operation, mutation, found));
        }
      }
    }
    console.log(
      `${name}: ${mutations} mutations, ${unseen} accepted, ${missed.length} refused at another place; ${valid} valid requests, ${alarms.length} alarms\n${missed.join('\n')}`,
    );
    expect(alarms).toEqual([]);
    expect(unseen).toBe(0);
    expect(mutations).toBeGreaterThan(700);
    expect(valid).toBeGreaterThanOrEqual(mutations);
    expect(1 - missed.length / mutations, missed.join('\n')).toBeGreaterThanOrEqual(CAUGHT_SHARE);
  });
});

function isRight(
  { operationId }: ContractOperation,
  { pointer, rules }: Mutation,
  found: ValidationError | undefined,
) {
  return found?.operationId === operationId && found.pointer === pointer && rules.includes(found.rule);
}

function describeMiss(
  { operationId }: ContractOperation,
  { name, pointer }: Mutation,
  found: ValidationError | undefined,
) {
  return `${operationId}: ${name} ${pointer}, found ${found?.pointer} ${found?.rule}`;
}
