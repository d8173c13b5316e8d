import { LRUCache } from 'lru-cache';
import type { ContractBody, ContractOperation, ContractResponse } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';
import { fitFields } from '../mock/fit.js';
import { BodyError } from '../mock/mock-error.js';
import type { Schemas } from '../validate/schemas.js';
import type { ContractError } from '../validate/validation-error.js';
import type { KeywordError } from '../validate/validator.js';
import { codeOfStatus, type ErrorBody, errorBody } from './error-body.js';
import { speaksOfError, withText } from './error-text.js';
import { isPage, pageFormOf, pageParameterOf, withNext } from './list-pages.js';
import {
  contradictionIn,
  type DocumentedBody,
  firstAttempt,
  generateBody,
  validExample,
} from './make-body.js';
import { essenceOf, isJson, isWritable, pickMedia, writeBody } from './media.js';
import { headersOf } from './response-headers.js';
import { textResponse } from './written-text.js';

/** The seed at which answers are the document's own examples. */
export const DEFAULT_SEED = 1;

/** Statuses whose answers have no body (RFC 9110 section 6.4.1; Fetch, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
/** Characters of bodies that are kept written; what was dropped is made again, and is the same. */
const MAX_KEPT_CHARACTERS = 8_000_000;
const JSON_BODY: ContractBody = { mediaType: 'application/json', schema: true, examples: {} };

/** An answer before it is a `Response`. */
export interface PlainResponse {
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent in place of a body, as it is; need not be JSON. */
  readonly raw?: string | undefined;
  /** Milliseconds before the answer. */
  readonly delayMs?: number | undefined;
  /** No answer at all: the connection fails. */
  readonly networkError?: boolean | undefined;
}

/** Makes the answers of a document. */
export interface Responder {
  /**
   * What an operation answers by itself: its lowest documented success, else 200 where the document has `default`, else 404
   * where the document has that, else its lowest documented status.
   */
  defaultStatus(operation: ContractOperation): number;
  isDocumented(operation: ContractOperation, status: number): boolean;
  /** What is wrong with a body that is to be answered with a status; an empty list for a status without a schema. */
  check(operation: ContractOperation, status: number, body: unknown): readonly KeywordError[];
  /** The body that the document gives a status, `undefined` for none. */
  bodyOf(operation: ContractOperation, status: number): unknown;
  /**
   * Fills in what an answer leaves open: status, and the body that the document gives that status.
   *
   * @param accept - The `Accept` of the request, which may pick one of several documented media types.
   * @throws {BodyError} When the document has neither a valid example nor a schema that a value can be made for.
   */
  toResponse(operation: ContractOperation, answer: PlainResponse, accept?: string | null): Response;
  /**
   * Makes the body of a refusal: in the document's own shape of errors, where it has one for this operation, else in that of
   * the Vercel API.
   */
  refusalOf(operation: ContractOperation, status: number, standard: ErrorBody): ErrorReply;
}

/** The body of an error, and its media type. */
export interface ErrorReply {
  readonly body: unknown;
  readonly mediaType: string;
}

/**
 * Makes an responder.
 *
 * A body depends on seed, operation and status alone: not on the other operations, nor on what was asked before.
 */
