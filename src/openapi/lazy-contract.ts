import { isRecord, listOf, recordOf } from '../util/is-record.js';
import { describeOperation, describeSecurity } from './contract-table.js';
import type {
  Contract,
  ContractOperation,
  ContractParameter,
  ContractResponse,
  JsonSchema,
} from './contract-types.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { normalizePart } from './normalize/normalize.js';
import { repairOperationIds } from './normalize/operation-ids.js';
import type { Method } from './operation-info.js';
import { fieldStylesOf, isIgnoredHeader, styleOf } from './parameters.js';
import { dereference } from './references.js';
import { serverUrls } from './servers.js';
import { namedIn, parametersOf, WALKED_METHODS, walkOperations } from './walk-operations.js';

/**
 * Makes the contract of a document. Each part is repaired and described when it is first read: the parameters of an
 * operation, its body, each of its responses, each component.
 *
 * A published document of four megabytes has two hundred operations, and a test uses five of them. The document may be
 * frozen and stays as it is. It must be bundled, see `bundleDocument`.
 *
 * @throws {Error} Naming the operation, for a parameter of a style that is not supported.
 */
export function lazyContract(document: OpenApiDocument): Contract {
  const named = repairOperationIds(document).document;
  const parts = new Parts(document);
  const operations = Object.entries(named.paths).flatMap(([path, item]) =>
    (isRecord(item) ? WALKED_METHODS : []).flatMap((method) => {
      const operation = item[method];
      if (!isRecord(operation)) return [];
      namedIn({ method: methodOf(method), path }, () => checkStyles(document, item, operation));
      return [new LazyOperation(parts, path, item, method, operation)];
    }),
  );
  const servers = serverUrls(document.servers);
  return {
    title: String(document.info?.title ?? ''),
    version: String(document.info?.version ?? ''),
    documentHash: '',
    baseUrl: servers[0] ?? '',
    servers,
    get schemas() {
      return parts.schemas;
    },
    operations: Object.fromEntries(operations.map((operation) => [operation.operationId, operation])),
  };
}

/** Refuses a style that is not supported at once: parameters and bodies are described at first use. */
function checkStyles(document: OpenApiDocument, item: JsonObject, operation: JsonObject): void {
  for (const parameter of parametersOf(document, item, operation))
    if (!isIgnoredHeader(parameter)) styleOf(parameter);
  if (operation.requestBody === undefined) return;
  const { content } = dereference(document, operation.requestBody);
  for (const [mediaType, media] of Object.entries(recordOf(content)))
    if (isRecord(media)) fieldStylesOf(document, mediaType, media);
}

/** TypeScript widens what toUpperCase() makes of a literal. */
function methodOf(method: (typeof WALKED_METHODS)[number]): Method {
  return method.toUpperCase() as Method;
}

// Validators of users compare responses with the published document.
const AS_PUBLISHED = { keepNames: true };

/** A document with components that are repaired at their first use. */
class Parts {
  /** The document without its paths. */
  readonly repaired: OpenApiDocument;

  constructor(readonly document: OpenApiDocument) {
    const { components } = document;
    const sections = Object.entries(components ?? {}).map(([section, held]): [string, unknown] => [
      section,
      isRecord(held)
        ? lazyRecord(Object.keys(held), (name) => this.#repair(section, name, held[name]))
        : held,
    ]);
    this.repaired = {
      ...document,
      paths: {},
      ...(components && { components: Object.fromEntries(sections) }),
    };
  }

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.repaired.components?.schemas ?? {};
  }

  #repair(section: string, name: string, value: unknown): unknown {
    // Components are records of records, as those of the document are.
    const components = { [section]: { [name]: value } } as OpenApiDocument['components'];
    const part = { ...this.document, paths: {}, components } as OpenApiDocument;
    const repaired = normalizePart(this.document, part, AS_PUBLISHED).document.components;
    const held = repaired && Reflect.get(repaired, section);
    return isRecord(held) ? held[name] : value;
  }

  /** Describes a part of an operation, without the rest of its path item. */
  describe(path: string, item: JsonObject): ContractOperation {
    const { components: _, ...rest } = this.document;
    const part = normalizePart(this.document, { ...rest, paths: { [path]: item } }, AS_PUBLISHED).document;
    const [walked] = walkOperations({ ...this.repaired, paths: part.paths });
    if (walked === undefined) throw new Error(`the operation at ${path} is gone`);
    // Schemas stay as they are: examples make better bodies, and copies take time.
    return describeOperation(this.repaired, walked, (node) => node as JsonSchema);
  }
}

/** Makes an object whose values are made at their first reading. */
function lazyRecord<T>(names: readonly string[], make: (name: string) => T): Readonly<Record<string, T>> {
  const record: Record<string, T> = {};
  for (const name of names) {
    // The getter stays: a value put in its place would change the layout of an object of hundreds of properties each time.
    let made: { readonly value: T } | undefined;
    const get = () => {
      made ??= { value: make(name) };
      return made.value;
    };
    Object.defineProperty(record, name, { enumerable: true, configurable: true, get });
  }
  return record;
}

const METHOD_KEYS: ReadonlySet<string> = new Set(WALKED_METHODS);

class LazyOperation implements ContractOperation {
  readonly operationId: string;
  readonly method: Method;
  readonly secured: boolean;
  readonly security?: NonNullable<ContractOperation['security']>;
  readonly servers?: readonly string[];
  readonly deprecated: boolean;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly #describe: (part: JsonObject) => ContractOperation;
  readonly #operation: JsonObject;
  #parameters: readonly ContractParameter[] | undefined;
  #body: { readonly described: ContractOperation['requestBody'] } | undefined;
  #responses: Readonly<Record<string, ContractResponse>> | undefined;

  constructor(
    parts: Parts,
    readonly path: string,
    item: JsonObject,
    method: (typeof WALKED_METHODS)[number],
    operation: JsonObject,
  ) {
    this.operationId = String(operation.operationId);
    this.method = methodOf(method);
    const { secured, security } = describeSecurity(parts.document, operation);
    this.secured = secured;
    if (security !== undefined) this.security = security;
    const servers = serverUrls(operation.servers ?? item.servers);
    if (servers.length > 0) this.servers = servers;
    this.deprecated = operation.deprecated === true;
    this.tags = listOf(operation.tags).map(String);
    this.summary = typeof operation.summary === 'string' ? operation.summary : '';
    this.#operation = operation;
    const others = Object.entries(item).filter(([key]) => !METHOD_KEYS.has(key));
    const shared = Object.fromEntries(others);
    this.#describe = (part) => parts.describe(path, { ...shared, [method]: part });
  }

  get parameters(): readonly ContractParameter[] {
    this.#parameters ??= this.#describe(pick(this.#operation, ['operationId', 'parameters'])).parameters;
    return this.#parameters;
  }

  get requestBody(): ContractOperation['requestBody'] {
    this.#body ??= {
      described: this.#describe(pick(this.#operation, ['operationId', 'requestBody'])).requestBody,
    };
    return this.#body.described;
  }

  get responses(): Readonly<Record<string, ContractResponse>> {
    const all = isRecord(this.#operation.responses) ? this.#operation.responses : {};
    this.#responses ??= lazyRecord(Object.keys(all), (status) => this.#response(status, all[status]));
    return this.#responses;
  }

  #response(status: string, response: unknown): ContractResponse {
    const { operationId } = this;
    const described = this.#describe({ operationId, responses: { [status]: response } }).responses[status];
    if (described === undefined) throw new Error(`${operationId} has no status ${status} any more`);
    return described;
  }
}

function pick(node: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => keys.includes(key)));
}
