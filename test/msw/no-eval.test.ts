import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// As Cloudflare Workers and a strict content security policy have it: no code is made from text.
const PROGRAM = `
  import { MockCore } from './src/msw/mock/mock-core.ts';
  import { openDocument } from './src/msw/handlers/open-document.ts';
  const content = { 'application/json': { schema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } } };
  const document = {
    openapi: '3.1.0', info: { title: 'T', version: '1' }, servers: [{ url: 'https://api.shop.example' }],
    paths: { '/a': { post: { operationId: 'make', requestBody: { required: true, content }, responses: { 200: { description: 'ok', content } } } } },
  };
  const mock = new MockCore({}, openDocument(document));
  const send = (body) => mock.answer(new Request('https://api.shop.example/a', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
  const [wrong, right] = [await send('{"n":"x"}'), await send('{"n":1}')];
  console.log(wrong.status, (await wrong.json()).error.pointer, right.status);
`;

test('the mock checks, refuses and answers where code from text is refused', async () => {
  const args = [
    '--disallow-code-generation-from-strings',
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    PROGRAM,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout.trim()).toBe('400 /body/n 200');
});
