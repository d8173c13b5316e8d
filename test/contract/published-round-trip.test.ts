// Calls of the client to the mock over documents of other APIs: what the handler gets is what the caller gave, what the caller gets
// is what the mock sent, and each documented error says why. `PUBLISHED=all` walks all documents.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { APIError, createClient } from '../../src/index.js';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import { MockCore } from '../../src/msw/mock/mock-core.js';
import type { Contract, ContractBody, ContractOperation } from '../../src/openapi/contract-types.js';
import { mediaKindOf } from '../../src/openapi/media-types.js';
import { normalizeDocument } from '../../src/openapi/normalize/normalize.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { defaultStyle } from '../../src/openapi/parameters.js';
import { securitySchemesOf } from '../../src/openapi/security-schemes.js';
import { isRecord } from '../../src/util/is-record.js';
import { foreignNames, readForeign } from '../helpers/foreign-document.js';
import { compiledOr, fake, formPairs, isField, isWritable } from '../helpers/foreign-values.js';

const SEEDS = process.env.PUBLISHED === 'all' ? [1, 2] : [2];
const BASE_URL = 'https://mock.test';
/** What a documented error says to people, in the words of most APIs. */
const SAYS = /^(?:message|detail|title|description|reason|error_description|error_message|msg)$/;

type UncheckedCall = (id: string, init: object) => Promise<{ readonly data: unknown }>;

