// Documents of other APIs, from beside the repository and from npm: `PUBLISHED=all` walks all of them, which takes minutes.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import type { ValidationError } from '../../src/msw/index.js';
import { MockCore } from '../../src/msw/mock/mock-core.js';
import { createSchemas, validate } from '../../src/msw/validate/validator.js';
import type { Contract, ContractOperation, JsonSchema } from '../../src/openapi/contract-types.js';
import { defaultStyle, serializeParameter } from '../../src/openapi/parameters.js';
import { isRecord } from '../../src/util/is-record.js';
import { foreignNames, readForeign } from '../helpers/foreign-document.js';
import { compiledOr, fake, formPairs, isField, isWritable } from '../helpers/foreign-values.js';
import { mutationsOf } from '../helpers/mutations.js';
import { PublishedSchemas } from '../helpers/published-schemas.js';

const SEEDS = process.env.PUBLISHED === 'all' ? [1, 2, 3] : [1];

test.skipIf(foreignNames.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.each(foreignNames)('the mock of %s', (name) => {
  test('answers documented statuses with bodies that ajv allows, and takes what json-schema-faker sends', async () => {
    // Read here, so that one document at a time is held.
    const document = readForeign(name);
    const published = new PublishedSchemas(document);
    const opened = openContract({ document });
    const { contract } = opened;
    const operations = Object.values(contract.operations);
    const schemas = createSchemas(contract);
    const plain = (schema: JsonSchema, value: unknown) =>
      validate(schemas.source, schema, value, { oneOf: 'any' }).length;
    const validationErrors: ValidationError[] = [];
    const baseUrl = 'http://mock.test';
    const mock = new MockCore(
      { baseUrl, validate: { credentials: false }, onValidationError: (one) => validationErrors.push(one) },
      opened,
    );
    // Every status of an operation, also of those that no valid request was made for.
    const lenient = new MockCore({ baseUrl, validate: false }, opened);
    const send = async (request: Request, to: MockCore = mock) => {
      validationErrors.length = 0;
      const startedAt = processorMs();
      const response = await to.answer(request);
      const text = (await response?.text()) ?? '';
      return { response, text, ms: processorMs() - startedAt };
    };
    let [documented, bodies, valid, requests, mutated, caught, unnamed, unmade] = [0, 0, 0, 0, 0, 0, 0, 0];
    let longest = { ms: 0, of: '' };
    const faults: string[] = [];
    // Bodies that fit a second branch of a `oneOf` too. Whether a value exists that fits one alone is not examined.
    const overlaps: string[] = [];
    const alarms: string[] = [];
    const missed: string[] = [];
    for (const operation of operations) {
      const first = await validParts(contract, published, operation, 1);
      if (first === undefined) unmade += 1;
      const statuses = Object.keys(operation.responses).filter((key) => /^\d{3}$/.test(key));
      const parts = first ?? { path: pathsOf(operation), query: [], headers: {}, body: undefined };
      const own = await send(toRequest(baseUrl, operation, parts), first === undefined ? lenient : mock);
      const key = String(own.response?.status);
      if (
        key in operation.responses ||
        'default' in operation.responses ||
        `${key[0]}XX` in operation.responses
      )
        documented += 1;
      else faults.push(`${operation.operationId}: answered ${key} ${own.text.slice(0, 200)}`);
      if (own.ms > longest.ms) longest = { ms: own.ms, of: operation.operationId };
      for (const status of statuses) {
        const { response, text, ms } = await send(
          toRequest(baseUrl, operation, {
            ...parts,
            headers: { ...parts.headers, prefer: `code=${status}` },
          }),
          lenient,
        );
        if (ms > longest.ms) longest = { ms, of: `${operation.operationId} ${status}` };
        const type = response?.headers.get('content-type')?.split(';')[0] ?? '';
        if (!/json$/.test(type) || operation.method === 'HEAD') continue;
        const at = published.locate(
          'paths',
          pathOf(document, operation),
          operation.method.toLowerCase(),
          'responses',
          status,
          'content',
          type,
          'schema',
        );
        if (at === undefined) continue;
        const allows = published.validator(at);
        if (allows === undefined) continue;
        bodies += 1;
        const isValid = response?.status === Number(status) && allows(JSON.parse(text));
        const overlap = allows.errors?.find(
          ({ keyword, params }) => keyword === 'oneOf' && params.passingSchemas,
        );
        if (isValid) valid += 1;
        else if (response?.status === Number(status) && overlap !== undefined)
          overlaps.push(
            `${operation.operationId} ${status}: branches ${overlap.params.passingSchemas} at ${overlap.schemaPath} both hold`,
          );
        else
          faults.push(
            `${operation.operationId} ${status}: ${response?.status} ${JSON.stringify(allows.errors?.[0] ?? text)?.slice(0, 200)}`,
          );
      }
      for (const seed of SEEDS) {
        const made = await validParts(contract, published, operation, seed);
        if (made === undefined) continue;
        requests += 1;
        await send(toRequest(baseUrl, operation, made));
        const [alarm] = validationErrors;
        // A value that names no branch of a discriminator is invalid by OpenAPI, of which JSON Schema knows nothing.
        if (alarm?.rule === 'discriminator') unnamed += 1;
        else if (alarm !== undefined && alarm.check !== 'document') alarms.push(alarm.message);
        if (alarm !== undefined || seed > 1) continue;
        for (const [pointer, broken] of brokenParameters(contract, operation, made)) {
          mutated += 1;
          await send(toRequest(baseUrl, operation, broken));
          const [found] = validationErrors;
          if (found?.pointer.startsWith(pointer)) caught += 1;
          else missed.push(`${operation.operationId} ${pointer}: ${found?.pointer} ${found?.rule}`);
        }
        if (!isRecord(made.body)) continue;
        const mutations = triedMutations(contract, operation, made);
        for (const mutation of mutations) {
          // A form of which nothing is left of a value that it must have does not have that value at all.
          if (isForm(made) && !isField(mutation.parts.body)) continue;
          // What goes one way only may be missing.
          const isOneWay =
            mutation.name === 'dropped' &&
            schemas.inRequest(operation.requestBody?.schema ?? true, mutation.parts.body).length === 0 &&
            plain(operation.requestBody?.schema ?? true, mutation.parts.body) > 0;
          if (
            isOneWay ||
            !mutation.pointer.startsWith('/body') ||
            bodyValidator(document, published, operation)?.(mutation.parts.body)
          )
            continue;
          mutated += 1;
          await send(toRequest(baseUrl, operation, { ...made, body: mutation.parts.body }));
          const [found] = validationErrors;
          if (found?.pointer.startsWith('/body')) caught += 1;
          else
            missed.push(
              `${operation.operationId} ${mutation.name} ${mutation.pointer}: ${found?.pointer} ${found?.rule}`,
            );
        }
      }
    }
    console.log(
      `${name}: documented ${documented} of ${operations.length}; bodies ${valid} of ${bodies}; alarms ${alarms.length} of ${requests} (${unnamed} name no branch, ${unmade} operations without a request); ajv could not read ${published.unread.length}; ` +
        `mutations ${caught} of ${mutated}; longest ${longest.ms.toFixed(0)} ms (${longest.of})\n${[...faults.slice(0, 30), ...overlaps, ...alarms.slice(0, 20), ...missed.slice(0, 10)].join('\n')}`,
    );
    expect(faults).toEqual([]);
    expect(documented).toBe(operations.length);
    expect(valid / Math.max(1, bodies)).toBeGreaterThanOrEqual(0.99);
    expect(alarms).toEqual([]);
    // A document whose bodies are all forms has no mutation to catch.
    expect(missed.length).toBeLessThanOrEqual(mutated / 100);
  }, 900_000);
});

/** Milliseconds that this thread has had a processor, where Linux counts them: what other processes take is none of ours. */
function processorMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)) / 1e6;
  } catch {
    return performance.now();
  }
}

