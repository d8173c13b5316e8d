import type { OpenApiDocument } from '../../../openapi/document.js';
import { operationsIn } from '../../../openapi/normalize/walk.js';
import { componentNameOf, reachableFrom } from '../../../openapi/references.js';
import { type WalkedOperation, walkOperations } from '../../../openapi/walk-operations.js';
import { defined } from '../../../util/defined.js';
import { isRecord, listOf, recordOf } from '../../../util/is-record.js';
import { fileNamesOf } from './type-names.js';

/** One generated module. */
export interface PlannedModule {
  /** File name without extension. */
  readonly file: string;
  /** In order of their ids. */
  readonly operations: readonly WalkedOperation[];
  /** Names of the component schemas that are declared in it, in order. */
  readonly schemas: readonly string[];
}

/** Which module holds what. */
export interface ModulePlan {
  /** One a tag, in order of their files. */
  readonly tags: readonly PlannedModule[];
  /** The calls that the API makes to those who use it. */
  readonly webhooks: readonly WalkedOperation[];
  /** The module of the schemas that several tags use. */
  readonly shared: PlannedModule;
}

/** The modules that every folder has, whatever its tags are called. */
export const OWN_MODULES = {
  index: 'index',
  shared: 'schemas',
  contract: 'contract',
} as const;

/** The module of webhooks, in a folder whose document has some. */
export const WEBHOOKS = 'webhooks';
/** Operations without a tag. */
const UNTAGGED = 'untagged';

/**
 * Divides a document into a module for each tag, by the alphabetically first tag of each operation.
 *
 * A schema that a single tag leads to is declared in that tag's module, so that a program that names no other tag never
 * reads it; all others are in the shared one.
 */
export function planModules(document: OpenApiDocument): ModulePlan {
  const byTag = new Map<string, WalkedOperation[]>();
  for (const walked of walkOperations(document)) {
    // The order of tags means nothing, and must not move an operation to another module.
    const [tag = UNTAGGED] = listOf(walked.operation.tags).map(String).sort();
    byTag.set(tag, [...(byTag.get(tag) ?? []), walked]);
  }
  const webhooks = webhooksOf(document);
  const owners = ownersOf(document, byTag, webhooks);
  const names = Object.keys(document.components?.schemas ?? {}).sort();
  const own = webhooks.length === 0 ? Object.values(OWN_MODULES) : [...Object.values(OWN_MODULES), WEBHOOKS];
  const files = fileNamesOf([...byTag.keys()], new Set(own));
  const tags = [...byTag].map(([tag, operations]) => ({
    file: files.get(tag) ?? tag,
    operations: [...operations].sort((left, right) => (left.operationId < right.operationId ? -1 : 1)),
    schemas: names.filter((name) => owners.get(name) === tag),
  }));
  const shared = names.filter((name) => owners.get(name) === undefined);
  return {
    webhooks,
    tags: tags.sort((left, right) => (left.file < right.file ? -1 : 1)),
    shared: { file: OWN_MODULES.shared, operations: [], schemas: shared },
  };
}

/** The webhooks of a document, each with its name for a path, and for an id where it has none. */
function webhooksOf(document: OpenApiDocument): WalkedOperation[] {
  const { webhooks } = document;
  const ids = new Set<unknown>();
  const idOf = (own: unknown, otherwise: string) => {
    const id = typeof own === 'string' && !ids.has(own) ? own : otherwise;
    ids.add(id);
    return id;
  };
  return Object.entries(recordOf(webhooks)).flatMap(([name, item]) => {
    if (!isRecord(item)) return [];
    const named = operationsIn({ [name]: item }).map(({ method, operation }) => {
      const operationId = idOf(operation.operationId, `${name} ${method}`);
      return [method, { ...operation, operationId }];
    });
    const { parameters } = item;
    const own = { ...defined({ parameters }), ...Object.fromEntries(named) };
    return walkOperations({ ...document, paths: { [name]: own } });
  });
}

/** The tag that alone leads to a schema; `undefined` where several do, or none. */
function ownersOf(
  document: OpenApiDocument,
  byTag: ReadonlyMap<string, readonly WalkedOperation[]>,
  webhooks: readonly WalkedOperation[],
): Map<string, string | undefined> {
  const owners = new Map<string, string | undefined>();
  for (const [tag, operations] of byTag) {
    const roots = operations.map(({ operation, parameters }) => ({ ...operation, parameters }));
    for (const name of schemasFrom(document, roots)) owners.set(name, owners.has(name) ? undefined : tag);
  }
  const inbound = webhooks.map(({ operation, parameters }) => ({ ...operation, parameters }));
  for (const name of schemasFrom(document, inbound)) owners.set(name, undefined);
  // What no operation leads to is declared beside what is shared, and may lead to what a tag would own.
  const { schemas = {} } = document.components ?? {};
  const unused = Object.keys(schemas).filter((name) => !owners.has(name));
  for (const name of schemasFrom(
    document,
    unused.map((name) => schemas[name]),
  ))
    owners.set(name, undefined);
  return owners;
}

function schemasFrom(document: OpenApiDocument, roots: readonly unknown[]): string[] {
  return [...reachableFrom(document, roots)]
    .map(componentNameOf)
    .flatMap((found) => (found?.section === 'schemas' ? [found.name] : []));
}
