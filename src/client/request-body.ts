import { InvalidArgumentError } from '../errors/index.js';
import { jsonText } from '../http/json-copy.js';
import { BYTES, type MediaKind, mediaKindOf } from '../openapi/media-types.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { serializeForm } from '../openapi/parameters.js';
import type { RequestBody } from '../transport/middleware.js';
import { isRecord } from '../util/is-record.js';
import { describeKind } from '../util/redact.js';
import type { UntypedInit } from './call.js';
import { checkValue } from './call-parameters.js';
import { setHeaders } from './options.js';
import { UploadBody } from './upload/upload-body.js';

/** The body of one call, as `fetch` takes it. */
export interface PreparedBody {
  /** `null` for none, and for an upload, which is opened for each attempt. */
  readonly value: RequestBody;
  /** `undefined` where `fetch` decides: it adds the boundary of a `FormData`. */
  readonly contentType: string | undefined;
  /** Whether the body gives its bytes once, so that it cannot be sent again. */
  readonly isOneShot: boolean;
  /** Whether the body is bytes that may take long to send. */
  readonly isBytes: boolean;
}

/** The absence of a body. */
export const NO_BODY: PreparedBody = {
  value: null,
  contentType: undefined,
  isOneShot: false,
  isBytes: false,
};

/** Names of the values to pass for each kind of media type, for an error. */
const EXPECTED: Readonly<Record<MediaKind, string>> = {
  json: 'a JSON value',
  text: 'a string',
  form: 'an object or a URLSearchParams',
  multipart: 'a FormData',
  stream: 'bytes or a stream of them',
  bytes: 'a Blob, bytes, a ReadableStream or a Node.js Readable',
};

/** Content types where the document names none, or a range such as `image/*`. */
const DEFAULT_TYPES: Readonly<Record<MediaKind, string>> = {
  json: 'application/json',
  text: 'text/plain;charset=UTF-8',
  form: 'application/x-www-form-urlencoded;charset=UTF-8',
  multipart: 'multipart/form-data',
  stream: BYTES,
  bytes: BYTES,
};

/** The kinds of media types that each kind of body can be sent as. */
const SENT_AS: Readonly<Record<MediaKind, readonly MediaKind[]>> = {
  json: ['json'],
  text: ['text'],
  form: ['form'],
  multipart: ['multipart'],
  bytes: ['bytes', 'stream', 'text'],
  stream: [],
};

/**
 * Prepares the body of a call for `fetch`, by its own kind and by the media types that the document names.
 *
 * JSON is written at once and bytes are copied, so that a later change of the caller's object changes nothing.
 *
 * @throws {InvalidArgumentError} For a body that the operation does not take, and for a value that JSON cannot carry.
 */
export function prepareBody(init: UntypedInit, operation: OperationInfo | undefined): PreparedBody {
  const { body, bodySerializer } = init;
  if (typeof bodySerializer === 'function') {
    const contentType = contentTypeOf('json', operation?.body ?? []);
    try {
      return { ...NO_BODY, ...toBody(bodySerializer(body)), contentType };
    } catch (cause) {
      throw new InvalidArgumentError('bodySerializer', 'failed for the body of this call', { cause });
    }
  }
  const kind = kindOf(body, operation);
  const contentType = ownContentType(init, kind) ?? documentedType(kind, body, operation);
  if (kind === 'multipart') return { ...NO_BODY, value: body as FormData }; // Its kind says so.
  if (kind === 'form' && !(body instanceof URLSearchParams))
    return { ...NO_BODY, value: formText(body, operation), contentType };
  if (kind === 'form' || kind === 'text') return { ...NO_BODY, value: String(body), contentType };
  if (kind === 'json') return { ...NO_BODY, value: jsonText('body', body), contentType };
  if (body instanceof UploadBody)
    return { value: null, contentType, isOneShot: !body.isRereadable, isBytes: true };
  if (!(body instanceof ReadableStream) && isAsyncIterable(body))
    return { value: toStream('body', body), contentType, isOneShot: true, isBytes: true };
  return { ...toBody(body), contentType, isBytes: true };
}

/** Writes the fields of a form in their styles. They are checked and copied like a JSON body; an object stays one. */
function formText(body: unknown, operation: OperationInfo | undefined): string {
  const fields: Record<string, unknown> = JSON.parse(jsonText('body', body));
  for (const [name, style] of Object.entries(operation?.form ?? {}))
    if ((fields[name] ?? null) !== null) checkValue(fields[name], `body.${name}`, { in: 'query', style });
  return serializeForm(fields, operation?.form);
}

