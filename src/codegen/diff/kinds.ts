import type { ChangeClass } from './types.js';

/** What a kind of change means, in words, and what to do about it. */
export interface Kind {
  readonly class: ChangeClass;
  /** Follows the name of the field. */
  readonly says: string;
  readonly todo: string;
  /** A name that callers write is gone or demanded: code stops to compile, not only an exhaustive switch. */
  readonly breaksNames?: true;
}

const NOTHING = 'Nothing to do.';
const READ_ON = 'Nothing to do; read it when you need it.';
const HANDLE = 'Handle the new case where you tell cases apart, and keep a default for the next one.';
const UNUSED = 'Nothing to do; drop code that waits for it.';
const SEND = 'Nothing to do; send it when you need it.';
const RECHECK = 'Check what you send against it.';
const REREAD = 'Read it again and change the code that uses the old one.';

const OPERATION: Readonly<Record<string, Kind>> = {
  'operation-added': { class: 'added', says: 'is new', todo: 'Nothing to do; call it when you need it.' },
  'operation-removed': {
    class: 'wire',
    says: 'is gone',
    todo: 'Stop calling it; look for what took its place.',
  },
  'operation-moved': {
    class: 'wire',
    says: 'is called elsewhere',
    todo: 'Change the call where you write method and path yourself; generated methods follow.',
  },
  'operation-moved-followed': {
    class: 'added',
    says: 'is called elsewhere',
    todo: 'Nothing to do: the program calls it by its id; generate its types anew.',
  },
  'operation-reordered': {
    class: 'wire',
    says: 'has its path parameters in another order',
    todo: 'Put them there in a URL that you write yourself; generated methods follow.',
  },
  'operation-deprecated': {
    class: 'sunset',
    says: 'is deprecated',
    todo: 'Plan to replace it; its description may say with what.',
  },
  'operation-sunset': {
    class: 'sunset',
    says: 'has a date on which it ends',
    todo: 'Replace it before that date.',
  },
  'operation-sunset-changed': {
    class: 'sunset',
    says: 'has another date on which it ends',
    todo: 'Replace it before that date.',
  },
  'operation-sunset-lifted': { class: 'added', says: 'has no date any more on which it ends', todo: NOTHING },
  'operation-restored': { class: 'added', says: 'is no longer deprecated', todo: NOTHING },
  'callback-added': { class: 'added', says: 'is new', todo: READ_ON },
  'callback-removed': { class: 'wire', says: 'is gone', todo: 'Stop waiting for it.' },
  'operation-renamed': {
    class: 'type',
    says: 'has another operation id',
    todo: 'Rename it where you use the id; the call itself stays.',
    breaksNames: true,
  },
  'server-removed': { class: 'wire', says: 'lost a base URL', todo: 'Send requests to one that is left.' },
  'server-added': { class: 'added', says: 'has another base URL', todo: NOTHING },
  'credential-changed': {
    class: 'wire',
    says: 'no longer takes a credential that it took',
    todo: 'Send what it takes now.',
  },
  'credential-accepted': { class: 'added', says: 'takes other credentials too', todo: NOTHING },
};

const PARAMETER: Readonly<Record<string, Kind>> = {
  'parameter-added': { class: 'added', says: 'is new and optional', todo: SEND },
  'parameter-added-required': {
    class: 'wire',
    says: 'is new and required',
    todo: 'Send it with every call.',
  },
  'parameter-removed': { class: 'type', says: 'is gone', todo: 'Stop sending it.', breaksNames: true },
  'parameter-became-required': { class: 'wire', says: 'is now required', todo: 'Send it with every call.' },
  'parameter-became-optional': { class: 'added', says: 'may be left out', todo: NOTHING },
  'parameter-renamed': {
    class: 'type',
    says: 'has another name; the URL stays',
    todo: 'Rename it where you pass it by name.',
    breaksNames: true,
  },
  'parameter-moved': { class: 'wire', says: 'is sent elsewhere in the request', todo: 'Send it there.' },
  'parameter-style-changed': { class: 'wire', says: 'is written another way', todo: 'Write it that way.' },
};

