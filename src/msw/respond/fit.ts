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

/**
 * Puts fields into a value, each of them only where the document still allows the whole.
 *
 * @returns The value with as many of the fields as it can hold.
 */
export function fitFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
  isAllowed: (value: unknown) => boolean,
): Record<string, unknown> {
  const all = { ...value, ...fields };
  if (isAllowed(all)) return all;
  let fitted = { ...value };
  for (const [name, field] of Object.entries(fields)) {
    const next = { ...fitted, [name]: field };
    if (isAllowed(next)) fitted = next;
  }
  return fitted;
}
