import { nearestName } from '../../client/option-names.js';
import type { ContractOperation, ContractParameter } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { defaultStyle } from '../../openapi/parameter-style.js';
import { type ParameterKinds, parseParameter, queryNames } from '../../openapi/parameter-text.js';
import type { Read, SentRequest } from './check-request.js';
import { coerceParameter, kindsOf } from './coerce.js';
import type { Schemas } from './schemas.js';
import { type ContractError, mostSpecific } from './validation-error.js';

/** The first query parameter that the document does not have. */
export function findUndocumented(
  operation: ContractOperation,
  query: string,
  schemas: Schemas,
): ContractError | undefined {
  if (query === '') return undefined;
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  const names = known.map(({ name }) => name);
  const fixed = new URLSearchParams(operation.path.split('?', 2)[1] ?? '');
  const keys = (operation.security ?? []).flat().filter((one) => one.kind === 'apiKey' && one.in === 'query');
  const unknown = queryNames(query).find(
    (name) =>
      !names.includes(name) &&
      !names.includes(ownerOf(name)) &&
      !fixed.has(name) &&
      !keys.some((key) => key.kind === 'apiKey' && key.name === name) &&
      !known.some((parameter) => kindsIn(operation, parameter, schemas).isField?.(name) === true),
  );
  if (unknown === undefined) return undefined;
  const nearest = nearestName(unknown, names);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const choice = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}${hint}`;
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

const PROBLEMS = {
  encoding: 'is not valid percent-encoding',
  repeated: 'is sent more than once and takes one value',
  json: 'is not well-formed JSON',
};

/** Reads one parameter as its schema has it; the value is `undefined` where an optional one was not sent. */
export function readParameter(
  operation: ContractOperation,
  parameter: ContractParameter,
  sent: SentRequest,
  schemas: Schemas,
): Read {
  const { in: place, name, style = defaultStyle(place) } = parameter;
  const pointer = toPointer(
    place === 'header' ? ['headers', name.toLowerCase()] : [place === 'cookie' ? 'cookies' : place, name],
  );
  const breach = (rule: string, problem: string): ContractError => ({
    check: 'parameter',
    pointer,
    rule,
    problem,
  });
  const read = parseParameter({ name, in: place, style }, kindsIn(operation, parameter, schemas), sent);
  if (read === undefined)
    return parameter.required
      ? { ...breach('required', 'is required'), check: 'missingParameter' }
      : { value: undefined };
  if ('problem' in read) return breach(read.problem, PROBLEMS[read.problem]);
  const value = style === 'json' ? read.value : coerceParameter(read.value, parameter.schema, schemas);
  const wrong = mostSpecific(pointer, schemas.inRequest(parameter.schema, value));
  if (wrong === undefined) return { value };
  // Where a schema allows several types, `12` may be the text that it was sent as.
  if (read.value !== value && schemas.inRequest(parameter.schema, read.value).length === 0) return read;
  // A list of one looks like a text.
  const list = coerceParameter([read.value], parameter.schema, schemas);
  if (typeof read.value === 'string' && schemas.inRequest(parameter.schema, list).length === 0)
    return { value: list };
  return { ...wrong, check: 'parameter' };
}

/** Of which kinds a parameter may be. Fields of an object that are sent by themselves are not those of another parameter. */
function kindsIn(
  { parameters }: ContractOperation,
  parameter: ContractParameter,
  schemas: Schemas,
): ParameterKinds {
  const { style = defaultStyle(parameter.in) } = parameter;
  const kinds = kindsOf(parameter.schema, schemas);
  const { isField } = kinds;
  if (isField === undefined) return kinds;
  const others = new Set(
    parameters.flatMap((other) => (other.in === parameter.in && other !== parameter ? [other.name] : [])),
  );
  return {
    ...kinds,
    isField: (name) => style === 'formExplode' && !others.has(name) && isField(name),
  };
}
