import type { JsonSchema } from '../../openapi/contract-types.js';

/** The value when it is an array, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A copy of the value when it is an object, else an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** What stands where the dialect puts a schema; nothing there means that anything goes. */
export function toSchema(value: unknown): JsonSchema {
  // Only what stands in such a place is passed in.
  return value === false || (typeof value === 'object' && value !== null) ? (value as JsonSchema) : true;
}
