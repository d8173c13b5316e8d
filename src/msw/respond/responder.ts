import { LRUCache } from 'lru-cache';
import type { ContractBody, ContractOperation, ContractResponse } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { mediaKindOf } from '../../openapi/media-types.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { BodyError } from '../mock/mock-error.js';
import type { MockResponse } from '../types.js';
import type { ValidationError } from '../validate/validation-error.js';
import type { KeywordError, Schemas } from '../validate/validator.js';
import { fitFields, namedIn, speaksOfError, withText } from './fit.js';
import { type ErrorBody, errorBody, jsonResponse, textResponse } from './json-response.js';
import { isPage, pageFormOf, pageParameterOf, withNext } from './list-pages.js';
import {
  contradictionIn,
  type DocumentedBody,
  firstAttempt,
  generateBody,
  validExample,
} from './make-body.js';
import { isWritable, pickMedia, writeBody } from './media.js';
import { headersOf } from './response-headers.js';

/** The seed of responses that are the document's own examples. */
export const DEFAULT_SEED = 1;

/** Statuses of responses without a body (RFC 9110 section 6.4.1; Fetch, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
/** Characters of written bodies that are kept; a dropped body is made again, and is the same. */
const MAX_KEPT_CHARACTERS = 8_000_000;
const JSON_BODY: ContractBody = { mediaType: 'application/json', schema: true, examples: {} };

/** A planned response without the document's types; the document supplies what is left out. */
export type PlainResponse = Omit<MockResponse, 'body'> & { readonly body?: unknown };

/** The documented body in which an operation refuses requests with a status. */
interface RefusalBody extends DocumentedBody {
  /** Whether its schema has the shape of the Vercel API's errors. */
  readonly isStandard: boolean;
}

/**
 * Makes the responses of a document.
 *
 * A body depends on seed, operation and status alone: not on the other operations, nor on earlier requests.
 */
