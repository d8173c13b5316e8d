import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { contract } from '../../../src/generated/contract.js';
import { createHandlers, type OperationId, type ValidationError } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';
import { ask } from '../ask.js';
import { documentOf, handlersOf } from '../fixture.js';

const LIST = '/v2/connect/connectors';
const TOKEN = '/v1/connect/token/slack%2Facme-slack';

describe('createHandlers', () => {
  test('has one handler an operation, and one for the rest', () => {
    expect(createHandlers()).toHaveLength(Object.keys(contract.operations).length + 1);
    expect(createHandlers({ operations: ['getConnector'] })).toHaveLength(2);
  });

  test('serves the API and its regions, and nothing else', async () => {
    const handlers = createHandlers();
    expect(await ask(handlers, 'GET', LIST)).toMatchObject({ status: 200 });
    expect(await ask(handlers, 'GET', LIST, { origin: 'https://api-sfo1.vercel.com' })).toMatchObject({
      status: 200,
    });
    await expect(ask(handlers, 'GET', LIST, { origin: 'https://vercel.com' })).rejects.toThrow('no handler');
  });

  test('serves a base URL of its own, with its prefix', async () => {
    const handlers = createHandlers({ baseUrl: 'http://localhost:4010/mock/' });
    const origin = 'http://localhost:4010';
    expect(await ask(handlers, 'GET', `/mock${LIST}`, { origin })).toMatchObject({ status: 200 });
    const { error } = await ask(handlers, 'GET', '/mock/v1/connect/connectors', { origin });
    expect(error.message).toContain('near misses: GET /v2/connect/connectors (listConnectors)');
    await expect(ask(handlers, 'GET', LIST)).rejects.toThrow('no handler');
    await expect(ask(handlers, 'GET', LIST, { origin })).rejects.toThrow('no handler');
  });

  test('keeps an encoded slash inside its segment', async () => {
    let seen: unknown;
    const getConnector = ({ params }: { params: { connector: string } }) => {
      seen = params;
      return undefined;
    };
    const handlers = createHandlers({ overrides: { getConnector } });
    await ask(handlers, 'GET', '/v1/connect/connectors/mcp.linear.app%2Facme%20%C3%BC');
    expect(seen).toEqual({ connector: 'mcp.linear.app/acme ü' });
  });

  test('refuses a malformed escape', async () => {
    const { status, error } = await ask(createHandlers(), 'GET', '/v1/connect/connectors/%E0%A4%A');
    expect({ status, ...error }).toMatchObject({ status: 400, pointer: '/path/connector', rule: 'encoding' });
  });

  test.each<[string, () => unknown]>([
    ['operations', () => createHandlers({ operations: ['getTeapot' as OperationId] })],
    ['operations', () => createHandlers({ operations: ['toString' as OperationId] })],
    ['overrides', () => createHandlers({ overrides: { getTeapot: {} } as object })],
    ['baseUrl', () => createHandlers({ baseUrl: 'ftp://example.com' })],
  ])('refuses wrong %s', (argument, create) => {
    expect(thrownBy(create, InvalidArgumentError).argument).toBe(argument);
  });

  test('does not mistake an inherited name for an override', async () => {
    const handlers = handlersOf(documentOf({ constructor: {} }));
    expect(await ask(handlers, 'GET', '/v1/constructor')).toMatchObject({ status: 200, body: {} });
  });
});

describe('the seed', () => {
  const answers = async (seed?: number | string) => {
    const handlers = createHandlers({ seed });
    const first = await ask(handlers, 'GET', LIST);
    const second = await ask(handlers, 'GET', LIST);
    return {
      body: first.body,
      second: second.body,
      ids: [first, second].map(({ headers }) => headers.get('x-vercel-id')),
    };
  };

  test('gives the same answers in fresh handlers, and on asking again', async () => {
    const { body, second, ids } = await answers('a seed');
    expect(await answers('a seed')).toEqual({ body, second, ids });
    expect(second).toEqual(body);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('is 1 by default, which gives the examples; any other gives its own', async () => {
    const [byDefault, one, two, three] = await Promise.all([answers(), answers(1), answers(2), answers(3)]);
    const [example] = Object.values(contract.operations.listConnectors?.responses[200]?.body?.examples ?? {});
    // A list ends, where its example goes on.
    const pagination = { ...Object(example).pagination, next: null };
    expect(byDefault.body).toEqual({ ...Object(example), pagination });
    expect(one).toEqual(byDefault);
    expect(two.body).not.toEqual(byDefault.body);
    expect(three.body).not.toEqual(two.body);
    expect(two.ids).not.toEqual(byDefault.ids);
  });

  test('gives an operation the same whatever was asked of others before', async () => {
    const handlers = createHandlers({ seed: 5 });
    await ask(handlers, 'POST', TOKEN);
    await ask(handlers, 'GET', '/v1/teapots');
    const { body, headers } = await ask(handlers, 'GET', LIST);
    const fresh = await answers(5);
    expect(body).toEqual(fresh.body);
    expect(headers.get('x-vercel-id')).toBe(fresh.ids[0]);
  });
});

describe('a refused request', () => {
  test('is told to onValidationError, once and without the bearer', async () => {
    const validationErrors: ValidationError[] = [];
    const handlers = createHandlers({
      onValidationError: (validationError) => validationErrors.push(validationError),
    });
    await ask(handlers, 'GET', `${LIST}?limit=0`, { bearer: 'a-very-secret-bearer' });
    await ask(handlers, 'GET', `${LIST}?a-very-secret-bearer=1`, { bearer: 'a-very-secret-bearer' });
    await ask(handlers, 'GET', LIST, { bearer: '' });
    await ask(handlers, 'GET', LIST);
    expect(validationErrors.map(({ status, pointer, rule }) => [status, pointer, rule])).toEqual([
      [400, '/query/limit', 'minimum'],
      [400, '/query/[redacted]', 'undocumented'],
      [401, '/headers/authorization', 'required'],
    ]);
    expect(validationErrors[0]).toMatchObject({ operationId: 'listConnectors', method: 'GET', path: LIST });
    expect(JSON.stringify(validationErrors)).not.toContain('a-very-secret-bearer');
  });

  test('never reaches an override', async () => {
    let reached = false;
    const listConnectors = () => {
      reached = true;
      return undefined;
    };
    await ask(createHandlers({ overrides: { listConnectors } }), 'GET', `${LIST}?limit=0`);
    expect(reached).toBe(false);
  });

  test('to an operation that was left out says so', async () => {
    const handlers = createHandlers({ operations: ['getConnector'] });
    const { status, error } = await ask(handlers, 'GET', LIST);
    expect(status).toBe(404);
    expect(error.message).toContain('is listConnectors, which the `operations` of these handlers leave out');
  });

  test('gets the near misses of other methods and versions', async () => {
    const { error } = await ask(createHandlers(), 'GET', '/v1/connect/connectors');
    expect(error.message).toBe(
      'GET /v1/connect/connectors is not an operation in the document; near misses: GET /v2/connect/connectors (listConnectors), POST /v1/connect/connectors (createConnector) (rule undocumented).',
    );
  });
});
