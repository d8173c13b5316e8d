import { nearestName } from '../../client/option-names.js';
import type {
  ContractBody,
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { essenceOf, mediaKindOf } from '../../openapi/media-types.js';
import {
  defaultStyle,
  type ParameterKinds,
  parseParameter,
  queryNames,
  type SentParameters,
} from '../../openapi/parameters.js';
import { describeScheme, type SecurityScheme } from '../../openapi/security-schemes.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { parseJson } from '../../util/parse-json.js';
import { fixedQueryOf } from '../handlers/match-path.js';
import { isInRange, mediaOf } from '../respond/media.js';
import { type ActiveChecks, type CheckName, readChecks } from './checks.js';
import { parseMultipart, parseUrlEncoded } from './form-body.js';
import { toSchema } from './schema-source.js';
import { propertyOf, type SchemaTypes } from './schema-types.js';
import { type ContractError, mostSpecific } from './validation-error.js';
import type { Schemas } from './validator.js';

/** A request, taken apart as it was sent. */
export interface SentRequest extends SentParameters {
  /** The body's text, `''` for none. */
  readonly text: string;
}

/** The values of a request that fits the document. */
export interface CheckedParts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bearer: string | undefined;
}

type RequestError = ContractError & { readonly check: CheckName };

/** A value to go on with where the check of its error is switched off. */
interface Read {
  readonly value: unknown;
  readonly error?: RequestError;
}

/**
 * Checks a request against its operation: credentials, parameters, then body.
 *
 * @param checks - Default: all. A value that a disabled check would refuse is passed on as the client sent it.
 * @returns The values of the request, or the first error found.
 */
export function checkRequest(
  operation: ContractOperation,
  sent: SentRequest,
  schemas: Schemas,
  checks: ActiveChecks = readChecks(),
): CheckedParts | ContractError {
  const bearer = readBearer(sent.headers);
  const unauthorized = checks.credentials ? checkCredentials(operation, sent, bearer) : undefined;
  if (unauthorized !== undefined) return unauthorized;
  const undocumented =
    checks.undocumentedParameter && sent.query !== ''
      ? findUndocumented(operation, sent.query, schemas)
      : undefined;
  if (undocumented !== undefined) return undocumented;
  const values: Record<ContractParameter['in'], Record<string, unknown>> = {
    path: {},
    query: {},
    header: {},
    cookie: {},
  };
  for (const parameter of operation.parameters) {
    const { value, error } = readParameter(operation, parameter, sent, schemas);
    if (error !== undefined && checks[error.check]) return error;
    if (value !== undefined) values[parameter.in] = { ...values[parameter.in], [parameter.name]: value };
  }
  const { value: body, error } = readBody(operation, sent, schemas, checks);
  if (error !== undefined && checks[error.check]) return error;
  return { params: values.path, query: values.query, body, bearer };
}

