import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import { toSchema } from '../validate/schema-source.js';
import type { Schemas } from '../validate/validator.js';
import { flatten } from './flatten.js';
import { createRandom } from './random.js';

type Json = Readonly<Record<string, unknown>>;

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

/** Returns whether the schema of an error has the Vercel API's own shape, or names no fields at all. */
export function speaksOfError(schema: JsonSchema, schemas: Schemas): boolean {
  const properties = propertiesOf(schema, schemas);
  if (properties === undefined) return true;
  if (!Object.hasOwn(properties, 'error')) return false;
  const inner = propertiesOf(toSchema(properties.error), schemas);
  return inner === undefined || ['code', 'message'].every((name) => Object.hasOwn(inner, name));
}

/** Returns the properties that the schema of an object names; `undefined` where it names none. */
function propertiesOf(schema: JsonSchema, schemas: Schemas): Json | undefined {
  const { properties } = flatten(schema, { schemas, random: createRandom('error'), turn: 0, shallow: false });
  return isRecord(properties) && Object.keys(properties).length > 0 ? properties : undefined;
}

/** Returns those of the fields that a schema names; all of them, where it names none. */
export function namedIn(schema: JsonSchema, fields: Json, schemas: Schemas): Json {
  const properties = propertiesOf(schema, schemas);
  if (properties === undefined) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(properties, name)));
}

/** The rules for the place of a text. */
interface TextPlace {
  /** The fields that it names may hold the text; any field, where it names none. */
  readonly schema: JsonSchema;
  readonly schemas: Schemas;
  /** Whether a body is still one that the document allows. */
  readonly isAllowed: (body: unknown) => boolean;
}

/**
 * Puts a text into a field of an error body that may hold one.
 *
 * @returns The body with the text; the same body if the document has no place for it.
 */
export function withText(body: unknown, text: string, place: TextPlace): unknown {
  return candidates(body, text, place).find(place.isAllowed) ?? body;
}

/** Returns the body with the text in each field that may hold it, the most likely first. */
function candidates(body: unknown, text: string, place: TextPlace): unknown[] {
  const { schema, schemas } = place;
  if (typeof body === 'string') return [text];
  if (Array.isArray(body)) {
    const { items } = flatten(schema, { schemas, random: createRandom('error'), turn: 0, shallow: false });
    return candidates(body[0], text, { ...place, schema: toSchema(items ?? true) }).map((inner) => [inner]);
  }
  if (!isRecord(body)) return [];
  const properties = propertiesOf(schema, schemas);
  const held = HOLDERS.filter((name) => typeof body[name] === 'object').flatMap((name) =>
    candidates(body[name], text, { ...place, schema: toSchema(properties?.[name] ?? true) }).map((inner) => ({
      ...body,
      [name]: inner,
    })),
  );
  const own = TEXT_FIELDS.filter((name) => typeof body[name] === 'string');
  const absent = TEXT_FIELDS.filter(
    (name) => !Object.hasOwn(body, name) && (properties === undefined || Object.hasOwn(properties, name)),
  );
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