const REQUEST: Readonly<Record<string, Kind>> = {
  'request-body-added': { class: 'added', says: 'is new and optional', todo: SEND },
  'request-body-added-required': {
    class: 'wire',
    says: 'is new and required',
    todo: 'Send it with every call.',
  },
  'request-body-removed': { class: 'type', says: 'is gone', todo: 'Stop sending one.', breaksNames: true },
  'request-body-became-required': {
    class: 'wire',
    says: 'is now required',
    todo: 'Send it with every call.',
  },
  'request-body-became-optional': { class: 'added', says: 'may be left out', todo: NOTHING },
  'request-media-type-added': { class: 'added', says: 'may be of another media type too', todo: NOTHING },
  'request-media-type-removed': { class: 'wire', says: 'lost a media type', todo: 'Send one of the others.' },
  'request-media-type-changed': { class: 'wire', says: 'has another media type', todo: 'Send the new one.' },
  'request-property-added': { class: 'added', says: 'is new and optional', todo: SEND },
  'request-property-added-required': {
    class: 'wire',
    says: 'is new and required',
    todo: 'Send it with every call.',
  },
  'request-property-removed': { class: 'type', says: 'is gone', todo: 'Stop sending it.', breaksNames: true },
  'request-property-refused': {
    class: 'wire',
    says: 'is gone, and what is not listed is refused',
    todo: 'Stop sending it.',
    breaksNames: true,
  },
  'request-property-became-required': {
    class: 'wire',
    says: 'is now required',
    todo: 'Send it with every call.',
  },
  'request-property-became-optional': { class: 'added', says: 'may be left out', todo: NOTHING },
  'request-became-nullable': { class: 'added', says: 'may be null', todo: NOTHING },
  'request-no-longer-nullable': { class: 'wire', says: 'may no longer be null', todo: 'Stop sending null.' },
  'request-enum-value-added': { class: 'added', says: 'takes further values', todo: NOTHING },
  'request-enum-value-removed': {
    class: 'wire',
    says: 'no longer takes values that it took',
    todo: 'Send another value.',
  },
  'request-enum-replaced': {
    class: 'wire',
    says: 'takes other values alone',
    todo: 'Send one of the new values.',
  },
  'request-enum-closed': {
    class: 'wire',
    says: 'takes listed values only',
    todo: 'Send one of the listed values.',
  },
  'request-enum-opened': { class: 'added', says: 'takes any value', todo: NOTHING },
  'request-union-member-added': { class: 'added', says: 'may take another form', todo: NOTHING },
  'request-union-member-removed': { class: 'wire', says: 'lost a form', todo: 'Send one of the others.' },
  'request-type-changed': { class: 'wire', says: 'has another type', todo: 'Send the new type.' },
  'request-type-narrowed': { class: 'wire', says: 'takes less than it took', todo: RECHECK },
  'request-type-widened': { class: 'added', says: 'takes more than it took', todo: NOTHING },
  'request-object-closed': {
    class: 'wire',
    says: 'takes no other properties',
    todo: 'Send only what is listed.',
  },
  'request-object-closed-to-entries': {
    class: 'wire',
    says: 'takes no other properties',
    todo: 'Send only what is listed.',
  },
  'request-object-opened': { class: 'added', says: 'takes other properties', todo: NOTHING },
  'request-format-tightened': { class: 'wire', says: 'has to have a format', todo: RECHECK },
  'request-format-loosened': { class: 'added', says: 'is free of a format', todo: NOTHING },
  'request-constraint-tightened': { class: 'wire', says: 'is restricted further', todo: RECHECK },
  'request-constraint-changed': { class: 'wire', says: 'is restricted otherwise', todo: RECHECK },
  'request-encoding-changed': { class: 'wire', says: 'is encoded another way', todo: 'Encode it that way.' },
  'request-constraint-loosened': { class: 'added', says: 'is restricted less', todo: NOTHING },
};

