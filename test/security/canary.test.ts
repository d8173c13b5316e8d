import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import * as connectEntry from '../../src/connect/index.js';
import { EVENT_CHANNEL } from '../../src/index.js';
import { runCli } from '../cli/run-cli.js';
import { startServer } from '../helpers/loopback-server.js';
import { leaksIn, type Probe, probesOf } from './probes.js';
import { CALLS, createSubjects, FAILURES, SECRETS } from './scenarios.js';

const ALL = Object.values(SECRETS);

/** What one call of one client prints, says and leaves behind when it fails in one way. */
async function probeFailure(failure: string, call: string): Promise<Probe[]> {
  const told: unknown[] = [];
  const listen = (message: unknown) => told.push(message);
  channel(EVENT_CHANNEL).subscribe(listen);
  const subjects = createSubjects(FAILURES[failure] ?? (() => Response.error()), {
    logger: { debug: (...line) => told.push(line) },
    onEvent: listen,
  });
  const outcome = await CALLS[call]?.(subjects).then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );
  channel(EVENT_CHANNEL).unsubscribe(listen);
  return [
    ...probesOf(`${call} after ${failure}`, outcome),
    ...probesOf(`events and log of ${call} after ${failure}`, told),
    ...probesOf(`clients after ${failure} in ${call}`, subjects),
  ];
}

it('no secret shows in any object or output, however a call fails', async () => {
  const probes: Probe[] = [];
  for (const failure of Object.keys(FAILURES))
    for (const call of Object.keys(CALLS)) probes.push(...(await probeFailure(failure, call)));
  expect(probes.length).toBeGreaterThan(3_000);
  expect(leaksIn(probes, ALL)).toEqual([]);
});

it('the probes find what is there: in a message, a field, a cause, and a text that is encoded', () => {
  const [secret] = ALL;
  const planted = [
    new Error(secret),
    new Error('x', { cause: new Error('y', { cause: { secret } }) }),
    Object.assign(new Error('x'), { secret }),
    { url: `https://example.com/?x=${encodeURIComponent(String(secret))}` },
    { basic: Buffer.from(String(secret)).toString('base64') },
    Object.defineProperty({}, 'hidden', { value: secret, enumerable: false }),
  ];
  for (const value of planted)
    expect(leaksIn(probesOf('planted', value), ALL), inspect(value)).not.toEqual([]);
});

it('no secret shows in a client that succeeded, its token source, its counters or the module', async () => {
  const token = { token: SECRETS.providerToken, tokenId: 't', expiresAt: Date.now() + 3_600_000 };
  const subjects = createSubjects(() => Response.json({ ...token, refresh: SECRETS.refreshToken }), {});
  const source = subjects.connect.tokenSource('slack/a', { subject: { type: 'app' } });
  expect(await source.getToken()).toBe(SECRETS.providerToken);
  for (const call of ['getToken', 'getTokenResponse', 'tryGetToken']) await CALLS[call]?.(subjects);
  const probes = Object.entries({ ...subjects, source, stats: subjects.connect.stats(), connectEntry });
  expect(
    leaksIn(
      probes.flatMap(([name, value]) => probesOf(name, value)),
      ALL,
    ),
  ).toEqual([]);
});

it('the command line prints no credential and nothing that the server echoes of it', async () => {
  const probes: Probe[] = [];
  for (const status of [200, 302, 400, 401, 403, 404, 422, 500]) {
    const server = await startServer((request, response) => {
      const echoed = { url: request.url, headers: request.headers, refresh: SECRETS.refreshToken };
      const message = `refused ${request.headers.authorization}`;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'refused', message }, ...echoed }));
    });
    const args = ['token', 'slack/a', '--base-url', server.url];
    for (const flags of [[], ['--json']]) {
      const printed = await runCli([...args, ...flags], { env: { VERCEL_TOKEN: SECRETS.clientBearer } });
      expect(printed.code).toBe(1);
      probes.push({ where: `${status} stdout`, text: printed.stdout });
      probes.push({ where: `${status} stderr`, text: printed.stderr });
    }
  }
  expect(leaksIn(probes, ALL)).toEqual([]);
}, 60_000);
