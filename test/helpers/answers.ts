/** A JSON answer. */
export function json(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), {
    ...init,
    headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(init.headers)) },
  });
}

/** An error answer in the API's own shape. */
export function apiError(
  status: number,
  error: Readonly<Record<string, unknown>> = { code: 'some_code', message: 'some message' },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return json({ error }, { status, headers });
}

/** What Node's `fetch` throws when the network fails: a bare TypeError with the system's error as its cause. */
export function networkFailure(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}

/** A body that gives its chunks and then ends, fails, or never ends. */
export function streamed(
  chunks: readonly string[],
  end: 'close' | 'stall' | Error = 'close',
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk !== undefined) controller.enqueue(encoder.encode(chunk));
      else if (end === 'close') controller.close();
      else if (end === 'stall') return new Promise(() => undefined);
      else controller.error(end);
      return undefined;
    },
  });
}
