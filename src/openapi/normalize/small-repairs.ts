import { isRecord } from '../../util/is-record.js';
import { compilePattern } from '../compile-pattern.js';
import type { JsonObject } from '../document.js';
import { sortTypes } from './enum-repairs.js';
import type { Note, SchemaRepair } from './types.js';
import { mapValues } from './walk.js';

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

/** Drops a pattern that is not a regular expression: a validator would throw on it. */
export const dropInvalidPattern: SchemaRepair = (schema, note) => {
  if (typeof schema.pattern !== 'string' || isRegularExpression(schema.pattern)) return schema;
  note('invalid-pattern', `dropped ${JSON.stringify(schema.pattern)}`, 'pattern');
  const { pattern: _, ...rest } = schema;
  return rest;
};

// A pair of backslashes, and what a single one would escape: a class such as \w, or a character that has a meaning of its own.
const ESCAPED_TWICE = /\\\\([dDwWsSbB.+*?()[\]{}/-])/g;

// `C:\\.*` and `[^\\]` match the backslash itself.
const MEANS_BACKSLASH = /\\\\(?:\.[*+?{]|\/\])|\[[^\]]*\\\\\]/;

/**
 * Takes one backslash of each pair from a pattern that was escaped twice: `^[\\w-]+$` was meant as `^[\w-]+$`.
 *
 * The repaired request schema allows values that the published document refuses, because the API takes them. Beside this
 * repair only the one for required properties of closed branches does so. A pattern that may well mean a backslash, such as
 * a Windows path, stays as it is.
 */
export const unescapePattern: SchemaRepair = (schema, note) => {
  const { pattern } = schema;
  if (typeof pattern !== 'string' || MEANS_BACKSLASH.test(pattern)) return schema;
  const rest = pattern.replaceAll(ESCAPED_TWICE, '');
  if (rest === pattern || rest.includes('\\')) return schema;
  const unescaped = pattern.replaceAll(ESCAPED_TWICE, '\\$1');
  if (!isRegularExpression(unescaped)) return schema;
  note('pattern-escaped-twice', `${JSON.stringify(pattern)} became ${JSON.stringify(unescaped)}`, 'pattern');
  return { ...schema, pattern: unescaped };
};

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

/** Gives a status without a Response Object, such as `'204':` in YAML, a response without a body. */
export function repairEmptyResponses(operation: JsonObject, note: Note): JsonObject {
  const { responses } = operation;
  if (!isRecord(responses)) return operation;
  const settled = mapValues(responses, (response, status) => {
    if (isRecord(response)) return response;
    note('empty-response', 'read as a response without a body', 'responses', status);
    return { description: '' };
  });
  return settled === responses ? operation : { ...operation, responses: settled };
}

/** Writes the version as 3.1, and repairs the texts of `info` and `tags`. */
export function repairHead(document: JsonObject, note: Note): JsonObject {
  const { info, tags } = document;
  const result: Record<string, unknown> = { ...document };
  if (!String(document.openapi).startsWith('3.1')) {
    note('openapi-version', `${String(document.openapi)} written as 3.1.0`, 'openapi');
    result.openapi = '3.1.0';
  }
  if (isRecord(info))
    result.info = repairCommentEnds(info, (kind, detail, ...below) => note(kind, detail, 'info', ...below));
  if (Array.isArray(tags))
    result.tags = tags.map((tag: unknown, index) =>
      isRecord(tag)
        ? repairCommentEnds(tag, (kind, detail, ...below) =>
            note(kind, detail, 'tags', String(index), ...below),
          )
        : tag,
    );
  return result;
}
