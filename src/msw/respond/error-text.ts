import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { Schemas } from '../validate/validator.js';
import { flatten } from './flatten.js';
import { createRandom } from './random.js';

/** Fields of error bodies that hold a text for people, the most usual first. */
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

/** Whether a schema of an error speaks of `error`, as the Vercel API's own shape has it. */
export function speaksOfError(schema: JsonSchema, schemas: Schemas): boolean {
  const { properties } = flatten(schema, { schemas, random: createRandom('error'), turn: 0, shallow: false });
  return !isRecord(properties) || Object.hasOwn(properties, 'error');
}

/**
 * Puts a text into an error body, where it has a place for one that the document allows.
 *
 * @returns The body with the text; the same body where there is no place.
 */
export function withText(body: unknown, text: string, isAllowed: (body: unknown) => boolean): unknown {
  return candidates(body, text).find(isAllowed) ?? body;
}

/** The body with the text in each place that may hold it, the most likely first. */
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
