import { InvalidArgumentError } from '../../errors/index.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { isRecord } from '../../util/is-record.js';

/** An OpenAPI 3.0 or 3.1 document: parsed, or the path of its file (JSON, or YAML where the package `yaml` is there). */
export type DocumentSource = string | URL | object;

/**
 * Reads a document, at once and without the network.
 *
 * @throws {InvalidArgumentError} Naming `document`, when there is no such file or it holds no OpenAPI 3 document.
 */
export function readDocument(source: DocumentSource): OpenApiDocument {
  const document = typeof source === 'string' || source instanceof URL ? readFile(source) : source;
  if (!isOpenApi(document)) {
    throw new InvalidArgumentError(
      'document',
      'must be an OpenAPI 3 document or the path of one: it needs `openapi: 3.x` and `paths`',
    );
  }
  return document;
}

/** What is read here of `info` and `components` is looked at where it is used. */
function isOpenApi(value: unknown): value is OpenApiDocument {
  return isRecord(value) && /^3\./.test(String(value.openapi)) && isRecord(value.paths);
}

function readFile(file: string | URL): unknown {
  const name = String(file);
  try {
    // Loaded here and not imported: handlers for a parsed document work without a file system.
    const text = process
      .getBuiltinModule('node:fs')
      .readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '');
    return /\.ya?ml$/i.test(name) ? parseYaml(text) : JSON.parse(text);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
    throw new InvalidArgumentError('document', `cannot be read from ${name}: ${reason}`, { cause });
  }
}

function parseYaml(text: string): unknown {
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
  // The optional peer, loaded for YAML alone; its `parse` takes text and gives plain data.
  const { parse } = require('yaml') as { parse: (text: string) => unknown };
  return parse(text);
}