interface Parts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A request that json-schema-faker makes and ajv allows; `undefined` where there was none. */
async function validParts(
  contract: Contract,
  published: PublishedSchemas,
  operation: ContractOperation,
  seed: number,
): Promise<Parts | undefined> {
  const path: Record<string, string> = {};
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const { name, in: place, required, schema, style = defaultStyle(place) } of operation.parameters) {
    if (place === 'cookie' || (!required && seed % 2 === 1)) continue;
    const allows = compiledOr(contract, schema);
    const isSent = (value: unknown) => allows(value) && value !== '' && value !== null && isWritable(value);
    const made = await fake(contract, schema, seed, isSent);
    if (made === undefined) {
      if (required) return undefined;
      continue;
    }
    const text = serializeParameter({ name, in: place, style }, made.value);
    if (text === '') continue;
    if (place === 'path') path[name] = text;
    else if (place === 'query') query.push(text);
    else headers[name.toLowerCase()] = text;
  }
  const { requestBody } = operation;
  if (requestBody === undefined || operation.method === 'GET')
    return { path, query, headers, body: undefined };
  const isFormBody = requestBody.mediaType === 'application/x-www-form-urlencoded';
  if (!isFormBody && !/json$/.test(requestBody.mediaType))
    return requestBody.required ? undefined : { path, query, headers, body: undefined };
  const allows = bodyValidator(published.document, published, operation);
  if (allows === undefined) return undefined;
  const isFormed = (value: unknown) =>
    !isFormBody || (isRecord(value) && Object.values(value).every(isField));
  const made = await fake(contract, requestBody.schema, seed, (value) => allows(value) && isFormed(value));
  if (made === undefined) return undefined;
  return { path, query, headers: { ...headers, 'content-type': requestBody.mediaType }, body: made.value };
}

