import { InvalidArgumentError } from '../../errors/index.js';
import { bundleDocument } from '../../openapi/bundle.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { checkDocument, readDocument } from '../../openapi/read-document.js';
import { messageOf } from '../../util/message-of.js';

/**
 * An OpenAPI 3.0 or 3.1 document: parsed, or the path of its file (JSON, or YAML where the package `js-yaml` is there). Files below
 * its folder that it refers to are read too.
 */
export type DocumentSource = string | URL | object;

/**
 * Opens a document, at once and without the network.
 *
 * @throws {InvalidArgumentError} Naming `document`, if the file does not exist or does not hold an OpenAPI 3 document.
 */
export function openSource(source: DocumentSource): OpenApiDocument {
  try {
    if (typeof source === 'string' || source instanceof URL) return readDocument(source).openapi;
    return bundleDocument(checkDocument(source));
  } catch (cause) {
    throw new InvalidArgumentError('document', messageOf(cause), {
      cause,
    });
  }
}
