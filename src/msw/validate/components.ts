import type { Contract, JsonSchema } from '../../openapi/contract-types.js';

const PREFIX = '#/components/schemas/';
/** More references in a row than that are a circle. */
const MAX_HOPS = 32;

/** Follows `$ref` until there is none; what leads nowhere allows anything. */
export function resolveReference({ schemas }: Contract, schema: JsonSchema): JsonSchema {
  let current = schema;
  for (let hop = 0; hop < MAX_HOPS && typeof current === 'object'; hop++) {
    if (typeof current.$ref !== 'string') return current;
    current = find(schemas, stepsOf(current.$ref)) ?? true;
  }
  return current;
}

/** What one `$ref` leads to; `undefined` for nowhere. */
export function followReference({ schemas }: Contract, reference: string): JsonSchema | undefined {
  return find(schemas, stepsOf(reference));
}

/** The component schemas that a schema refers to, and those that they refer to. */
export function componentsOf({ schemas }: Contract, schema: JsonSchema): Record<string, JsonSchema> {
  const found: Record<string, JsonSchema> = {};
  const waiting: JsonSchema[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const reference of referencesIn(next, new Set())) {
      const [name = ''] = stepsOf(reference);
      const component = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      if (component === undefined || Object.hasOwn(found, name)) continue;
      found[name] = component;
      waiting.push(component);
    }
  }
  return found;
}

function referencesIn(node: unknown, found: Set<string>): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref' && typeof value === 'string') found.add(value);
    else referencesIn(value, found);
  }
  return found;
}

function stepsOf(reference: string): string[] {
  if (!reference.startsWith(PREFIX)) return [];
  return reference
    .slice(PREFIX.length)
    .split('/')
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(schemas: Contract['schemas'], steps: readonly string[]): JsonSchema | undefined {
  let node: unknown = schemas;
  for (const step of steps) {
    node =
      typeof node === 'object' && node !== null && Object.hasOwn(node, step)
        ? Reflect.get(node, step)
        : undefined;
  }
  // What a reference of a document leads to is a schema.
  return steps.length > 0 && typeof node === 'object' && node !== null ? (node as JsonSchema) : undefined;
}
