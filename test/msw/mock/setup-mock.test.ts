import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { InvalidArgumentError, VercelError } from '../../../src/errors/index.js';
import {
  MockError,
  type RunningMock,
  type SetupOptions,
  setupMock,
  type UntypedOperations,
} from '../../../src/msw/index.js';
import { caught, thrownBy } from '../../helpers/caught.js';
import { startServer } from '../../helpers/loopback-server.js';
import { shop } from '../shop-document.js';

const folder = await mkdtemp(join(tmpdir(), 'setup-mock-'));
afterAll(() => rm(folder, { recursive: true }));

const THING = 'https://api.vercel.com/v1/things/a';
const authorized = { headers: { authorization: 'Bearer some-bearer' } };

let running: RunningMock<UntypedOperations> | undefined;
afterEach(async () => {
  running?.allowValidationErrors();
  running?.reset();
  await running?.close();
  running = undefined;
});

async function started(options: SetupOptions = {}) {
  running = setupMock({ document: shop, ...options });
  await running.start();
  return running;
}

describe('a running mock', () => {
  test('answers this process, also in the regions of the API', async () => {
    await started();
    for (const url of [THING, THING.replace('api.', 'api-sfo1.')]) {
      expect((await fetch(url, authorized)).status).toBe(200);
    }
  });

  test('keeps every request to elsewhere from the network, and tells of it', async () => {
    const { url, requests } = await startServer((_, response) => response.end('real'));
    const mock = await started();
    await expect(fetch(`${url}/secret`)).rejects.toThrow(TypeError);
    await expect(fetch('https://vercel.com/')).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
    expect(mock.validationErrors.map(({ pointer, rule, path }) => [pointer, rule, path])).toEqual([
      ['/url', 'origin', '/secret'],
      ['/url', 'origin', '/'],
    ]);
    expect(thrownBy(() => mock.reset(), Error).message).toContain(`GET ${url}/secret has no handler`);
    await mock.close();
    expect(await (await fetch(`${url}/after`)).text()).toBe('real');
  });

  test('lets through what it was told to', async () => {
    const { url } = await startServer((_, response) => response.end('real'));
    const mock = await started({ passthrough: [url] });
    expect(await (await fetch(url)).text()).toBe('real');
    expect(mock.validationErrors).toEqual([]);
  });

  test('fails the test that broke the document, unless it asked otherwise, and none after it', async () => {
    const mock = await started();
    await fetch(THING);
    const error = thrownBy(() => mock.reset(), MockError);
    expect(error).toBeInstanceOf(VercelError);
    expect(error).toMatchObject({ name: 'MockError', code: 'mock_validation' });
    expect(error.message).toMatch(/^1 request violated the OpenAPI document \(.*\):\n {2}getThing/);
    expect(error.message).toContain('getThing: /headers/authorization is required');
    expect(error.message).toContain('allowValidationErrors()');
    expect(() => mock.reset()).not.toThrow();
    await fetch(THING);
    mock.allowValidationErrors();
    expect(mock.validationErrors).toHaveLength(1);
    expect(() => mock.reset()).not.toThrow();
    expect(mock.validationErrorsAllowed).toBe(false);
  });

  test('names operation, field, what was sent, what to write and the request of each error', async () => {
    const mock = await started();
    const things = 'https://api.vercel.com/v2/things';
    const create = (body: object) =>
      fetch(things, {
        method: 'POST',
        headers: { ...authorized.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'a', ...body }),
      });
    for (const body of [{ notes: 'x' }, { colour: 'red' }, { kind: 'huge' }, { name: 7 }]) await create(body);
    await fetch(`${things}?limit=0`, authorized);
    await fetch(`${things}/a`, authorized);
    expect(thrownBy(() => mock.reset(), MockError).message.split('\n')).toEqual([
      '6 requests violated the OpenAPI document (call allowValidationErrors() in a test that means to):',
      '  createThing: /body/notes is a property that the document does not allow here; did you mean note? (rule additionalProperties). The request was POST /v2/things.',
      '  createThing: /body/colour is a property that the document does not allow here; it allows name, kind, note (rule additionalProperties). The request was POST /v2/things.',
      '  createThing: /body/kind must be one of ["large","small"], got a string of 4 characters (rule enum). The request was POST /v2/things.',
      '  createThing: /body/name must be of type string, got 7 (rule type). The request was POST /v2/things.',
      '  listThings: /query/limit must be 1 or more, got 0 (rule minimum). The request was GET /v2/things.',
      '  GET /v2/things/a is not an operation in the document; near misses: GET /v1/things/{id} (getThing), PATCH /v1/things/{id} (updateThing), DELETE /v1/things/{id} (removeThing) (rule undocumented).',
    ]);
  });

  test('writes, prints and demands the coverage when it is closed', async () => {
    const printed: string[] = [];
    const html = join(folder, 'deep/map.html');
    const threshold = { operations: 50 };
    const mock = await started({ coverage: { html, threshold, print: (text) => printed.push(text) } });
    await fetch(THING, authorized);
    expect((await caught(mock.close(), MockError)).message).toContain('required 50 %');
    expect(printed.join()).toContain('1 of 6 operations');
    expect(await readFile(html, 'utf8')).toContain('<!doctype html>');
    running = undefined;
  });
});

