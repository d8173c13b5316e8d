import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { contract } from '../../src/generated/contract.js';
import { operations } from '../../src/generated/index.js';
import { createClient, MalformedResponseError } from '../../src/index.js';
import { ownOperationIds } from '../helpers/own-operations.js';

const APP = { subject: { type: 'app' } } as const;
const RUNS = 10_000;

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 0, -1, 1e308, [], {}, true, 'a'.repeat(5_000)),
);
const name = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'),
);
const mutation = fc.record({
  kind: fc.constantFrom('add', 'drop', 'null', 'retype', 'replace'),
  /** Which of the places in the body. */
  at: fc.nat(200),
  name,
  value,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

/** Every object and array of a body, the body itself first. */
function placesIn(node: unknown): Record<string, unknown>[] {
  if (typeof node !== 'object' || node === null) return [];
  // An array is addressed by its indices, as a record is by its names.
  const place = node as Record<string, unknown>;
  return [place, ...Object.values(place).flatMap(placesIn)];
}

function mutate(body: unknown, { kind, at, name: added, value: given }: Mutation): unknown {
  // A later mutation may change it, and the next run is given the same one.
  const other = structuredClone(given);
  const places = placesIn(body);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined || kind === 'replace') return other;
  const keys = Object.keys(place);
  const key = keys[at % Math.max(1, keys.length)] ?? added;
  const define = (field: string, to: unknown) =>
    Object.defineProperty(place, field, { value: to, enumerable: true, configurable: true, writable: true });
  if (kind === 'add') define(Array.isArray(place) ? String(place.length) : added, other);
  else if (kind === 'drop') Reflect.deleteProperty(place, key);
  else if (kind === 'null') define(key, null);
  else define(key, typeof Reflect.get(place, key) === 'string' ? 7 : 'text');
  return body;
}

const table = operations.operations;
const ids = Object.entries(table)
  .filter(
    ([id, { success }]) =>
      ownOperationIds.has(id) && Object.values(success).some((types) => types.length > 0),
  )
  .map(([id]) => id);

function exampleOf(id: string): unknown {
  const responses = contract.operations[id]?.responses ?? {};
  const bodies = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const [example] = Object.values(bodies[0]?.[1].body?.examples ?? {});
  return example ?? {};
}

const cases = fc.tuple(fc.constantFrom(...ids), fc.array(mutation, { minLength: 1, maxLength: 4 }));

function answerWith(text: string) {
  return { fetch: async () => new Response(text), bearerToken: 'bearer', maxRetries: 0 };
}

it(`${RUNS} mutated bodies: a typed call gives each as it came`, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ([id, mutations]) => {
      const text = JSON.stringify(mutations.reduce(mutate, structuredClone(exampleOf(id))));
      const client = createClient(answerWith(text));
      const params = { path: { connector: 'c', projectId: 'p', trigger: 't', service: 's', verifier: 'v' } };
      // Whatever the operation takes: what is looked at is what comes back.
      const call = client.call as unknown as (id: string, init: object) => Promise<{ data: unknown }>;
      const { data } = await call(id, {
        params,
        ...(table[id]?.body?.includes('application/json') === true ? { body: {} } : {}),
      });
      expect(JSON.stringify(data)).toBe(text);
    }),
    { seed: 1, numRuns: RUNS / 2 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it('the functions of Connect give them too, but for what the token layer itself needs', async () => {
  const connectCases = fc.tuple(
    fc.constantFrom('getConnectorToken', 'importConnectorTokens', 'getConnector', 'revokeConnectorTokens'),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
  );
  let given = 0;
  await fc.assert(
    fc.asyncProperty(connectCases, async ([id, mutations]) => {
      const body = mutations.reduce(mutate, structuredClone(exampleOf(id)));
      const client = createConnectClient(answerWith(JSON.stringify(body)));
      const outcome = await {
        getConnectorToken: () => client.getTokenResponse('c', APP),
        importConnectorTokens: () => client.importTokens('c', []),
        getConnector: () => client.getConnectorMetadata('c'),
        revokeConnectorTokens: () => client.revokeToken('c', APP),
      }
        [id]?.()
        .then(
          () => 'given',
          (error: unknown) => error,
        );
      if (outcome === 'given') given++;
      else {
        expect(outcome).toBeInstanceOf(MalformedResponseError);
        expect(isUnusable(id, JSON.parse(JSON.stringify(body))), JSON.stringify(body)).toBe(true);
      }
    }),
    { seed: 2, numRuns: RUNS / 2 },
  );
  expect(given).toBeGreaterThan(RUNS / 4);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

/** What no client could use: a body that is no object, and a token without text or end. */
function isUnusable(id: string, body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return true;
  if (id !== 'getConnectorToken') return false;
  const token: unknown = Reflect.get(body, 'token');
  const expiresAt: unknown = Reflect.get(body, 'expiresAt');
  return typeof token !== 'string' || token === '' || typeof expiresAt !== 'number' || expiresAt < 1e11;
}
