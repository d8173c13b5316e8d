import type {
  Contract,
  ContractBody,
  ContractOperation,
  ContractParameter,
  ContractResponse,
  JsonSchema,
} from '../contract-types.js';
import { isRecord } from '../is-record.js';
import type { Method } from '../operation-info.js';
import { describeOperation, isSecured } from './contract-table.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { guardDocument } from './normalize/guard.js';
import { normalizePart } from './normalize/index.js';
import { repairOperationIds } from './normalize/operation-ids.js';
import { list, WALKED_METHODS, walkOperations } from './walk-operations.js';

/**
 * Makes the contract of a document, each operation of which is repaired and described when it is first asked for.
 *
 * A published document of four megabytes has two hundred operations, and a test touches five of them. The document may be
 * frozen and stays as it is.
 *
 * @throws {Error} When the document holds what no repair makes safe.
 */
export function lazyContract(document: OpenApiDocument): Contract {
  guardDocument(document);
  const named = repairOperationIds(document).document;
  const parts = new Parts(document);
  const operations = Object.entries(named.paths).flatMap(([path, item]) =>
    (isRecord(item) ? WALKED_METHODS : []).flatMap((method) => {
      const operation = item[method];
      return isRecord(operation) ? [new LazyOperation(parts, path, item, method, operation)] : [];
    }),
  );
  return {
    title: String(document.info?.title ?? ''),
    version: String(document.info?.version ?? ''),
    documentHash: '',
    baseUrl: document.servers?.[0]?.url ?? '',
    get schemas() {
      return parts.schemas;
    },
    operations: Object.fromEntries(operations.map((operation) => [operation.operationId, operation])),
  };
}

// What is answered is held against the document as it was published, by people's own validators too.
const AS_PUBLISHED = { keepNames: true };

/** A document, and its components once they are repaired. */
class Parts {
  #repaired: OpenApiDocument | undefined;

  constructor(readonly document: OpenApiDocument) {}

  /** The document without its paths. */
  get repaired(): OpenApiDocument {
    this.#repaired ??= normalizePart(this.document, { ...this.document, paths: {} }, AS_PUBLISHED).document;
    return this.#repaired;
  }

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.repaired.components?.schemas ?? {};
  }
}

type Described = Pick<ContractOperation, 'parameters' | 'requestBody' | 'responses'>;

class LazyOperation implements ContractOperation {
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
  readonly secured: boolean;
  readonly deprecated: boolean;
  readonly tags: readonly string[];
  readonly summary: string;
  #described: Described | undefined;
  readonly #describe: () => Described;

  constructor(
    parts: Parts,
    path: string,
    item: JsonObject,
    method: (typeof WALKED_METHODS)[number],
    operation: JsonObject,
  ) {
    this.operationId = String(operation.operationId);
    // TypeScript widens what toUpperCase() makes of a literal.
    this.method = method.toUpperCase() as Method;
    this.path = path;
    this.secured = isSecured(parts.document, operation);
    this.deprecated = operation.deprecated === true;
    this.tags = list(operation.tags).map(String);
    this.summary = typeof operation.summary === 'string' ? operation.summary : '';
    this.#describe = () => describe(parts, path, { ...withoutMethods(item), [method]: operation });
  }

  get parameters(): readonly ContractParameter[] {
    return this.#details().parameters;
  }

  get requestBody(): (ContractBody & { readonly required: boolean }) | undefined {
    return this.#details().requestBody;
  }

  get responses(): Readonly<Record<string, ContractResponse>> {
    return this.#details().responses;
  }

  #details(): Described {
    this.#described ??= this.#describe();
    return this.#described;
  }
}

function withoutMethods(item: JsonObject): JsonObject {
  const methods = new Set<string>(WALKED_METHODS);
  return Object.fromEntries(Object.entries(item).filter(([key]) => !methods.has(key)));
}

/** Repairs and describes the one operation of a path item. */
function describe({ document, repaired }: Parts, path: string, item: JsonObject): Described {
  const { components: _, ...rest } = document;
  const part = normalizePart(document, { ...rest, paths: { [path]: item } }, AS_PUBLISHED).document;
  const [walked] = walkOperations({ ...repaired, paths: part.paths });
  if (walked === undefined) throw new Error(`the operation at ${path} is gone`);
  // Kept as it stands: examples make better bodies, and copying what nobody reads takes time.
  return describeOperation(repaired, walked, (node) => node as JsonSchema);
}