describe('what cannot work', () => {
  test('is refused by name: an origin that is none', () => {
    const error = thrownBy(() => setupMock({ passthrough: ['localhost'] }), InvalidArgumentError);
    expect(error.argument).toBe('passthrough');
  });

  test('is an error of the family: a page that cannot be written', async () => {
    const mock = await started({ coverage: { html: '/dev/null/map.html' } });
    const error = await caught(mock.close(), VercelError);
    expect(error.message).toMatch(/cannot be written to \/dev\/null\/map\.html \(\w+\)/);
    running = undefined;
  });
});

describe('the hooks of a runner', () => {
  test('start, reset and close it, under the names of either runner', async () => {
    for (const [first, last] of [
      ['beforeAll', 'afterAll'],
      ['before', 'after'],
    ] as const) {
      const hooks = new Map<string, () => void | Promise<void>>();
      const hook = (name: string) => (run: () => void | Promise<void>) => void hooks.set(name, run);
      setupMock({
        document: shop,
        runner: { [first]: hook(first), afterEach: hook('afterEach'), [last]: hook(last) },
      });
      expect([...hooks.keys()]).toEqual([first, 'afterEach', last]);
      await hooks.get(first)?.();
      expect((await fetch(THING)).status).toBe(401);
      expect(hooks.get('afterEach')).toThrow(Error);
      await hooks.get(last)?.();
    }
  });

  test('have to be there', () => {
    const runner = { afterEach: () => {} };
    expect(thrownBy(() => setupMock({ runner }), InvalidArgumentError).argument).toBe('runner');
  });

  test('of node:test fail the test that broke the document, and the file below its threshold', async () => {
    const file = join(folder, 'of-node.test.ts');
    const entry = fileURLToPath(new URL('../../../src/msw/index.ts', import.meta.url));
    const document = join(folder, 'shop.json');
    await writeFile(document, JSON.stringify(shop));
    await writeFile(
      file,
      `import * as runner from 'node:test';
import { setupMock } from ${JSON.stringify(entry)};
setupMock({ document: ${JSON.stringify(document)}, runner, coverage: { threshold: { operations: 90 } } });
runner.test('a valid call', async () => void (await fetch('${THING}', ${JSON.stringify(authorized)})));
runner.test('a call without bearer', async () => void (await fetch('${THING}')));
`,
    );
    const args = ['--import', 'tsx', '--test', '--test-reporter=tap', file];
    const failure = await promisify(execFile)(process.execPath, args).then(
      () => undefined,
      (error: { stdout: string }) => error,
    );
    expect(failure?.stdout).toMatch(/ok \d+ - a valid call/);
    expect(failure?.stdout).toMatch(/not ok \d+ - a call without bearer/);
    expect(failure?.stdout).toContain('getThing: /headers/authorization is required');
    expect(failure?.stdout).toContain("The mock's coverage is too low");
  });
});
