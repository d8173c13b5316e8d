/** The meaning of an object's keys: keywords of OpenAPI, names that an author chose, or data that OpenAPI does not read. */
export type Keys = 'keywords' | 'names' | 'data';

const HOLD_NAMES: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'dependentSchemas',
  'paths',
  'webhooks',
  'responses',
  'content',
  'headers',
  'schemas',
  'requestBodies',
  'securitySchemes',
  'pathItems',
  'callbacks',
  'links',
  'encoding',
  'mapping',
  'scopes',
  'variables',
]);
const HOLD_DATA: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'example', 'value']);

/**
 * Returns the meaning of the keys below a keyword.
 *
 * A property may be called `description`, and an example may hold the text `$ref`: neither is a keyword there.
 *
 * @param value - The value of the keyword: `parameters` and `examples` are lists in one place and maps in another.
 * @param keys - The meaning of the keyword itself, which may be a name. Default `keywords`.
 */
export function keysBelow(keyword: string, value: unknown, keys: Keys = 'keywords'): Keys {
  if (keys === 'names') return 'keywords';
  if (keys === 'data' || HOLD_DATA.has(keyword) || keyword.startsWith('x-')) return 'data';
  // Components hold their parameters by name, an operation holds a list of them.
  if (keyword === 'parameters') return Array.isArray(value) ? 'keywords' : 'names';
  // A schema holds a list of values, a media type named Example Objects.
  if (keyword === 'examples') return Array.isArray(value) ? 'data' : 'names';
  return HOLD_NAMES.has(keyword) ? 'names' : 'keywords';
}