export function createResponder(seed: number | string, schemas: Schemas): Responder {
  const written = new LRUCache<string, { readonly text: string | undefined }>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => (text?.length ?? 0) + 1,
  });
  const textOf = (operation: ContractOperation, status: number, media: ContractBody | undefined) => {
    const key = `${operation.operationId} ${status} ${media?.mediaType}`;
    const kept = written.get(key);
    if (kept !== undefined) return kept.text;
    const body = makeBody(operation, status, media, seed, schemas);
    const text = body === undefined ? undefined : writeBody(media ?? JSON_BODY, body);
    written.set(key, { text });
    return text;
  };
  return {
    defaultStatus,
    isDocumented: (operation, status) => documentedResponse(operation, status) !== undefined,
    check: (operation, status, body) => checkBody(operation, status, body, schemas),
    bodyOf: (operation, status) =>
      makeBody(operation, status, documentedResponse(operation, status)?.[1].body, seed, schemas),
    refusalOf: (operation, status, standard) => refusalOf(operation, status, standard, seed, schemas),
    toResponse(operation, answer, accept) {
      const { status = defaultStatus(operation), headers: given = {}, networkError = false, raw } = answer;
      if (networkError) return Response.error();
      const documented = documentedResponse(operation, status)?.[1];
      const media = pickMedia(documented?.body, accept);
      const headers = {
        ...(documented && headersOf(operation, status, documented, seed, schemas)),
        ...lowerCased(given),
      };
      if (BODILESS.has(status)) return new Response(null, { status, headers });
      // The answer to a HEAD says what a GET would bring, and brings nothing (RFC 9110 section 9.3.2).
      if (operation.method === 'HEAD') return new Response(null, { status, headers: typed(media, headers) });
      const text =
        raw ?? ('body' in answer ? writeGiven(media, answer.body) : textOf(operation, status, media));
      if (text === undefined) return new Response(null, { status, headers });
      return textResponse(text, { status, headers: typed(media ?? JSON_BODY, headers) });
    },
  };
}

/** The response whose schema a refusal takes: that of its status, else that of another error of the operation. */
function errorResponse(operation: ContractOperation, status: number): number | undefined {
  const others = Object.keys(operation.responses).filter((key) => /^[45]\d\d$/.test(key));
  return [status, ...others.map(Number)].find(
    (one) => documentedResponse(operation, one)?.[1].body !== undefined,
  );
}

