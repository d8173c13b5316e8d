import { Readable } from 'node:stream';
import { describe, expectTypeOf, it } from 'vitest';
import { type BinaryBody, type Client, type RequestBody, stream, upload } from '../../src/index.js';

/** An operation that takes a body of one media type, and answers one. */
interface Op<Media extends string, Body = { a: string }> {
  parameters: object;
  requestBody: { content: { [Type in Media]: Body } };
  responses: { 200: { content: { [Type in Media]: Body } } };
}

interface Paths {
  '/json': { post: Op<'application/json'> };
  '/merge': { post: Op<'application/merge-patch+json'> };
  '/text': { post: Op<'text/plain', string> };
  '/form': { post: Op<'application/x-www-form-urlencoded'> };
  '/multipart': { post: Op<'multipart/form-data'> };
  '/bytes': { post: Op<'application/octet-stream', string> };
  '/image': { post: Op<'image/*', string> };
  '/either': { post: Op<'application/json' | 'multipart/form-data'> };
  '/json-or-xml': { post: Op<'application/xml' | 'application/vnd.api+json'> };
  '/none': { post: { parameters: object; responses: { 208: { content: { 'application/json': number } } } } };
  '/default': {
    post: { parameters: object; responses: { default: { content: { 'application/json': number } } } };
  };
  '/nothing': { post: { parameters: object; responses: { 404: { content?: never } } } };
  '/events': {
    get: { parameters: object; responses: { 200: { content: { 'text/event-stream': string } } } };
  };
}

declare const client: Client<Paths>;
declare const bytes: BinaryBody;
const json = { a: 'x' };
const form = new FormData();
const params = new URLSearchParams();
const blob = new Blob([]);

describe('a body', () => {
  it('of JSON is the type of the document alone', () => {
    client.POST('/json', { body: json });
    client.POST('/merge', { body: json });
    // @ts-expect-error a misspelt field
    client.POST('/merge', { body: { b: 'x' } });
    // @ts-expect-error text
    client.POST('/json', { body: 'hello' });
    // @ts-expect-error a form
    client.POST('/json', { body: form });
    // @ts-expect-error bytes
    client.POST('/json', { body: blob });
    // @ts-expect-error a form
    client.POST('/json', { body: params });
  });

  it('of text is a string or bytes', () => {
    client.POST('/text', { body: 'hello' });
    client.POST('/text', { body: blob });
    // @ts-expect-error JSON
    client.POST('/text', { body: json });
  });

  it('of a form is what the document has, or URLSearchParams', () => {
    client.POST('/form', { body: params });
    client.POST('/form', { body: json });
    // @ts-expect-error not the schema's
    client.POST('/form', { body: { other: 1 } });
    // @ts-expect-error text
    client.POST('/form', { body: 'a=1' });
  });

  it('of several parts is FormData', () => {
    client.POST('/multipart', { body: form });
    // @ts-expect-error JSON
    client.POST('/multipart', { body: json });
  });

  it('of bytes is a Blob, a buffer or a stream', () => {
    for (const body of [
      blob,
      new Uint8Array(),
      new ArrayBuffer(1),
      blob.stream(),
      Readable.from([]),
      bytes,
    ]) {
      client.POST('/bytes', { body });
      client.POST('/image', { body });
    }
    // @ts-expect-error text
    client.POST('/bytes', { body: 'hello' });
    // @ts-expect-error JSON
    client.POST('/image', { body: json });
  });

  it('of several media types is any of theirs', () => {
    client.POST('/either', { body: json });
    client.POST('/either', { body: form });
    // @ts-expect-error neither
    client.POST('/either', { body: params });
    expectTypeOf<RequestBody<Paths['/either']['post']>>().toEqualTypeOf<{ a: string } | FormData>();
    expectTypeOf<RequestBody<Paths['/none']['post']>>().toEqualTypeOf<undefined>();
  });
});

describe('data', () => {
  it('of each media type', async () => {
    expectTypeOf((await client.POST('/json', { body: json })).data).toEqualTypeOf<{ a: string }>();
    expectTypeOf((await client.POST('/merge', { body: json })).data).toEqualTypeOf<{ a: string }>();
    expectTypeOf((await client.POST('/text', { body: '' })).data).toEqualTypeOf<string>();
    expectTypeOf((await client.POST('/form', { body: params })).data).toEqualTypeOf<string>();
    expectTypeOf((await client.POST('/bytes', { body: blob })).data).toEqualTypeOf<Blob>();
    expectTypeOf((await client.POST('/image', { body: blob })).data).toEqualTypeOf<Blob>();
  });

  it('is JSON alone where a response can be JSON, which the client then asks for', async () => {
    expectTypeOf((await client.POST('/either', { body: json })).data).toEqualTypeOf<{ a: string }>();
    expectTypeOf((await client.POST('/json-or-xml', { body: json })).data).toEqualTypeOf<{ a: string }>();
  });

  it('of a stream needs the form in which all of it is wanted', async () => {
    // @ts-expect-error stream() reads it
    client.GET('/events');
    // @ts-expect-error stream() reads it
    client.GET('/events', { maxRetries: 0 });
    expectTypeOf((await client.GET('/events', { parseAs: 'text' })).data).toEqualTypeOf<string>();
  });

  it('of a 208, and of operations that name no success', async () => {
    expectTypeOf((await client.POST('/none')).data).toEqualTypeOf<number>();
    expectTypeOf((await client.POST('/default')).data).toEqualTypeOf<number>();
    expectTypeOf((await client.POST('/nothing')).data).toEqualTypeOf<unknown>();
  });
});

describe('upload and stream', () => {
  it('take one object of options', () => {
    upload(client, '/bytes', { file: new Uint8Array(), maxRetries: 0 });
    // @ts-expect-error the body is the file
    upload(client, '/bytes', { file: new Uint8Array(), body: blob });
    // @ts-expect-error no fourth argument
    upload(client, '/bytes', { file: new Uint8Array() }, { maxRetries: 0 });
    stream(client, '/events', { maxLineLength: 10, maxRetries: 0 });
    // @ts-expect-error misspelt
    stream(client, '/events', { maxLineLenght: 10 });
  });
});
