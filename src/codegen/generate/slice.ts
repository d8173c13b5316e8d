import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { fromFragment } from '../../openapi/json-pointer.js';
import { operationsIn, type PlacedOperation } from '../../openapi/normalize/walk.js';
import { componentAt, reachableFrom } from '../../openapi/references.js';
import { defined } from '../../util/defined.js';
import { listOf } from '../../util/is-record.js';
import { mappedIn } from './discriminators.js';

/** Which operations of a document are wanted: those that any of the lists names. */
export interface Selection {
  readonly tags?: readonly string[] | undefined;
  /** Operation ids. */
  readonly operations?: readonly string[] | undefined;
  /** Path templates as the document writes them; `*` matches any text. */
  readonly paths?: readonly string[] | undefined;
}

/** The selection names something that the document does not have. */
export class SelectionError extends Error {}

/**
 * Keeps the operations that are wanted, and the components that they lead to. Without a list all is kept as it is.
 *
 * @throws {SelectionError} That names what was asked for, and what comes near it.
 */
export function sliceDocument(document: OpenApiDocument, selection: Selection): OpenApiDocument {
  const { tags = [], operations = [], paths = [] } = selection;
  if (tags.length + operations.length + paths.length === 0) return document;
  const all = operationsIn(document.paths).map((placed): Operation => {
    const { operationId, tags } = placed.operation;
    return { ...placed, id: String(operationId), tags: listOf(tags) };
  });
  const tests = [
    ...tags.map((tag) => testOf('tag', tag, (one) => one.tags.includes(tag))),
    ...operations.map((id) => testOf('operation', id, (one) => one.id === id)),
    ...paths.map((path) => {
      const parts = path.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
      const pattern = new RegExp(`^${parts.join('.*')}$`);
      return testOf('path', path, (one) => pattern.test(one.path));
    }),
  ];
  for (const { kind, wanted, test } of tests) {
    if (all.some(test)) continue;
    const names = {
      tag: all.flatMap((one) => one.tags.map(String)),
      operation: all.map(({ id }) => id),
      path: all.map(({ path }) => path),
    };
    const near = nearest(wanted, new Set(names[kind]));
    const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
    throw new SelectionError(`the document has no ${kind} ${wanted}${hint}`);
  }
  const slim: Record<string, JsonObject> = {};
  for (const one of all) {
    if (!tests.some(({ test }) => test(one))) continue;
    const { path, method, operation } = one;
    const { parameters, servers } = document.paths[path] ?? {};
    slim[path] = { ...defined({ parameters, servers }), ...slim[path], [method]: operation };
  }
  // Webhooks belong to no tag, operation or path that could be asked for.
  const { webhooks: _, ...rest } = document;
  return { ...rest, paths: slim, components: componentsFor(document, slim) };
}

interface Operation extends PlacedOperation {
  readonly id: string;
  readonly tags: readonly unknown[];
}

type Kind = 'tag' | 'operation' | 'path';

const testOf = (kind: Kind, wanted: string, test: (operation: Operation) => boolean) => ({
  kind,
  wanted,
  test,
});

/** Finds up to three names that share most of their pairs of letters with the wanted one. */
function nearest(wanted: string, names: ReadonlySet<string>): string[] {
  const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const sought = letters(wanted);
  const pairs = (text: string) =>
    new Set([...text].slice(1).map((letter, index) => text.charAt(index) + letter));
  const soughtPairs = pairs(sought);
  const likeness = (name: string) => {
    const own = pairs(letters(name));
    const common = [...own].filter((pair) => soughtPairs.has(pair)).length;
    return (2 * common) / (own.size + soughtPairs.size || 1);
  };
  return [...names]
    .map((name) => ({ name, score: likeness(name) }))
    .filter(({ score }) => score >= 0.6)
    .sort((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function componentsFor(document: OpenApiDocument, paths: OpenApiDocument['paths']): JsonObject {
  const { components = {} } = document;
  const sections: Record<string, Record<string, unknown>> = {};
  for (const pointer of [...withMapped(document, paths)].sort()) {
    const [root, section = '', name] = fromFragment(pointer);
    const component = componentAt(document, pointer);
    if (root === 'components' && name !== undefined && component !== undefined)
      sections[section] = { ...sections[section], [name]: component };
  }
  // Credentials are named, not referred to.
  const { securitySchemes } = components as JsonObject;
  return { ...sections, ...(securitySchemes === undefined ? {} : { securitySchemes }) };
}

/** Returns the references to what a part of a document leads to, also where only the mapping of a discriminator does. */
function withMapped(document: OpenApiDocument, root: unknown): Set<string> {
  const roots = [root];
  for (;;) {
    const found = reachableFrom(document, ...roots);
    const mapped = [...found]
      .flatMap((pointer) => mappedIn(componentAt(document, pointer)))
      .filter((to) => !found.has(to) && to.startsWith('#/') && componentAt(document, to) !== undefined);
    if (mapped.length === 0) return found;
    roots.push(...mapped.map((to) => ({ $ref: to })));
  }
}