/** Returns a value as `fetch` takes it. Everything that is neither bytes nor a form is sent as its text. */
function toBody(value: unknown): Pick<PreparedBody, 'value' | 'isOneShot'> {
  if (value instanceof ReadableStream) return { value, isOneShot: true };
  if (value instanceof Blob || value instanceof FormData) return { value, isOneShot: false };
  if (isArrayBuffer(value)) return { value: new Uint8Array(value.slice(0)), isOneShot: false };
  if (ArrayBuffer.isView(value)) {
    const view = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { value: view.slice(), isOneShot: false };
  }
  return { value: value === undefined || value === null ? null : String(value), isOneShot: false };
}

function kindOf(body: unknown, operation: OperationInfo | undefined): MediaKind {
  // A JSON text is quoted unless the document takes plain text.
  if (typeof body === 'string')
    return operation?.body?.some((type) => mediaKindOf(type) !== 'json') === true ? 'text' : 'json';
  if (body instanceof FormData) return 'multipart';
  if (body instanceof URLSearchParams) return 'form';
  const isBytes =
    body instanceof UploadBody ||
    body instanceof ReadableStream ||
    body instanceof Blob ||
    isArrayBuffer(body) ||
    ArrayBuffer.isView(body) ||
    isAsyncIterable(body);
  if (isBytes) return 'bytes';
  const kinds = operation?.body?.map(mediaKindOf) ?? [];
  return isRecord(body) && kinds.includes('form') && !kinds.includes('json') ? 'form' : 'json';
}

/** Of any realm: a module in `node:vm` has an `ArrayBuffer` of its own. */
export function isArrayBuffer(body: unknown): body is ArrayBuffer {
  return Object.prototype.toString.call(body) === '[object ArrayBuffer]';
}

/** Whether a value gives its parts one after the other, as a Node.js `Readable` does. */
export function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** @throws {InvalidArgumentError} Where the document names no media type that the body can be sent as. */
function documentedType(kind: MediaKind, body: unknown, operation: OperationInfo | undefined): string {
  const types = operation?.body;
  if (kind === 'json' && types?.[0] === DEFAULT_TYPES.json) return DEFAULT_TYPES.json; // Nearly all.
  // Documents leave out bodies that servers take; an upload says that there is one.
  if (operation === undefined || (types === undefined && body instanceof UploadBody))
    return contentTypeOf(kind, [], body);
  if (types === undefined)
    throw new InvalidArgumentError(
      'body',
      `must be absent: ${operation.method} ${operation.path} takes none`,
    );
  if (types.some((type) => SENT_AS[kind].includes(mediaKindOf(type))))
    return contentTypeOf(kind, types, body);
  const expected = [...new Set(types.map((type) => EXPECTED[mediaKindOf(type)]))].join(' or ');
  const known = [FormData, URLSearchParams, Blob, ReadableStream, ArrayBuffer].find(
    (one) => body instanceof one,
  );
  let given = describeKind(body);
  if (known !== undefined) given = `a ${known.name}`;
  else if (body instanceof UploadBody || ArrayBuffer.isView(body)) given = 'bytes';
  else if (isAsyncIterable(body)) given = 'a stream';
  throw new InvalidArgumentError(
    'body',
    `must be ${expected}, since the operation takes ${types.join(' or ')}; got ${given}`,
  );
}

function contentTypeOf(kind: MediaKind, types: readonly string[], body?: unknown): string {
  const fitting = types.filter((type) => SENT_AS[kind].includes(mediaKindOf(type)));
  const own = body instanceof Blob ? body.type : '';
  const isOwn = (type: string) => type === own || (type.includes('*') && own !== '');
  if (own !== '' && fitting.some(isOwn)) return own;
  const concrete = fitting.find((type) => !type.includes('*'));
  if (concrete !== undefined) return concrete;
  return own === '' || kind !== 'bytes' ? DEFAULT_TYPES[kind] : own;
}

/**
 * Returns the content type that the call itself names.
 *
 * @throws {InvalidArgumentError} For a JSON value under another content type.
 */
function ownContentType({ headers, params }: UntypedInit, kind: MediaKind): string | undefined {
  if (headers === undefined && params?.header === undefined) return undefined;
  const given = new Headers();
  for (const part of [headers, params?.header])
    setHeaders(given, Array.isArray(part) ? Object.fromEntries(part) : part);
  const own = given.get('content-type');
  if (own === null) return undefined;
  const declared = mediaKindOf(own);
  if (kind === 'json' && declared !== 'json')
    throw new InvalidArgumentError('body', `must be ${EXPECTED[declared]}, as its content-type says`);
  return own;
}

/** Makes a web stream of the chunks of a Node.js `Readable` or another async iterable. */
export function toStream(argument: string, source: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else if (typeof value === 'string') controller.enqueue(encoder.encode(value));
      else if (value instanceof Uint8Array) controller.enqueue(value);
      else throw new InvalidArgumentError(argument, `must give bytes or text, gave ${describeKind(value)}`);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  });
}
