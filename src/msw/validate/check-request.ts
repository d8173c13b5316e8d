import { nearestName } from '../../client/option-names.js';
import type { ContractOperation, ContractParameter } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import {
  defaultStyle,
  type ParameterKinds,
  parseParameter,
  queryNames,
  type SentParameters,
} from '../../openapi/parameters.js';
import { describeScheme, type SecurityScheme } from '../../openapi/security-schemes.js';
import { fixedQueryOf } from '../handlers/match-path.js';
import { PARAMETER_PROBLEMS, type Read, readBody } from './check-body.js';
import { type ActiveChecks, type CheckName, readChecks } from './checks.js';
import { coerceParameter } from './coerce.js';
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
