import type { ChangeClass } from './types.js';

/** A kind of change in words, and what to do about it. */
export interface Kind {
  readonly class: ChangeClass;
  /** Follows the name of the field. */
  readonly says: string;
  readonly todo: string;
}

type Row = readonly [ofClass: ChangeClass, says: string, todo: string];

const NOTHING = 'Nothing to do.';
const READ_ON = 'Nothing to do; read it when you need it.';
const HANDLE = 'Handle the new case where you handle each case, and keep a default for the next one.';
const UNUSED = 'Nothing to do; remove code for the other case.';
const SEND = 'Nothing to do; send it when you need it.';
const RECHECK = 'Check what you send against it.';
const REREAD = 'Change the code that uses the old type.';

const KINDS: Readonly<Record<string, Row>> = {
  // Operations.
  'operation-added': ['added', 'is new', 'Nothing to do; call it when you need it.'],
  'operation-removed': ['wire', 'is gone', 'Stop calling it; look for its replacement.'],
  'operation-moved': [
    'wire',
    'has another method or path',
    'Change the call where you write method and path yourself; generated methods follow.',
  ],
  'operation-moved-followed': [
    'added',
    'has another method or path',
    'Nothing to do: the program calls it by its id. Generate its types again.',
  ],
  'operation-reordered': [
    'wire',
    'has its path parameters in another order',
    'Put them in that order in a URL that you write yourself; generated methods follow.',
  ],
  'operation-deprecated': [
    'sunset',
    'is deprecated',
    'Plan to replace it; its description may say with what.',
  ],
  'operation-sunset': ['sunset', 'has a date on which it ends', 'Replace it before that date.'],
  'operation-sunset-changed': ['sunset', 'has another date on which it ends', 'Replace it before that date.'],
  'operation-sunset-lifted': ['added', 'no longer has a date on which it ends', NOTHING],
  'operation-restored': ['added', 'is no longer deprecated', NOTHING],
  'callback-added': ['added', 'is new', READ_ON],
  'callback-removed': ['wire', 'is gone', 'Stop expecting it.'],
  'operation-renamed': [
    'type',
    'has another operation id',
    'Rename it where you use the id; the call itself stays.',
  ],
  'server-removed': ['wire', 'lost a base URL', 'Send requests to one that is left.'],
  'server-added': ['added', 'has another base URL', NOTHING],
  'credential-changed': ['wire', 'no longer takes a credential', 'Send what it takes now.'],
  'credential-accepted': ['added', 'takes other credentials too', NOTHING],
  // Parameters.
  'parameter-added': ['added', 'is new and optional', SEND],
  'parameter-added-required': ['wire', 'is new and required', 'Send it with every call.'],
  'parameter-removed': ['type', 'is gone', 'Stop sending it.'],
  'parameter-became-required': ['wire', 'is now required', 'Send it with every call.'],
  'parameter-became-optional': ['added', 'may be left out', NOTHING],
  'parameter-renamed': ['type', 'has another name; the URL stays', 'Rename it where you pass it by name.'],
  'parameter-moved': ['wire', 'is sent elsewhere in the request', 'Send it there.'],
  'parameter-style-changed': ['wire', 'is written in another way', 'Write it that way.'],
  // What a caller sends.
  'request-body-added': ['added', 'is new and optional', SEND],
  'request-body-added-required': ['wire', 'is new and required', 'Send it with every call.'],
  'request-body-removed': ['type', 'is gone', 'Stop sending one.'],
  'request-body-became-required': ['wire', 'is now required', 'Send it with every call.'],
  'request-body-became-optional': ['added', 'may be left out', NOTHING],
  'request-media-type-added': ['added', 'may be of another media type too', NOTHING],
  'request-media-type-removed': ['wire', 'lost a media type', 'Send one of the others.'],
  'request-media-type-changed': ['wire', 'has another media type', 'Send the new one.'],
  'request-property-added': ['added', 'is new and optional', SEND],
  'request-property-added-required': ['wire', 'is new and required', 'Send it with every call.'],
  'request-property-removed': ['type', 'is gone', 'Stop sending it.'],
  'request-property-refused': ['wire', 'is gone, and what is not listed is refused', 'Stop sending it.'],
  'request-property-became-required': ['wire', 'is now required', 'Send it with every call.'],
  'request-property-became-optional': ['added', 'may be left out', NOTHING],
  'request-became-nullable': ['added', 'may be null', NOTHING],
  'request-no-longer-nullable': ['wire', 'may no longer be null', 'Stop sending null.'],
  'request-enum-value-added': ['added', 'takes further values', NOTHING],
  'request-enum-value-removed': ['wire', 'no longer takes some values', 'Send another value.'],
  'request-enum-replaced': ['wire', 'takes only other values', 'Send one of the new values.'],
  'request-enum-closed': ['wire', 'takes only listed values', 'Send one of the listed values.'],
  'request-enum-opened': ['added', 'takes any value', NOTHING],
  'request-union-member-added': ['added', 'may have another form', NOTHING],
  'request-union-member-removed': ['wire', 'lost one of its forms', 'Send one of the others.'],
  'request-type-changed': ['wire', 'has another type', 'Send the new type.'],
  'request-type-narrowed': ['wire', 'takes fewer values', RECHECK],
  'request-type-widened': ['added', 'takes more values', NOTHING],
  'request-object-closed': ['wire', 'takes no other properties', 'Send only what is listed.'],
  'request-object-closed-to-entries': ['wire', 'takes no other properties', 'Send only what is listed.'],
  'request-object-opened': ['added', 'takes other properties', NOTHING],
  'request-format-tightened': ['wire', 'must have a format', RECHECK],
  'request-format-loosened': ['added', 'no longer needs its format', NOTHING],
  'request-constraint-tightened': ['wire', 'has tighter restrictions', RECHECK],
  'request-constraint-changed': ['wire', 'has other restrictions', RECHECK],
  'request-encoding-changed': ['wire', 'is encoded in another way', 'Encode it that way.'],
  'request-constraint-loosened': ['added', 'has looser restrictions', NOTHING],
  // What a caller receives.
  'response-status-added': ['type', 'is new', HANDLE],
  'response-success-added': ['added', 'is described now', READ_ON],
  'response-status-removed': ['wire', 'is gone', 'Stop expecting it; see which status replaces it.'],
  'response-body-added': ['added', 'has a body now', READ_ON],
  'response-body-removed': ['wire', 'no longer has a body', 'Stop reading it.'],
  'response-media-type-added': ['type', 'may be of another media type', HANDLE],
  'response-media-type-removed': ['wire', 'lost a media type', 'Ask for one of the others.'],
  'response-media-type-changed': ['wire', 'has another media type', 'Read the new one.'],
  'response-header-added': ['added', 'is new', READ_ON],
  'response-header-became-optional': ['wire', 'may be missing', 'Handle its absence.'],
  'response-header-became-required': ['added', 'is always there', UNUSED],
  'response-header-removed': ['wire', 'is gone', 'Stop reading it.'],
  'response-property-added': ['added', 'is new', READ_ON],
  'response-property-removed': ['wire', 'is gone', 'Stop reading it.'],
  'response-property-became-required': ['added', 'is always there', UNUSED],
  'response-property-became-optional': ['wire', 'may be missing', 'Handle its absence.'],
  'response-became-nullable': ['wire', 'may be null', 'Handle null.'],
  'response-no-longer-nullable': ['added', 'is never null', UNUSED],
  'response-enum-value-added': ['type', 'has further values', HANDLE],
  'response-enum-value-removed': ['type', 'lost values', 'Remove code that handles them.'],
  'response-enum-replaced': ['wire', 'has only other values', 'Handle the new values.'],
  'response-enum-closed': ['type', 'has only listed values', 'Remove code that handles others.'],
  'response-enum-opened': ['type', 'may have any value', HANDLE],
  'response-union-member-added': ['type', 'may have another form', HANDLE],
  'response-form-added': [
    'wire',
    'may have a form that lacks what was always there',
    'Check which form it has before you read it.',
  ],
  'response-union-member-removed': ['type', 'lost one of its forms', 'Remove code that handles it.'],
  'response-type-changed': ['wire', 'has another type', REREAD],
  'response-type-narrowed': ['added', 'has a narrower type', NOTHING],
  'response-type-widened': ['wire', 'may have further types', REREAD],
  'response-object-closed': ['added', 'has no other properties', UNUSED],
  'response-object-closed-to-entries': [
    'wire',
    'lost the properties that were not named',
    'Stop reading them.',
  ],
  'response-object-opened': ['added', 'may have other properties', READ_ON],
  'response-format-tightened': ['type', 'has another format', 'Read it in the new format.'],
  'response-format-loosened': ['type', 'no longer promises its format', 'Check it before you parse it.'],
  'response-constraint-tightened': ['added', 'has tighter restrictions', NOTHING],
  'response-constraint-changed': ['type', 'has other restrictions', 'Check the code that uses it.'],
  'response-encoding-changed': ['type', 'is encoded in another way', 'Read it that way.'],
  'response-constraint-loosened': ['added', 'has looser restrictions', NOTHING],
  // Prose.
  'default-changed': ['docs', 'has another default', 'Send the value that you rely on.'],
  'format-changed': ['docs', 'names a format that rules no value out', NOTHING],
  'deprecated-changed': ['docs', 'changed its deprecation', 'Look for its replacement.'],
};

/** Returns the meaning of a kind. A kind that is not listed is prose. */
export function kindOf(name: string): Kind {
  const [ofClass, says, todo] = KINDS[name] ?? ['docs', 'has another description', NOTHING];
  return { class: ofClass, says, todo };
}

/** The changes by which a name that callers write is gone: code stops compiling, not only an exhaustive switch. */
export const BREAKS_NAMES: ReadonlySet<string> = new Set([
  'operation-renamed',
  'parameter-removed',
  'parameter-renamed',
  'request-body-removed',
  'request-property-removed',
  'request-property-refused',
]);
