import { describe, expect, it } from 'vitest';
import { APITimeoutError } from '../../src/index.js';
import type { Send } from '../../src/transport/compose.js';
import { type LogFields, logStage } from '../../src/transport/log.js';
import { networkFailure } from '../helpers/answers.js';
import { callFacts, request } from '../helpers/call-facts.js';

/** Runs the stage alone, with a clock that moves 5 ms at each look, and gives what was logged. */
async function logged(next: Send, attempt = 1) {
  const lines: [string, LogFields][] = [];
  let time = 1_000;
  const now = () => {
    time += 5;
    return time;
  };
  const stage = logStage({ debug: (message, fields) => lines.push([message, fields]) }, now);
  const outcome = await stage(next)(request(), callFacts({ attempt })).catch((error: unknown) => error);
  return { lines, outcome };
}

const facts = { method: 'GET', path: '/v1/things/{thing}', attempt: 1, durationMs: 5 };

describe('logStage', () => {
  it('reports an answer, whatever its status, and gives it on', async () => {
    const answer = new Response(null, { status: 503, headers: { 'x-vercel-id': 'fra1::a' } });
    const { lines, outcome } = await logged(async () => answer, 3);
    expect(lines).toEqual([
      ['GET /v1/things/{thing} 503', { ...facts, attempt: 3, status: 503, requestId: 'fra1::a' }],
    ]);
    expect(outcome).toBe(answer);
  });

  it('has no request id where there is none', async () => {
    const { lines } = await logged(async () => new Response());
    expect(lines).toEqual([['GET /v1/things/{thing} 200', { ...facts, status: 200 }]]);
  });

  it.each([
    ['the code of a network failure', networkFailure('ECONNRESET'), 'ECONNRESET'],
    ['the name of an error', new APITimeoutError(1, callFacts()), 'APITimeoutError'],
    ['the name of an abort', new DOMException('gone', 'AbortError'), 'AbortError'],
    ['"Error" for what is none', 'canary', 'Error'],
  ])('reports %s, and throws it on', async (_, error, name) => {
    const { lines, outcome } = await logged(() => Promise.reject(error));
    expect(lines).toEqual([[`GET /v1/things/{thing} ${name}`, { ...facts, error: name }]]);
    expect(outcome).toBe(error);
  });

  it('measures with the real clock by default', async () => {
    const lines: LogFields[] = [];
    const stage = logStage({ debug: (_, fields) => lines.push(fields) });
    await stage(async () => new Response())(request(), callFacts());
    expect(lines[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(lines[0]?.durationMs).toBeLessThan(5_000);
  });
});
