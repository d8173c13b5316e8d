/** What the keys of an object are: keywords of OpenAPI, names that an author chose, or data that means nothing to OpenAPI. */
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
 * Returns what the keys below a keyword are.
 *
 * A property may well be called `description`, and an example may hold the text `$ref`: neither means what it says.
 *
 * @param value - What the keyword holds: `parameters` and `examples` are lists in one place and maps in another.
 */
export function keysBelow(keyword: string, value: unknown): Keys {
  if (HOLD_DATA.has(keyword) || keyword.startsWith('x-')) return 'data';
  // Components hold their parameters by name, an operation holds a list of them.
  if (keyword === 'parameters') return Array.isArray(value) ? 'keywords' : 'names';
  // A schema holds a list of values, a media type named Example Objects.
  if (keyword === 'examples') return Array.isArray(value) ? 'data' : 'names';
  return HOLD_NAMES.has(keyword) ? 'names' : 'keywords';
}
