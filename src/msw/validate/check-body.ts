import type { ContractOperation, JsonSchema } from '../../openapi/contract-types.js';
import { essenceOf, isInRange, isJson, mediaOf } from '../respond/media.js';
import type { Read, SentRequest } from './check-request.js';
import type { IsChecked } from './checks.js';
import { coerceParameter } from './coerce.js';
import { parseMultipart, parseUrlEncoded } from './form-body.js';
import type { Schemas } from './schemas.js';
import { type ContractError, mostSpecific } from './validation-error.js';

/** Reads the body of a request as its media type and schema have it; one that is neither JSON nor a form stays text and is not checked. */
export function readBody(
  operation: ContractOperation,
  { text, headers }: SentRequest,
  schemas: Schemas,
  isChecked: IsChecked,
): Read {
  const { requestBody } = operation;
  const breach = (rule: string, problem: string): ContractError => ({
    check: 'body',
    pointer: '/body',
    rule,
    problem,
  });
  const orValue = (wrong: ContractError, value: unknown): Read => (isChecked('body') ? wrong : { value });
  if (text === '') {
    if (!requestBody?.required) return { value: undefined };
    return orValue(breach('required', `is required, as ${requestBody.mediaType}`), undefined);
  }
  if (requestBody === undefined) {
    return orValue(breach('undocumented', 'is sent to an operation that takes no body'), text);
  }
  const type = essenceOf(headers.get('content-type'));
  const media = mediaOf(requestBody).find(({ mediaType }) => matches(mediaType, type));
  if (media === undefined && isChecked('contentType')) return wrongType(operation);
  const { schema, mediaType } = media ?? requestBody;
  const parsed = parseBody(essenceOf(mediaType), { text, headers }, schema, schemas);
  if (parsed === undefined) return { value: text };
  if (parsed === 'json') return orValue(breach('json', 'is not well-formed JSON'), text);
  if (parsed === 'multipart')
    return orValue(
      breach('multipart', 'is not well-formed: it lacks the boundary of its content type'),
      text,
    );
  const wrong = mostSpecific('/body', schemas.inRequest(schema, parsed.value));
  return wrong === undefined ? parsed : orValue({ ...wrong, check: 'body' }, parsed.value);
}

/** The value of a body; its name where it is malformed, and `undefined` for a media type that is not looked into. */
function parseBody(
  type: string,
  { text, headers }: Pick<SentRequest, 'text' | 'headers'>,
  schema: JsonSchema,
  schemas: Schemas,
): { readonly value: unknown } | 'json' | 'multipart' | undefined {
  if (isJson(type)) return parseJson(text) ?? 'json';
  if (type === 'application/x-www-form-urlencoded')
    return { value: coerceParameter(parseUrlEncoded(text), schema, schemas) };
  if (type !== 'multipart/form-data') return undefined;
  const fields = parseMultipart(text, headers.get('content-type') ?? '');
  return fields === undefined ? 'multipart' : { value: coerceParameter(fields, schema, schemas) };
}

function matches(documented: string, sent: string): boolean {
  const range = essenceOf(documented);
  return range === sent || isInRange(sent, range);
}

function wrongType({ requestBody }: ContractOperation): ContractError {
  const types = mediaOf(requestBody).map(({ mediaType }) => mediaType);
  const problem =
    types.length === 1
      ? `must be ${types[0]}, the one media type that this operation takes`
      : `must be one of ${types.join(', ')}`;
  return { check: 'contentType', pointer: '/headers/content-type', rule: 'contentType', problem };
}

/** Parses JSON without throwing: `undefined` for text that is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
