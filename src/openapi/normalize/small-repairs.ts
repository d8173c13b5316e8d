import { compilePattern } from '../compile-pattern.js';
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

// A pair of backslashes, and what a single one would escape: a class such as \w, or a character that has a meaning of its own.
const ESCAPED_TWICE = /\\\\([dDwWsSbB.+*?()[\]{}/-])/g;

/**
 * Takes one backslash of each pair from a pattern that was escaped twice: `^[\\w-]+$` was meant as `^[\w-]+$`.
 *
 * Beside the one for required properties of closed branches, this is the repair of a request schema that allows values which
 * the document as published refuses; those are the values that the API takes. A pattern that may well mean a backslash, such as a Windows path, stays as it is.
 */
export const unescapePattern: SchemaRepair = (schema, note) => {
  const { pattern } = schema;
  if (typeof pattern !== 'string' || !isEscapedTwice(pattern)) return schema;
  const unescaped = pattern.replaceAll(ESCAPED_TWICE, '\\$1');
  if (!isRegularExpression(unescaped)) return schema;
  note('pattern-escaped-twice', `${JSON.stringify(pattern)} became ${JSON.stringify(unescaped)}`, 'pattern');
  return { ...schema, pattern: unescaped };
};

// `C:\\.*` and `[^\\]` match the backslash itself.
const MEANS_BACKSLASH = /\\\\(?:\.[*+?{]|\/\])|\[[^\]]*\\\\\]/;

/** Whether every backslash of a pattern is one of a pair that escapes a character, and none of them is likely to be meant. */
function isEscapedTwice(pattern: string): boolean {
  const rest = pattern.replaceAll(ESCAPED_TWICE, '');
  return rest !== pattern && !rest.includes('\\') && !MEANS_BACKSLASH.test(pattern);
}

function isRegularExpression(pattern: string): boolean {
  try {
    compilePattern(pattern);
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
