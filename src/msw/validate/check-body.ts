import type {
  ContractBody,
  ContractHeader,
  ContractOperation,
  JsonSchema,
} from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { essenceOf, mediaKindOf } from '../../openapi/media-types.js';
import { parseParameter } from '../../openapi/parameters.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { parseJson } from '../../util/parse-json.js';
import { isInRange, mediaOf } from '../respond/media.js';
import type { ActiveChecks, CheckName } from './checks.js';
import { coerceParameter } from './coerce.js';
import { fieldsOfParts, isJsonPart, type Part, parseUrlEncoded, readParts } from './form-body.js';
import { toSchema } from './schema-source.js';
import { type ContractError, mostSpecific } from './validation-error.js';
import type { Schemas } from './validator.js';

export type RequestError = ContractError & { readonly check: CheckName };

/** A value to go on with where the check of its error is switched off. */
export interface Read {
  readonly value: unknown;
  readonly error?: RequestError;
}

export const PARAMETER_PROBLEMS = {
  encoding: 'is not valid percent-encoding',
  repeated: 'is sent more than once and takes one value',
  json: 'is not well-formed JSON',
};

/**
 * Reads a body by its media type and schema: JSON, lines of JSON, a form, or a text.
 *
 * Any other, such as XML and bytes, stays text and is not checked.
 */
export function readBody(
  { requestBody }: ContractOperation,
  { text, headers }: { readonly text: string; readonly headers: Headers },
  schemas: Schemas,
  checks: ActiveChecks,
): Read {
  if (text === '')
    return requestBody?.required
      ? refusal('required', `is required, as ${requestBody.mediaType}`)
      : { value: undefined };
  if (requestBody === undefined)
    return refusal('undocumented', 'is sent to an operation that takes no body', text);
  const contentType = headers.get('content-type');
  const media = mediaFor(requestBody, contentType);
  if (media === undefined && checks.contentType) return { value: text, error: wrongType(requestBody) };
  return readAs(media ?? requestBody, text, contentType ?? '', schemas);
}

function refusal(rule: string, problem: string, value?: unknown): Read {
  return { value, error: { check: 'body', pointer: '/body', rule, problem } };
}

function readAs(body: ContractBody, text: string, contentType: string, schemas: Schemas): Read {
  const { schema } = body;
  // A range says nothing of the form of a body, unless that is a file of any type.
  const isFile = schemas.typesOf(schema).types.has('string');
  const mediaType = body.mediaType.includes('*') && !isFile ? contentType : body.mediaType;
  if (isLines(mediaType)) return readLines(text, schema, schemas);
  const parsed = parseBody(mediaType, text, contentType, () => fieldNamesOf(schema, schemas));
  if (parsed === undefined) return readText(mediaType, text, schema, schemas);
  if ('problem' in parsed) return refusal(parsed.rule, parsed.problem, text);
  const wrongPart = checkParts(parsed.parts, body, schemas);
  if (wrongPart !== undefined) return { value: parsed.value, error: wrongPart };
  const sent = parsed.isForm ? readFields(parsed, body, text, schemas) : parsed;
  if ('problem' in sent) return refusal(sent.problem, PARAMETER_PROBLEMS[sent.problem], text);
  const value = parsed.isForm ? coerceParameter(sent.value, schema, schemas) : sent.value;
  return checked(value, schema, schemas);
}

function checked(value: unknown, schema: JsonSchema, schemas: Schemas): Read {
  const error = mostSpecific('/body', schemas.inRequest(schema, value));
  return error === undefined ? { value } : { value, error: { ...error, check: 'body' } };
}

/** Reads a text by a schema of a text, a number or a boolean. Anything else has no known form as text. */
function readText(mediaType: string, text: string, schema: JsonSchema, schemas: Schemas): Read {
  const { types, kinds } = schemas.typesOf(schema);
  const isValue = kinds.value && !types.has('array') && !types.has('object');
  if (mediaKindOf(mediaType) !== 'text' || !isValue) return { value: text };
  const read = checked(coerceParameter(text, schema, schemas), schema, schemas);
  // Where a schema allows several types, `12` may be the text that it was sent as.
  return read.error !== undefined && schemas.inRequest(schema, text).length === 0 ? { value: text } : read;
}

/** Whether a body has one value of JSON in each line. */
function isLines(mediaType: string): boolean {
  return /^application\/(?:x-ndjson|ndjson|jsonl|stream\+json)$/.test(essenceOf(mediaType));
}

