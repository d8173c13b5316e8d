// Bodies of each media type: which are held to their schema, and which pass as they are.
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../src/msw/index.js';
import { thingsDocument } from '../helpers/things-document.js';

function mockOf(content: object) {
  const responses = { 204: { description: 'OK' } };
  const mock = createMock({
    document: thingsDocument({
      '/a': { post: { operationId: 'post', requestBody: { required: true, content }, responses } },
    }),
  });
  const got: unknown[] = [];
  mock.respond('post', ({ body }) => {
    got.push(body);
    return { status: 204 };
  });
  /** The pointer and the rule that a body breaks; nothing for one that is taken. */
  const send = async (body: string | FormData, type?: string) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    await getResponse(
      mock.handlers,
      new Request('https://things.example.com/a', { method: 'POST', headers, body }),
    );
    const [error] = mock.validationErrors;
    mock.reset();
    mock.allowValidationErrors();
    return error && [error.pointer, error.rule, error.message];
  };
  return { got, send };
}

const object = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };
const file = { type: 'string', format: 'binary' };

describe('a multipart body', () => {
  const schema = {
    type: 'object',
    required: ['name', 'file'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 2 },
      count: { type: 'integer' },
      file,
      files: { type: 'array', items: file },
      of: object,
      list: { type: 'array', items: object },
    },
  };
  const TYPE = 'multipart/form-data; boundary="B+1"';
  const part = (name: string, value: string, more = '') =>
    `--B+1\r\nContent-Disposition: form-data; ${name}${more}\r\n\r\n${value}\r\n`;
  const JSON_TYPE = '\r\nContent-Type: application/json';
  const base =
    part('name="name"', 'ab') + part('name="file"; filename="; name=x"', 'x', '\r\nContent-Type: image/png');
  const END = '--B+1--\r\n';

  it.each<[string, string, object]>([
    ['a preamble and an epilogue', `before\r\n${base}${END}after`, {}],
    ['bare line feeds', (base + END).replaceAll('\r', ''), {}],
    ['names without quotes', part('name=name', 'ab') + part('name=file; filename=a', 'x') + END, {}],
    [
      'its boundary inside of a value',
      part('name="name"', 'ab--B+1x') + part('name="file"', 'x') + END,
      { name: 'ab--B+1x' },
    ],
    ['an empty file', part('name="name"', 'ab') + part('name="file"; filename="a"', '') + END, { file: '' }],
    ['two files', base + part('name="files"', '1') + part('name="files"', '2') + END, { files: ['1', '2'] }],
    ['one file of a list', base + part('name="files"', '1') + END, { files: ['1'] }],
    ['a part of JSON', base + part('name="of"', '{"a":1}', JSON_TYPE) + END, { of: { a: 1 } }],
    [
      'one part of JSON of a list',
      base + part('name="list"', '{"a":1}', JSON_TYPE) + END,
      { list: [{ a: 1 }] },
    ],
    [
      'a file that holds JSON',
      part('name="name"', 'ab') + part('name="file"', '{}', JSON_TYPE) + END,
      { file: '{}' },
    ],
  ])('may have %s', async (_, body, fields) => {
    const { got, send } = mockOf({ 'multipart/form-data': { schema } });
    expect(await send(body, TYPE)).toBeUndefined();
    expect(got).toEqual([{ name: 'ab', file: 'x', ...fields }]);
  });

  it.each([
    ['another boundary', base + END, 'multipart/form-data; boundary=C', '/body', 'multipart'],
    ['no boundary', base + END, 'multipart/form-data', '/body', 'multipart'],
    ['no end', base, TYPE, '/body', 'multipart'],
    ['a part without a name', base + part('filename="a"', 'x') + END, TYPE, '/body', 'multipart'],
    ['a part without headers', `${base}--B+1\r\n\r\nx\r\n${END}`, TYPE, '/body', 'multipart'],
    ['a required part missing', part('name="name"', 'ab') + END, TYPE, '/body/file', 'required'],
    ['a part of another type', base + part('name="count"', 'x') + END, TYPE, '/body/count', 'type'],
    [
      'a part twice that is one',
      base + part('name="count"', '1').repeat(2) + END,
      TYPE,
      '/body/count',
      'type',
    ],
    ['a part that is too short', base.replace('ab', 'a') + END, TYPE, '/body/name', 'minLength'],
    ['an unknown part', base + part('name="other"', '') + END, TYPE, '/body/other', 'additionalProperties'],
    [
      'JSON of another form',
      base + part('name="of"', '{"a":"x"}', JSON_TYPE) + END,
      TYPE,
      '/body/of/a',
      'type',
    ],
    ['JSON that is none', base + part('name="of"', '{', JSON_TYPE) + END, TYPE, '/body/of', 'type'],
  ])('may not have %s', async (_, body, type, pointer, rule) => {
    const { send } = mockOf({ 'multipart/form-data': { schema } });
    expect(await send(body, type)).toEqual([pointer, rule, expect.any(String)]);
  });

  it('is read from a FormData, with names of any letters', async () => {
    const named = { type: 'object', required: ['na"me', '日'] };
    const { send } = mockOf({ 'multipart/form-data': { schema: named } });
    const form = new FormData();
    form.append('na"me', 'a');
    form.append('日', new Blob([new Uint8Array([0, 255, 13, 10])]));
    expect(await send(form)).toBeUndefined();
  });

  it('has the media types and headers of its encoding', async () => {
    const headers = {
      'X-Id': { required: true, schema: { type: 'integer' } },
      'X-Note': { schema: { type: 'string' } },
    };
    const encoding = { file: { contentType: 'image/jpeg, image/*' }, of: { headers } };
    const { send } = mockOf({ 'multipart/form-data': { schema, encoding } });
    const of = (more: string) => base + part('name="of"', '{"a":1}', JSON_TYPE + more) + END;
    expect(await send(base + END, TYPE)).toBeUndefined();
    expect(await send(base.replace('\r\nContent-Type: image/png', '') + END, TYPE)).toBeUndefined();
    expect(await send(base.replace('image/png', 'text/plain') + END, TYPE)).toEqual([
      '/body/file',
      'contentType',
      'post: /body/file must be image/jpeg or image/* (rule contentType).',
    ]);
    expect(await send(of('\r\nX-Id: 4'), TYPE)).toBeUndefined();
    expect(await send(of(''), TYPE)).toEqual([
      '/body/of',
      'required',
      'post: /body/of must have the header X-Id (rule required).',
    ]);
    expect(await send(of('\r\nx-id: no'), TYPE)).toEqual([
      '/body/of',
      'type',
      expect.stringContaining('has the header X-Id, which must be of type integer'),
    ]);
  });
});

