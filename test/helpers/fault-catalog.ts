import { answer, failure, good, head, raw, rightBody, silence, spoiled } from './fault-catalog-steps.js';
import type { Step } from './fault-server.js';

const reset: Step = ({ socket }) => {
  socket.resetAndDestroy();
};

const unavailable = failure('503 Service Unavailable');

/** Headers of a 429 that are made when it is sent: they hold the time. */
function limited(headers: (nowSeconds: number) => readonly string[]): Step {
  return (exchange) => failure('429 Too Many Requests', headers(Math.floor(Date.now() / 1_000)))(exchange);
}

const httpDate = (seconds: number) => new Date(seconds * 1_000).toUTCString();

/** The 24 common faults by name, each as what the first attempts meet; after them all is well. */
export const COMMON_FAULTS: Readonly<Record<string, readonly Step[]>> = {
  '408': [failure('408 Request Timeout')],
  '429 bare': [failure('429 Too Many Requests')],
  '429 + Retry-After 1 s': [failure('429 Too Many Requests', ['retry-after: 1'])],
  // A server whose clock is an hour ahead: its dates mean something beside each other alone.
  '429 + HTTP date': [
    limited((now) => [`date: ${httpDate(now + 3_600)}`, `retry-after: ${httpDate(now + 3_601)}`]),
  ],
  '429 + retry-after-ms': [failure('429 Too Many Requests', ['retry-after-ms: 300'])],
  '429 + x-ratelimit-reset': [limited((now) => [`date: ${httpDate(now)}`, `x-ratelimit-reset: ${now + 1}`])],
  '500': [failure('500 Internal Server Error')],
  '502': [failure('502 Bad Gateway')],
  '503': [unavailable],
  '503 + Retry-After 1 s': [failure('503 Service Unavailable', ['retry-after: 1'])],
  '504': [failure('504 Gateway Timeout')],
  '503 twice': [unavailable, unavailable],
  '503 three times': [unavailable, unavailable, unavailable],
  'reset before the response': [reset],
  'reset inside the status line': [raw('HTTP/1.1 20', 'reset')],
  'reset, then 503': [reset, unavailable],
  'truncated body': [
    rightBody(
      (length) => ['content-type: application/json', `content-length: ${length + 20}`],
      (text) => text.slice(0, -20),
      'fin',
    ),
  ],
  'truncated JSON': [spoiled((status, text) => answer(status, text.slice(0, -10)))],
  'HTML with 200': [spoiled((status) => answer(status, '<!doctype html><title>Sign in</title>'))],
  'empty body with 200': [spoiled((status) => answer(status, ''))],
  'corrupt gzip': [
    rightBody(
      (length) => ['content-type: application/json', 'content-encoding: gzip', `content-length: ${length}`],
      (text) => text,
    ),
  ],
  'headers never sent': [silence],
  'body stalls': [
    spoiled((status, text) => raw(`${head(status, [`content-length: ${text.length}`])}${text.slice(0, 10)}`)),
  ],
  'idle close': [({ socket }) => socket.end()],
};

/** Steps that cost the server nothing and the client at most a timeout, for random runs. */
export const CHEAP_FAULTS: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(
    Object.entries(COMMON_FAULTS).flatMap(([name, [step]]) => (step === undefined ? [] : [[name, step]])),
  ),
  '425': failure('425 Too Early'),
  '429 + retry-after-ms past the deadline': failure('429 Too Many Requests', ['retry-after-ms: 30000']),
  '400': failure('400 Bad Request'),
  '401': failure('401 Unauthorized'),
  '403': failure('403 Forbidden'),
  '404': failure('404 Not Found'),
  '422': failure('422 Unprocessable Content'),
  'applied, then reset': (exchange) => {
    // The work is done and its answer begun when the connection breaks: the worst that can happen to an unsafe call.
    exchange.socket.write('HTTP/1.1 201 Created\r\n', () => exchange.socket.resetAndDestroy());
  },
  'right answer': good,
};
