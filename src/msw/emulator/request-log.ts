import type { Observer } from '../handlers/handler-settings.js';
import { parseJson } from '../validate/check-body.js';
import { readBearer } from '../validate/check-request.js';
import type { RecordedRequest } from './types.js';

type Entry = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** Writes down the requests that arrive. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  #pending = new WeakMap<Request, Entry>();

  /** @param max - How many are kept; the oldest leave first. */
  constructor(readonly max = Number.POSITIVE_INFINITY) {}

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
    if (this.entries.length > this.max) this.entries.shift();
    return entry;
  }

  /** Follows a request through its handler. */
  observe(request: Request, operationId: string | undefined): Observer {
    const entry = this.arrive(request);
    entry.operationId = operationId;
    return {
      readText(text) {
        if (text === '') return;
        const parsed = parseJson(text);
        entry.body = parsed === undefined ? text : parsed.value;
      },
      answered(status) {
        entry.status = status;
      },
    };
  }

  clear(): void {
    this.entries.length = 0;
  }
}
