const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  413: 'payload_too_large',
  422: 'unprocessable_content',
  429: 'rate_limited',
  500: 'internal_server_error',
  501: 'not_implemented',
  502: 'bad_gateway',
  503: 'service_unavailable',
  504: 'gateway_timeout',
};

/** The body of every error answer of the API: `code` to decide by, `message` to read. */
export interface ErrorBody {
  error: { code: string; message: string; [field: string]: unknown };
}

/**
 * Makes an error body in the API's own shape.
 *
 * @param extra - Further fields beside `code` and `message`; those that are `undefined` are left out.
 */
export function errorBody(
  code: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): ErrorBody {
  const known = Object.entries(extra).filter(([, value]) => value !== undefined);
  return { error: { code, message, ...Object.fromEntries(known) } };
}

/** The code that goes with a status where nothing says better, e.g. `rate_limited` for 429. */
export function codeOfStatus(status: number): string {
  return CODES[status] ?? (status >= 500 ? 'internal_server_error' : 'bad_request');
}

/** A JSON answer, its media type written as the API writes it. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}