function bodyValidator(
  document: PublishedSchemas['document'],
  published: PublishedSchemas,
  operation: ContractOperation,
) {
  const at = published.locate(
    'paths',
    pathOf(document, operation),
    operation.method.toLowerCase(),
    'requestBody',
    'content',
    operation.requestBody?.mediaType ?? '',
    'schema',
  );
  return at === undefined ? undefined : published.validator(at);
}

function pathsOf(operation: ContractOperation): Record<string, string> {
  return Object.fromEntries(
    [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => [name, '1']),
  );
}

/** Each parameter of a valid request left out or with a text that its schema refuses, and the pointer of the error to come. */
function* brokenParameters(
  contract: Contract,
  operation: ContractOperation,
  made: Parts,
): Generator<readonly [pointer: string, Parts]> {
  for (const { name, in: place, required, schema, style = defaultStyle(place) } of operation.parameters) {
    if (place === 'cookie') continue;
    const query = made.query.filter((text) => !text.startsWith(`${name}=`) && !text.startsWith(`${name}[`));
    const isSent = query.length < made.query.length;
    const { [name.toLowerCase()]: header, ...headers } = made.headers;
    if (place === 'query' && required && isSent) yield [`/query/${name}`, { ...made, query }];
    if (place === 'header' && required && header !== undefined)
      yield [`/headers/${name.toLowerCase()}`, { ...made, headers }];
    const wrong = 'not of that type';
    const allows = compiledOr(contract, schema);
    // A list of one is sent like a text.
    if (style === 'json' || allows(wrong) || allows([wrong])) continue;
    const text = encodeURIComponent(wrong);
    if (place === 'path') yield [`/path/${name}`, { ...made, path: { ...made.path, [name]: text } }];
    if (place === 'query') yield [`/query/${name}`, { ...made, query: [...query, `${name}=${text}`] }];
    if (place === 'header')
      yield [
        `/headers/${name.toLowerCase()}`,
        { ...made, headers: { ...headers, [name.toLowerCase()]: wrong } },
      ];
  }
}

/** Nothing for a body in whose schema ajv refuses a branch. */
function triedMutations(contract: Contract, operation: ContractOperation, { headers, body }: Parts) {
  try {
    return mutationsOf(contract, operation, { path: {}, query: {}, headers, body });
  } catch {
    return [];
  }
}

/** Under which key the document has the path of an operation. */
function pathOf(document: PublishedSchemas['document'], { path }: ContractOperation): string {
  return path in document.paths
    ? path
    : (Object.keys(document.paths).find((key) => key.replace(/\/$/, '') === path) ?? path);
}

function isForm({ headers }: Parts): boolean {
  return headers['content-type'] === 'application/x-www-form-urlencoded';
}

function toRequest(baseUrl: string, { method, path: template }: ContractOperation, parts: Parts): Request {
  const { path, query, headers, body } = parts;
  const filled = template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => path[name] || '1');
  const joint = query.length === 0 ? '' : `${filled.includes('?') ? '&' : '?'}${query.join('&')}`;
  return new Request(`${baseUrl}${filled}${joint}`, {
    method,
    headers,
    ...(body === undefined
      ? {}
      : { body: isForm(parts) ? String(new URLSearchParams(formPairs('', body))) : JSON.stringify(body) }),
  });
}
