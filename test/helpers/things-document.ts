import type { OpenApiDocument } from '../../src/openapi/document.js';
import { parseDocument } from '../../src/openapi/read-document.js';

/** A document of the API at `https://things.example.com` with the given paths. */
export function thingsDocument(paths: object): OpenApiDocument {
  const servers = [{ url: 'https://things.example.com' }];
  return parseDocument(
    JSON.stringify({ openapi: '3.1.0', info: { title: 'T', version: '1' }, servers, paths }),
  ).openapi;
}
