import type { ContractOperation, ContractResponse } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { Schemas } from '../validate/validator.js';
import { createRandom } from './random.js';
import { sampleSchema } from './sample-body.js';

/** Headers that depend on the bytes of the response. */
const OWN: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
]);
/** Headers that make clients wait: a time that nobody planned would delay a test. A mock with limits sends its own. */
const WAITED_BY = /^retry-after$|rate-?limit/i;

const LOCATION = /^(?:content-)?location$/;

/** Makes the documented headers of a response: their examples, else values of their schemas. */
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
    // A location is a URL, whether its schema says so or not (RFC 9110 section 10.2.2).
    const isUrl = typeof header.schema === 'object' && header.schema.type === 'string' && LOCATION.test(name);
    const schema = isUrl ? { format: 'uri', ...Object(header.schema) } : header.schema;
    const plan = { examples: true, direction: 'response' } as const;
    return [[name, writeHeader(header.example ?? sampleSchema(schema, random, schemas, plan))]];
  });
  return Object.fromEntries(entries);
}

/** Writes a value in the style `simple`, which is that of headers, without characters that a header must not have. */
function writeHeader(value: unknown): string {
  const text = Array.isArray(value)
    ? value.map(String).join()
    : isRecord(value)
      ? Object.entries(value).flat().map(String).join()
      : String(value);
  return text.replaceAll(/[^\t\x20-\x7e]/g, '');
}
