import { APIConnectionError, APITimeoutError } from '../../errors/index.js';
import { networkErrorCode } from '../../http/network-error.js';
import { fetchSend, REDIRECTS, redirectMiddleware } from '../../transport/fetch-send.js';
import { type CallContext, compose, type Middleware } from '../../transport/middleware.js';
import { BodyLimitError, readBytes } from '../../transport/read-body.js';
import { retryMiddleware } from '../../transport/retry/retry.js';
import { TotalTimeout, timeoutMiddleware } from '../../transport/timeout.js';
import { Secrets } from '../../util/secrets.js';
import { PullError, quote } from './pull-error.js';
import { redirectError } from './source-url.js';
import type { PullWorld } from './world.js';

/** A document to download, and the callbacks for its progress. */
export interface Download {
  readonly url: string;
  /** The ETag of the document that is on disk; `undefined` downloads the document in any case. */
  readonly etag: string | undefined;
  readonly userAgent: string;
  /** Aborts the download; its reason passes through as it is. */
  readonly signal: AbortSignal;
  /** Called with the bytes so far, and with the length where the server gave one that counts the same bytes. */
  readonly onBytes: (received: number, expected: number | undefined) => void;
  readonly onRetry: (reason: string, delayMs: number) => void;
}

/** A document that came. */
export interface DownloadedDocument {
  readonly kind: 'document';
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** The result of a download: nothing is new, or the document. */
export type DownloadResult = DownloadedDocument | { readonly kind: 'not-modified' };

/**
 * Downloads a document through the stages of the transport: retries, redirects within the host, and both time limits.
 *
 * @throws {PullError} When no document came. The message says how often a failure was tried.
 */
export async function download(request: Download, world: PullWorld): Promise<DownloadResult> {
  const { limits, now, random, wait } = world;
  const { url, etag, signal } = request;
  let attempts = 0;
  let failure = '';
  let bytes = new Uint8Array();
  const describeFailure: Middleware = (next) => async (sent, call) => {
    attempts += 1;
    try {
      const response = await next(sent, call);
      failure = `the server answered ${response.status}`;
      return response;
    } catch (error) {
      failure = failureOf(error, request, limits);
      throw error;
    }
  };
  const readDocument: Middleware = (next) => async (sent, call) => {
    const response = await next(sent, call);
    if (response.status === 200) bytes = await readBody(response, call, request);
    return response;
  };
  const retry = retryMiddleware({
    now,
    random,
    sleep: wait,
    emit: (event) => {
      if (event.type === 'retry') request.onRetry(failure, event.delayMs);
    },
  });
  const stages = [retry, describeFailure, timeoutMiddleware(), readDocument, redirectMiddleware()];
  const headers = { accept: 'application/json', 'user-agent': request.userAgent };
  const conditional = etag === undefined ? headers : { ...headers, 'if-none-match': etag };
  const totalTimeout = new TotalTimeout(limits.totalMs, true);
  const call: CallContext = {
    method: 'GET',
    path: new URL(url).pathname,
    operation: undefined,
    operationId: undefined,
    fetchOptions: {},
    parseAs: 'stream',
    repeatable: true,
    timeoutMs: limits.idleMs,
    hasIdleTimeout: true,
    totalTimeout,
    maxRetryAfterMs: limits.totalMs,
    noStore: false,
    maxBodyBytes: limits.maxBytes,
    maxRetries: limits.retries,
    attempt: 1,
    signal,
    credential: undefined,
    schemes: [],
    secrets: new Secrets(),
    timer: undefined,
  };
  try {
    const sent = { method: 'GET', url: new URL(url).href, headers: conditional, body: null };
    const response = await compose(stages, fetchSend(world.fetch))(sent, call);
    if (response.status === 304 && etag !== undefined) return { kind: 'not-modified' };
    if (response.status !== 200) throw statusError(response, request, attempts);
    return {
      kind: 'document',
      bytes,
      etag: response.headers.get('etag') ?? undefined,
      lastModified: response.headers.get('last-modified') ?? undefined,
    };
  } catch (error) {
    if (!(error instanceof APIConnectionError)) throw error;
    if (error instanceof APITimeoutError && totalTimeout.leftMs() <= 1)
      throw new PullError(
        `the download was not done within ${limits.totalMs / 1000} s`,
        'Try again on a faster or less busy connection.',
        { cause: error },
      );
    throw new PullError(`${failure}${tried(attempts)}`, CHECK_NETWORK, { cause: error });
  }
}

/**
 * Reads the body of a response that should be a JSON object, and stops as soon as it cannot be one.
 *
 * @throws {PullError} For a body that is too long, empty, a web page, or does not begin with `{`.
 * @throws {APIConnectionError} For a body that ends early.
 */
async function readBody(
  response: Response,
  call: CallContext,
  { onBytes }: Download,
): Promise<Uint8Array<ArrayBuffer>> {
  const { headers } = response;
  const type = headers.get('content-type') ?? '';
  const length = headers.get('content-length') ?? '';
  // Where the length counts compressed bytes, `fetch` itself checks it.
  const isPlain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  const expected = isPlain && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  try {
    if (/html/i.test(type))
      throw new PullError(
        `the server sent a web page (content-type ${quote(type)}) instead of the document`,
        CHECK_URL,
      );
    if (expected !== undefined && expected > call.maxBodyBytes) throw tooLong(call.maxBodyBytes);
  } catch (error) {
    cancelBody(response);
    throw error;
  }
  let received = 0;
  let hasBegun = false;
  const onChunk = (chunk: Uint8Array) => {
    call.timer?.touch();
    received += chunk.byteLength;
    if (!hasBegun) {
      // The first byte that is not white space must open an object. A byte order mark may stand before it (RFC 8259).
      const start = Buffer.from(chunk)
        .toString('latin1')
        .replace(/^\u00ef\u00bb\u00bf/, '')
        .trimStart();
      hasBegun = start.startsWith('{');
      if (isYaml(start, type)) throw new PullError('the server sent YAML, and pull takes JSON', USE_YAML);
      const shown = Buffer.from(start.slice(0, 40), 'latin1').toString('utf8').trim();
      if (!hasBegun && start !== '')
        throw new PullError(
          `the server did not send a JSON object: it begins with ${quote(shown)}`,
          CHECK_URL,
        );
    }
    onBytes(received, expected);
  };
  const body = await readBytes(response.body, call.maxBodyBytes, onChunk).catch((cause: unknown) => {
    if (cause instanceof PullError) throw cause;
    if (cause instanceof BodyLimitError) throw tooLong(call.maxBodyBytes);
    throw new APIConnectionError('the body ended early', call, { cause });
  });
  if (expected !== undefined && received < expected) {
    const fault = `the document broke off: ${received} of ${expected} bytes came`;
    throw new APIConnectionError(fault, call, { cause: new PullError(fault, CHECK_NETWORK) });
  }
  if (!hasBegun) throw new PullError('the server sent an empty document', CHECK_URL);
  return body;
}

function isYaml(start: string, type: string): boolean {
  return /^(?:#|%YAML|---|openapi\s*:)/.test(start) || (/yaml/i.test(type) && !start.startsWith('{'));
}

/** Says in words why an attempt failed. */
function failureOf(error: unknown, { url }: Download, { idleMs }: PullWorld['limits']): string {
  if (error instanceof APITimeoutError) return `the server sent nothing for ${idleMs / 1000} s`;
  if (error instanceof APIConnectionError && error.cause instanceof PullError) return error.cause.message;
  const code = networkErrorCode(error);
  return `the connection to ${new URL(url).host} failed${code === undefined ? '' : ` (${code})`}`;
}

function statusError(response: Response, { url }: Download, attempts: number): PullError {
  cancelBody(response);
  const { status, headers } = response;
  if (REDIRECTS.has(status)) return redirectError(url, headers.get('location'));
  if (status === 429)
    return new PullError(`the server answered 429${tried(attempts)}`, 'Wait a few minutes and try again.');
  if (status >= 500)
    return new PullError(
      `the server answered ${status}${tried(attempts)}`,
      'Try again later. Until then everything else works with the files that are on disk.',
    );
  return new PullError(`the server answered ${status} instead of 200`, 'Check --url.');
}

function cancelBody({ body }: Response): void {
  // Not waited for: a body that does not stop must not hold up the error.
  body?.cancel().catch(() => undefined);
}

function tried(attempts: number): string {
  return ` (tried ${attempts === 1 ? 'once' : `${attempts} times`})`;
}

function tooLong(maxBytes: number): PullError {
  return new PullError(
    `the document is over ${maxBytes / 1_000_000} MB, which is the limit after decompression`,
    'Check --url. No real document comes near this limit, and --force does not lift it.',
  );
}

const CHECK_URL = 'Check --url, and what a browser shows there. A login page or a proxy may have answered.';
const USE_YAML =
  'Look for a JSON form of it. Or download the file yourself: generate, diff and mock read YAML.';
const CHECK_NETWORK = 'Check the network and --url, then try again.';
