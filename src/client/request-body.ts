import { InvalidArgumentError } from '../errors/index.js';
import { BYTES, type MediaKind, mediaKindOf } from '../openapi/media-types.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { describeKind } from '../util/redact.js';
import type { UntypedInit } from './call.js';
import { jsonText } from './json-body.js';
import { setHeaders } from './options.js';
import { UploadBody } from './upload/upload-body.js';

/** The body of one call, as it is handed to `fetch`. */
export interface PreparedBody {
  /** `undefined` for none, and for an upload, which is opened for each attempt. */
  readonly value: unknown;
  /** `undefined` where `fetch` decides: it adds the boundary of a `FormData`. */
  readonly contentType: string | undefined;
  /** Whether the body gives its bytes once, so that it cannot be sent again. */
  readonly isOneShot: boolean;
  /** Whether the body is bytes that may take long to send. */
  readonly isBytes: boolean;
}

const NONE: PreparedBody = { value: undefined, contentType: undefined, isOneShot: false, isBytes: false };

/** What to pass for each kind of media type, for the message of an error. */
const WANTED: Readonly<Record<MediaKind, string>> = {
  json: 'a JSON value',
  text: 'a string',
  form: 'a URLSearchParams',
  multipart: 'a FormData',
  stream: 'bytes or a stream of them',
  bytes: 'a Blob, bytes, a ReadableStream or a Node.js Readable',
};

/** What is sent where the document names no type, or a range such as `image/*`. */
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
 * Turns the body of a call into what is sent, by its own kind and by the media types that the document names.
 *
 * JSON is written at once, so that a later change of the caller's object changes nothing. Everything else is sent as it is.
 *
 * @throws {InvalidArgumentError} For a body that the operation does not take, and for a value that JSON cannot carry.
 */
export function prepareBody(init: UntypedInit, operation: OperationInfo | undefined): PreparedBody {
  const { body, bodySerializer } = init;
  if (body === undefined) return NONE;
  if (typeof bodySerializer === 'function')
    return {
      ...NONE,
      value: serializedBy(bodySerializer, body),
      contentType: contentTypeOf('json', operation?.body ?? []),
    };
  const kind = kindOf(body, operation);
  const contentType = ownContentType(init) ?? documentedType(kind, body, operation);
  switch (kind) {
    case 'json':
      if (mediaKindOf(contentType) !== 'json')
        throw new InvalidArgumentError(
          'body',
          `must be ${WANTED[mediaKindOf(contentType)]}, as its content-type says`,
        );
      return { ...NONE, value: jsonText(body), contentType };
    case 'multipart':
      return { ...NONE, value: body, contentType: undefined };
    case 'form':
    case 'text':
      return { ...NONE, value: String(body), contentType };
    default:
      return bytesBody(body, contentType);
  }
}

function serializedBy(serializer: unknown, body: unknown): unknown {
  try {
    // Only a function comes here.
    return (serializer as (body: unknown) => unknown)(body);
  } catch (cause) {
    throw new InvalidArgumentError('bodySerializer', 'failed for the body of this call', { cause });
  }
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
  // Documents leave out bodies that servers take; who uploads says that there is one.
  if (types === undefined && body instanceof UploadBody) return contentTypeOf(kind, [], body);
  if (types === undefined)
    throw new InvalidArgumentError(
      'body',
      `must be absent: ${operation.method} ${operation.path} takes none`,
    );
  if (types.some((type) => SENT_AS[kind].includes(mediaKindOf(type))))
    return contentTypeOf(kind, types, body);
  const wanted = [...new Set(types.map((type) => WANTED[mediaKindOf(type)]))].join(' or ');
  throw new InvalidArgumentError(
    'body',
    `must be ${wanted}, since the operation takes ${types.join(' or ')}; got ${nameOf(body)}`,
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

/** The content type that the call itself names. */
function ownContentType({ headers, params }: UntypedInit): string | undefined {
  if (headers === undefined && params?.header === undefined) return undefined;
  const own = new Headers();
  for (const given of [headers, params?.header])
    setHeaders(own, Array.isArray(given) ? Object.fromEntries(given) : given);
  return own.get('content-type') ?? undefined;
}

function bytesBody(body: unknown, contentType: string): PreparedBody {
  if (body instanceof UploadBody)
    return { value: undefined, contentType, isOneShot: !body.isRereadable, isBytes: true };
  const isStream = body instanceof ReadableStream;
  if (!isStream && isAsyncIterable(body))
    return { value: toStream(body), contentType, isOneShot: true, isBytes: true };
  return { value: body, contentType, isOneShot: isStream, isBytes: true };
}

/** A web stream of what a Node.js `Readable` or another async iterable gives. */
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
