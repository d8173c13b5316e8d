import { getResponse, type RequestHandler } from 'msw';

/** What a handler answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; `undefined` for no body. */
  readonly body: unknown;
  /** The `error` of an error body. */
  readonly error: Readonly<Record<string, unknown>>;
}

/** What to send beside method and path. */
export interface Asked {
  readonly bearer?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

/** Sends a request to handlers as msw would; fails when none of them answers. */
export async function ask(
  handlers: readonly RequestHandler[],
  method: string,
  path: string,
  { bearer = 'some-bearer', body, headers = {}, origin = 'https://api.vercel.com' }: Asked = {},
): Promise<Answer> {
  const request = new Request(`${origin}${path}`, {
    method,
    headers: {
      ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await getResponse([...handlers], request);
  if (response === undefined) throw new Error(`no handler answers ${method} ${path}`);
  const text = await response.text();
  const parsed = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: parsed, error: parsed?.error ?? {} };
}
