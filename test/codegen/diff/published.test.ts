import { describe, expect, test } from 'vitest';
import {
  type Change,
  CLASSES,
  compareDocuments,
  formatText,
  type Json,
  summarize,
} from '../../../src/codegen/diff/index.js';
import { operationIdOf } from '../../../src/openapi/operation-id.js';
import { isRecord } from '../../../src/util/is-record.js';
import { publishedNames, readPublished } from '../../openapi/normalize/documents.js';
import { randomOf, shuffleDocument } from './respell.js';

const [first, last] = [publishedNames[0] ?? '', publishedNames.at(-1) ?? ''];
const pairs = publishedNames.slice(1).map((name, index) => [publishedNames[index] ?? '', name] as const);

/** Each document is read once, and frozen: a comparison changes nothing. */
const known = new Map<string, Json>();
function read(name: string): Json {
  const document = known.get(name) ?? { ...readPublished(name) };
  known.set(name, document);
  return document;
}

describe.skipIf(publishedNames.length < 2)('published documents', () => {
  test.each([...pairs, [first, last] as const, [last, first] as const])('%s to %s', (older, newer) => {
    const [before, after] = [read(older), read(newer)];
    const began = performance.now();
    const changes = compareDocuments(before, after);
    const took = Math.round(performance.now() - began);
    const lines = formatText({ changes }).split('\n').length;
    console.log(`${older} to ${newer}: ${took} ms, ${lines} lines, ${JSON.stringify(summarize(changes))}`);
    expect(lines).toBeLessThan(150);
    for (const change of changes) expectSound(change, before, after);
  });

  test.each([first, last])('%s in another order is the same', (name) => {
    const document = read(name);
    const shuffled = shuffleDocument(document, randomOf(7));
    if (!isRecord(shuffled)) throw new Error('a shuffled document is one still');
    expect(compareDocuments(document, shuffled).filter(({ class: found }) => found !== 'docs')).toEqual([]);
  });
});

/** Every place leads somewhere in the document that it is said to be in, and every operation is named once. */
function expectSound(change: Change, before: Json, after: Json): void {
  expect(CLASSES).toContain(change.class);
  expect(change.at).toBe(change.operations[0]?.at);
  const calls = change.operations.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(calls).size).toBe(calls.length);
  if (['operation-moved', 'operation-renamed'].includes(change.kind)) return;
  for (const { operationId, method, path, at } of change.operations) {
    // What is gone stood in the older document, under the operation's older path where it has moved.
    const places = [
      [after, callOf(after, operationId)],
      [before, callOf(before, operationId) ?? [path, method.toLowerCase()]],
    ] as const;
    const found = places.some(([document, call]) => call && leads(document, ['paths', ...call], at));
    expect(found, `${operationId} ${at}`).toBe(true);
  }
}

function callOf(document: Json, id: string): [path: string, method: string] | undefined {
  for (const [path, item] of Object.entries(isRecord(document.paths) ? document.paths : {})) {
    for (const [method, node] of Object.entries(isRecord(item) ? item : {})) {
      if (isRecord(node) && operationIdOf(method, path, node) === id) return [path, method];
    }
  }
  return undefined;
}

function leads(document: Json, start: readonly string[], pointer: string): boolean {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: unknown = document;
  for (const key of [...start, ...keys]) {
    while (isRecord(node) && typeof node.$ref === 'string') node = follow(document, node.$ref);
    if (Array.isArray(node)) node = node[Number(key)];
    else node = isRecord(node) ? node[key] : undefined;
  }
  return node !== undefined;
}

function follow(document: Json, reference: string): unknown {
  let node: unknown = document;
  for (const key of reference.slice(2).split('/')) node = isRecord(node) ? node[key] : undefined;
  return node;
}
