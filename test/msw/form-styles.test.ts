// Forms whose fields have a style of their own (OpenAPI 3.1.1, Encoding Object), read by the mock.
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/index.js';
import { createMock } from '../../src/msw/index.js';
import { thrownBy } from '../helpers/caught.js';

const PROPERTIES = {
  ids: { type: 'array', items: { type: 'integer' } },
  of: { type: 'object', properties: { R: { type: 'integer' }, G: { type: 'integer' } } },
  name: { type: 'string' },
};

function mockOf(
  encoding: object,
  mediaType = 'application/x-www-form-urlencoded',
  openapi = '3.1.0',
  keywords: object = { properties: PROPERTIES, additionalProperties: false },
) {
  const schema = { type: 'object', ...keywords };
  const post = {
    operationId: 'post',
    requestBody: { content: { [mediaType]: { schema, encoding } } },
    responses: { 204: { description: 'OK' } },
  };
  const got: unknown[] = [];
  const mock = createMock({
    document: {
      openapi,
      info: { title: 'T', version: '1' },
      servers: [{ url: 'https://things.example.com' }],
      paths: { '/a': { post } },
    },
  });
  mock.respond('post', ({ body }) => {
    got.push(body);
    return { status: 204 };
  });
  const send = async (body: string | FormData) => {
    const headers = typeof body === 'string' ? { 'content-type': mediaType } : {};
    const request = new Request('https://things.example.com/a', { method: 'POST', headers, body });
    const response = await getResponse(mock.handlers, request);
    return { status: response?.status, error: await response?.text() };
  };
  return { got, send };
}

describe('a field of a form', () => {
  // The texts of Style Examples, OpenAPI 3.1.1.
  it.each<[string, object, string, object]>([
    ['form', { ids: { style: 'form', explode: false } }, 'ids=1,2&name=a', { ids: [1, 2], name: 'a' }],
    ['form of one', { ids: { explode: false } }, 'ids=1', { ids: [1] }],
    ['form, exploded', { ids: { style: 'form' } }, 'ids=1&ids=2', { ids: [1, 2] }],
    ['spaceDelimited', { ids: { style: 'spaceDelimited', explode: false } }, 'ids=1%202', { ids: [1, 2] }],
    ['pipeDelimited', { ids: { style: 'pipeDelimited', explode: false } }, 'ids=1|2', { ids: [1, 2] }],
    ['deepObject', { of: { style: 'deepObject', explode: true } }, 'of[R]=1&of[G]=2', { of: { R: 1, G: 2 } }],
    ['an object', { of: { style: 'form', explode: false } }, 'of=R,1,G,2', { of: { R: 1, G: 2 } }],
    ['an exploded object', { of: { style: 'form' } }, 'name=a&R=1&G=2', { name: 'a', of: { R: 1, G: 2 } }],
    ['JSON', { of: { contentType: 'application/json' } }, 'of=%7B%22R%22%3A1%7D', { of: { R: 1 } }],
    ['none', {}, 'ids=1&ids=2&of[R]=1', { ids: [1, 2], of: { R: 1 } }],
  ])('is read by its style: %s', async (_, encoding, text, value) => {
    const { got, send } = mockOf(encoding);
    expect(await send(text)).toEqual({ status: 204, error: '' });
    expect(got).toEqual([value]);
  });

  it.each([
    [{ of: { contentType: 'application/json' } }, 'of={', '/body', 'is not well-formed JSON'],
    [
      { ids: { style: 'pipeDelimited', explode: false } },
      'ids=1|x',
      '/body/ids/1',
      'must be of type integer',
    ],
    [{ of: { style: 'deepObject', explode: true } }, 'of=text', '/body/of', 'must be of type object'],
    [{ of: { style: 'form', explode: false } }, 'of=R,1,G', '/body/of', 'must be of type object'],
    [{ ids: { style: 'deepObject', explode: true } }, 'ids[R]=1', '/body/ids', 'must be of type array'],
    [{}, 'of=text', '/body/of', 'must be of type object'],
    [{}, 'ids[R]=1', '/body/ids', 'must be of type array'],
  ])('is refused where its text is not of its style: %j', async (encoding, text, pointer, message) => {
    const { send } = mockOf(encoding);
    const { status, error = '' } = await send(text);
    expect([status, JSON.parse(error).error]).toEqual([
      400,
      expect.objectContaining({ pointer, message: expect.stringContaining(message) }),
    ]);
  });

  it('is refused by name, where its style is not read, when the document is loaded', () => {
    expect(thrownBy(() => mockOf({ ids: { style: 'matrix' } }), InvalidArgumentError).message).toContain(
      'POST /a: the field ids of application/x-www-form-urlencoded has the style matrix, which is not supported',
    );
    expect(
      thrownBy(() => mockOf({ ids: { style: 'pipeDelimited' } }, 'multipart/form-data'), InvalidArgumentError)
        .message,
    ).toContain('the field ids of multipart/form-data has the style pipeDelimited, which is not supported');
  });

  it('has a type of its own in a multipart form, of which OpenAPI 3.0 ignores the style', async () => {
    const { got, send } = mockOf({ ids: { style: 'pipeDelimited' } }, 'multipart/form-data', '3.0.3');
    const form = new FormData();
    form.append('ids', '1');
    form.append('ids', '2');
    expect((await send(form)).status).toBe(204);
    expect(got).toEqual([{ ids: [1, 2] }]);
  });

  it('keeps brackets that its documented name has, in forms of both kinds', async () => {
    const properties = {
      'files[0]': { type: 'string' },
      'tags[]': { type: 'array' },
      'of[a]': { type: 'object' },
    };
    const pairs = [
      ['files[0]', 'a'],
      ['tags[]', 'x'],
      ['of[a][b]', 'c'],
      ['other[d]', 'e'],
    ] as const;
    const form = new FormData();
    for (const [name, value] of pairs) form.append(name, value);
    const value = { 'files[0]': 'a', 'tags[]': ['x'], 'of[a]': { b: 'c' }, other: { d: 'e' } };
    for (const [mediaType, body] of [
      ['application/x-www-form-urlencoded', String(new URLSearchParams(Object.fromEntries(pairs)))],
      ['multipart/form-data', form],
    ] as const) {
      const { got, send } = mockOf({}, mediaType, '3.1.0', { properties });
      expect(await send(body)).toEqual({ status: 204, error: '' });
      expect(got).toEqual([value]);
    }
  });

  it('has the type that its branch of a union gives it', async () => {
    const branch = (kind: string, type: string) => ({
      properties: { kind: { const: kind }, of: { type: 'object', properties: { value: { type } } } },
    });
    const anyOf = [branch('text', 'string'), branch('number', 'integer'), branch('flag', 'boolean')];
    const { got, send } = mockOf({}, 'application/x-www-form-urlencoded', '3.1.0', { anyOf });
    for (const text of ['kind=text&of[value]=1', 'kind=number&of[value]=1', 'kind=flag&of[value]=true'])
      expect(await send(text)).toEqual({ status: 204, error: '' });
    expect(got).toEqual([
      { kind: 'text', of: { value: '1' } },
      { kind: 'number', of: { value: 1 } },
      { kind: 'flag', of: { value: true } },
    ]);
    expect((await send('kind=number&of[value]=x')).status).toBe(400);
  });
});