export class Responder {
  readonly #refusals = new Map<string, RefusalBody | undefined>();
  readonly #written = new LRUCache<string, { readonly text: string | undefined }>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => (text?.length ?? 0) + 1,
  });

  constructor(
    readonly seed: number | string,
    readonly schemas: Schemas,
  ) {}

  /**
   * Returns the status that an operation responds with by default: its lowest documented success, else 200 where the document has
   * `default`, else 404 where the document has that, else its lowest documented status.
   */
  defaultStatus({ responses }: ContractOperation): number {
    const statuses = Object.keys(responses).map(Number).filter(Number.isInteger);
    const successes = statuses.filter((status) => status >= 200 && status < 300);
    if (successes.length > 0) return Math.min(...successes);
    if ('default' in responses || '2XX' in responses || statuses.length === 0) return 200;
    // Without a success, the status that does not say that the request was wrong.
    return statuses.includes(404) ? 404 : Math.min(...statuses);
  }

  /**
   * Validates a body for a status; returns an empty list for a status without a schema.
   *
   * @param headers - Of the response: a content type selects one of several documented media types.
   */
  check(
    operation: ContractOperation,
    status: number,
    body: unknown,
    headers?: PlainResponse['headers'],
  ): readonly KeywordError[] {
    const documented = pickMedia(documentedResponse(operation, status)?.[1].body, contentTypeIn(headers));
    return documented === undefined ? [] : this.schemas.inResponse(documented.schema, body);
  }

  /** Returns the body that the document gives a status, `undefined` for none. */
  bodyOf(operation: ContractOperation, status: number): unknown {
    return this.#makeBody(operation, status, documentedResponse(operation, status)?.[1].body);
  }

  /**
   * Adds the status and body that a planned response leaves out.
   *
   * @param accept - The `Accept` header of the request. It may select one of several documented media types, unless the planned
   *   response has a content type.
   * @throws {BodyError} When the document has neither a valid example nor a schema that a value can be made for.
   */
  toResponse(operation: ContractOperation, planned: PlainResponse, accept?: string | null): Response {
    const { status = this.defaultStatus(operation), headers: given = {}, networkError, raw } = planned;
    if (networkError) return Response.error();
    const documented = documentedResponse(operation, status)?.[1];
    const media = pickMedia(documented?.body, contentTypeIn(given) ?? accept);
    const headers = documented ? headersOf(operation, status, documented, this.seed, this.schemas) : {};
    for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
    if (BODILESS.has(status)) return new Response(null, { status, headers });
    const typed = ({ mediaType }: ContractBody) => {
      const isPlainJson = mediaType === JSON_BODY.mediaType;
      return { 'content-type': isPlainJson ? `${mediaType}; charset=utf-8` : mediaType, ...headers };
    };
    // The response to a HEAD has the headers of a GET and no body (RFC 9110 section 9.3.2).
    if (operation.method === 'HEAD')
      return new Response(null, { status, headers: media ? typed(media) : headers });
    const text = raw ?? this.#textOf(operation, status, media, planned);
    if (text === undefined) return new Response(null, { status, headers });
    return textResponse(text, { status, headers: typed(media ?? JSON_BODY) });
  }

  /**
   * Makes the response that refuses a request: in the document's own shape of errors, if the operation has one, else in that of
   * the Vercel API.
   */
  refuse(operation: ContractOperation | undefined, error: ValidationError): Response {
    const { status, message, operationId, pointer, rule } = error;
    const standard = errorBody(status, message, { operationId, pointer, rule });
    const refusal = operation && this.#refusalBodyOf(operation, status);
    const isValid = (body: unknown) =>
      refusal === undefined || this.schemas.inResponse(refusal.body.schema, body).length === 0;
    if (refusal === undefined || (refusal.isStandard && isValid(standard)))
      return jsonResponse(status, standard);
    const made = this.#makeBody(refusal.operation, refusal.status, refusal.body);
    const { schema } = refusal.body;
    const body = withText(made, message, { schema, schemas: this.schemas, isAllowed: isValid });
    const facts = namedIn(schema, { pointer, rule, operationId }, this.schemas);
    const { mediaType } = refusal.body;
    return jsonResponse(
      status,
      isRecord(body) && isValid(body) ? fitFields(body, facts, isValid) : body,
      mediaType === JSON_BODY.mediaType ? {} : { 'content-type': mediaType },
    );
  }

  /** Returns the documented body of a refusal: that of its status, else that of another error of the operation. */
  #refusalBodyOf(operation: ContractOperation, status: number): RefusalBody | undefined {
    const key = `${operation.operationId} ${status}`;
    if (this.#refusals.has(key)) return this.#refusals.get(key);
    const others = Object.keys(operation.responses).filter((other) => /^[45]\d\d$/.test(other));
    const candidates = [status, ...others.map(Number)].map((one) => documentedBody(operation, one));
    const documented = candidates.find((one) => one !== undefined);
    const isJsonBody = documented !== undefined && mediaKindOf(documented.body.mediaType) === 'json';
    const refusal = isJsonBody
      ? { ...documented, isStandard: speaksOfError(documented.body.schema, this.schemas) }
      : undefined;
    this.#refusals.set(key, refusal);
    return refusal;
  }

  /** Writes the planned body, or else that of the document, which is made once. */
  #textOf(
    operation: ContractOperation,
    status: number,
    media: ContractBody | undefined,
    planned: PlainResponse,
  ): string | undefined {
    const write = (body: unknown) => (body === undefined ? undefined : writeBody(media ?? JSON_BODY, body));
    if ('body' in planned) return write(planned.body);
    const key = `${operation.operationId} ${status} ${media?.mediaType}`;
    const kept = this.#written.get(key);
    if (kept !== undefined) return kept.text;
    const text = write(this.#makeBody(operation, status, media));
    this.#written.set(key, { text });
    return text;
  }

  #makeBody(operation: ContractOperation, status: number, media: ContractBody | undefined): unknown {
    const [key, response] = documentedResponse(operation, status) ?? [];
    const message = response?.description || `${operation.operationId} failed with status ${status}.`;
    const standard = status >= 400 ? errorBody(status, message) : undefined;
    if (media === undefined || key === undefined) return standard;
    if (!isWritable(media)) {
      const { mediaType } = media;
      throw new BodyError(operation.operationId, {
        check: 'document',
        pointer: toPointer(['responses', key, 'content', mediaType]),
        rule: 'mediaType',
        problem: `is ${mediaType}, which this mock does not write; give the text as \`raw\` in \`overrides\``,
        status: 500,
      });
    }
    const documented: DocumentedBody = { operation, status, key, body: media };
    const example = validExample(documented, this.schemas);
    if (standard !== undefined) return example ? example.value : this.#makeErrorBody(documented, standard);
    if (this.seed === DEFAULT_SEED && example !== undefined) return this.#lastPage(documented, example.value);
    const made = generateBody(documented, this.schemas, this.seed, this.seed === DEFAULT_SEED) ?? example;
    if (made !== undefined) return this.#lastPage(documented, made.value);
    throw new BodyError(operation.operationId, contradictionIn(documented, this.schemas, this.seed));
  }

  /** Returns the last page of a paginated list, which has a list and ends there; any other body as it is. */
  #lastPage(documented: DocumentedBody, body: unknown): unknown {
    const { schema } = documented.body;
    const isPaginated = pageParameterOf(documented.operation) !== undefined;
    const form = isPaginated ? pageFormOf(schema, this.schemas) : undefined;
    if (form === undefined) return body;
    const isValid = (one: unknown) => this.schemas.inResponse(schema, one).length === 0;
    // The documents of older lists are unions, of which one branch has `pagination`.
    const paginated = { ...documented, body: { ...documented.body, schema: form.schema } };
    const page = isPage(body, form.lists)
      ? body
      : generateBody(paginated, this.schemas, this.seed, true)?.value;
    return isPage(page, form.lists) && isValid(page) ? withNext(page, undefined, isValid) : body;
  }

  /** Error bodies keep their documented code and text at every seed: they decide which class a client throws. */
  #makeErrorBody(documented: DocumentedBody, standard: ErrorBody): unknown {
    const { schema } = documented.body;
    const isValid = (body: unknown) => this.schemas.inResponse(schema, body).length === 0;
    const isStandard = speaksOfError(schema, this.schemas);
    if (isStandard && isValid(standard)) return standard;
    // Where a document contradicts itself no value is valid, and the first attempt is the nearest to one.
    const { value } =
      generateBody(documented, this.schemas, this.seed, true) ??
      firstAttempt(documented, this.schemas, this.seed);
    const place = { schema, schemas: this.schemas, isAllowed: isValid };
    if (!isStandard || !isRecord(value)) return withText(value, standard.error.message, place);
    // Documented fields beside code and text stay.
    const own = recordOf(value.error);
    const candidates = [
      { ...value, error: { ...own, ...standard.error } },
      { ...value, error: { ...standard.error, ...own } },
    ];
    return candidates.find(isValid) ?? withText(value, standard.error.message, place);
  }
}

function contentTypeIn(headers: PlainResponse['headers'] = {}): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

/** Returns the response that the document has for a status, and its key there, e.g. `4XX`. */
export function documentedResponse(
  { responses }: ContractOperation,
  status: number,
): readonly [key: string, response: ContractResponse] | undefined {
  for (const key of [String(status), `${Math.floor(status / 100)}XX`, 'default']) {
    const response = responses[key];
    if (response !== undefined) return [key, response];
  }
  return undefined;
}

/** Returns the preferred documented body of a status; `undefined` for a status without one. */
function documentedBody(operation: ContractOperation, status: number): DocumentedBody | undefined {
  const [key, response] = documentedResponse(operation, status) ?? [];
  const body = pickMedia(response?.body, null);
  return key === undefined || body === undefined ? undefined : { operation, status, key, body };
}
