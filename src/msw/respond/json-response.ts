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

/** The body of every error response of the API: `code` for programs, `message` for people. */
export interface ErrorBody {
  error: { code: string; message: string; [field: string]: unknown };
}

/**
 * Makes an error body in the API's own shape.
 *
 * @param code - A code, or the status whose usual code it is, e.g. 429 for `rate_limited`.
 * @param extra - Further fields beside `code` and `message`; those that are `undefined` are left out.
 */
export function errorBody(
  code: string | number,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): ErrorBody {
  const usual = Number(code) >= 500 ? 'internal_server_error' : 'bad_request';
  const error: ErrorBody['error'] = {
    code: typeof code === 'string' ? code : (CODES[code] ?? usual),
    message,
  };
  for (const [name, value] of Object.entries(extra)) if (value !== undefined) error[name] = value;
  return { error };
}

const texts = new WeakMap<Response, string>();

/** Makes a response of a text, which {@link writtenText} returns without reading the response as a stream. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** Returns the whole body of a response that was made here; `undefined` for any other, and for one that was read. */
export function writtenText(response: Response): string | undefined {
  return response.bodyUsed ? undefined : texts.get(response);
}

/** Makes a JSON response, its media type written as the API writes it. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const init = { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers } };
  return textResponse(JSON.stringify(body), init);
}

/** Makes an error response with the usual code of its status, outside the operations of the document. */
export function errorResponse(status: number, message: string): Response {
  return jsonResponse(status, errorBody(status, message));
}
