import { InvalidArgumentError } from '../../errors/index.js';
import { bundleDocument } from '../../openapi/bundle.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { lazyContract } from '../../openapi/lazy-contract.js';
import { normalizeDocument, type Repair } from '../../openapi/normalize/normalize.js';
import { rewrite } from '../../openapi/normalize/walk.js';
import { checkDocument, readDocument } from '../../openapi/read-document.js';
import { isRecord } from '../../util/is-record.js';
import { messageOf } from '../../util/message-of.js';

/**
 * An OpenAPI 3.0 or 3.1 document: parsed, or the path of its file (JSON, or YAML where the package `js-yaml` is there). Files below
 * its folder that it refers to are read too.
 */
export type DocumentSource = string | URL | object;

/**
 * The reading of `nullable`: `lenient`, the value may be null wherever the keyword is, or `strict`, as OpenAPI 3.0.3 has it, only
 * beside `type`, and in an enum only where the enum lists null.
 */
export type NullableReading = 'lenient' | 'strict';

/** Operations beside those of the document, written as OpenAPI has them; references lead into the document too. */
export interface Extension {
  readonly paths: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> } | undefined;
}

/** The source of the operations of handlers. */
export interface ContractSource {
  /** An OpenAPI 3.0 or 3.1 document, parsed or by path; it is never changed. Default: the built-in one. */
  readonly document?: DocumentSource | undefined;
  /** A contract that was made before, in place of a document. */
  readonly contract?: Contract | undefined;
  /** `connect` for the operations of Vercel Connect that the document lacks, from this package's own document. */
  readonly extension?: Extension | 'connect' | undefined;
  /** Default `lenient`, which is what authors mean. */
  readonly nullable?: NullableReading | undefined;
}

/** A contract, and the repairs of its document. */
export interface OpenedContract {
  readonly contract: Contract;
  /** Goes through the whole document, which takes about a second for one of four megabytes. Empty for a contract. */
  listRepairs(): readonly Repair[];
}

/**
 * Makes the contract of a document that is given; the built-in one is not loaded for it.
 *
 * @throws {InvalidArgumentError} Naming `document` or `extension`.
 */
export function openDocument(
  source: DocumentSource,
  {
    extension,
    nullable,
  }: { readonly extension?: Extension | undefined } & Pick<ContractSource, 'nullable'> = {},
): OpenedContract {
  const read = extendDocument(openSource(source), extension);
  const document = nullable === 'strict' ? readStrictly(read) : read;
  try {
    const contract = lazyContract(document);
    return { contract, listRepairs: () => normalizeDocument(document).repairs };
  } catch (cause) {
    const reason = messageOf(cause);
    throw new InvalidArgumentError('document', `cannot be used: ${reason}`, { cause });
  }
}

/**
 * Opens a document, at once and without the network.
 *
 * @throws {InvalidArgumentError} Naming `document`, if the file does not exist or does not hold an OpenAPI 3 document.
 */
function openSource(source: DocumentSource): OpenApiDocument {
  try {
    if (typeof source === 'string' || source instanceof URL) return readDocument(source).openapi;
    return bundleDocument(checkDocument(source));
  } catch (cause) {
    throw new InvalidArgumentError('document', messageOf(cause), { cause });
  }
}

function extendDocument(document: OpenApiDocument, extension: Extension | undefined): OpenApiDocument {
  if (extension === undefined) return document;
  const paths: Record<string, JsonObject> = { ...document.paths };
  for (const [path, item] of Object.entries(extension.paths)) {
    const before = isRecord(paths[path]) ? paths[path] : {};
    const both = Object.keys(item).find((key) => Object.hasOwn(before, key));
    if (both !== undefined) refuseExtension(path, both);
    paths[path] = { ...before, ...item };
  }
  const schemas = { ...document.components?.schemas, ...extension.components?.schemas };
  // A component schema is an object of keywords.
  const components = { ...document.components, schemas: schemas as Readonly<Record<string, JsonObject>> };
  return { ...document, paths, components };
}

/** @throws {InvalidArgumentError} Always. */
export function refuseExtension(path: string, method: string): never {
  throw new InvalidArgumentError(
    'extension',
    `repeats ${method} ${path}, which the document has: use \`overrides\` for another response`,
  );
}

/** Drops `nullable` where OpenAPI 3.0.3 gives it no effect. */
function readStrictly(document: OpenApiDocument): OpenApiDocument {
  return rewrite(document, {
    leave: (shape, node) => {
      if (shape !== 'schema' || node.nullable !== true) return node;
      const values = node.enum;
      const effective = node.type !== undefined && (!Array.isArray(values) || values.includes(null));
      if (effective) return node;
      const { nullable: _, ...rest } = node;
      return rest;
    },
  });
}