describe('a body', () => {
  const short = { type: 'string', maxLength: 3, pattern: '^[a-z]+$' };
  const lines = '{"a":1}\n\n{"a":2}\r\n';

  it.each<[string, object, string, string, unknown]>([
    ['text', { 'text/plain': { schema: short } }, 'text/plain; charset=utf-8', 'abc', 'abc'],
    ['text of a list of values', { 'text/plain': { schema: { enum: ['on'] } } }, 'text/plain', 'on', 'on'],
    ['text of a number', { 'text/plain': { schema: { type: 'integer' } } }, 'text/plain', '12', 12],
    [
      'text of digits',
      { 'text/plain': { schema: { type: ['integer', 'string'], minLength: 9 } } },
      'text/plain',
      '012345678',
      '012345678',
    ],
    ['a table', { 'text/csv': { schema: { type: 'array', items: object } } }, 'text/csv', 'a\n1', 'a\n1'],
    ['XML', { 'application/xml': { schema: object } }, 'application/xml', '<a', '<a'],
    ['bytes', { 'image/png': { schema: file } }, 'image/png', 'abcd', 'abcd'],
    [
      'JSON of a vendor',
      { 'application/vnd.x+json': { schema: object } },
      'application/vnd.x+json',
      '{"a":1}',
      { a: 1 },
    ],
    [
      'JSON of any vendor',
      { 'application/*+json': { schema: object } },
      'application/vnd.x+json',
      '{"a":1}',
      { a: 1 },
    ],
    ['JSON of none', { 'application/*+json': { schema: object } }, 'application/json', '{"a":1}', { a: 1 }],
    ['JSON in a range', { '*/*': { schema: object } }, 'application/json', '{"a":1}', { a: 1 }],
    ['a file of JSON in a range', { '*/*': { schema: file } }, 'application/json', '{"a":1}', '{"a":1}'],
    ['lines of JSON', { 'application/x-ndjson': { schema: object } }, 'application/x-ndjson', lines, lines],
    [
      'lines of JSON that are a list',
      { 'application/jsonl': { schema: { type: 'array', items: object } } },
      'application/jsonl',
      lines,
      lines,
    ],
    [
      'lines of text',
      { 'application/x-ndjson': { schema: { type: 'string' } } },
      'application/x-ndjson',
      'a\n',
      'a\n',
    ],
    ['events', { 'text/event-stream': { schema: object } }, 'text/event-stream', 'data: x', 'data: x'],
  ])('of %s is taken', async (_, content, type, body, value) => {
    const { got, send } = mockOf(content);
    expect(await send(body, type)).toBeUndefined();
    expect(got).toEqual([value]);
  });

  it.each<[string, object, string, string, string, string]>([
    [
      'text that is too long',
      { 'text/plain': { schema: short } },
      'text/plain',
      'abcd',
      '/body',
      'maxLength',
    ],
    ['text of other letters', { 'text/plain': { schema: short } }, 'text/plain', 'A', '/body', 'pattern'],
    ['another text', { 'text/plain': { schema: { enum: ['on'] } } }, 'text/plain', 'off', '/body', 'enum'],
    ['no number', { 'text/plain': { schema: { type: 'integer' } } }, 'text/plain', 'x', '/body', 'type'],
    ['nothing', { 'text/plain': { schema: short } }, 'text/plain', '', '/body', 'required'],
    [
      'other JSON',
      { 'application/merge-patch+json': { schema: object } },
      'application/merge-patch+json',
      '{}',
      '/body/a',
      'required',
    ],
    [
      'other JSON of any vendor',
      { 'application/*+json': { schema: object } },
      'application/vnd.x+json',
      '{}',
      '/body/a',
      'required',
    ],
    [
      'a type outside of a range',
      { 'application/*+json': { schema: object } },
      'application/xml',
      '{}',
      '/headers/content-type',
      'contentType',
    ],
    [
      'other JSON in a range',
      { 'application/*': { schema: object } },
      'application/json',
      '{',
      '/body',
      'json',
    ],
    [
      'a line that is no JSON',
      { 'application/x-ndjson': { schema: object } },
      'application/x-ndjson',
      '{"a":1}\n{',
      '/body/1',
      'json',
    ],
    [
      'a line of other JSON',
      { 'application/x-ndjson': { schema: object } },
      'application/x-ndjson',
      '{"a":1}\n{"a":"x"}',
      '/body/1/a',
      'type',
    ],
    [
      'an item of other JSON',
      { 'application/jsonl': { schema: { type: 'array', items: object } } },
      'application/jsonl',
      '{"a":1}\n{}',
      '/body/1/a',
      'required',
    ],
  ])('of %s is refused', async (_, content, type, body, pointer, rule) => {
    const { send } = mockOf(content);
    expect(await send(body, type)).toEqual([pointer, rule, expect.any(String)]);
  });
});
