import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { dereference } from '../references.js';
import { canonicalJson } from './canonical.js';
import type { Note } from './types.js';
import { betterDocumented } from './unions.js';
import { mapValues } from './walk.js';

const UNIONS = ['oneOf', 'anyOf'] as const;
const BRANCHES = [...UNIONS, 'allOf'] as const;

type Properties = Readonly<Record<string, unknown>>;

/** Properties that hold around a branch. Each getter computes its value at the first read, which few branches need. */
interface Around {
  /** Declared by an object around or beside the branch, so they hold for it. */
  readonly inherited: Properties;
  /** Declared by alternatives of the branch alone. */
  readonly alternatives: Properties;
  /** Declared by another part of the same `allOf`: they hold without being repeated. */
  readonly beside: Properties;
}

/**
 * Declares each name in `required` beside it.
 *
 * In `{ properties: { a, b }, anyOf: [{ required: [a] }, { required: [b] }] }` each branch gets the property that it
 * requires, so that it is complete. A name that nothing declares stays as well, since a value without it is invalid. So does a
 * name that a closed object does not declare: that object allows no value.
 *
 * A closed branch that requires a property of its alternatives allows no value as published, and is meant to have that
 * property: Vercel takes TXT records with a name, and its document omits `name` in that branch alone.
 *
 * @param schema - A schema that is not a branch of another, with its own schemas as the document has them.
 * @returns The same object where nothing is wrong.
 */
export function settleRequired(document: OpenApiDocument, schema: JsonObject, note: Note): JsonObject {
  return mentionsRequired(schema) ? settle(document, schema, undefined, [], note) : schema;
}

function settle(
  document: OpenApiDocument,
  schema: JsonObject,
  around: Around | undefined,
  steps: readonly string[],
  note: Note,
): JsonObject {
  if (typeof schema.$ref === 'string') return schema;
  let result = declareRequired(document, schema, around, steps, note);
  for (const key of BRANCHES) {
    const branches = listOf(schema[key]);
    if (branches.length === 0) continue;
    const settled = mapValues(branches, (branch, index) => {
      if (!isRecord(branch) || !mentionsRequired(branch)) return branch;
      const inside = aroundBranch(document, schema, key, Number(index), around);
      return settle(document, branch, inside, [...steps, key, index], note);
    });
    if (settled !== branches) result = { ...result, [key]: settled };
  }
  return result;
}

/** Adds the properties that `required` names and the schema does not declare; what is nearer is looked at first. */
function declareRequired(
  document: OpenApiDocument,
  schema: JsonObject,
  around: Around | undefined,
  steps: readonly string[],
  note: Note,
): JsonObject {
  const own = recordOf(schema.properties);
  const missing = listOf(schema.required)
    .map(String)
    .filter((name) => !Object.hasOwn(own, name));
  if (missing.length === 0 || around === undefined) return schema;
  const below = declaredBy(document, schema);
  const found: Record<string, unknown> = {};
  for (const name of missing) {
    if (Object.hasOwn(below, name) || Object.hasOwn(around.beside, name)) continue;
    const nearest = [around.inherited, around.alternatives].find((one) => Object.hasOwn(one, name));
    if (nearest !== undefined) found[name] = nearest[name];
  }
  const names = Object.keys(found);
  if (names.length === 0) return schema;
  note('required-only-branch', `declared ${names.join(', ')} as it is around the branch`, ...steps);
  return { ...schema, properties: { ...own, ...found } };
}

function aroundBranch(
  document: OpenApiDocument,
  parent: JsonObject,
  key: string,
  index: number,
  around: Around | undefined,
): Around {
  const declaredBeside = (keys: readonly string[]) =>
    merge(
      keys.flatMap((other) =>
        listOf(parent[other]).map((branch, at) =>
          other === key && at === index ? {} : declaredBy(document, branch),
        ),
      ),
    );
  const own = recordOf(parent.properties);
  if (key === 'allOf') {
    return lazily({
      inherited: () => ({ ...around?.inherited, ...own }),
      beside: () => ({ ...around?.beside, ...declaredBeside(BRANCHES) }),
      alternatives: () => around?.alternatives ?? {},
    });
  }
  return lazily({
    inherited: () => ({ ...around?.beside, ...around?.inherited, ...declaredBeside(['allOf']), ...own }),
    alternatives: () => ({ ...around?.alternatives, ...declaredBeside(UNIONS) }),
    beside: () => ({}),
  });
}

/** Computes each part once: a union of a hundred branches reads all of them for each that asks. */
function lazily(make: Readonly<Record<keyof Around, () => Properties>>): Around {
  const known: Partial<Record<keyof Around, Properties>> = {};
  const of = (part: keyof Around): Properties => {
    known[part] ??= make[part]();
    return known[part];
  };
  return {
    get inherited() {
      return of('inherited');
    },
    get alternatives() {
      return of('alternatives');
    },
    get beside() {
      return of('beside');
    },
  };
}

/** Returns every property that a schema or one of its branches declares. Each reference is followed once. */
export function declaredBy(
  document: OpenApiDocument,
  node: unknown,
  known = new Map<string, Properties>(),
): Properties {
  if (!isRecord(node)) return {};
  if (typeof node.$ref === 'string') {
    const before = known.get(node.$ref);
    if (before !== undefined) return before;
    known.set(node.$ref, {});
    const declared = declaredBy(document, dereference(document, node), known);
    known.set(node.$ref, declared);
    return declared;
  }
  const branches = [...BRANCHES.flatMap((key) => listOf(node[key])), node.then, node.else];
  return {
    ...merge(branches.map((branch) => declaredBy(document, branch, known))),
    ...recordOf(node.properties),
  };
}

/** Merges declarations. Of two that differ in meaning only the name stays, of two that differ in words the longer one. */
function merge(all: readonly Properties[]): Properties {
  const merged: Record<string, unknown> = {};
  for (const properties of all) {
    for (const [name, schema] of Object.entries(properties)) {
      const other = Object.hasOwn(merged, name) ? merged[name] : schema;
      const agrees = other === schema || canonicalJson(other) === canonicalJson(schema);
      merged[name] = agrees ? betterDocumented(other, schema) : {};
    }
  }
  return merged;
}

function mentionsRequired(branch: JsonObject): boolean {
  return Array.isArray(branch.required) || BRANCHES.some((key) => listOf(branch[key]).length > 0);
}
