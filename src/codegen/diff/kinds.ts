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
const HANDLE = 'Handle the new case where you tell cases apart, and keep a default for the next one.';
const UNUSED = 'Nothing to do; drop code that waits for it.';
const SEND = 'Nothing to do; send it when you need it.';
const RECHECK = 'Check what you send against it.';
const REREAD = 'Read it again and change the code that uses the old one.';

const KINDS: Readonly<Record<string, Row>> = {
  // Operations.
  'operation-added': ['added', 'is new', 'Nothing to do; call it when you need it.'],
  'operation-removed': ['wire', 'is gone', 'Stop calling it; look for what took its place.'],
  'operation-moved': [
    'wire',
    'is called elsewhere',
    'Change the call where you write method and path yourself; generated methods follow.',
  ],
  'operation-moved-followed': [
    'added',
    'is called elsewhere',
    'Nothing to do: the program calls it by its id; generate its types anew.',
  ],
  'operation-reordered': [
    'wire',
    'has its path parameters in another order',
    'Put them there in a URL that you write yourself; generated methods follow.',
  ],
  'operation-deprecated': [
    'sunset',
    'is deprecated',
    'Plan to replace it; its description may say with what.',
  ],
  'operation-sunset': ['sunset', 'has a date on which it ends', 'Replace it before that date.'],
  'operation-sunset-changed': ['sunset', 'has another date on which it ends', 'Replace it before that date.'],
  'operation-sunset-lifted': ['added', 'has no date any more on which it ends', NOTHING],
  'operation-restored': ['added', 'is no longer deprecated', NOTHING],
  'callback-added': ['added', 'is new', READ_ON],
  'callback-removed': ['wire', 'is gone', 'Stop waiting for it.'],
  'operation-renamed': [
    'type',
    'has another operation id',
    'Rename it where you use the id; the call itself stays.',
  ],
  'server-removed': ['wire', 'lost a base URL', 'Send requests to one that is left.'],
  'server-added': ['added', 'has another base URL', NOTHING],
  'credential-changed': ['wire', 'no longer takes a credential that it took', 'Send what it takes now.'],
  'credential-accepted': ['added', 'takes other credentials too', NOTHING],
  // Parameters.
  'parameter-added': ['added', 'is new and optional', SEND],
  'parameter-added-required': ['wire', 'is new and required', 'Send it with every call.'],
  'parameter-removed': ['type', 'is gone', 'Stop sending it.'],
  'parameter-became-required': ['wire', 'is now required', 'Send it with every call.'],
  'parameter-became-optional': ['added', 'may be left out', NOTHING],
  'parameter-renamed': ['type', 'has another name; the URL stays', 'Rename it where you pass it by name.'],
  'parameter-moved': ['wire', 'is sent elsewhere in the request', 'Send it there.'],
  'parameter-style-changed': ['wire', 'is written another way', 'Write it that way.'],
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
  'request-enum-value-removed': ['wire', 'no longer takes values that it took', 'Send another value.'],
  'request-enum-replaced': ['wire', 'takes other values alone', 'Send one of the new values.'],
  'request-enum-closed': ['wire', 'takes listed values only', 'Send one of the listed values.'],
  'request-enum-opened': ['added', 'takes any value', NOTHING],
  'request-union-member-added': ['added', 'may take another form', NOTHING],
  'request-union-member-removed': ['wire', 'lost a form', 'Send one of the others.'],
  'request-type-changed': ['wire', 'has another type', 'Send the new type.'],
  'request-type-narrowed': ['wire', 'takes less than it took', RECHECK],
  'request-type-widened': ['added', 'takes more than it took', NOTHING],
  'request-object-closed': ['wire', 'takes no other properties', 'Send only what is listed.'],
  'request-object-closed-to-entries': ['wire', 'takes no other properties', 'Send only what is listed.'],
  'request-object-opened': ['added', 'takes other properties', NOTHING],
  'request-format-tightened': ['wire', 'has to have a format', RECHECK],
  'request-format-loosened': ['added', 'is free of a format', NOTHING],
  'request-constraint-tightened': ['wire', 'is restricted further', RECHECK],
  'request-constraint-changed': ['wire', 'is restricted otherwise', RECHECK],
  'request-encoding-changed': ['wire', 'is encoded another way', 'Encode it that way.'],
  'request-constraint-loosened': ['added', 'is restricted less', NOTHING],
  // What a caller receives.
  'response-status-added': ['type', 'is new', HANDLE],
  'response-success-added': ['added', 'is described now', READ_ON],
  'response-status-removed': ['wire', 'is gone', 'Stop waiting for it; see which status replaces it.'],
  'response-body-added': ['added', 'has a body now', READ_ON],
  'response-body-removed': ['wire', 'has no body any more', 'Stop reading it.'],
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
  'response-enum-value-removed': ['type', 'lost values', 'Drop code that waits for them.'],
  'response-enum-replaced': ['wire', 'has other values alone', 'Wait for the new values.'],
  'response-enum-closed': ['type', 'has listed values only', 'Drop code that waits for others.'],
  'response-enum-opened': ['type', 'may have any value', HANDLE],
  'response-union-member-added': ['type', 'may take another form', HANDLE],
  'response-union-member-removed': ['type', 'lost a form', 'Drop code that waits for it.'],
  'response-type-changed': ['wire', 'has another type', REREAD],
  'response-type-narrowed': ['added', 'has a type that is known better', NOTHING],
  'response-type-widened': ['wire', 'may be more than it was', REREAD],
  'response-object-closed': ['added', 'has no other properties', UNUSED],
  'response-object-closed-to-entries': [
    'wire',
    'lost the properties that were not named',
    'Stop reading them.',
  ],
  'response-object-opened': ['added', 'may have other properties', READ_ON],
  'response-format-tightened': ['type', 'has another format', 'See that you read it that way.'],
  'response-format-loosened': ['type', 'promises no format', 'Check it before you parse it.'],
  'response-constraint-tightened': ['added', 'is restricted further', NOTHING],
  'response-constraint-changed': ['type', 'is restricted otherwise', 'Check what you make of it.'],
  'response-encoding-changed': ['type', 'is encoded another way', 'Read it that way.'],
  'response-constraint-loosened': ['added', 'is restricted less', NOTHING],
  // Prose.
  'default-changed': ['docs', 'has another default', 'Send the value that you rely on.'],
  'deprecated-changed': ['docs', 'has another deprecation', 'Look for what takes its place.'],
};

/** Returns the meaning of a kind. A kind that is not listed is prose. */
export function kindOf(name: string): Kind {
  const [ofClass, says, todo] = KINDS[name] ?? ['docs', 'is described otherwise', NOTHING];
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
