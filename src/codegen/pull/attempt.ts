import { networkErrorCode } from '../../http/network-error.js';
import { serverDelayMs } from '../../http/retry-after.js';
import { REDIRECTS } from '../../transport/redirect.js';
import { untilAborted } from '../../util/abort.js';
import { PullError, quote, TransientError } from './pull-error.js';
import { readDocument } from './read-body-text.js';
import { redirectTarget } from './source-url.js';
import type { PullWorld } from './world.js';

const MAX_REDIRECTS = 3;

/** What is asked for. */
export interface DownloadRequest {
  readonly url: string;
  /** The ETag of what is here already; `undefined` to get the document whatever it is. */
  readonly etag: string | undefined;
  readonly userAgent: string;
  /** Told of the bytes so far, and of the length where it is known. */
  readonly onBytes: (received: number, expected: number | undefined) => void;
}

/** What the server answered: that nothing is new, or the bytes. */
export type Answer =
  | { readonly kind: 'not-modified' }
  | {
      readonly kind: 'document';
      readonly bytes: Uint8Array;
      readonly etag: string | undefined;
      readonly lastModified: string | undefined;
    };

/**
 * Asks once, following redirects within the host.
 *
 * @param signal - Ends the attempt, with its reason.
 * @throws {TransientError} For a failure on the way, a silence, or a status of 500 and up.
 * @throws {PullError} For an answer that is no document.
 */
export async function attemptDownload(
  request: DownloadRequest,
  world: PullWorld,
  signal: AbortSignal,
): Promise<Answer> {
  const idle = new IdleWatch(world.limits.idleMs);
  const either = AbortSignal.any([signal, idle.signal]);
  let response: Response | undefined;
  try {
    response = await follow(request, world, either, idle);
    return await read(response, request, world, either, idle);
  } catch (error) {
    // An answer that was refused by its head lets go of its connection; a body that was begun has been cancelled.
    if (response?.bodyUsed === false) response.body?.cancel().catch(() => undefined);
    throw describe(error, either, request.url);
  } finally {
    idle.stop();
  }
}

async function follow(
  { url, etag, userAgent }: DownloadRequest,
  world: PullWorld,
  signal: AbortSignal,
  idle: IdleWatch,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': userAgent };
  if (etag !== undefined) headers['if-none-match'] = etag;
  let current = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    idle.touch();
    const response = await untilAborted(
      world.fetch(current, { headers, redirect: 'manual', signal }),
      signal,
    );
    if (!REDIRECTS.has(response.status)) return response;
    response.body?.cancel().catch(() => undefined);
    current = redirectTarget(current, response.headers.get('location'));
  }
  throw new PullError(`the server redirected more than ${MAX_REDIRECTS} times`, 'Check --url.');
}

async function read(
  response: Response,
  request: DownloadRequest,
  world: PullWorld,
  signal: AbortSignal,
  idle: IdleWatch,
): Promise<Answer> {
  if (response.status === 304 && request.etag !== undefined) return { kind: 'not-modified' };
  checkStatus(response, world);
  const type = response.headers.get('content-type') ?? '';
  if (/html/i.test(type)) {
    throw new PullError(
      `the server sent a web page (content-type ${quote(type)}) instead of the document`,
      'Check --url, and what a browser shows there; a login page or proxy may have answered.',
    );
  }
  const onBytes: DownloadRequest['onBytes'] = (received, expected) => {
    idle.touch();
    request.onBytes(received, expected);
  };
  const bytes = await readDocument(response, { maxBytes: world.limits.maxBytes, signal, onBytes });
  return {
    kind: 'document',
    bytes,
    etag: response.headers.get('etag') ?? undefined,
    lastModified: response.headers.get('last-modified') ?? undefined,
  };
}

function checkStatus(response: Response, world: PullWorld): void {
  const { status } = response;
  if (status === 200) return;
  if (status >= 500) {
    const retryAfterMs = serverDelayMs(response, world.now());
    throw new TransientError(
      `the server answered ${status}`,
      'Try again later; until then everything else goes on working with the files that are here.',
      retryAfterMs === undefined ? {} : { retryAfterMs },
    );
  }
  throw new PullError(
    `the server answered ${status} instead of 200`,
    status === 429 ? 'Wait a few minutes and try again.' : 'Check --url.',
  );
}

/** The error to give: an abort's own reason, ours as it is, anything else as a failure of the network. */
function describe(error: unknown, signal: AbortSignal, url: string): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof PullError) return error;
  const code = networkErrorCode(error);
  return new TransientError(
    `the connection to ${new URL(url).host} failed${code === undefined ? '' : ` (${code})`}`,
    'Check the network and --url, then try again.',
    { cause: error },
  );
}

/** Fires when the server has been silent for too long. */
class IdleWatch {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came, or is waited for from now on. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(silence(this.#ms)), this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function silence(ms: number): TransientError {
  return new TransientError(
    `the server sent nothing for ${ms / 1000} s`,
    'Try again; if it stays, check the network and --url.',
  );
}
