import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateFiles } from '../../../../src/codegen/generate/generate.js';
import type { JsonObject } from '../../../../src/openapi/document.js';
import { parseDocument } from '../../../../src/openapi/read-document.js';
import { isRecord } from '../../../../src/util/is-record.js';
import { publishedNames, readPublished } from '../../../openapi/normalize/documents.js';
import { randomOf, shuffleDocument } from '../../diff/respell.js';

const COMMENT = /^\s*\/\*\*[\s\S]*?\*\/\n/gm;

/** What is generated, without comments and the lines that name the document. */
function codeOf(document: unknown): Record<string, string> {
  const files = generateFiles(JSON.stringify(document), { source: 'a.json', contract: false });
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      text.replaceAll(COMMENT, '').replace(/^\/\/.*\n/gm, ''),
    ]),
  );
}

/** The same document with every description in other words. */
function reword(node: unknown, random: () => number): unknown {
  if (Array.isArray(node)) return node.map((item) => reword(item, random));
  if (!isRecord(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'description' && typeof value === 'string'
        ? `In other words ${Math.floor(random() * 1e6)}.`
        : reword(value, random),
    ]),
  );
}

const connect = parseDocument(
  readFileSync(new URL('../../../../openapi/connect.yaml', import.meta.url), 'utf8'),
).openapi;
const documents: [string, JsonObject][] = [
  ['openapi/connect.yaml', connect],
  ...publishedNames.slice(-1).map((name): [string, JsonObject] => [name, readPublished(name)]),
];

it.each(documents)('%s in another order and other words gives the same code', (_, document) => {
  const code = codeOf(document);
  for (const seed of [1, 2]) {
    const random = randomOf(seed);
    expect(codeOf(shuffleDocument(reword(document, random), random))).toEqual(code);
  }
});