test.skipIf(foreignNames.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.each(foreignNames)('the client and the mock of %s', (name) => {
  test('agree on parameters, bodies, responses and errors', async () => {
    const document = readForeign(name);
    const opened = openContract({ document });
    const { contract } = opened;
    const normalized = normalizeDocument(document).document;
    const refused: string[] = [];
    const mock = new MockCore(
      {
        baseUrl: BASE_URL,
        validate: { credentials: false },
        onValidationError: ({ message }) => refused.push(message),
      },
      opened,
    );
    let received = { type: '', text: '' };
    const client = createClient({
      baseUrl: BASE_URL,
      operations: {
        format: TABLE_FORMAT,
        operations: buildOperationTable(normalized),
        securitySchemes: securitySchemesOf(normalized),
      },
      maxRetries: 0,
      fetch: async (...sent) => {
        const response = (await mock.answer(new Request(...sent))) ?? Response.error();
        const text = await response.clone().text();
        received = { type: response.headers.get('content-type') ?? '', text };
        return response;
      },
    });
    const call = client.call as unknown as UncheckedCall;
    const faults: string[] = [];
    let [calls, errors, unmade] = [0, 0, 0];
    let got: unknown;
    for (const operation of Object.values(contract.operations)) {
      const { operationId, requestBody } = operation;
      const media = requestBody === undefined ? [undefined] : [requestBody, ...(requestBody.others ?? [])];
      mock.respond(operationId, ({ params, query, body }) => {
        got = { params, query, body };
        return undefined;
      });
      for (const [index, seed] of SEEDS.entries())
        for (const one of media) {
          const made = await callOf(contract, operation, one, seed);
          if (made === undefined) {
            unmade += 1;
            continue;
          }
          calls += 1;
          got = undefined;
          refused.length = 0;
          const what = `${operationId} ${one?.mediaType ?? ''} ${seed}`;
          const outcome = await call(operationId, made.init).catch((error: unknown) => error);
          const isRefusal = refused.length > 0 && !(refused[0] ?? '').includes('name the schema');
          if (isRefusal) faults.push(`${what}: refused: ${refused[0]}`);
          else if (refused.length > 0) unmade += 1;
          else if (!isDeepStrictEqual(asJson(got), asJson(made.expected)))
            faults.push(`${what}: ${JSON.stringify(made.expected)} was read as ${JSON.stringify(got)}`);
          if (isRecord(outcome) && 'data' in outcome && !(await isSame(outcome.data, received)))
            faults.push(`${what}: ${received.text.slice(0, 99)} was given as ${String(outcome.data)}`);
          else if (outcome instanceof Error && !(outcome instanceof APIError))
            faults.push(`${what}: ${outcome}`);
          if (index > 0 || one !== media[0] || isRefusal) continue;
          for (const status of errorsOf(operation)) {
            errors += 1;
            const headers = { ...made.init.headers, prefer: `code=${status}` };
            const error = await call(operationId, { ...made.init, headers }).catch((cause: unknown) => cause);
            if (!(error instanceof APIError)) faults.push(`${what} ${status}: ${error}`);
            else if (refused.length === 0 && error.status !== status)
              faults.push(`${what} ${status}: ${error.message}`);
            else if (!saysWhy(error)) faults.push(`${what} ${status}: ${error.message} of ${received.text}`);
          }
        }
    }
    console.log(
      `${name}: ${calls} calls and ${errors} errors agree, but ${faults.length} (${unmade} were not made)\n${faults.slice(0, 20).join('\n')}`,
    );
    expect(faults).toEqual([]);
  }, 900_000);
});

/** A call that json-schema-faker makes and ajv allows, and what the handler is to get; `undefined` where there was none. */
async function callOf(
  contract: Contract,
  operation: ContractOperation,
  media: ContractBody | undefined,
  seed: number,
) {
  const params = { path: {}, query: {}, header: {}, cookie: {} } satisfies Record<string, object>;
  for (const { name, in: place, required, schema, style = defaultStyle(place) } of operation.parameters) {
    if (!required && seed % 2 === 1) continue;
    const allows = compiledOr(contract, schema);
    const made = await fake(contract, schema, seed, (value) => allows(value) && isSent(value, place, style));
    if (made === undefined && required) return undefined;
    if (made !== undefined) Reflect.set(params[place], name, made.value);
  }
  const isBodiless = media === undefined || ['GET', 'HEAD'].includes(operation.method);
  const body = isBodiless ? {} : await bodyOf(contract, media, seed);
  if (body === undefined) return undefined;
  const isStream = Object.values(operation.responses).some(({ body: sent }) =>
    [sent, ...(sent?.others ?? [])].some((one) => mediaKindOf(one?.mediaType ?? '') === 'stream'),
  );
  const isOther = media !== operation.requestBody && mediaKindOf(media?.mediaType ?? '') === 'json';
  const headers: Record<string, string> =
    isOther && media !== undefined ? { 'content-type': media.mediaType } : {};
  const init = {
    params,
    headers,
    ...('sent' in body ? { body: body.sent } : {}),
    ...(isStream ? { parseAs: 'text' } : {}),
  };
  const expected = { params: params.path, query: params.query, body: 'read' in body ? body.read : undefined };
  return { init, expected };
}

function isSent(value: unknown, place: string, style: string): boolean {
  if (style === 'json') return value !== null;
  if (value === '' || value === null || value === '.' || value === '..') return false;
  // A header carries no other letters, and neither a query nor a form tells `["a"]` from `"a"`.
  if (place === 'header' && typeof value === 'string' && !/^[\x21-\x7e]+$/.test(value)) return false;
  return style === 'deepObject' ? isField(value) : isWritable(value);
}

/** A body as the client takes it, and as the handler is to get it; `undefined` where none was made. */
async function bodyOf(contract: Contract, { mediaType, schema }: ContractBody, seed: number) {
  const kind = mediaKindOf(mediaType);
  if (kind === 'text') return { sent: 'text', read: 'text' };
  if (kind === 'bytes' || kind === 'stream') return undefined;
  const allows = compiledOr(contract, schema);
  const isForm = kind !== 'json';
  const made = await fake(contract, schema, seed, (value) =>
    isForm ? allows(value) && isRecord(value) && isField(value) : allows(value) && value !== null,
  );
  if (made === undefined) return undefined;
  const { value } = made;
  if (kind === 'json') return { sent: value, read: value };
  if (kind === 'form') return { sent: new URLSearchParams(formPairs('', value)), read: value };
  const form = new FormData();
  for (const [field, held] of Object.entries(Object(value)))
    for (const item of [held].flat())
      if (typeof item === 'object')
        form.append(field, new Blob([JSON.stringify(item)], { type: 'application/json' }));
      else form.append(field, String(item));
  return { sent: form, read: value };
}

/** The documented errors of an operation. `default` is one of them where there is a success beside it. */
function errorsOf({ responses }: ContractOperation): number[] {
  const keys = Object.keys(responses);
  return keys.flatMap((key) => {
    if (/^[45]\d\d$/.test(key)) return [Number(key)];
    if (/^[45]XX$/i.test(key)) return [Number(`${key[0]}22`)];
    return key === 'default' && keys.length > 1 ? [400] : [];
  });
}

/** Whether a message has the text of the body, where the body has one that is not nested further than errors are. */
function saysWhy({ message, body }: APIError): boolean {
  const texts = textsIn(body, 0);
  return (
    texts.length === 0 ||
    texts.some((text) => message.includes(text.trim().split('\n')[0]?.slice(0, 60) ?? ''))
  );
}

function textsIn(node: unknown, depth: number): string[] {
  if (Array.isArray(node)) return textsIn(node[0], depth);
  if (!isRecord(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (typeof value === 'string') return SAYS.test(key) && value.trim() !== '' ? [value] : [];
    return depth === 0 && /^(?:error|errors|err|fault)$/.test(key) ? textsIn(value, 1) : [];
  });
}

async function isSame(data: unknown, { type, text }: { readonly type: string; readonly text: string }) {
  if (data instanceof Blob) return (await data.text()) === text;
  if (text === '') return data === undefined || data === '';
  return data === text || (mediaKindOf(type) === 'json' && isDeepStrictEqual(data, JSON.parse(text)));
}

function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
