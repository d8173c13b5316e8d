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
