import { isRecord } from '../util/is-record.js';
import { nodeModule } from '../util/node-module.js';
import { sha256 } from '../util/sha256.js';
import { bundleDocument } from './bundle.js';
import type { OpenApiDocument } from './document.js';
import { parseText } from './parse-text.js';

/** An OpenAPI document as read: its parsed form, and the hash that ties generated files to it. */
export interface SourceDocument {
  /** SHA-256 of the document's bytes and of those of the files that it refers to, hex. */
  readonly hash: string;
  /** Complete in itself: see `bundleDocument`. */
  readonly openapi: OpenApiDocument;
}

/**
 * Reads a document, JSON or YAML, and the files below its folder that it refers to. Nothing is read from the network.
 *
 * Every command and the mock read documents by this function alone.
 *
 * @param file - A path, or a URL of a file.
 * @throws {Error} Naming the file, what is wrong with it, and what to do.
 */
export function readDocument(file: string | URL): SourceDocument {
  const url = urlOf(file);
  const texts: string[] = [];
  const read = (one: URL) => {
    const text = readText(one, one === url ? String(file) : nameIn(url, one));
    texts.push(text);
    return named(one === url ? String(file) : nameIn(url, one), () => parseText(text));
  };
  const value = read(url);
  const openapi = named(String(file), () => bundleDocument(checkDocument(value), { file: url, read }));
  return {
    openapi,
    // Few callers ask for it, and it takes as long as parsing.
    get hash() {
      return sha256(texts.join('\n'));
    },
  };
}

/**
 * Parses the text of a document, YAML or JSON, that refers to no other file.
 *
 * @throws {Error} When the text is no OpenAPI 3 document.
 */
export function parseDocument(text: string): SourceDocument {
  const openapi = named('the document', () => bundleDocument(checkDocument(parseText(text))));
  return { hash: sha256(text), openapi };
}

/**
 * Returns a value that is an OpenAPI 3 document, with `paths` where it leaves them out, as OpenAPI 3.1 allows.
 *
 * @throws {Error} Saying what it is instead.
 */
export function checkDocument(value: unknown): OpenApiDocument {
  if (isRecord(value) && value.swagger !== undefined)
    throw new Error('is a Swagger 2 document: convert it to OpenAPI 3 first');
  const { openapi, info, paths, webhooks, components } = isRecord(value) ? value : {};
  const isComplete =
    paths === undefined && (isRecord(webhooks) || isRecord(components)) && /^3\.[^0]/.test(String(openapi));
  if (!/^3\./.test(String(openapi)) || !isRecord(info) || (!isRecord(paths) && !isComplete))
    throw new Error('is not an OpenAPI 3 document: it needs `openapi: 3.x`, `info` and `paths`');
  // Its parts are checked where they are read.
  return (isComplete ? { ...Object(value), paths: {} } : value) as OpenApiDocument;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  EISDIR: 'it is a folder; name the file in it',
  EACCES: 'it may not be read; check its permissions',
};

/** The file that `vercel-rest pull` writes by default. */
const PULLED = 'openapi/vercel.json';

function readText(url: URL, name: string): string {
  const fs = nodeModule('node:fs');
  if (fs === undefined)
    throw new Error(`cannot read ${name}: there are no files here; pass the parsed document`);
  try {
    return fs.readFileSync(url, 'utf8');
  } catch (cause) {
    const code = isRecord(cause) ? String(cause.code) : '';
    const hint = code === 'ENOENT' && name === PULLED ? '; `vercel-rest pull` brings it' : '';
    throw new Error(`cannot read ${name}: ${REASONS[code] ?? String(cause)}${hint}`, { cause });
  }
}

/** Puts the name of a file before what is wrong with it. */
function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(/^(?:is|has) /.test(message) ? `${name} ${message}` : `${name}: ${message}`, { cause });
  }
}

function urlOf(file: string | URL): URL {
  if (file instanceof URL) return file;
  const url = nodeModule('node:url');
  if (url === undefined)
    throw new Error(`cannot read ${file}: there are no files here; pass the parsed document`);
  return url.pathToFileURL(file);
}

/** The path of a file from the folder of the document. */
function nameIn(document: URL, file: URL): string {
  return decodeURIComponent(file.href.slice(new URL('.', document).href.length));
}
