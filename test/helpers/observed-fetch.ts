import type { Fetch } from '../../src/index.js';

/** One request as it would have gone over the wire. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** The body as text; empty where there is none. */
  readonly body: string;
  readonly redirect: string;
  readonly signal: AbortSignal;
}

/** What the fake network does with a request: answers, fails, or is asked. */
export type Answer = Response | Error | ((request: Request) => Response | Error | Promise<Response>);

/** A `fetch` to inject, and what it was asked to send. */
export interface ObservedFetch {
  readonly fetch: Fetch;
  readonly requests: SentRequest[];
}

/**
 * A `fetch` that records each request and plays a script: the first answer for the first request, and so on.
 *
 * A request past the end of the script throws, so that a test never passes on a request that it did not expect.
 */
export function observedFetch(...script: Answer[]): ObservedFetch {
  const left = [...script];
  return answeringFetch((request) => {
    const answer = left.shift();
    if (answer === undefined) throw new Error(`unscripted request: ${request.method} ${request.url}`);
    return typeof answer === 'function' ? answer(request) : answer;
  });
}

/** A `fetch` that records each request and gives every one of them to the same function. */
export function answeringFetch(
  answer: (request: Request) => Response | Error | Promise<Response>,
): ObservedFetch {
  const requests: SentRequest[] = [];
  return {
    requests,
    // In the place of the global it can also be called with a `Request`.
    fetch: async (input: Request | string, init?: RequestInit) => {
      const request = new Request(input, init);
      const { method, url, headers, redirect, signal } = request;
      const body = request.body === null ? '' : await request.clone().text();
      requests.push({ method, url, headers: new Headers(headers), body, redirect, signal });
      const given = await answer(request);
      if (given instanceof Error) throw given;
      return given;
    },
  };
}

/** The only request that was sent; throws when there were none or several. */
export function onlyRequest({ requests }: ObservedFetch): SentRequest {
  const [first] = requests;
  if (first === undefined || requests.length !== 1)
    throw new Error(`expected one request, got ${requests.length}`);
  return first;
}
