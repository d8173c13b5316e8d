import { openContract } from '../../src/msw/handlers/open-contract.js';
import { Responder } from '../../src/msw/respond/responder.js';
import { createSchemas } from '../../src/msw/validate/validator.js';
import { readPublished } from '../openapi/normalize/documents.js';

// Prints every answer of a published document, a line each; run as a process of its own.
const [name = '', seed = ''] = process.argv.slice(2);
const { contract } = openContract({ document: readPublished(name) });
const responder = new Responder(seed, createSchemas(contract));
for (const operation of Object.values(contract.operations)) {
  for (const status of Object.keys(operation.responses)) {
    const text = await responder.toResponse(operation, { status: Number(status) }).text();
    process.stdout.write(`${operation.operationId} ${status} ${text}\n`);
  }
}
