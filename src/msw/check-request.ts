import type { ContractOperation, ContractParameter } from '../contract-types.js';
import { coerceParameter } from './coerce.js';
import { escapePointer, type Schemas } from './schemas.js';
import { type Breach, mostSpecific } from './violation.js';

/** A request, taken apart as it was sent. */
export interface SentRequest {
  /** `undefined` where the percent-encoding is malformed. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The body's text, `''` for none. */
  readonly text: string;
}

/** What a request says, once it has been found to be as the document has it. */
export interface CheckedParts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bearer: string | undefined;
}

/**
 * Checks a request against its operation: bearer, path, query, headers, then body.
 *
 * @returns What the request says, or the first breach found.
 */
export function checkRequest(
  operation: ContractOperation,
  sent: SentRequest,
  schemas: Schemas,
): CheckedParts | Breach {
  const bearer = readBearer(sent.headers);
  if (operation.secured && bearer === undefined) return NO_BEARER;
  const undocumented = findUndocumented(operation, sent.query);
  if (undocumented !== undefined) return undocumented;
  const values: Record<string, Record<string, unknown>> = { path: {}, query: {}, header: {} };
  for (const parameter of operation.parameters) {
    // A cookie never gets here: browsers and msw keep them out of the headers.
    if (parameter.in === 'cookie') continue;
    const read = readParameter(operation, parameter, sent, schemas);
    if ('pointer' in read) return read;
    if (read.value !== undefined)
      values[parameter.in] = { ...values[parameter.in], [parameter.name]: read.value };
  }
  const read = readBody(operation, sent, schemas);
  if ('pointer' in read) return read;
  return { params: values.path ?? {}, query: values.query ?? {}, body: read.value, bearer };
}

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1). */
export function readBearer(headers: Headers): string | undefined {
  return /^bearer +(\S.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
}

const NO_BEARER: Breach = {
  pointer: '/headers/authorization',
  rule: 'required',
  problem: 'is required: send "Authorization: Bearer <token>" with a token that is not blank',
  status: 401,
};

function findUndocumented({ parameters }: ContractOperation, query: URLSearchParams): Breach | undefined {
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const choice = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return {
    pointer: `/query/${escapePointer(unknown)}`,
    rule: 'undocumented',
    problem: `is no query parameter of this operation; ${choice}`,
  };
}

function readParameter(
  operation: ContractOperation,
  parameter: ContractParameter,
  sent: SentRequest,
  schemas: Schemas,
): { readonly value: unknown } | Breach {
  const place = parameter.in === 'header' ? 'headers' : parameter.in;
  const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
  const pointer = `/${place}/${escapePointer(name)}`;
  const texts = textsOf(parameter, sent);
  if (texts === undefined) return { pointer, rule: 'encoding', problem: 'is not valid percent-encoding' };
  if (texts.length === 0) {
    return parameter.required ? { pointer, rule: 'required', problem: 'is required' } : { value: undefined };
  }
  const value = coerceParameter(texts, parameter.schema, schemas);
  if (texts.length > 1 && !Array.isArray(value)) {
    return { pointer, rule: 'repeated', problem: 'is sent more than once and takes one value' };
  }
  const errors = schemas.parameter(operation, parameter)(value);
  return mostSpecific(pointer, errors) ?? { value };
}

function textsOf(parameter: ContractParameter, sent: SentRequest): readonly string[] | undefined {
  if (parameter.in === 'query') return sent.query.getAll(parameter.name);
  if (parameter.in === 'header') {
    const value = sent.headers.get(parameter.name);
    return value === null ? [] : [value];
  }
  const value = sent.path[parameter.name];
  return value === undefined ? undefined : [value];
}

function readBody(
  operation: ContractOperation,
  { text, headers }: SentRequest,
  schemas: Schemas,
): { readonly value: unknown } | Breach {
  const { requestBody } = operation;
  if (text === '') {
    if (!requestBody?.required) return { value: undefined };
    return { pointer: '/body', rule: 'required', problem: `is required, as ${requestBody.mediaType}` };
  }
  if (requestBody === undefined) {
    return { pointer: '/body', rule: 'undocumented', problem: 'is sent to an operation that takes no body' };
  }
  const { mediaType } = requestBody;
  if (essenceOf(headers.get('content-type')) !== mediaType) {
    const problem = `must be ${mediaType}, the one media type that this operation takes`;
    return { pointer: '/headers/content-type', rule: 'contentType', problem };
  }
  // Bytes are what they are.
  if (!isJson(mediaType)) return { value: text };
  const parsed = parseJson(text);
  if (parsed === undefined) return { pointer: '/body', rule: 'json', problem: 'is not well-formed JSON' };
  return mostSpecific('/body', schemas.requestBody(operation)(parsed.value)) ?? parsed;
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

function essenceOf(contentType: string | null): string {
  return (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** Parses JSON without throwing: `undefined` for text that is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
