import { isRecord } from '../util/is-record.js';
import type {
  Contract,
  ContractBody,
  ContractHeader,
  ContractOperation,
  ContractParameter,
  ContractResponse,
  JsonSchema,
} from './contract-types.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { type Keys, keysBelow } from './keywords.js';
import { defaultStyle, isIgnoredHeader, styleOf } from './parameter-style.js';
import { dereference } from './references.js';
import { isPlainBearer, requirementsOf, schemeNamed, securitySchemesOf } from './security-schemes.js';
import { namedIn, type WalkedOperation, walkOperations } from './walk-operations.js';

// What a schema says to a person; a mock has no use for it, and it would double the size of the table.
const PROSE = new Set([
  'description',
  'title',
  'examples',
  'example',
  'externalDocs',
  'deprecated',
  '$comment',
]);

/** Reduces a document to what checking requests and answering them needs. */
export function buildContract({
  openapi,
  hash,
}: {
  readonly openapi: OpenApiDocument;
  readonly hash: string;
}): Contract {
  const operations = walkOperations(openapi).map(
    (walked) => [walked.operationId, describeOperation(openapi, walked, withoutProse)] as const,
  );
  const schemas = Object.entries(openapi.components?.schemas ?? {});
  return {
    title: openapi.info.title,
    version: openapi.info.version,
    documentHash: hash,
    baseUrl: openapi.servers?.[0]?.url ?? '',
    schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, withoutProse(schema)])),
    operations: Object.fromEntries(operations),
  };
}

/** Makes a schema of what stands where the document has one. */
type ToSchema = (node: unknown) => JsonSchema;

/**
 * Describes one operation.
 *
 * @param toSchema - What becomes of each schema, e.g. one without its prose.
 */
export function describeOperation(
  document: OpenApiDocument,
  walked: WalkedOperation,
  toSchema: ToSchema,
): ContractOperation {
  const { operationId, method, path, operation } = walked;
  const body = operation.requestBody === undefined ? undefined : dereference(document, operation.requestBody);
  const requestBody = body && describeBody(document, body, toSchema);
  const responses = Object.entries(isRecord(operation.responses) ? operation.responses : {});
  return {
    operationId,
    method,
    path,
    ...describeSecurity(document, operation),
    deprecated: operation.deprecated === true,
    parameters: namedIn(walked, () =>
      walked.parameters
        .filter((parameter) => !isIgnoredHeader(parameter))
        .map((parameter) => describeParameter(document, parameter, toSchema)),
    ),
    ...(requestBody ? { requestBody: { ...requestBody, required: body?.required === true } } : {}),
    responses: Object.fromEntries(
      responses.map(([status, node]) => [
        status,
        describeResponse(document, dereference(document, node), toSchema),
      ]),
    ),
  };
}

/** What the document says of credentials: whether they are asked for, and of which schemes where they are not bearers alone. */
export function describeSecurity(
  document: OpenApiDocument,
  operation: JsonObject,
): Pick<ContractOperation, 'secured' | 'security'> {
  const schemes = securitySchemesOf(document);
  const requirements = requirementsOf(document, operation);
  const secured = requirements.length > 0 && requirements.every((names) => names.length > 0);
  if (isPlainBearer(requirements, schemes)) return { secured };
  return { secured, security: requirements.map((names) => names.map((name) => schemeNamed(schemes, name))) };
}

function describeParameter(
  document: OpenApiDocument,
  parameter: JsonObject,
  toSchema: ToSchema,
): ContractParameter {
  const [example] = Object.values(examplesOf(document, parameter));
  // The document was linted: `in` is one of the four.
  const place = parameter.in as ContractParameter['in'];
  const style = styleOf(parameter);
  const [media] = Object.values(isRecord(parameter.content) ? parameter.content : {});
  return {
    name: String(parameter.name),
    in: place,
    required: parameter.required === true,
    schema: toSchema((isRecord(media) ? media.schema : parameter.schema) ?? true),
    ...(style === defaultStyle(place) ? {} : { style }),
    ...(example === undefined ? {} : { example }),
  };
}

function describeResponse(
  document: OpenApiDocument,
  response: JsonObject,
  toSchema: ToSchema,
): ContractResponse {
  const body = describeBody(document, response, toSchema);
  const headers = describeHeaders(document, response, toSchema);
  return {
    description: String(response.description ?? '').trim(),
    ...(headers.length > 0 ? { headers } : {}),
    ...(body ? { body } : {}),
  };
}

/** Headers that the document does not decide: OpenAPI ignores the first, and each response has an id of its own. */
const UNDECIDED_HEADERS: ReadonlySet<string> = new Set(['content-type', 'x-vercel-id']);

function describeHeaders(
  document: OpenApiDocument,
  { headers }: JsonObject,
  toSchema: ToSchema,
): ContractHeader[] {
  const entries = Object.entries(isRecord(headers) ? headers : {});
  return entries
    .filter(([name]) => !UNDECIDED_HEADERS.has(name.toLowerCase()))
    .map(([name, node]) => {
      const header = dereference(document, node);
      const [example] = Object.values(examplesOf(document, header));
      return {
        name,
        required: header.required === true,
        schema: toSchema(header.schema ?? true),
        ...(example === undefined ? {} : { example }),
      };
    });
}

function describeBody(
  document: OpenApiDocument,
  holder: JsonObject,
  toSchema: ToSchema,
): ContractBody | undefined {
  const content = Object.entries(isRecord(holder.content) ? holder.content : {});
  const [first, ...others] = content.flatMap(([mediaType, media]): ContractBody[] =>
    isRecord(media)
      ? [{ mediaType, schema: toSchema(media.schema ?? true), examples: examplesOf(document, media) }]
      : [],
  );
  if (first === undefined || others.length === 0) return first;
  return { ...first, others };
}

function examplesOf(document: OpenApiDocument, holder: JsonObject): Record<string, unknown> {
  if (holder.example !== undefined) return { default: holder.example };
  const named = Object.entries(isRecord(holder.examples) ? holder.examples : {});
  return Object.fromEntries(named.map(([name, node]) => [name, dereference(document, node).value]));
}

function withoutProse(node: unknown): JsonSchema {
  // Only a schema is passed in, and stripping keys off a schema leaves a schema.
  return strip(node, 'keywords') as JsonSchema;
}

function strip(node: unknown, keys: Keys): unknown {
  if (keys === 'data') return node;
  if (Array.isArray(node)) return node.map((item) => strip(item, keys));
  if (!isRecord(node)) return node;
  const entries = Object.entries(node);
  if (keys === 'names')
    return Object.fromEntries(entries.map(([name, value]) => [name, strip(value, 'keywords')]));
  const kept = entries.filter(([key]) => !PROSE.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, strip(value, keysBelow(key, value))]));
}
