import type {
  Contract,
  ContractBody,
  ContractOperation,
  ContractParameter,
  ContractResponse,
  JsonSchema,
} from '../contract-types.js';
import { isRecord } from '../is-record.js';
import { dereference, type JsonObject, type OpenApiDocument } from './document.js';
import { list, type WalkedOperation, walkOperations } from './walk-operations.js';

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
    (walked) => [walked.operationId, describe(openapi, walked)] as const,
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

function describe(document: OpenApiDocument, walked: WalkedOperation): ContractOperation {
  const { operationId, method, path, operation } = walked;
  const body = operation.requestBody === undefined ? undefined : dereference(document, operation.requestBody);
  const requestBody = body && describeBody(document, body);
  const responses = Object.entries(isRecord(operation.responses) ? operation.responses : {});
  return {
    operationId,
    method,
    path,
    secured: isSecured(list(operation.security ?? document.security)),
    deprecated: operation.deprecated === true,
    parameters: walked.parameters.map((parameter) => describeParameter(document, parameter)),
    ...(requestBody ? { requestBody: { ...requestBody, required: body?.required === true } } : {}),
    responses: Object.fromEntries(
      responses.map(([status, node]) => [status, describeResponse(document, dereference(document, node))]),
    ),
  };
}

/** Credentials are asked for unless there is no requirement, or an empty one to choose. */
function isSecured(requirements: readonly unknown[]): boolean {
  return (
    requirements.length > 0 &&
    requirements.every((requirement) => isRecord(requirement) && Object.keys(requirement).length > 0)
  );
}

function describeParameter(document: OpenApiDocument, parameter: JsonObject): ContractParameter {
  const [example] = Object.values(examplesOf(document, parameter));
  return {
    name: String(parameter.name),
    // The document was linted: `in` is one of the four.
    in: parameter.in as ContractParameter['in'],
    required: parameter.required === true,
    schema: withoutProse(parameter.schema ?? true),
    ...(example === undefined ? {} : { example }),
  };
}

function describeResponse(document: OpenApiDocument, response: JsonObject): ContractResponse {
  const body = describeBody(document, response);
  return { description: String(response.description ?? '').trim(), ...(body ? { body } : {}) };
}

function describeBody(document: OpenApiDocument, holder: JsonObject): ContractBody | undefined {
  const [entry] = Object.entries(isRecord(holder.content) ? holder.content : {});
  if (entry === undefined || !isRecord(entry[1])) return undefined;
  const [mediaType, media] = entry;
  return { mediaType, schema: withoutProse(media.schema ?? true), examples: examplesOf(document, media) };
}

function examplesOf(document: OpenApiDocument, holder: JsonObject): Record<string, unknown> {
  if (holder.example !== undefined) return { default: holder.example };
  const named = Object.entries(isRecord(holder.examples) ? holder.examples : {});
  return Object.fromEntries(named.map(([name, node]) => [name, dereference(document, node).value]));
}

function withoutProse(node: unknown): JsonSchema {
  // Only a schema is passed in, and stripping keys off a schema leaves a schema.
  return strip(node, false) as JsonSchema;
}

// Under these a key is a name and not a keyword: a property may well be called "description".
const NAMES_BELOW: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'dependentSchemas',
]);
// Under these stand values and no schemas.
const VALUES_BELOW: ReadonlySet<string> = new Set(['const', 'default', 'enum']);

function strip(node: unknown, keysAreNames: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => strip(item, false));
  if (!isRecord(node)) return node;
  const kept = Object.entries(node).filter(([key]) => keysAreNames || !PROSE.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (!keysAreNames && VALUES_BELOW.has(key)) return [key, value];
      return [key, strip(value, !keysAreNames && NAMES_BELOW.has(key))];
    }),
  );
}