/** Checks lines of JSON: all of them as a list where the schema is that of a list, else each one. The value stays text. */
function readLines(text: string, schema: JsonSchema, schemas: Schemas): Read {
  const refused = (error: Omit<RequestError, 'check'>): Read => ({
    value: text,
    error: { ...error, check: 'body' },
  });
  const { types } = schemas.typesOf(schema);
  if (types.has('string')) return { value: text };
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const values: unknown[] = [];
  for (const [index, line] of lines.entries()) {
    const parsed = parseJson(line);
    if (parsed === undefined)
      return refused({ pointer: `/body/${index}`, rule: 'json', problem: 'is not well-formed JSON' });
    values.push(parsed.value);
  }
  const errors = types.has('array')
    ? [mostSpecific('/body', schemas.inRequest(schema, values))]
    : values.map((value, index) => mostSpecific(`/body/${index}`, schemas.inRequest(schema, value)));
  const error = errors.find((one) => one !== undefined);
  return error === undefined ? { value: text } : refused(error);
}

/** Holds the parts of a multipart form to the media types and headers that the document has for them. */
function checkParts(
  parts: readonly Part[] = [],
  { parts: rules = {} }: ContractBody,
  schemas: Schemas,
): RequestError | undefined {
  for (const part of parts) {
    const { mediaTypes, headers = [] } =
      (Object.hasOwn(rules, part.name) ? rules[part.name] : undefined) ?? {};
    const pointer = toPointer(['body', part.name]);
    const type = part.headers.get('content-type');
    // A part without one is sent by most forms, also where the document asks for JSON.
    if (type !== undefined && mediaTypes?.some((one) => isOfType(type, one)) === false)
      return { check: 'body', pointer, rule: 'contentType', problem: `must be ${mediaTypes.join(' or ')}` };
    const wrong = headers
      .map((header) => checkHeader(part, header, schemas))
      .find((one) => one !== undefined);
    if (wrong !== undefined) return { ...wrong, check: 'body', pointer, problem: wrong.problem };
  }
  return undefined;
}

function checkHeader({ headers }: Part, { name, required, schema }: ContractHeader, schemas: Schemas) {
  const text = headers.get(name.toLowerCase());
  if (text === undefined)
    return required ? { rule: 'required', problem: `must have the header ${name}` } : undefined;
  const error = mostSpecific('', schemas.inRequest(schema, coerceParameter(text, schema, schemas)));
  return error && { rule: error.rule, problem: `has the header ${name}, which ${error.problem}` };
}

/** Whether a content type is a documented one, or in a documented range. */
function isOfType(contentType: string, documented: string): boolean {
  const [sent, type] = [essenceOf(contentType), essenceOf(documented)];
  return sent === type || isInRange(sent, type);
}

/**
 * Reads the fields of a form by their schemas: again those to which the document gives a style, and as JSON those that can only be
 * objects, which a form has as JSON by default (OpenAPI 3.1.1, Encoding Object, `contentType`).
 */
function readFields(
  { value, parts }: Extract<ParsedBody, { readonly isForm: boolean }>,
  { fieldStyles, schema }: ContractBody,
  query: string,
  schemas: Schemas,
): ReturnType<typeof parseParameter> & object {
  if (!isRecord(value)) return { value };
  const { alternatives } = schemas.typesOf(schema);
  const properties = alternatives.flatMap((one) => (isRecord(one.properties) ? [one.properties] : []));
  const kindsOf = (name: string) =>
    schemas.typesOf(toSchema(properties.map((own) => own[name]).find(isRecord))).kinds;
  const json = new Map(parts?.filter(isJsonPart).map(({ name, text }) => [name, text]));
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, sent]) => {
      const { value: isValue, array, isField } = kindsOf(name);
      const isObject = json.has(name) && isRecord(sent) && isField === undefined;
      // A list of one object has one part, and a file may hold JSON.
      if (isObject) return [name, array ? [sent] : json.get(name)];
      return [name, isValue ? sent : parseObject(sent)];
    }),
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
  | { readonly value: unknown; readonly isForm: boolean; readonly parts?: readonly Part[] }
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
  const parts = readParts(text, contentType);
  if (typeof parts === 'string') return { rule: 'multipart', problem: parts };
  return { value: fieldsOfParts(parts, fieldNames()), isForm: true, parts };
}

/** Returns the documented body for a content type, which may be documented as a range. */
function mediaFor(body: ContractBody, contentType: string | null): ContractBody | undefined {
  if (body.mediaType === contentType) return body;
  return mediaOf(body).find(({ mediaType }) => isOfType(contentType ?? '', mediaType));
}

function wrongType(body: ContractBody): RequestError {
  const types = mediaOf(body).map(({ mediaType }) => mediaType);
  const problem =
    types.length === 1
      ? `must be ${types[0]}, the one media type that this operation takes`
      : `must be one of ${types.join(', ')}`;
  return { check: 'contentType', pointer: '/headers/content-type', rule: 'contentType', problem };
}