/** Returns the token of an `Authorization: Bearer` header (RFC 6750 section 2.1). */
export function readBearer(headers: Headers): string | undefined {
  return /^bearer +(\S.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
}

const NO_BEARER: ContractError = {
  check: 'credentials',
  pointer: '/headers/authorization',
  rule: 'required',
  problem: 'is required: send "Authorization: Bearer <token>" with a token that is not blank',
  status: 401,
};

function checkCredentials(
  { secured, security }: ContractOperation,
  sent: SentParameters,
  bearer: string | undefined,
): ContractError | undefined {
  if (security === undefined) return secured && bearer === undefined ? NO_BEARER : undefined;
  if (
    security.length === 0 ||
    security.some((schemes) => schemes.every((scheme) => hasCredential(sent, scheme)))
  )
    return undefined;
  const alternatives = security.map((schemes) => schemes.map(describeScheme).join(' and '));
  const [first] = security.flat();
  const pointer = first?.kind === 'apiKey' ? pointerTo(first.in, first.name) : NO_BEARER.pointer;
  return { ...NO_BEARER, pointer, problem: `is required: send ${alternatives.join(', or ')}` };
}

const PLACES = { header: 'headers', cookie: 'cookies', path: 'path', query: 'query' };

function pointerTo(location: ContractParameter['in'], name: string): string {
  return toPointer([PLACES[location], location === 'header' ? name.toLowerCase() : name]);
}

const PLAIN_TEXT: ParameterKinds = { array: false, value: true, isField: undefined };

function hasCredential(sent: SentParameters, scheme: SecurityScheme): boolean {
  switch (scheme.kind) {
    case 'bearer':
      return readBearer(sent.headers) !== undefined;
    case 'basic': {
      // RFC 7617, section 2: the user name and the password, with a colon between them, in Base64.
      const [, text = ''] = /^basic +(\S+)$/i.exec(sent.headers.get('authorization') ?? '') ?? [];
      try {
        return atob(text).includes(':');
      } catch {
        return false;
      }
    }
    case 'apiKey': {
      const style = scheme.in === 'header' ? 'simple' : 'form';
      const read = parseParameter({ ...scheme, style }, PLAIN_TEXT, sent);
      return read !== undefined && 'value' in read && String(read.value).trim() !== '';
    }
    case 'unknown':
      return false;
  }
}

function findUndocumented(
  operation: ContractOperation,
  query: string,
  schemas: Schemas,
): ContractError | undefined {
  const documented = operation.parameters.filter((parameter) => parameter.in === 'query');
  const names = documented.map(({ name }) => name);
  const fixed = new URLSearchParams(fixedQueryOf(operation.path)).keys();
  const keys = (operation.security ?? [])
    .flat()
    .flatMap((scheme) => (scheme.kind === 'apiKey' && scheme.in === 'query' ? [scheme.name] : []));
  const known = new Set([...names, ...fixed, ...keys]);
  const unknown = queryNames(query).find((name) => {
    // `filter[name]` is a part of `filter` (OpenAPI 3.1, style `deepObject`).
    const [owner = name] = name.split('[', 1);
    if (known.has(name) || names.includes(owner)) return false;
    return !documented.some((parameter) => kindsIn(operation, parameter, schemas).isField?.(name) === true);
  });
  if (unknown === undefined) return undefined;
  const nearest = nearestName(unknown, names);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const choice = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}${hint}`;
  return {
    check: 'undocumentedParameter',
    pointer: pointerTo('query', unknown),
    rule: 'undocumented',
    problem: `is not a query parameter of this operation; ${choice}`,
  };
}

const PARAMETER_PROBLEMS = {
  encoding: 'is not valid percent-encoding',
  repeated: 'is sent more than once and takes one value',
  json: 'is not well-formed JSON',
};

/** Reads one parameter as its schema defines it; the value is `undefined` for an optional one that was not sent. */
function readParameter(
  operation: ContractOperation,
  parameter: ContractParameter,
  sent: SentRequest,
  schemas: Schemas,
): Read {
  const { in: location, name, schema, style = defaultStyle(location) } = parameter;
  const text = parseParameter({ name, in: location, style }, kindsIn(operation, parameter, schemas), sent);
  if (text === undefined && !parameter.required) return { value: undefined };
  const refusal = (rule: string, problem: string, check: CheckName = 'parameter'): Read => ({
    value: undefined,
    error: { check, pointer: pointerTo(location, name), rule, problem },
  });
  if (text === undefined) return refusal('required', 'is required', 'missingParameter');
  if ('problem' in text) return refusal(text.problem, PARAMETER_PROBLEMS[text.problem]);
  if (text.value === '' && parameter.allowEmptyValue === true) return { value: '' };
  const value = style === 'json' ? text.value : coerceParameter(text.value, schema, schemas);
  const errors = schemas.inRequest(schema, value);
  if (errors.length === 0) return { value };
  // Where a schema allows several types, `12` may be the text that it was sent as.
  if (text.value !== value && schemas.inRequest(schema, text.value).length === 0)
    return { value: text.value };
  const error = mostSpecific(pointerTo(location, name), errors);
  return error === undefined ? { value } : { value: undefined, error: { ...error, check: 'parameter' } };
}

/** Returns the kinds of a parameter. Fields of an object that are sent one by one are not those of another parameter. */
function kindsIn(
  { parameters }: ContractOperation,
  parameter: ContractParameter,
  schemas: Schemas,
): ParameterKinds {
  const kinds = schemas.typesOf(parameter.schema).kinds;
  const { isField } = kinds;
  if (isField === undefined) return kinds;
  const { in: location, style = defaultStyle(location) } = parameter;
  const others = new Set(
    parameters.flatMap((other) => (other.in === location && other !== parameter ? [other.name] : [])),
  );
  return {
    ...kinds,
    isField: (name) => style === 'formExplode' && !others.has(name) && isField(name),
  };
}

/** Reads a body by its media type and schema; one that is neither JSON nor a form stays text and is not checked. */
function readBody(
  { requestBody }: ContractOperation,
  { text, headers }: SentRequest,
  schemas: Schemas,
  checks: ActiveChecks,
): Read {
  const refusal = (rule: string, problem: string, value: unknown = text): Read => ({
    value,
    error: { check: 'body', pointer: '/body', rule, problem },
  });
  if (text === '')
    return requestBody?.required
      ? refusal('required', `is required, as ${requestBody.mediaType}`, undefined)
      : { value: undefined };
  if (requestBody === undefined) return refusal('undocumented', 'is sent to an operation that takes no body');
  const contentType = headers.get('content-type');
  const media = mediaFor(requestBody, contentType);
  if (media === undefined && checks.contentType) return { value: text, error: wrongType(requestBody) };
  const { schema, mediaType } = media ?? requestBody;
  const parsed = parseBody(mediaType, text, contentType ?? '', () => fieldNamesOf(schema, schemas));
  if (parsed === undefined) return { value: text };
  if ('problem' in parsed) return refusal(parsed.rule, parsed.problem);
  const sent = parsed.isForm ? readFields(parsed.value, media ?? requestBody, text, schemas) : parsed;
  if ('problem' in sent) return refusal(sent.problem, PARAMETER_PROBLEMS[sent.problem]);
  const value = parsed.isForm ? coerceParameter(sent.value, schema, schemas) : sent.value;
  const error = mostSpecific('/body', schemas.inRequest(schema, value));
  return error === undefined ? { value } : { value, error: { ...error, check: 'body' } };
}

/**
 * Reads the fields of a form by their schemas: again those to which the document gives a style, and as JSON those that can only be
 * objects, which a form has as JSON by default (OpenAPI 3.1.1, Encoding Object, `contentType`).
 */
function readFields(
  value: unknown,
  { fieldStyles, schema }: ContractBody,
  query: string,
  schemas: Schemas,
): ReturnType<typeof parseParameter> & object {
  if (!isRecord(value)) return { value };
  const { alternatives } = schemas.typesOf(schema);
  const properties = alternatives.flatMap((one) => (isRecord(one.properties) ? [one.properties] : []));
  const kindsOf = (name: string) =>
    schemas.typesOf(toSchema(properties.map((own) => own[name]).find(isRecord))).kinds;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, sent]) => [name, kindsOf(name).value ? sent : parseObject(sent)]),
  );
  for (const [name, style] of Object.entries(fieldStyles ?? {})) {
    const kinds = kindsOf(name);
    // An exploded object has its fields beside those of the form.
    const isField = (field: string) =>
      kinds.isField?.(field) === true && !properties.some((own) => Object.hasOwn(own, field));
    const sent = { path: {}, query, headers: new Headers() };
    const ownKinds = { ...kinds, isField: kinds.isField && isField };
    const read = parseParameter({ in: 'query', name, style }, ownKinds, sent);
    if (read === undefined) continue;
    if ('problem' in read) return read;
    if (style === 'formExplode' && isRecord(read.value))
      for (const field of Object.keys(read.value)) delete fields[field];
    fields[name] = read.value;
  }
  return { value: fields };
}

/** Returns the object that a text holds as JSON, or those of a list of texts; any other value as it is. */
function parseObject(sent: unknown): unknown {
  if (Array.isArray(sent)) return sent.map(parseObject);
  const parsed = typeof sent === 'string' && sent.startsWith('{') ? parseJson(sent) : undefined;
  return parsed === undefined ? sent : parsed.value;
}

/** Returns the documented names of the fields of a form. */
function fieldNamesOf(schema: JsonSchema, schemas: Schemas): string[] {
  return schemas.typesOf(schema).alternatives.flatMap(({ properties }) => Object.keys(recordOf(properties)));
}

type ParsedBody =
  | { readonly value: unknown; readonly isForm: boolean }
  | { readonly rule: string; readonly problem: string };

/** Parses a body by its media type; returns `undefined` for a media type that is not checked. */
function parseBody(
  mediaType: string,
  text: string,
  contentType: string,
  fieldNames: () => readonly string[],
): ParsedBody | undefined {
  const kind = mediaKindOf(mediaType);
  if (kind === 'json') {
    const parsed = parseJson(text);
    return parsed ? { ...parsed, isForm: false } : { rule: 'json', problem: 'is not well-formed JSON' };
  }
  if (kind === 'form') return { value: parseUrlEncoded(text, fieldNames()), isForm: true };
  if (kind !== 'multipart') return undefined;
  const value = parseMultipart(text, contentType, fieldNames());
  const problem = 'is not well-formed: it lacks the boundary of its content type';
  return value === undefined ? { rule: 'multipart', problem } : { value, isForm: true };
}

/** Returns the documented body for a content type, which may be documented as a range. */
function mediaFor(body: ContractBody, contentType: string | null): ContractBody | undefined {
  if (body.mediaType === contentType) return body;
  const sent = essenceOf(contentType);
  return mediaOf(body).find(({ mediaType }) => {
    const documented = essenceOf(mediaType);
    return documented === sent || isInRange(sent, documented);
  });
}

function wrongType(body: ContractBody): RequestError {
  const types = mediaOf(body).map(({ mediaType }) => mediaType);
  const problem =
    types.length === 1
      ? `must be ${types[0]}, the one media type that this operation takes`
      : `must be one of ${types.join(', ')}`;
  return { check: 'contentType', pointer: '/headers/content-type', rule: 'contentType', problem };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Turns the texts of a parameter into the types that its schema names.
 *
 * Text that is not a value of such a type stays text, so that the schema refuses it: `limit=many` fails as a string where a
 * number is due.
 *
 * @param sent - A text, or a list or object of texts.
 */
function coerceParameter(sent: unknown, schema: JsonSchema, schemas: Schemas): unknown {
  const { alternatives, types } = schemas.typesOf(schema);
  if (Array.isArray(sent)) {
    const items = jointSchema(alternatives.map((alternative) => alternative.items));
    return sent.map((item: unknown) => coerceParameter(item, items, schemas));
  }
  if (isRecord(sent)) return coerceObject(sent, schema, schemas);
  // A part of a form that is JSON was parsed already.
  if (typeof sent !== 'string') return sent;
  const value = coerceText(sent, types);
  if (!types.has('array')) return value;
  // A list of one is sent like a text. It is read as a text where the schema allows that too.
  const list = coerceParameter([sent], schema, schemas);
  if (types.size === 1 || (types.size === 2 && types.has('null'))) return list;
  const allows = (one: unknown) => schemas.inRequest(schema, one).length === 0;
  return !allows(value) && allows(list) ? list : value;
}

function coerceObject(
  sent: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  schemas: Schemas,
): unknown {
  const { alternatives, types } = schemas.typesOf(schema);
  // The items of a list may be numbered: `a[0]=x`.
  const isIndexed =
    types.has('array') && !types.has('object') && Object.keys(sent).every((name) => /^\d+$/.test(name));
  if (isIndexed) return coerceParameter(Object.values(sent), schema, schemas);
  const fields = coerceFields(sent, alternatives, schemas);
  const objects = alternatives.filter(({ properties }) => isRecord(properties));
  const allows = (one: unknown) => schemas.inRequest(schema, one).length === 0;
  if (objects.length < 2 || allows(fields)) return fields;
  // One branch of a union may have a text where another has a number.
  const ofBranches = objects.map((one) => coerceFields(sent, [one], schemas));
  return ofBranches.find(allows) ?? fields;
}

/** Turns the fields of an object into the types that any of some schemas has for them. */
function coerceFields(
  sent: Readonly<Record<string, unknown>>,
  alternatives: SchemaTypes['alternatives'],
  schemas: Schemas,
): Record<string, unknown> {
  const more = jointSchema(alternatives.map(({ additionalProperties }) => additionalProperties));
  const entries = Object.entries(sent).map(([name, value]) => {
    const own = jointSchema(alternatives.map((alternative) => propertyOf(alternative, name)));
    return [name, coerceParameter(value, own === true ? more : own, schemas)];
  });
  return Object.fromEntries(entries);
}

/** A schema for what any of some schemas allows; `true` for none. */
function jointSchema(nodes: readonly unknown[]): JsonSchema {
  const found = [...new Set(nodes.filter(isRecord))];
  return found.length > 1 ? { anyOf: found } : toSchema(found[0]);
}

function coerceText(text: string, types: ReadonlySet<unknown>): unknown {
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && (text === '' || text === 'null')) return null;
  return text;
}
