import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../src/connect/index.js';
import { APIConnectionError } from '../../src/index.js';
import { CONNECTOR, createBench, failureOf, rawAnswer } from './helpers.js';

const BEARER = 'canary-bearer-0123456789';
const SUBJECT = 'canary-subject-0123456789';
const VENDOR = 'canary-vendor-0123456789';
const BODY = 'canary-body-0123456789';
const CANARIES = [BEARER, SUBJECT, VENDOR, BODY];
const JWT = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2ln`;

async function errorFor(answer: () => Response): Promise<ConnectError> {
  const { client } = createBench(answer);
  const params = { subject: { type: 'token', token: SUBJECT } } as const;
  return failureOf(client.getToken(CONNECTOR, params, { vercelToken: BEARER }), ConnectError);
}

/** Every way in which an error gets into a log. */
function printsOf(error: Error): string[] {
  return [
    inspect(error, { depth: null, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify({ error }),
    String(error),
    error.message,
    error.stack ?? '',
    inspect({ ...error }, { depth: null }),
    inspect(structuredClone(error), { depth: null, showHidden: true }),
  ];
}

function expectNoneOf(canaries: readonly string[], error: Error): void {
  for (const print of printsOf(error))
    for (const canary of canaries) expect(print.includes(canary), `${canary} in ${print}`).toBe(false);
}

describe('what is never printed', () => {
  const body = {
    error: { code: 'no_token', message: 'Nothing stored.', vendor: { echo: VENDOR } },
    echo: BODY,
    meta: { vendor: { echo: VENDOR } },
  };

  it('bearer, subject token, vendor and body', async () => {
    const error = await errorFor(() => rawAnswer(422, body));
    expect(error.vendor, 'it is there to be asked for').toEqual({ echo: VENDOR });
    expect(error.body).toEqual(body);
    expectNoneOf(CANARIES, error);
  });

  it.each([
    ['HTML', `<html>${BODY} ${BEARER}</html>`],
    ['text', `${BODY} ${SUBJECT}`],
    ['JSON without a message', JSON.stringify({ echo: BODY, bearer: BEARER })],
  ])('a body of %s', async (_kind, text) => {
    const error = await errorFor(() => rawAnswer(500, text));
    expectNoneOf(CANARIES, error);
  });

  it('what the JSON form has is name, message and the facts', async () => {
    const error = await errorFor(() => rawAnswer(422, body));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'NoValidTokenError',
      message: 'Nothing stored.',
      code: 'no_token',
      status: 422,
      statusText: '',
      method: 'POST',
      path: '/v1/connect/token/{connector}',
    });
  });

  it('the connector, which names a customer: errors carry the path template', async () => {
    const error = await errorFor(() => rawAnswer(500, ''));
    expectNoneOf(['acme-slack'], error);
  });

  it('the bearer of a client, when the client itself is printed', async () => {
    const { client } = createBench(undefined, { bearerToken: BEARER });
    await client.getToken(CONNECTOR, { subject: { type: 'token', token: SUBJECT } });
    const prints = [
      inspect(client, { depth: null, showHidden: true }),
      JSON.stringify(client),
      String(client),
    ];
    for (const canary of [...CANARIES, 'token-1']) expect(prints.join()).not.toContain(canary);
  });

  it('the bearer, when the network fails', async () => {
    const { client } = createBench(() => {
      throw new TypeError('fetch failed');
    });
    const call = client.getToken(CONNECTOR, { subject: { type: 'app' } }, { vercelToken: BEARER });
    expectNoneOf([BEARER], await failureOf(call, APIConnectionError));
  });
});

describe('the message of the server', () => {
  const withMessage = (message: string) => errorFor(() => rawAnswer(422, { error: { message } }));

  it.each([
    ['a bearer header', `refused Authorization: Bearer ${BEARER}`, BEARER],
    ['a JWT', `refused ${JWT}`, JWT],
    ['a Slack token', 'refused xoxb-1234567890-abcdef', 'xoxb-1234567890-abcdef'],
    ['a GitHub token', 'refused ghs_0123456789abcdefABCDEF', 'ghs_0123456789abcdefABCDEF'],
  ])('is masked where it echoes %s', async (_kind, message, secret) => {
    const error = await withMessage(message);
    expect(error.message).toMatch(/^refused .*\[redacted\]/);
    expectNoneOf([secret], error);
  });

  // reliability.md section 5: the token of this very call is known, and needs no known shape to be masked.
  it("is masked where it echoes this call's own bearer", async () => {
    expectNoneOf([BEARER], await withMessage(`token ${BEARER} was refused`));
  });

  it('is capped at 512 characters', async () => {
    const error = await withMessage('long '.repeat(10_000));
    expect(error.message).toHaveLength(512);
    expect(error.message).toMatch(/^long long/);
  });

  it('of five megabytes makes neither a long message nor another error', async () => {
    const error = await withMessage('long '.repeat(10_000));
    expect(error.status).toBe(422);
    expect(error.message.length).toBeLessThanOrEqual(512);
  });

  it('is put on one line, without control characters', async () => {
    const error = await withMessage('first\r\n\u001b[31msecond\u0000\u2028third');
    expect(error.message).toBe('first [31msecond third');
  });
});