const RESPONSE: Readonly<Record<string, Kind>> = {
  'response-status-added': { class: 'type', says: 'is new', todo: HANDLE },
  'response-success-added': { class: 'added', says: 'is described now', todo: READ_ON },
  'response-status-removed': {
    class: 'wire',
    says: 'is gone',
    todo: 'Stop waiting for it; see which status replaces it.',
  },
  'response-body-added': { class: 'added', says: 'has a body now', todo: READ_ON },
  'response-body-removed': { class: 'wire', says: 'has no body any more', todo: 'Stop reading it.' },
  'response-media-type-added': { class: 'type', says: 'may be of another media type', todo: HANDLE },
  'response-media-type-removed': {
    class: 'wire',
    says: 'lost a media type',
    todo: 'Ask for one of the others.',
  },
  'response-media-type-changed': { class: 'wire', says: 'has another media type', todo: 'Read the new one.' },
  'response-header-added': { class: 'added', says: 'is new', todo: READ_ON },
  'response-header-became-optional': { class: 'wire', says: 'may be missing', todo: 'Handle its absence.' },
  'response-header-became-required': { class: 'added', says: 'is always there', todo: UNUSED },
  'response-header-removed': { class: 'wire', says: 'is gone', todo: 'Stop reading it.' },
  'response-property-added': { class: 'added', says: 'is new', todo: READ_ON },
  'response-property-removed': { class: 'wire', says: 'is gone', todo: 'Stop reading it.' },
  'response-property-became-required': { class: 'added', says: 'is always there', todo: UNUSED },
  'response-property-became-optional': { class: 'wire', says: 'may be missing', todo: 'Handle its absence.' },
  'response-became-nullable': { class: 'wire', says: 'may be null', todo: 'Handle null.' },
  'response-no-longer-nullable': { class: 'added', says: 'is never null', todo: UNUSED },
  'response-enum-value-added': { class: 'type', says: 'has further values', todo: HANDLE },
  'response-enum-value-removed': {
    class: 'type',
    says: 'lost values',
    todo: 'Drop code that waits for them.',
  },
  'response-enum-replaced': {
    class: 'wire',
    says: 'has other values alone',
    todo: 'Wait for the new values.',
  },
  'response-enum-closed': {
    class: 'type',
    says: 'has listed values only',
    todo: 'Drop code that waits for others.',
  },
  'response-enum-opened': { class: 'type', says: 'may have any value', todo: HANDLE },
  'response-union-member-added': { class: 'type', says: 'may take another form', todo: HANDLE },
  'response-union-member-removed': {
    class: 'type',
    says: 'lost a form',
    todo: 'Drop code that waits for it.',
  },
  'response-type-changed': { class: 'wire', says: 'has another type', todo: REREAD },
  'response-type-narrowed': { class: 'added', says: 'has a type that is known better', todo: NOTHING },
  'response-type-widened': { class: 'wire', says: 'may be more than it was', todo: REREAD },
  'response-object-closed': { class: 'added', says: 'has no other properties', todo: UNUSED },
  'response-object-closed-to-entries': {
    class: 'wire',
    says: 'lost the properties that were not named',
    todo: 'Stop reading them.',
  },
  'response-object-opened': { class: 'added', says: 'may have other properties', todo: READ_ON },
  'response-format-tightened': {
    class: 'type',
    says: 'has another format',
    todo: 'See that you read it that way.',
  },
  'response-format-loosened': {
    class: 'type',
    says: 'promises no format',
    todo: 'Check it before you parse it.',
  },
  'response-constraint-tightened': { class: 'added', says: 'is restricted further', todo: NOTHING },
  'response-constraint-changed': {
    class: 'type',
    says: 'is restricted otherwise',
    todo: 'Check what you make of it.',
  },
  'response-encoding-changed': { class: 'type', says: 'is encoded another way', todo: 'Read it that way.' },
  'response-constraint-loosened': { class: 'added', says: 'is restricted less', todo: NOTHING },
};

const DOCS: Readonly<Record<string, Kind>> = {
  'default-changed': {
    class: 'docs',
    says: 'has another default',
    todo: 'Send the value that you rely on.',
  },
  'deprecated-changed': {
    class: 'docs',
    says: 'has another deprecation',
    todo: 'Look for what takes its place.',
  },
};

const PROSE: Kind = { class: 'docs', says: 'is described otherwise', todo: NOTHING };

const KINDS: ReadonlyMap<string, Kind> = new Map(
  [OPERATION, PARAMETER, REQUEST, RESPONSE, DOCS].flatMap((kinds) => Object.entries(kinds)),
);

/** What a kind means; any that is not listed is prose. */
export function kindOf(name: string): Kind {
  return KINDS.get(name) ?? PROSE;
}