function refusalOf(
  operation: ContractOperation,
  status: number,
  standard: ErrorBody,
  seed: number | string,
  schemas: Schemas,
): ErrorReply {
  const inStandard: ErrorReply = { body: standard, mediaType: JSON_BODY.mediaType };
  const documented = errorResponse(operation, status);
  if (documented === undefined) return inStandard;
  const media = pickMedia(documentedResponse(operation, documented)?.[1].body, null);
  if (media === undefined || !isJson(essenceOf(media.mediaType))) return inStandard;
  const isValid = (body: unknown) => schemas.inResponse(media.schema, body).length === 0;
  if (speaksOfError(media.schema, schemas) && isValid(standard)) return inStandard;
  const made = makeBody(operation, documented, media, seed, schemas);
  const text = withText(made, standard.error.message, isValid);
  const { pointer, rule, operationId } = standard.error;
  const facts = { pointer, rule, operationId };
  const body = isRecord(text) && isValid(text) ? fitFields(text, facts, isValid) : text;
  return { body, mediaType: media.mediaType };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The headers, with the media type as the API writes it unless they have one. */
function typed(media: ContractBody | undefined, headers: Readonly<Record<string, string>>) {
  if (media === undefined) return headers;
  const { mediaType } = media;
  const contentType = mediaType === JSON_BODY.mediaType ? `${mediaType}; charset=utf-8` : mediaType;
  return { 'content-type': contentType, ...headers };
}

function writeGiven(media: ContractBody | undefined, body: unknown): string | undefined {
  return body === undefined ? undefined : writeBody(media ?? JSON_BODY, body);
}

function defaultStatus({ responses }: ContractOperation): number {
  const statuses = Object.keys(responses).map(Number).filter(Number.isInteger);
  const successes = statuses.filter((status) => status >= 200 && status < 300);
  if (successes.length > 0) return Math.min(...successes);
  if ('default' in responses || '2XX' in responses || statuses.length === 0) return 200;
  // Without a success, the status that does not say that the request was wrong.
  return statuses.includes(404) ? 404 : Math.min(...statuses);
}

function documentedResponse(
  { responses }: ContractOperation,
  status: number,
): readonly [key: string, response: ContractResponse] | undefined {
  for (const key of [String(status), `${Math.floor(status / 100)}XX`, 'default']) {
    const response = responses[key];
    if (response !== undefined) return [key, response];
  }
  return undefined;
}

function checkBody(operation: ContractOperation, status: number, body: unknown, schemas: Schemas) {
  const documented = documentedResponse(operation, status)?.[1].body;
  return documented === undefined ? [] : schemas.inResponse(documented.schema, body);
}

function makeBody(
  operation: ContractOperation,
  status: number,
  media: ContractBody | undefined,
  seed: number | string,
  schemas: Schemas,
): unknown {
  const documented = documentedResponse(operation, status);
  const key = documented?.[0];
  if (status >= 400) {
    const message = documented?.[1].description || `${operation.operationId} failed with status ${status}.`;
    const standard = errorBody(codeOfStatus(status), message);
    if (media === undefined || key === undefined) return standard;
    if (!isWritable(media)) throw new BodyError(operation.operationId, unwritten(key, media));
    return makeErrorBody({ operation, status, key, body: media }, standard, seed, schemas);
  }
  if (media === undefined || key === undefined) return undefined;
  if (!isWritable(media)) throw new BodyError(operation.operationId, unwritten(key, media));
  const place: DocumentedBody = { operation, status, key, body: media };
  const example = validExample(place, schemas);
  if (seed === DEFAULT_SEED && example !== undefined) return lastPage(place, example.value, seed, schemas);
  const made = generateBody(place, schemas, seed, seed === DEFAULT_SEED) ?? example;
  if (made !== undefined) return lastPage(place, made.value, seed, schemas);
  throw new BodyError(operation.operationId, contradictionIn(place, schemas, seed));
}

/** Of a list that comes in pages, a body that has a list and says that it ends there; any other body as it is. */
function lastPage(place: DocumentedBody, body: unknown, seed: number | string, schemas: Schemas): unknown {
  const { schema } = place.body;
  const form = pageParameterOf(place.operation) === undefined ? undefined : pageFormOf(schema, schemas);
  if (form === undefined) return body;
  const isValid = (one: unknown) => schemas.inResponse(schema, one).length === 0;
  // The documents of older lists are unions, of which one branch says where the list goes on.
  const other = () =>
    generateBody({ ...place, body: { ...place.body, schema: form.schema } }, schemas, seed, true)?.value;
  const page = isPage(body, form.lists) ? body : other();
  return isPage(page, form.lists) && isValid(page) ? withNext(page, undefined, isValid) : body;
}

function unwritten(key: string, { mediaType }: ContractBody): ContractError {
  const problem = `is ${mediaType}, which this mock does not write; give the text as \`raw\` in \`overrides\``;
  return {
    check: 'document',
    pointer: toPointer(['responses', key, 'content', mediaType]),
    rule: 'mediaType',
    problem,
    status: 500,
  };
}

/** Errors keep their documented code and text at every seed: which class a client throws hangs on them. */
function makeErrorBody(
  place: DocumentedBody,
  standard: ReturnType<typeof errorBody>,
  seed: number | string,
  schemas: Schemas,
): unknown {
  const example = validExample(place, schemas);
  if (example !== undefined) return example.value;
  const isValid = (body: unknown) => schemas.inResponse(place.body.schema, body).length === 0;
  const isStandard = speaksOfError(place.body.schema, schemas);
  if (isStandard && isValid(standard)) return standard;
  // Where a document contradicts itself no value is valid, and what it said last is the nearest to one.
  const made = (generateBody(place, schemas, seed, true) ?? firstAttempt(place, schemas, seed)).value;
  if (!isStandard || !isRecord(made)) return withText(made, standard.error.message, isValid);
  // Where the document has fields of its own beside code and text, they stay.
  const own = isRecord(made.error) ? made.error : {};
  const candidates = [
    { ...made, error: { ...own, ...standard.error } },
    { ...made, error: { ...standard.error, ...own } },
  ];
  return candidates.find(isValid) ?? made;
}
