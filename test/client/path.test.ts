import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializePath } from '../../src/client/call-parameters.js';
import { createClient, InvalidArgumentError } from '../../src/index.js';
import { caught, thrownBy } from '../helpers/caught.js';

const TEMPLATE = '/v1/things/{thing}/parts/{part}';

describe('serializePath', () => {
  it.each(['', '.', '..', '\ud800', 'a\udc00b', undefined, null, {}, [], ['..'], [null], Number.NaN, 1 / 0])(
    'refuses %o and names the parameter',
    (part) => {
      const error = thrownBy(() => serializePath(TEMPLATE, { thing: 'a', part }), InvalidArgumentError);
      expect(error.argument).toBe('params.path.part');
    },
  );

  it('refuses a missing parameter, and one that the object only inherits', () => {
    const inherited: Record<string, unknown> = Object.create({ thing: 'a' });
    for (const values of [{ part: 'a' }, Object.assign(inherited, { part: 'a' })]) {
      const error = thrownBy(() => serializePath(TEMPLATE, values), InvalidArgumentError);
      expect(error.argument).toBe('params.path.thing');
    }
  });

  it('does not show the value', () => {
    const { message } = thrownBy(
      () => serializePath(TEMPLATE, { thing: 'canary\ud800', part: 'a' }),
      InvalidArgumentError,
    );
    expect(message).not.toContain('canary');
  });

  it.each(['/v1/things', '/v1/things/{'])(
    'asks for nothing where the template has no parameter: %s',
    (path) => {
      expect(() => serializePath(path, {})).not.toThrow();
    },
  );

  it('lets through only what stays one segment of the path', () => {
    const hostile = fc.constantFrom(
      '/',
      '\\',
      '..',
      '.',
      '%2e',
      '%2E%2e',
      '?',
      '#',
      '//',
      '\t',
      '\r\n',
      ' ',
      '@',
      ':',
      ';',
    );
    const value = fc.array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 });
    fc.assert(
      fc.property(value, (parts) => {
        const thing = parts.join('');
        try {
          serializePath('/v1/things/{thing}/tail', { thing });
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          return;
        }
        const { origin, pathname, search, hash } = new URL(
          `https://api.example.com/v1/things/${encodeURIComponent(thing)}/tail`,
        );
        expect([origin, search, hash]).toEqual(['https://api.example.com', '', '']);
        expect(pathname.split('/')).toHaveLength(5);
        expect(decodeURIComponent(pathname.split('/')[3] ?? '')).toBe(thing);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the path of a call', () => {
  const client = createClient({ fetch: async () => new Response('{}') });
  // Paths that no type allows.
  const get = (path: unknown) => client.GET(path as '/v2/connect/connectors');

  it.each(['v1/things', '@evil.example.com/', '.evil.example.com/', ':8080/', '', undefined, 7])(
    'is refused where it does not begin with a slash: %j',
    async (path) => {
      expect((await caught(get(path), InvalidArgumentError)).argument).toBe('path');
    },
  );

  it('needs its parameters', async () => {
    expect((await caught(get('/v1/{thing}'), InvalidArgumentError)).argument).toBe('params.path.thing');
  });
});

describe('a value with half of a surrogate pair', () => {
  it('is refused, and every other text is encoded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\ud83d', '\udd11', '\u{1f511}'), { minLength: 1 }),
        (parts) => {
          const thing = parts.join('');
          const write = () => serializePath('/{thing}', { thing });
          let encoded: string | undefined;
          try {
            encoded = encodeURIComponent(thing);
          } catch {}
          if (encoded === undefined) expect(write).toThrow(InvalidArgumentError);
          else expect(write()).toBe(`/${encoded}`);
        },
      ),
    );
  });
});
