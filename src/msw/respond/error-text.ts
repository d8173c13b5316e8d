import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { Schemas } from '../validate/validator.js';
import { flatten } from './flatten.js';
import { createRandom } from './random.js';

/** Fields of error bodies that hold a text for people, the most common first. */
const TEXT_FIELDS = [
  'message',
  'detail',
  'description',
  'error_description',
  'error_message',
  'error',
  'title',
  'reason',
  'msg',
];
/** Fields that hold the errors themselves. */
const HOLDERS = ['error', 'errors', 'fault'];

/** Returns whether the schema of an error allows `error`, which the Vercel API's own shape has. */
export function speaksOfError(schema: JsonSchema, schemas: Schemas): boolean {
  const { properties } = flatten(schema, { schemas, random: createRandom('error'), turn: 0, shallow: false });
  return !isRecord(properties) || Object.hasOwn(properties, 'error');
}

/**
 * Puts a text into a field of an error body that may hold one.
 *
 * @returns The body with the text; the same body if the document allows the text nowhere.
 */
export function withText(body: unknown, text: string, isAllowed: (body: unknown) => boolean): unknown {
  return candidates(body, text).find(isAllowed) ?? body;
}

/** Returns the body with the text in each field that may hold it, the most likely first. */
function candidates(body: unknown, text: string): unknown[] {
  if (typeof body === 'string') return [text];
  if (Array.isArray(body)) return candidates(body[0], text).map((inner) => [inner]);
  if (!isRecord(body)) return [];
  const held = HOLDERS.filter((name) => typeof body[name] === 'object').flatMap((name) =>
    candidates(body[name], text).map((inner) => ({ ...body, [name]: inner })),
  );
  const own = TEXT_FIELDS.filter((name) => typeof body[name] === 'string');
  const absent = TEXT_FIELDS.filter((name) => !Object.hasOwn(body, name));
  return [...held, ...[...own, ...absent].map((name) => ({ ...body, [name]: text }))];
}
