import { defined } from '../util/defined.js';
import { isRecord, recordOf } from '../util/is-record.js';
import type {
  Contract,
  ContractBody,
  ContractHeader,
  ContractOperation,
  ContractParameter,
  ContractPart,
  ContractResponse,
  JsonSchema,
} from './contract-types.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { type Keys, keysBelow } from './keywords.js';
import { effectiveMediaType, mediaKindOf } from './media-types.js';
import { defaultStyle, fieldStylesOf, isIgnoredHeader, styleOf } from './parameters.js';
import { dereference } from './references.js';
import { isPlainBearer, requirementsOf, schemeNamed, securitySchemesOf } from './security-schemes.js';
import { namedIn, type WalkedOperation, walkOperations } from './walk-operations.js';

// Documentation, which a mock does not need and which would double the size of the table.
const PROSE = new Set([
  'description',
  'title',
  'examples',
  'example',
  'externalDocs',
  'deprecated',
  '$comment',
]);

/** Reduces a document to the parts that check requests and make responses. */
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

/** Makes the schema of the contract from that of the document. */
type ToSchema = (node: unknown) => JsonSchema;

/**
 * Describes one operation.
 *
 * @param toSchema - Maps each schema, e.g. to one without documentation.
 */
export function describeOperation(
  document: OpenApiDocument,
  walked: WalkedOperation,
  toSchema: ToSchema,
): ContractOperation {
  const { operationId, method, path, operation } = walked;
  const body = operation.requestBody === undefined ? undefined : dereference(document, operation.requestBody);
  // As the client's table and the types name it, so that the client's own requests fit.
  const sentType = (type: string, media: JsonObject) => effectiveMediaType(document, type, media);
  const requestBody = body && describeBody(document, body, toSchema, sentType);
  const responses = Object.entries(recordOf(operation.responses));
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

/** Describes the credentials of an operation: whether it needs any, and their schemes where they are not bearers alone. */
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
  const location = parameter.in as ContractParameter['in'];
  const style = styleOf(parameter);
  const [media] = Object.values(recordOf(parameter.content));
  return {
    name: String(parameter.name),
    in: location,
    required: parameter.required === true,
    schema: toSchema((isRecord(media) ? media.schema : parameter.schema) ?? true),
    ...(style === defaultStyle(location) ? {} : { style }),
    ...(location === 'query' && parameter.allowEmptyValue === true ? { allowEmptyValue: true } : {}),
    ...(example === undefined ? {} : { example }),
  };
}

/** Headers that a document does not decide: OpenAPI ignores the first, and each response has an id of its own. */
const UNDECIDED_HEADERS: ReadonlySet<string> = new Set(['content-type', 'x-vercel-id']);

function describeResponse(
  document: OpenApiDocument,
  response: JsonObject,
  toSchema: ToSchema,
): ContractResponse {
  const body = describeBody(document, response, toSchema);
  const headers = describeHeaders(document, response.headers, toSchema);
  return {
    description: String(response.description ?? '').trim(),
    ...(headers.length > 0 ? { headers } : {}),
    ...(body ? { body } : {}),
  };
}

function describeHeaders(document: OpenApiDocument, headers: unknown, toSchema: ToSchema): ContractHeader[] {
  return Object.entries(recordOf(headers))
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
  typeOf: (type: string, media: JsonObject) => string = (type) => type,
): ContractBody | undefined {
  const content = Object.entries(recordOf(holder.content));
  const [first, ...others] = content.flatMap(([mediaType, media]): ContractBody[] =>
    isRecord(media)
      ? [{ ...describeMedia(document, mediaType, media, toSchema), mediaType: typeOf(mediaType, media) }]
      : [],
  );
  if (first === undefined || others.length === 0) return first;
  return { ...first, others };
}

function describeMedia(
  document: OpenApiDocument,
  mediaType: string,
  media: JsonObject,
  toSchema: ToSchema,
): ContractBody {
  const fieldStyles = fieldStylesOf(document, mediaType, media);
  const parts = describeParts(document, mediaType, media, toSchema);
  return {
    mediaType,
    schema: toSchema(media.schema ?? true),
    examples: examplesOf(document, media),
    ...(Object.keys(fieldStyles).length === 0 ? {} : { fieldStyles }),
    ...(Object.keys(parts).length === 0 ? {} : { parts }),
  };
}

function describeParts(
  document: OpenApiDocument,
  mediaType: string,
  { encoding }: JsonObject,
  toSchema: ToSchema,
): Record<string, ContractPart> {
  if (mediaKindOf(mediaType) !== 'multipart') return {};
  const described = Object.entries(recordOf(encoding)).map(([name, node]): [string, ContractPart] => {
    const { contentType, headers: declared } = recordOf(node);
    const headers = describeHeaders(document, declared, toSchema);
    const mediaTypes =
      typeof contentType === 'string' ? contentType.split(',').map((type) => type.trim()) : undefined;
    return [name, defined({ mediaTypes, headers: headers.length > 0 ? headers : undefined })];
  });
  return Object.fromEntries(described.filter(([, part]) => Object.keys(part).length > 0));
}

function examplesOf(document: OpenApiDocument, holder: JsonObject): Record<string, unknown> {
  if (holder.example !== undefined) return { default: holder.example };
  const named = Object.entries(recordOf(holder.examples));
  return Object.fromEntries(named.map(([name, node]) => [name, dereference(document, node).value]));
}

function withoutProse(node: unknown): JsonSchema {
  // Only a schema is passed in, and stripping keys off a schema leaves a schema.
  return strip(node, 'keywords') as JsonSchema;
}

function strip(node: unknown, keys: Keys): unknown {
  if (Array.isArray(node)) return node.map((item) => strip(item, keys));
  if (keys === 'data' || !isRecord(node)) return node;
  const kept = Object.entries(node).filter(([key]) => keys === 'names' || !PROSE.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, strip(value, keysBelow(key, value, keys))]));
}
