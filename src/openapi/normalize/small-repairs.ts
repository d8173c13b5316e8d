import type { JsonObject } from '../document.js';
import type { Note, SchemaRepair } from './types.js';

/** Orders `required` and `type`, and drops what they list twice. */
export const orderSets: SchemaRepair = (schema) => {
  const { required, type } = schema;
  if (!Array.isArray(required) && !Array.isArray(type)) return schema;
  return {
    ...schema,
    ...(Array.isArray(type) ? { type: sortTypes(type) } : {}),
    ...(Array.isArray(required) ? { required: [...new Set(required)].sort() } : {}),
  };
};

function sortTypes(types: readonly unknown[]): unknown[] {
  return [...new Set(types)].sort(
    (left, right) =>
      Number(left === 'null') - Number(right === 'null') || (String(left) < String(right) ? -1 : 1),
  );
}

/** Drops a pattern that is no regular expression: a validator would throw on it. */
export const dropInvalidPattern: SchemaRepair = (schema, note) => {
  if (typeof schema.pattern !== 'string' || isRegularExpression(schema.pattern)) return schema;
  note('invalid-pattern', `dropped ${JSON.stringify(schema.pattern)}`, 'pattern');
  const { pattern: _, ...rest } = schema;
  return rest;
};

function isRegularExpression(pattern: string): boolean {
  try {
    // JSON Schema asks for Unicode semantics (draft 2020-12 core, section 6.4), and ajv compiles patterns that way.
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Keeps text that goes into comments from ending them. */
export function repairCommentEnds(node: JsonObject, note: Note): JsonObject {
  let result = node;
  for (const key of ['title', 'summary', 'description']) {
    const text = node[key];
    if (typeof text !== 'string' || !text.includes('*/')) continue;
    note('comment-end', 'wrote the end of a comment as *\\/', key);
    result = { ...result, [key]: text.replaceAll('*/', '*\\/') };
  }
  return result;
}
