import type { ContractHeader, ContractOperation, ContractResponse } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { Schemas } from '../validate/validator.js';
import { createRandom } from './random.js';
import { sampleSchema } from './sample-body.js';

/** What the bytes of the response decide. */
const OWN: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
]);
/** What clients wait by: a time that nobody planned would hold up a test. A mock with limits sends its own. */
const WAITED_BY = /^retry-after$|rate-?limit/i;

/** Makes the headers that a document gives a response: its examples, else values of their schemas. */
export function headersOf(
  { operationId }: ContractOperation,
  status: number,
  { headers = [] }: ContractResponse,
  seed: number | string,
  schemas: Schemas,
): Record<string, string> {
  const entries = headers.flatMap((header): [string, string][] => {
    const name = header.name.toLowerCase();
    if (OWN.has(name) || WAITED_BY.test(name)) return [];
    const random = createRandom('header', seed, operationId, status, name);
    return [[name, textOf(header.example ?? sampleHeader(header, random, schemas))]];
  });
  return Object.fromEntries(entries);
}

function sampleHeader(
  { name, schema }: ContractHeader,
  random: ReturnType<typeof createRandom>,
  schemas: Schemas,
) {
  // A location is a URL, whether its schema says so or not (RFC 9110 section 10.2.2).
  const isPlace = /^(?:content-)?location$/i.test(name);
  const isText = typeof schema === 'object' && schema.type === 'string';
  const located = isPlace && isText ? { format: 'uri', ...schema } : schema;
  return sampleSchema(located, random, schemas, { examples: true, direction: 'response' });
}

/** Writes a value in the style `simple`, which is the one of headers, without what no header may hold. */
function textOf(value: unknown): string {
  const text = Array.isArray(value)
    ? value.map(String).join()
    : isRecord(value)
      ? Object.entries(value).flat().map(String).join()
      : String(value);
  return text.replaceAll(/[^\t\x20-\x7e]/g, '');
}
