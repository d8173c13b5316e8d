import { readFile } from 'node:fs/promises';
import { isRecord } from '../../util/is-record.js';

/** A parsed OpenAPI 3 document. */
export type ReadDocument = Readonly<Record<string, unknown>>;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  EISDIR: 'it is a folder; name the file in it',
  EACCES: 'it may not be read; check its permissions',
};

/**
 * Reads an OpenAPI document, JSON or, where the file is named so, YAML.
 *
 * @throws {Error} Which names the file, what is wrong with it, and what to do.
 */
export async function readDocument(file: string): Promise<ReadDocument> {
  const text = await readDocumentText(file);
  const document = /\.ya?ml$/i.test(file) ? await parseYaml(file, text) : parseJson(file, text);
  if (isRecord(document) && document.swagger !== undefined) {
    throw new Error(`${file} is a Swagger 2 document: convert it to OpenAPI 3 first`);
  }
  if (!isRecord(document) || !/^3\./.test(String(document.openapi)) || !isRecord(document.paths)) {
    throw new Error(`${file} is no OpenAPI 3 document: it needs \`openapi: 3.x\` and \`paths\``);
  }
  return document;
}

/**
 * Reads the text of a document.
 *
 * @throws {Error} Which names the file, and what to do.
 */
export async function readDocumentText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = isRecord(cause) ? String(cause.code) : '';
    const hint = code === 'ENOENT' && file === 'openapi/vercel.json' ? '; `vercel-rest pull` brings it' : '';
    throw new Error(`cannot read ${file}: ${REASONS[code] ?? String(cause)}${hint}`, { cause });
  });
  // Editors on Windows begin a file with a byte order mark.
  return text.replace(/^\uFEFF/, '');
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = text.trim() === '' ? 'is empty' : 'is not JSON';
    const hint = /^\s*</.test(text) ? 'it is a web page; download the document again' : hintOf(cause);
    throw new Error(`${file} ${what}: ${hint}`, { cause });
  }
}

function hintOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return `${message.split('\n')[0]}; if it is YAML, let its name end in .yaml`;
}

async function parseYaml(file: string, text: string): Promise<unknown> {
  const { parse } = await loadYaml();
  try {
    return parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} is not YAML: ${message.split('\n')[0]}`, { cause });
  }
}

/** Only for YAML: whoever compares JSON needs no further package. */
async function loadYaml() {
  try {
    return await import('yaml');
  } catch (cause) {
    throw new Error(
      'a YAML document needs the package yaml: run `npm install --save-dev yaml`, or save it as JSON',
      { cause },
    );
  }
}
