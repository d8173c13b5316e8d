import { isRecord } from '../../util/is-record.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { dereference } from '../references.js';
import { list } from '../walk-operations.js';
import { canonicalJson } from './canonical.js';
import type { Note } from './types.js';
import { sayingMore } from './unions.js';

const UNIONS = ['oneOf', 'anyOf'] as const;
const BRANCHES = [...UNIONS, 'allOf'] as const;

type Properties = Readonly<Record<string, unknown>>;

/** What is known around a branch; worked out when it is asked for, which few branches need. */
interface Around {
  /** Properties that hold for the branch because an object around or beside it declares them. */
  readonly inherited: Properties;
  /** Properties that only alternatives of the branch declare. */
  readonly alternatives: Properties;
  /** Properties that another part of the same `allOf` declares: they hold, and need not be said again. */
  readonly beside: Properties;
}

/**
 * Lets each name in `required` stand beside the property that it names.
 *
 * In `{ properties: { a, b }, anyOf: [{ required: [a] }, { required: [b] }] }` each branch gets the property that it
 * requires, so that it says something by itself. A name that nothing declares stays as well, since a value without it is
 * invalid, and so does one that a closed object does not declare: that object allows no value.
 *
 * A closed branch that requires a property of its alternatives allows no value either, as it was published. It is meant to have
 * that property: Vercel takes TXT records with a name, and its document forgets `name` in that branch alone.
 *
 * @param schema - A schema that is no branch of another, its own schemas as the document has them.
 * @returns The very same object where nothing is wrong.
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
  let result = settleOwn(document, schema, around, steps, note);
  for (const key of BRANCHES) {
    const branches = list(schema[key]);
    if (branches.length === 0) continue;
    const settled = branches.map((branch, index) => {
      if (!isRecord(branch) || !mentionsRequired(branch)) return branch;
      const inside = aroundBranch(document, schema, key, index, around);
      return settle(document, branch, inside, [...steps, key, String(index)], note);
    });
    if (settled.some((branch, index) => branch !== branches[index])) result = { ...result, [key]: settled };
  }
  return result;
}

function settleOwn(
  document: OpenApiDocument,
  schema: JsonObject,
  around: Around | undefined,
  steps: readonly string[],
  note: Note,
): JsonObject {
  const missing = list(schema.required)
    .filter((name) => !isDeclared(schema, name))
    .map(String);
  if (missing.length === 0) return schema;
  const below = declaredBy(document, schema);
  const found: Record<string, unknown> = {};
  for (const name of missing) {
    if (Object.hasOwn(below, name) || Object.hasOwn(around?.beside ?? {}, name)) continue;
    const declaration = declarationOf(name, around);
    if (declaration !== undefined) found[name] = declaration[name];
  }
  const names = Object.keys(found);
  if (names.length === 0) return schema;
  note('required-only-branch', `declared ${names.join(', ')} as it is around the branch`, ...steps);
  return { ...schema, properties: { ...(isRecord(schema.properties) ? schema.properties : {}), ...found } };
}

/** The properties that declare a name around a branch; what is nearer is looked at first. */
function declarationOf(name: string, around: Around | undefined): Properties | undefined {
  if (around === undefined) return undefined;
  if (Object.hasOwn(around.inherited, name)) return around.inherited;
  return Object.hasOwn(around.alternatives, name) ? around.alternatives : undefined;
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
        list(parent[other]).map((branch, at) =>
          other === key && at === index ? {} : declaredBy(document, branch),
        ),
      ),
    );
  const own = isRecord(parent.properties) ? parent.properties : {};
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

/** Works each part out once: a union of a hundred branches looks at all of them for each that asks. */
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

/** Every property that a schema or a branch of it declares; each reference is followed once. */
function declaredBy(
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
  const branches = [...BRANCHES.flatMap((key) => list(node[key])), node.then, node.else];
  return {
    ...merge(branches.map((branch) => declaredBy(document, branch, known))),
    ...(isRecord(node.properties) ? node.properties : {}),
  };
}

/** Where two declare one property differently, nothing is known of it but its name; where in other words, the longer stands. */
function merge(all: readonly Properties[]): Properties {
  const merged: Record<string, unknown> = {};
  for (const properties of all) {
    for (const [name, schema] of Object.entries(properties)) {
      const other = Object.hasOwn(merged, name) ? merged[name] : schema;
      const agrees = other === schema || canonicalJson(other) === canonicalJson(schema);
      merged[name] = agrees ? sayingMore(other, schema) : {};
    }
  }
  return merged;
}

function isDeclared(schema: JsonObject, name: unknown): boolean {
  return isRecord(schema.properties) && Object.hasOwn(schema.properties, String(name));
}

function mentionsRequired(branch: JsonObject): boolean {
  return Array.isArray(branch.required) || BRANCHES.some((key) => list(branch[key]).length > 0);
}
