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
    const { extension } = source;
    const extended = extension === 'connect' ? withConnect(contract) : extendContract(contract, extension);
    return { contract: extended, listRepairs: () => [] };
  }
  const { extension, nullable } = source;
  if (extension !== 'connect') return openDocument(source.document, { extension, nullable });
  const opened = openDocument(source.document, { nullable });
  return { ...opened, contract: withConnect(opened.contract) };
}

/** A contract with those operations of Vercel Connect that it lacks. What it has, by id or by method and path, stays. */
function withConnect(contract: Contract): Contract {
  const own = Object.values(contract.operations);
  const places = new Set(own.map(({ method, path }) => `${method} ${path}`));
  const lacking = Object.values(builtIn.operations).filter(
    ({ operationId, method, path }) =>
      !Object.hasOwn(contract.operations, operationId) && !places.has(`${method} ${path}`),
  );
  const added = Object.fromEntries(lacking.map((operation) => [operation.operationId, operation]));
  // A name that both have is another schema in each: that of Connect is renamed where it is referred to.
  const taken = Object.keys(builtIn.schemas).filter((name) => Object.hasOwn(contract.schemas, name));
  const renamed = taken.reduce(
    (text, name) =>
      text.replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/connect:${name}"`),
    JSON.stringify({ schemas: builtIn.schemas, operations: added }),
  );
  // What was written above is read back.
  const parsed = JSON.parse(renamed) as Pick<Contract, 'schemas' | 'operations'>;
  const schemas = Object.entries(parsed.schemas).map(([name, schema]) => [
    taken.includes(name) ? `connect:${name}` : name,
    schema,
  ]);
  return {
    ...contract,
    schemas: Object.defineProperties(
      Object.fromEntries(schemas),
      Object.getOwnPropertyDescriptors(contract.schemas),
    ),
    operations: { ...contract.operations, ...parsed.operations },
  };
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
