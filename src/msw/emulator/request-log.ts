import type { Observer } from '../handlers/handler-settings.js';
import { parseJson, readBearer } from '../validate/check-request.js';
import type { RecordedRequest } from './types.js';

type Entry = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** Entries that are kept; a server that runs for days must not grow. */
const MAX_ENTRIES = 10_000;
/** Characters of URLs, headers and bodies that are kept: some 16 MB of text. */
const MAX_LENGTH = 16_000_000;

/** Records the requests that arrive: the latest ten thousand, and of those as many as have 16 million characters. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  #pending = new WeakMap<Request, Entry>();
  /** By entry, since a body arrives later than its request. */
  readonly #lengths = new WeakMap<RecordedRequest, number>();
  #length = 0;

  /**
   * Notes that a request has arrived.
   *
   * Called by a handler before all others: msw takes the longer the further down its list a handler stands, so two
   * requests to different operations could otherwise swap places.
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
    this.#grow(entry, lengthOf(entry));
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

  /** Counts what an entry holds, and drops the oldest while there is too much. The newest stays, however long it is. */
  #grow(entry: RecordedRequest, by: number): void {
    const before = this.#lengths.get(entry);
    // It has left the log while its body was read.
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

function lengthOf({ url, headers }: RecordedRequest): number {
  // The URL stands in the path and the query too, and a bearer beside its header.
  const fields = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return 2 * (url.length + fields);
}
