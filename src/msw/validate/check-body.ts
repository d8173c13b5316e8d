import type { ContractOperation } from '../../openapi/contract-types.js';
import { essenceOf, isJson, mediaOf } from '../respond/media.js';
import type { Read, SentRequest } from './check-request.js';
import type { IsChecked } from './checks.js';
import type { Schemas } from './schemas.js';
import { type Breach, mostSpecific } from './violation.js';

/** Reads the body of a request as its media type and schema have it; one that is no JSON stays text and is not checked. */
export function readBody(
  operation: ContractOperation,
  { text, headers }: SentRequest,
  schemas: Schemas,
  isChecked: IsChecked,
): Read {
  const { requestBody } = operation;
  const breach = (rule: string, problem: string): Breach => ({
    check: 'body',
    pointer: '/body',
    rule,
    problem,
  });
  const orValue = (wrong: Breach, value: unknown): Read => (isChecked('body') ? wrong : { value });
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
  if (!isJson(essenceOf((media ?? requestBody).mediaType))) return { value: text };
  const parsed = parseJson(text);
  if (parsed === undefined) return orValue(breach('json', 'is not well-formed JSON'), text);
  const wrong = mostSpecific('/body', schemas.inRequest((media ?? requestBody).schema, parsed.value));
  return wrong === undefined ? parsed : orValue({ ...wrong, check: 'body' }, parsed.value);
}

/** A documented range such as `text/*` takes every type in it. */
function matches(documented: string, sent: string): boolean {
  const range = essenceOf(documented);
  if (range === '*/*') return true;
  return range.endsWith('/*') ? sent.startsWith(range.slice(0, -1)) : range === sent;
}

function wrongType({ requestBody }: ContractOperation): Breach {
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
