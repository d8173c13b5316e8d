import { InvalidArgumentError } from '../../errors/index.js';
import { contract as builtIn } from '../../generated/contract.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { lazyContract } from '../../openapi/lazy-contract.js';
import {
  type ContractSource,
  type Extension,
  type OpenedContract,
  openDocument,
  refuseExtension,
} from './open-document.js';

export type { ContractSource, Extension, NullableReading, OpenedContract } from './open-document.js';

/**
 * Makes the contract of a document.
 *
 * @throws {InvalidArgumentError} Naming `document`, `contract` or `extension`.
 */
export function openContract(source: ContractSource): OpenedContract {
  if (source.document !== undefined && source.contract !== undefined) {
    throw new InvalidArgumentError('contract', 'cannot be given beside `document`: leave one of them out');
  }
  if (source.document === undefined) {
    const contract = source.contract ?? builtIn;
    return { contract: extendContract(contract, source.extension), listRepairs: () => [] };
  }
  return openDocument(source.document, source);
}

function extendContract(contract: Contract, extension: Extension | undefined): Contract {
  if (extension === undefined) return contract;
  // A component schema is an object of keywords, as those of the contract are.
  const own = extension.components?.schemas as Readonly<Record<string, JsonObject>> | undefined;
  const schemas = { ...contract.schemas, ...own };
  const more = lazyContract({
    openapi: '3.1.0',
    info: { title: contract.title, version: contract.version },
    // A path item is an object of keywords.
    paths: extension.paths as OpenApiDocument['paths'],
    components: { schemas: schemas as Readonly<Record<string, JsonObject>> },
  });
  for (const { operationId, method, path } of Object.values(more.operations)) {
    const taken =
      Object.hasOwn(contract.operations, operationId) ||
      Object.values(contract.operations).some((one) => one.method === method && one.path === path);
    if (taken) refuseExtension(path, method.toLowerCase());
  }
  return { ...contract, schemas, operations: { ...contract.operations, ...more.operations } };
}
