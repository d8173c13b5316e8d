import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { safeCause } from '../../src/transport/safe-cause.js';
import { Secrets } from '../../src/util/secrets.js';

const SECRET = 'zq1-canary-bearer-8842';
const secrets = new Secrets([SECRET]);

/** Everything that an inspector, a getter or a serialiser can show of a cause. */
function shown(value: unknown): string {
  return inspect(value, {
    depth: null,
    showHidden: true,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
}

function nested(depth: number, inner: unknown): unknown {
  let value = inner;
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}

function chain(depth: number): Error {
  let error = new Error(`it was ${SECRET}`);
  for (let level = 0; level < depth; level++) error = new Error('outer', { cause: error });
  return error;
}

class RequestError extends Error {
  readonly #config = { headers: { authorization: SECRET } };
  get config() {
    return this.#config;
  }
}

const HIDING: Readonly<Record<string, unknown>> = {
  'in the message': new Error(`refused ${SECRET}`),
  ...Object.fromEntries(
    [1, 2, 11, 12, 13, 50, 500].map((depth) => [
      `${depth} levels down`,
      Object.assign(new Error('x'), { config: nested(depth, SECRET) }),
    ]),
  ),
  'after 100 items': Object.assign(new Error('x'), { items: [...Array(150).fill('item'), SECRET] }),
  'after 5 000 items': Object.assign(new Error('x'), { items: [...Array(5_000).fill('item'), SECRET] }),
  'behind a getter': Object.defineProperty(new Error('x'), 'token', { enumerable: true, get: () => SECRET }),
  'behind a getter of its class': new RequestError('x'),
  'in a map': Object.assign(new Error('x'), { headers: new Map([['authorization', SECRET]]) }),
  'in a Headers': Object.assign(new Error('x'), { headers: new Headers({ authorization: SECRET }) }),
  'in a name of a field': Object.assign(new Error('x'), { [SECRET]: 1 }),
  'in a symbol': Object.assign(new Error('x'), { [Symbol(SECRET)]: 1 }),
  'in a hidden field': Object.defineProperty(new Error('x'), 'hidden', { value: SECRET }),
  'in an error of several': new AggregateError([new Error('x'), new Error(SECRET)], 'all failed'),
  '13 causes down': chain(13),
  encoded: new Error(`basic ${Buffer.from(SECRET).toString('base64')}`),
  'in a very long text': new Error(`${'x'.repeat(200_000)}${SECRET}`),
  'in a function': Object.assign(new Error('x'), {
    retry: Object.assign(() => undefined, { token: SECRET }),
  }),
  'in a text that is no error': `it was ${SECRET}`,
  'in an object that is no error': { toString: () => `it was ${SECRET}` },
  'in a field of a DOMException': Object.assign(new DOMException('x'), { bearer: SECRET }),
  'in the name': Object.assign(new Error('x'), { name: SECRET }),
  'in the code': Object.assign(new Error('x'), { code: SECRET }),
  'in an object of a class': Object.assign(new Error('x'), {
    box: new (class {
      readonly token = SECRET;
    })(),
  }),
  'behind a getter that throws what it hides': Object.defineProperty(new Error('x'), 'cause', {
    get: () => {
      throw new Error(SECRET);
    },
  }),
  'behind a proxy': Object.assign(new Error('x'), {
    box: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  }),
};

describe('safeCause', () => {
  it.each(Object.entries(HIDING))('lets no secret through %s', (_, cause) => {
    const safe = safeCause(cause, secrets);
    expect(shown(safe)).not.toContain(SECRET);
    expect(shown(safe)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 20));
  });

  it('keeps what the runtime throws as it is', () => {
    const system = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      ...{ errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 1 },
    });
    for (const cause of [
      new TypeError('fetch failed', { cause: system }),
      new TypeError('fetch failed', { cause: new AggregateError([system], 'all failed') }),
      new DOMException('aborted', 'AbortError'),
    ])
      expect(safeCause(cause, secrets)).toBe(cause);
  });

  it('keeps name, code and causes of what it copies', () => {
    const system = Object.assign(new Error(`lost ${SECRET}`), {
      code: 'ECONNRESET',
      syscall: 'read',
      errno: -104,
    });
    const safe = safeCause(new TypeError('fetch failed', { cause: system }), secrets);
    expect(safe).toMatchObject({
      ...{ name: 'TypeError', message: 'fetch failed' },
      cause: { message: 'lost [redacted]', code: 'ECONNRESET', syscall: 'read', errno: -104 },
    });
  });

  it('keeps anything where there is no secret to hide, and what a framework throws', () => {
    const odd = new RequestError('x');
    expect(safeCause(odd, new Secrets())).toBe(odd);
    const steering = Object.assign(new Error(SECRET), { digest: 'HANGING' });
    expect(safeCause(steering, secrets)).toBe(steering);
  });

  it('keeps an error of a class without getters, as those of undici are, and one that holds itself', () => {
    class SocketError extends Error {
      readonly socket = { bytesWritten: 5 };
      describe() {
        return this.message;
      }
    }
    class Deeper extends SocketError {}
    const circular: Error & { self?: unknown } = new Error('x');
    circular.self = circular;
    for (const cause of [new SocketError('x'), new Deeper('x'), circular, { a: [1, null, true] }, undefined])
      expect(safeCause(cause, secrets)).toBe(cause);
  });

  it('has in a copy a stack without frames, and no field that says more than the system did', () => {
    const cause = Object.assign(new TypeError(`lost ${SECRET}`), {
      code: 7,
      port: 443,
      host: ['a'],
      more: 'x',
    });
    const safe = safeCause(cause, secrets);
    expect(safe).toMatchObject({ stack: 'TypeError: lost [redacted]', code: 7, port: 443 });
    expect(Object.keys(safe as object)).not.toEqual(expect.arrayContaining(['host', 'more']));
    expect(safe).not.toHaveProperty('cause');
  });

  it('copies the first of several errors as the cause, or else the cause, and eight of them at most', () => {
    const several = new AggregateError([new Error('first'), new Error('second')], SECRET, { cause: 'other' });
    expect(safeCause(several, secrets)).toMatchObject({ cause: { message: 'first' } });
    const none = new AggregateError([], SECRET, { cause: 'other' });
    expect(safeCause(none, secrets)).toMatchObject({ cause: 'other' });
    let depth = 0;
    for (let one = safeCause(chain(20), secrets); one instanceof Error; one = one.cause) depth++;
    expect(depth).toBe(9);
  });

  it('hides the cause of a copy from what lists its fields, as the cause of any error is', () => {
    const safe = safeCause(new Error(SECRET, { cause: 'why' }), secrets) as Error;
    expect(Object.getOwnPropertyDescriptor(safe, 'cause')).toEqual({
      ...{ value: 'why', configurable: true, writable: true, enumerable: false },
    });
  });

  it('gives the kind of a value that cannot be written as text', () => {
    const silent = Object.assign(Object.create({ any: 1 }), { token: SECRET, toString: undefined });
    expect(safeCause(silent, secrets)).toBe('object');
  });

  it('copies what it cannot read to its end, whatever it holds', () => {
    const text = (length: number) => 'x'.repeat(length);
    expect(safeCause(text(100_000), secrets)).toBe(text(100_000));
    for (const cause of [
      text(100_001),
      [text(60_000), text(60_000)],
      Array(3_000).fill(0),
      nested(3_000, 0),
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ])
      expect(safeCause(cause, secrets)).not.toBe(cause);
  });

  it('has no name or message in a copy where they are no texts', () => {
    const cause = Object.assign(new Error('x'), { name: 5, message: { secret: SECRET } });
    expect(safeCause(cause, secrets)).toMatchObject({ name: '', message: '' });
  });
});
