// Every secured operation of documents of other APIs: whom its security requirements let in, by the mock and by the client.
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/create-client.js';
import type { SchemeCredentials } from '../../src/client/scheme-credentials.js';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import type { ValidationError } from '../../src/msw/index.js';
import { MockCore } from '../../src/msw/mock/mock-core.js';
import { CHECK_NAMES } from '../../src/msw/validate/checks.js';
import type { ContractOperation } from '../../src/openapi/contract-types.js';
import { normalizeDocument } from '../../src/openapi/normalize/normalize.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import {
  requirementsOf,
  type SecurityScheme,
  schemeNamed,
  securitySchemesOf,
} from '../../src/openapi/security-schemes.js';
import { foreignNames, readForeign } from '../helpers/foreign-document.js';

const baseUrl = 'http://mock.test';
/** What is sent for credentials is all that is looked at. */
const CREDENTIALS_ALONE = Object.fromEntries(CHECK_NAMES.map((name) => [name, name === 'credentials']));

test.skipIf(foreignNames.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

/** A security scheme of an operation and its name in the document. */
interface NamedScheme {
  readonly name: string;
  readonly scheme: SecurityScheme;
}

/** Where a credential is in a request, and its text. */
interface Sent {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly value: string;
}

describe.each(foreignNames)('the secured operations of %s', (name) => {
  test('let in who has the credentials of one alternative, and nobody else', {
    timeout: 900_000,
  }, async () => {
    const { operations, refused, isLetIn, isLetInByClient } = open(name);
    const counts = {
      secured: 0,
      optional: 0,
      alternatives: 0,
      joint: 0,
      unsupported: 0,
      refused,
      requests: 0,
    };
    const wrong: string[] = [];
    const expectOutcome = (what: string, isExpected: boolean, isIn: boolean) => {
      counts.requests += 1;
      if (isIn !== isExpected) wrong.push(`${what} is ${isIn ? 'let in' : 'refused'}`);
    };
    for (const { operation, alternatives } of operations) {
      const id = operation.operationId;
      const send = async (what: string, sent: readonly Sent[]) =>
        expectOutcome(`${id} ${what}`, isEnough(alternatives, sent), await isLetIn(operation, sent));
      counts[alternatives.some((one) => one.length === 0) ? 'optional' : 'secured'] += 1;
      await send('without a credential', []);
      for (const alternative of alternatives.filter((one) => one.length > 0)) {
        if (alternative.some(isUnsupported)) {
          counts.unsupported += 1;
          continue;
        }
        counts.alternatives += 1;
        if (alternative.length > 1) counts.joint += 1;
        const what = `by ${alternative.map((one) => one.name).join(' and ')}`;
        expectOutcome(`${id} ${what}`, true, await isLetIn(operation, alternative.flatMap(rightOf)));
        expectOutcome(`${id} ${what} of the client`, true, await isLetInByClient(operation, alternative));
        for (const one of alternative) {
          const others = alternative.filter((other) => other !== one).flatMap(rightOf);
          await send(`${what} without ${one.name}`, others);
          for (const bad of wrongOf(one))
            await send(`${what} with ${one.name} ${bad.value}`, [...others, bad]);
        }
      }
    }
    const text = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
    console.log(`${name}: ${text.join(', ')}, wrong ${wrong.length}`);
    expect(wrong).toEqual([]);
  });
});

const isUnsupported = ({ scheme }: NamedScheme) => scheme.kind === 'unknown';

/** Whether a request satisfies one of the alternatives, as OpenAPI has it. */
function isEnough(alternatives: readonly (readonly NamedScheme[])[], sent: readonly Sent[]): boolean {
  const authorization = sent.findLast((one) => one.in === 'header' && one.name === 'authorization')?.value;
  const isMet = ({ scheme }: NamedScheme) => {
    if (scheme.kind === 'bearer') return /^Bearer \S/.test(authorization ?? '');
    if (scheme.kind === 'basic') return authorization === `Basic ${btoa('ada:password')}`;
    if (scheme.kind === 'unknown') return false;
    const name = scheme.in === 'header' ? scheme.name.toLowerCase() : scheme.name;
    const own = sent.findLast((one) => one.in === scheme.in && one.name === name);
    return own !== undefined && own.value.trim() !== '';
  };
  return alternatives.some((alternative) => alternative.every(isMet));
}

/** What a request carries for a scheme. */
function rightOf({ scheme }: NamedScheme): Sent[] {
  if (scheme.kind === 'unknown') return [];
  if (scheme.kind !== 'apiKey') {
    const value = scheme.kind === 'bearer' ? 'Bearer a-token' : `Basic ${btoa('ada:password')}`;
    return [{ in: 'header', name: 'authorization', value }];
  }
  const name = scheme.in === 'header' ? scheme.name.toLowerCase() : scheme.name;
  return [{ in: scheme.in, name, value: 'a-key' }];
}

/** What is none of a scheme, in the place of it. */
function wrongOf(one: NamedScheme): Sent[] {
  const values = {
    bearer: ['a-token', 'Bearer', 'Token a-token', `Basic ${btoa('ada:password')}`],
    basic: ['ada:password', `Basic ${btoa('without a colon')}`, 'Bearer a-token'],
    apiKey: [' '],
    unknown: [],
  }[one.scheme.kind];
  return rightOf(one).flatMap((right) => values.map((value) => ({ ...right, value })));
}

/** What a client is given for a scheme. */
function credentialOf({ scheme }: NamedScheme): SchemeCredentials[string] {
  return scheme.kind === 'basic' ? { username: 'ada', password: 'password' } : 'a-key';
}

function requestTo({ method, path }: ContractOperation, sent: readonly Sent[]): Request {
  const url = new URL(baseUrl + path.replaceAll(/\{[^{}]+\}/g, '1'));
  const headers = new Headers();
  for (const one of sent) {
    if (one.in === 'query') url.searchParams.set(one.name, one.value);
    else
      headers.set(
        one.in === 'header' ? one.name : 'cookie',
        one.in === 'header' ? one.value : `${one.name}=${one.value}`,
      );
  }
  return new Request(url, { method, headers });
}

/** The operations of a document that name security schemes, and ways to ask for them. */
function open(name: string) {
  const document = readForeign(name);
  const schemes = securitySchemesOf(document);
  const opened = openContract({ document });
  const all = Object.values(opened.contract.operations).map((operation) => {
    const node = Object(document.paths[operation.path])[operation.method.toLowerCase()];
    const alternatives = requirementsOf(document, Object(node)).map((names) =>
      names.map((one): NamedScheme => ({ name: one, scheme: schemeNamed(schemes, one) })),
    );
    return { operation, alternatives };
  });
  const refused = all.filter(
    ({ alternatives }) => alternatives.length > 0 && alternatives.every((one) => one.some(isUnsupported)),
  );
  const served = all.filter((one) => !refused.includes(one));
  for (const { operation, alternatives } of refused) {
    const scheme = alternatives.flat().find(isUnsupported)?.scheme;
    expect(() => new MockCore({ baseUrl, operations: [operation.operationId] }, opened)).toThrow(
      scheme?.kind === 'unknown' ? scheme.type : 'never',
    );
  }
  const validationErrors: ValidationError[] = [];
  const mock = new MockCore(
    {
      baseUrl,
      validate: CREDENTIALS_ALONE,
      operations: served.map(({ operation }) => operation.operationId),
      onValidationError: (one) => validationErrors.push(one),
    },
    opened,
  );
  const answer = async (request: Request) => {
    validationErrors.length = 0;
    await mock.answer(request);
    return !validationErrors.some(({ check }) => check === 'credentials');
  };
  const table = {
    format: TABLE_FORMAT,
    operations: buildOperationTable(normalizeDocument(document).document),
    securitySchemes: schemes,
  };
  const clientWith = (credentials: SchemeCredentials) =>
    createClient({
      baseUrl: 'http://127.0.0.1',
      operations: table,
      credentials,
      maxRetries: 0,
      fetch: async (input: Request | URL | string, init?: RequestInit) => {
        const { url, headers, method } = new Request(input, init);
        const isIn = await answer(new Request(url.replace('http://127.0.0.1', baseUrl), { method, headers }));
        return new Response(null, { status: isIn ? 204 : 401 });
      },
    });
  return {
    operations: served.filter(({ alternatives }) => alternatives.length > 0),
    refused: refused.length,
    isLetIn: (operation: ContractOperation, sent: readonly Sent[]) => answer(requestTo(operation, sent)),
    isLetInByClient: async (
      { operationId, path }: ContractOperation,
      alternative: readonly NamedScheme[],
    ) => {
      const credentials = Object.fromEntries(alternative.map((one) => [one.name, credentialOf(one)]));
      const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, step = '']) => [step, '1']);
      // The ids of a document are known at run time alone.
      const call = Object(clientWith(credentials).operations)[operationId] as (
        init: object,
      ) => Promise<unknown>;
      return call({ params: { path: Object.fromEntries(names) } }).then(
        () => true,
        () => false,
      );
    },
  };
}
