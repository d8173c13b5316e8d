import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import type { JsonObject, OpenApiDocument } from '../../../src/openapi/document.js';
import { parseDocument } from '../../../src/openapi/read-document.js';

/** A document of one component schema, `S`, in the given version of OpenAPI. */
export function documentOf(schema: JsonObject, openapi = '3.0.3'): OpenApiDocument {
  return freeze({
    openapi,
    info: { title: 'T', version: '1' },
    paths: {},
    components: { schemas: { S: schema } },
  });
}

/** A document of the given paths. */
export function pathsOf(paths: Record<string, JsonObject>): OpenApiDocument {
  return freeze({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths });
}

/** Freezes a value and everything below it. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

const folder = new URL('../../../../shared/specs/', import.meta.url);

/** The published documents that are here, oldest first; they are never part of the repository. */
export const publishedNames: readonly string[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  : [];

if (publishedNames.length === 0)
  console.log('skipped: no published documents in ../shared/specs beside the repository');

/** Gives a suite that has no tests without published documents one that is skipped: a file without any fails. */
export function skipWithoutDocuments(): void {
  test.skipIf(publishedNames.length > 0)('skipped without published documents', ({ skip }) => skip());
}

/** The newest of them, for what takes long; with `PUBLISHED=all`, as CI has it, each one. */
export const someNames: readonly string[] =
  process.env.PUBLISHED === 'all' ? publishedNames : publishedNames.slice(-1);

/** Returns the path of one of the published documents. */
export function pathOfPublished(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

/** One of the published documents, frozen. */
export function readPublished(name: string): OpenApiDocument {
  return freeze(parseDocument(readFileSync(pathOfPublished(name), 'utf8')).openapi);
}
