import { answerTo } from './answers.js';

/** One hour, in milliseconds. */
export const HOUR_MS = 3_600_000;

/** What a `fetch` was asked for. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

/**
 * A `fetch` that answers from memory and does nothing else, so that what is measured is the client.
 *
 * @param onAsk - Told of each request.
 */
export function createMemoryFetch(onAsk?: (asked: Asked) => void): typeof fetch {
  return async (input, init) => {
    const isRequest = input instanceof Request;
    const url = isRequest ? input.url : String(input);
    const method = init?.method ?? (isRequest ? input.method : 'GET');
    onAsk?.({ method, url });
    return new Response(answerTo(method, url, HOUR_MS), { headers: { 'content-type': 'application/json' } });
  };
}

/** Runs `use` with another global `fetch`: some peers know no other. */
export async function withFetch<T>(other: typeof fetch, use: () => Promise<T>): Promise<T> {
  const before = globalThis.fetch;
  globalThis.fetch = other;
  try {
    return await use();
  } finally {
    globalThis.fetch = before;
  }
}
