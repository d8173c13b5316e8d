import { isRecord } from '../../util/is-record.js';
import type { Json, Schema, Segments } from './types.js';

const ANYTHING: Json = {};
const NEVER: Json = { not: {} };

/** A schema as an object: `true` allows everything, `false` nothing, and what is no schema at all says nothing. */
export function toNode(value: unknown): Json {
  if (isRecord(value)) return value;
  return value === false ? NEVER : ANYTHING;
}

/** The schema at a place. */
export function schemaAt(value: unknown, at: Segments = []): Schema {
  return [{ node: toNode(value), at }];
}
