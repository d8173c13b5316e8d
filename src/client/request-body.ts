import { InvalidArgumentError } from '../errors/index.js';
import { BYTES, type MediaKind, mediaKindOf } from '../openapi/media-types.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import type { RequestBody } from '../transport/middleware.js';
import { describeKind } from '../util/redact.js';
import type { UntypedInit } from './call.js';
import { jsonText } from './json-body.js';
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
  form: 'a URLSearchParams',
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
  if (typeof bodySerializer === 'function')
    return {
      ...NO_BODY,
      ...serializedBy(bodySerializer, body),
      contentType: contentTypeOf('json', operation?.body ?? []),
    };
  const kind = kindOf(body, operation);
  const contentType = ownContentType(init) ?? documentedType(kind, body, operation);
  if (kind === 'multipart') return { ...NO_BODY, value: body as FormData }; // Its kind says so.
  if (kind === 'form' || kind === 'text') return { ...NO_BODY, value: String(body), contentType };
  if (kind === 'json') {
    const declared = mediaKindOf(contentType);
    if (declared === 'json') return { ...NO_BODY, value: jsonText(body), contentType };
    throw new InvalidArgumentError('body', `must be ${EXPECTED[declared]}, as its content-type says`);
  }
  if (body instanceof UploadBody)
    return { value: null, contentType, isOneShot: !body.isRereadable, isBytes: true };
  if (!(body instanceof ReadableStream) && isAsyncIterable(body))
    return { value: toStream(body), contentType, isOneShot: true, isBytes: true };
  return { ...toBody(body), contentType, isBytes: true };
}

function serializedBy(serializer: object, body: unknown): Pick<PreparedBody, 'value' | 'isOneShot'> {
  try {
    // Only a function comes here.
    return toBody((serializer as (body: unknown) => unknown)(body));
  } catch (cause) {
    throw new InvalidArgumentError('bodySerializer', 'failed for the body of this call', { cause });
  }
}

/** Returns a value as `fetch` takes it. Everything that is neither bytes nor a form is sent as its text. */
function toBody(value: unknown): Pick<PreparedBody, 'value' | 'isOneShot'> {
  if (value instanceof ReadableStream) return { value, isOneShot: true };
  if (value instanceof Blob || value instanceof FormData) return { value, isOneShot: false };
  if (value instanceof ArrayBuffer) return { value: new Uint8Array(value.slice(0)), isOneShot: false };
  if (ArrayBuffer.isView(value)) {
    const view = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { value: view.slice(), isOneShot: false };
  }
  return { value: value === undefined || value === null ? null : String(value), isOneShot: false };
}

function kindOf(body: unknown, operation: OperationInfo | undefined): MediaKind {
  if (body instanceof FormData) return 'multipart';
  if (body instanceof URLSearchParams) return 'form';
  if (isBytes(body)) return 'bytes';
  if (typeof body !== 'string') return 'json';
  // A JSON text is quoted unless the document takes plain text.
  return operation?.body?.some((type) => mediaKindOf(type) !== 'json') === true ? 'text' : 'json';
}

function isBytes(body: unknown): boolean {
  return (
    body instanceof UploadBody ||
    body instanceof ReadableStream ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    isAsyncIterable(body)
  );
}

function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** @throws {InvalidArgumentError} Where the document names no media type that the body can be sent as. */
function documentedType(kind: MediaKind, body: unknown, operation: OperationInfo | undefined): string {
  const types = operation?.body;
  if (operation === undefined) return contentTypeOf(kind, [], body);
  // Documents leave out bodies that servers take; an upload says that there is one.
  if (types === undefined && body instanceof UploadBody) return contentTypeOf(kind, [], body);
  if (types === undefined)
    throw new InvalidArgumentError(
      'body',
      `must be absent: ${operation.method} ${operation.path} takes none`,
    );
  if (types.some((type) => SENT_AS[kind].includes(mediaKindOf(type))))
    return contentTypeOf(kind, types, body);
  const expected = [...new Set(types.map((type) => EXPECTED[mediaKindOf(type)]))].join(' or ');
  throw new InvalidArgumentError(
    'body',
    `must be ${expected}, since the operation takes ${types.join(' or ')}; got ${nameOf(body)}`,
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

/** Returns the content type that the call itself names. */
function ownContentType({ headers, params }: UntypedInit): string | undefined {
  if (headers === undefined && params?.header === undefined) return undefined;
  const own = new Headers();
  for (const given of [headers, params?.header])
    setHeaders(own, Array.isArray(given) ? Object.fromEntries(given) : given);
  return own.get('content-type') ?? undefined;
}

/** Makes a web stream of the chunks of a Node.js `Readable` or another async iterable. */
function toStream(source: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else if (typeof value === 'string') controller.enqueue(encoder.encode(value));
      else if (value instanceof Uint8Array) controller.enqueue(value);
      else throw new InvalidArgumentError('body', `must give bytes or text, gave ${describeKind(value)}`);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  });
}

function nameOf(body: unknown): string {
  for (const known of [FormData, URLSearchParams, Blob, ReadableStream, ArrayBuffer])
    if (body instanceof known) return `a ${known.name}`;
  if (body instanceof UploadBody || ArrayBuffer.isView(body)) return 'bytes';
  return isAsyncIterable(body) ? 'a stream' : describeKind(body);
}
