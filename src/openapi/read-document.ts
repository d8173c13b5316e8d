import { fileReason } from '../util/file-reason.js';
import { isRecord, recordOf } from '../util/is-record.js';
import { messageOf } from '../util/message-of.js';
import { nodeModule } from '../util/node-module.js';
import { sha256 } from '../util/sha256.js';
import { bundleDocument } from './bundle.js';
import type { OpenApiDocument } from './document.js';
import { parseText } from './parse-text.js';

/** A parsed OpenAPI document, and the hash that ties generated files to it. */
export interface SourceDocument {
  /** SHA-256 of the bytes of the document and of the files that it refers to, in hexadecimal digits. */
  readonly hash: string;
  /** Complete in itself: see `bundleDocument`. */
  readonly openapi: OpenApiDocument;
}

/** The file that `vercel-rest pull` writes by default. */
const PULLED = 'openapi/vercel.json';

/**
 * Reads a document, JSON or YAML, and the files below its folder that it refers to. Nothing is read from the network.
 *
 * Every command and the mock read documents with this function.
 *
 * @param file - A path, or a URL of a file.
 * @throws {Error} Naming the file, what is wrong with it, and what to do.
 */
export function readDocument(file: string | URL): SourceDocument {
  const name = String(file);
  const url = file instanceof URL ? file : nodeModule('node:url')?.pathToFileURL(file);
  const fs = nodeModule('node:fs');
  if (url === undefined || fs === undefined)
    throw new Error(`cannot read ${name}: this runtime has no file system; pass the parsed document`);
  const folder = new URL('.', url).href;
  const texts: string[] = [];
  const read = (one: URL) => {
    const nameOfOne = one === url ? name : decodeURIComponent(one.href.slice(folder.length));
    let text: string;
    try {
      text = fs.readFileSync(one, 'utf8');
    } catch (cause) {
      const code = isRecord(cause) ? String(cause.code) : '';
      const hint = code === 'ENOENT' && nameOfOne === PULLED ? '; run `vercel-rest pull`' : '';
      const reason = code === 'ENOENT' ? 'the file does not exist; check the path' : fileReason(cause);
      throw new Error(`cannot read ${nameOfOne}: ${reason ?? String(cause)}${hint}`, { cause });
    }
    texts.push(text);
    return named(nameOfOne, () => parseText(text));
  };
  const value = read(url);
  const openapi = named(name, () => bundleDocument(checkDocument(value), { file: url, read }));
  return {
    openapi,
    // Few callers need it, and it takes as long as parsing.
    get hash() {
      return sha256(texts.join('\n'));
    },
  };
}

/**
 * Parses the text of a document, YAML or JSON, that refers to no other file.
 *
 * @throws {Error} When the text is not an OpenAPI 3 document.
 */
export function parseDocument(text: string): SourceDocument {
  const openapi = named('the document', () => bundleDocument(checkDocument(parseText(text))));
  return { hash: sha256(text), openapi };
}

/**
 * Returns a value that is an OpenAPI 3 document, with `paths` where the document omits them, as OpenAPI 3.1 allows.
 *
 * @throws {Error} Saying what the value is instead.
 */
export function checkDocument(value: unknown): OpenApiDocument {
  if (isRecord(value) && value.swagger !== undefined)
    throw new Error('is a Swagger 2 document: convert it to OpenAPI 3 first');
  const { openapi, info, paths, webhooks, components } = recordOf(value);
  if (/^3\.(?:[3-9]|\d\d)/.test(String(openapi)))
    throw new Error(`is OpenAPI ${openapi}, and this version reads 3.0 and 3.1`);
  const isComplete =
    paths === undefined && (isRecord(webhooks) || isRecord(components)) && /^3\.[^0]/.test(String(openapi));
  if (!/^3\./.test(String(openapi)) || !isRecord(info) || (!isRecord(paths) && !isComplete))
    throw new Error('is not an OpenAPI 3 document: it needs `openapi: 3.x`, `info` and `paths`');
  // Readers check the parts.
  return (isComplete ? { ...Object(value), paths: {} } : value) as OpenApiDocument;
}

/** Prefixes the message of an error with the name of a file. */
function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = messageOf(cause);
    throw new Error(/^(?:is|has) /.test(message) ? `${name} ${message}` : `${name}: ${message}`, { cause });
  }
}
