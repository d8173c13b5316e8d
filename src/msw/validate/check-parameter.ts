import type { ContractOperation, ContractParameter } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import type { Read, SentRequest } from './check-request.js';
import { coerceParameter } from './coerce.js';
import type { Schemas } from './schemas.js';
import { type Breach, mostSpecific } from './violation.js';

/** The first query parameter that the document does not have. */
export function findUndocumented(
  { parameters }: ContractOperation,
  query: URLSearchParams,
): Breach | undefined {
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = [...query.keys()].find((name) => !known.includes(name) && !known.includes(ownerOf(name)));
  if (unknown === undefined) return undefined;
  const choice = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return {
    check: 'undocumentedParameter',
    pointer: toPointer(['query', unknown]),
    rule: 'undocumented',
    problem: `is no query parameter of this operation; ${choice}`,
  };
}

/** `filter[name]` is a part of `filter` (OpenAPI 3.1, style `deepObject`). */
function ownerOf(name: string): string {
  return name.split('[', 1).join('');
}

/** Reads one parameter as its schema has it; the value is `undefined` where an optional one was not sent. */
export function readParameter(parameter: ContractParameter, sent: SentRequest, schemas: Schemas): Read {
  const place = parameter.in === 'header' ? 'headers' : parameter.in;
  const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
  const pointer = toPointer([place, name]);
  const texts = textsOf(parameter, sent);
  const breach = (rule: string, problem: string): Breach => ({ check: 'parameter', pointer, rule, problem });
  if (texts === undefined) return breach('encoding', 'is not valid percent-encoding');
  if (texts.length === 0) {
    const missing = parameter.required && !hasParts(parameter, sent);
    return missing
      ? { ...breach('required', 'is required'), check: 'missingParameter' }
      : { value: undefined };
  }
  const value = coerceParameter(texts, parameter.schema, schemas);
  if (texts.length > 1 && !Array.isArray(value)) {
    return breach('repeated', 'is sent more than once and takes one value');
  }
  const validate = (sent: unknown) => schemas.inRequest(parameter.schema, sent);
  const wrong = mostSpecific(pointer, validate(value));
  if (wrong === undefined) return { value };
  // Where a schema allows several types, `12` may be the text that it was sent as.
  const [text] = texts;
  if (text !== value && texts.length === 1 && validate(text).length === 0) return { value: text };
  return { ...wrong, check: 'parameter' };
}

function hasParts({ name }: ContractParameter, { query }: SentRequest): boolean {
  return [...query.keys()].some((key) => key !== name && ownerOf(key) === name);
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
