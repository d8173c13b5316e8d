/** Kinds of objects that keep their content outside their fields, so that JSON writes `{}`. */
const LOST: ReadonlySet<string> = new Set([
  ...[
    'ArrayBuffer',
    'SharedArrayBuffer',
    'DataView',
    'Blob',
    'File',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
  ],
  ...['Promise', 'RegExp', 'Error', 'Request', 'Response', 'Headers', 'FormData', 'URLSearchParams'],
]);

/** Returns the kind of an object that JSON writes as `{}`, of whatever realm it is, such as a promise without `await`. */
export function lostInJson(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return LOST.has(kind) && !('toJSON' in value && typeof value.toJSON === 'function') ? kind : undefined;
}

/**
 * Returns the class of an object that has no fields of its own and inherits some, such as the getters of a class: JSON,
 * `Object.entries` and a spread do not see them. `undefined` for any other value.
 */
export function inheritedFieldsClass(value: object): string | undefined {
  let holder: unknown = Object.getPrototypeOf(value);
  // Nearly all objects; what follows takes longer.
  if (holder === Object.prototype || holder === Array.prototype || Object.keys(value).length > 0)
    return undefined;
  // What has no prototype itself is the `Object.prototype` of some realm.
  for (; isObject(holder) && Object.getPrototypeOf(holder) !== null; holder = Object.getPrototypeOf(holder)) {
    const fields = Object.values(Object.getOwnPropertyDescriptors(holder));
    if (fields.some(({ get, enumerable, value: held }) => get || (enumerable && typeof held !== 'function')))
      return String(value.constructor?.name || 'an object');
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
