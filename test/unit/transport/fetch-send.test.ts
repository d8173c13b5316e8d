import { describe, expect, it, vi } from 'vitest';
import { APIConnectionError } from '../../../src/index.js';
import { type Fetch, fetchSend } from '../../../src/transport/fetch-send.js';
import { networkFailure } from '../../helpers/answers.js';
import { callFacts, request } from '../../helpers/call-facts.js';
import { caught } from '../../helpers/caught.js';

describe('fetchSend', () => {
  it('gives the request to fetch and its answer back', async () => {
    const answer = new Response();
    const fetch = vi.fn<Fetch>(async () => answer);
    const sent = request();
    expect(await fetchSend(() => fetch)(sent, callFacts())).toBe(answer);
    expect(fetch.mock.calls).toEqual([[sent]]);
  });

  it('looks fetch up at every call', async () => {
    let number = 0;
    const send = fetchSend(() => {
      const body = String(++number);
      return async () => new Response(body);
    });
    const texts = [await send(request(), callFacts()), await send(request(), callFacts())].map((r) =>
      r.text(),
    );
    expect(await Promise.all(texts)).toEqual(['1', '2']);
  });

  it('makes a failure an APIConnectionError that names host and code, and no query or path value', async () => {
    const failure = networkFailure('ENOTFOUND');
    const error = await caught(
      fetchSend(() => () => Promise.reject(failure))(request(), callFacts()),
      APIConnectionError,
    );
    expect(error.message).toBe('GET /v1/things/{thing} got no answer from api.example.com (ENOTFOUND)');
    expect(error.cause).toBe(failure);
  });

  it('needs no code for that', async () => {
    for (const failure of [new Error('unknown'), 'text', undefined]) {
      const send = fetchSend(() => () => Promise.reject(failure));
      const error = await caught(send(request(), callFacts()), APIConnectionError);
      expect(error.message).toBe('GET /v1/things/{thing} got no answer from api.example.com');
      expect(error.cause).toBe(failure);
    }
  });

  it('makes a fetch that throws at once, or is missing, the same', async () => {
    const throwing = () => {
      throw new Error('at once');
    };
    const missing = undefined as unknown as Fetch;
    await caught(fetchSend(() => throwing)(request(), callFacts()), APIConnectionError);
    await caught(fetchSend(() => missing)(request(), callFacts()), APIConnectionError);
  });

  it('passes the reason of an aborted request through', async () => {
    const reason = { any: 'value' };
    const aborted = request({ signal: AbortSignal.abort(reason) });
    const send = fetchSend(() => () => Promise.reject(new TypeError('aborted')));
    await expect(send(aborted, callFacts())).rejects.toBe(reason);
  });
});
