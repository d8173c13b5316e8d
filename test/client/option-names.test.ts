import { describe, expect, it } from 'vitest';
import { checkOptionNames } from '../../src/client/option-names.js';
import { createConnectClient } from '../../src/connect/index.js';
import { type ClientOptions, createClient, InvalidArgumentError } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { caught, thrownBy } from '../helpers/caught.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

/** Options as a caller without TypeScript could write them. */
const untyped = (options: Readonly<Record<string, unknown>>) => options as ClientOptions;

describe('an option that does not exist', () => {
  it.each([
    ['token', 'bearerToken'],
    ['baseURL', 'baseUrl'],
    ['maxRetry', 'maxRetries'],
    ['timeoutMs', 'timeout'],
    ['team', 'teamId'],
    ['onevent', 'onEvent'],
  ])('%s of createClient is refused, and %s is named', (name, nearest) => {
    const error = thrownBy(() => createClient(untyped({ [name]: 'canary' })), InvalidArgumentError);
    expect(error.argument).toBe(name);
    expect(error.message).toBe(`Invalid ${name}: is not an option; did you mean ${nearest}?`);
  });

  it('is refused without a suggestion where nothing is near', () => {
    const error = thrownBy(() => createClient(untyped({ colour: 'red' })), InvalidArgumentError);
    expect(error.message).toBe('Invalid colour: is not an option');
  });

  it('counts as absent while it is undefined', () => {
    expect(() => createClient(untyped({ token: undefined }))).not.toThrow();
  });

  it.each([
    ['timeOut', 'timeout'],
    ['idempotencykey', 'idempotencyKey'],
    ['param', 'params'],
    ['abortSignal', 'signal'],
  ])('%s of a call is refused before anything is sent, and %s is named', async (name, nearest) => {
    const network = answeringFetch(() => json({ connectors: [] }));
    const { GET } = createClient({ fetch: network.fetch });
    const init = { [name]: 1 } as object;
    const error = await caught(GET('/v2/connect/connectors', init), InvalidArgumentError);
    expect(error.message).toBe(`Invalid ${name}: is not an option; did you mean ${nearest}?`);
    expect(network.requests).toEqual([]);
  });

  it.each(['cache', 'next', 'dispatcher', 'keepalive', 'cf'])(
    '%s of a call names fetchOptions',
    async (field) => {
      const network = answeringFetch(() => json({ connectors: [] }));
      const { GET } = createClient({ fetch: network.fetch });
      const init = { [field]: 'no-store' } as object;
      const error = await caught(GET('/v2/connect/connectors', init), InvalidArgumentError);
      expect(error.message).toBe(`Invalid ${field}: give fetchOptions: { ${field} }`);
      expect(network.requests).toEqual([]);
    },
  );

  it.each([
    ['fetchOptions: 7', 7, 'fetchOptions: must be an object, got a number'],
    ['a wrong name', { dispacher: {} }, 'fetchOptions.dispacher: is not an option; did you mean dispatcher?'],
    ['what the call itself has', { signal: 1 }, 'fetchOptions.signal: give signal on the call'],
    ['a wrong value', { cache: 'for ever' }, 'fetchOptions: has a value that fetch does not take'],
  ])('%s is refused, for a client and for a call', async (_, fetchOptions, message) => {
    const options = untyped({ fetchOptions });
    expect(() => createClient(options)).toThrow(`Invalid ${message}`);
    const { GET } = createClient({ fetch: async () => json({}) });
    const error = await caught(GET('/v2/connect/connectors', options as object), InvalidArgumentError);
    expect(error.message).toBe(`Invalid ${message}`);
  });

  it('does not hold up the check, however long its name is', () => {
    const error = thrownBy(
      () => checkOptionNames({ ['x'.repeat(1e6)]: 1 }, new Set(['a'])),
      InvalidArgumentError,
    );
    expect(error.message.length).toBeLessThan(100);
  });
});

describe('deadline', () => {
  const message = 'Invalid deadline: is named totalTimeout now; give totalTimeout';

  it('is refused by createClient and createConnectClient, which name totalTimeout', () => {
    const options: object = { deadline: 1_000 };
    for (const create of [() => createClient(options), () => createConnectClient(options)]) {
      const error = thrownBy(create, InvalidArgumentError);
      expect(error.message).toBe(message);
    }
  });

  it('is refused by a call, which names totalTimeout', async () => {
    const network = answeringFetch(() => json({ connectors: [] }));
    const { GET } = createClient({ fetch: network.fetch });
    const init = { deadline: 1_000 } as object;
    expect((await caught(GET('/v2/connect/connectors', init), InvalidArgumentError)).message).toBe(message);
    expect(network.requests).toEqual([]);
  });
});
