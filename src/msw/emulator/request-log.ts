import { parseJson } from '../../util/parse-json.js';
import type { Observer } from '../handlers/handler-settings.js';
import { readBearer } from '../validate/check-request.js';
import type { RecordedRequest } from './types.js';

type Entry = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** Limit of entries: a server that runs for days must not grow. */
const MAX_ENTRIES = 10_000;
/** Limit of characters in URLs, headers and bodies: some 16 MB of text. */
const MAX_LENGTH = 16_000_000;

/** Records the requests that arrive: the latest ten thousand, and of those as many as have 16 million characters. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  #pending = new WeakMap<Request, Entry>();
  /** Lengths by entry, since a body arrives later than its request. */
  readonly #lengths = new WeakMap<RecordedRequest, number>();
  #length = 0;

  /**
   * Adds an entry for a request.
   *
   * Called by the first handler: msw takes longer to reach a later one, so two requests to different operations could
   * otherwise change their order.
   */
  arrive(request: Request): Entry {
    const known = this.#pending.get(request);
    if (known !== undefined) return known;
    const { pathname, searchParams } = new URL(request.url);
    const entry: Entry = {
      operationId: undefined,
      method: request.method,
      path: pathname,
      url: request.url,
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(request.headers),
      bearer: readBearer(request.headers),
      body: undefined,
      status: undefined,
    };
    this.#pending.set(request, entry);
    this.entries.push(entry);
    const headers = Object.entries(entry.headers);
    const headerLength = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    // The URL is repeated in path and query, and the bearer beside its header.
    this.#grow(entry, 2 * (entry.url.length + headerLength));
    return entry;
  }

  /** Follows a request through its handler. */
  observe(request: Request, operationId: string | undefined): Observer {
    const entry = this.arrive(request);
    entry.operationId = operationId;
    return {
      readText: (text) => {
        if (text === '') return;
        const parsed = parseJson(text);
        entry.body = parsed === undefined ? text : parsed.value;
        this.#grow(entry, text.length);
      },
      answered(status) {
        entry.status = status;
      },
    };
  }

  clear(): void {
    for (const entry of this.entries) this.#lengths.delete(entry);
    this.entries.length = 0;
    this.#length = 0;
  }

  /** Adds to the length of an entry, and drops the oldest entries above a limit. The newest stays, however long it is. */
  #grow(entry: RecordedRequest, by: number): void {
    const before = this.#lengths.get(entry);
    // It was dropped while its body was read.
    if (before === undefined && this.entries.at(-1) !== entry) return;
    this.#lengths.set(entry, (before ?? 0) + by);
    this.#length += by;
    while (this.entries.length > 1 && (this.entries.length > MAX_ENTRIES || this.#length > MAX_LENGTH)) {
      const oldest = this.entries.shift();
      if (oldest === undefined) return;
      this.#length -= this.#lengths.get(oldest) ?? 0;
      this.#lengths.delete(oldest);
    }
  }
}
