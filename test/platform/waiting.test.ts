import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError, NotFoundError } from '../../src/index.js';
import {
  DeploymentCanceledError,
  DeploymentError,
  DeploymentFailedError,
  PollTimeoutError,
  PromotionError,
  poll,
  waitForDeployment,
  waitForDomain,
  waitForPromotion,
} from '../../src/platform/index.js';
import { caught } from '../helpers/caught.js';
import { onVirtualClock, problem, scripted } from './scripted.js';

const READ = 'GET /v13/deployments/dpl_1';
const EVENTS = 'GET /v3/deployments/dpl_1/events';
const deployment = (state: object) => ({
  id: 'dpl_1',
  name: 'storefront',
  url: 'storefront-1.vercel.app',
  createdAt: 1,
  aliasAssigned: false,
  ...state,
});
const READY = deployment({ readyState: 'READY', aliasAssigned: true });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('waitForDeployment', () => {
  it('does not take READY for ready before the aliases are assigned', async () => {
    const { client, calls } = scripted({
      [READ]: [
        deployment({ readyState: 'QUEUED' }),
        deployment({ readyState: 'BUILDING' }),
        deployment({ readyState: 'READY' }),
        READY,
      ],
    });
    const seen: string[] = [];
    const options = { onPoll: ({ readyState }: { readyState: string }) => void seen.push(readyState) };
    const found = await onVirtualClock(waitForDeployment(client, 'dpl_1', options));
    expect(found.aliasAssigned).toBe(true);
    expect(seen).toEqual(['QUEUED', 'BUILDING', 'READY', 'READY']);
    expect(calls).toHaveLength(4);
  });

  it.each([
    ['of production until it leaves STAGED', { target: 'production' }, 2],
    ['that is staged on purpose no longer', { target: 'production', autoAssignCustomDomains: false }, 1],
    ['of a preview no longer', { target: null }, 1],
  ])('waits for a deployment %s', async (_name, facts, polls) => {
    const { client, calls } = scripted({
      [READ]: [
        { ...READY, ...facts, readySubstate: 'STAGED' },
        { ...READY, ...facts, readySubstate: 'PROMOTED' },
      ],
    });
    await onVirtualClock(waitForDeployment(client, 'dpl_1'));
    expect(calls).toHaveLength(polls);
  });

  it('waits through a rolling release where all traffic is wanted', async () => {
    const { client, calls } = scripted({
      [READ]: [
        { ...READY, readySubstate: 'ROLLING' },
        { ...READY, readySubstate: 'PROMOTED' },
      ],
    });
    await onVirtualClock(waitForDeployment(client, 'dpl_1', { until: 'promoted' }));
    expect(calls).toHaveLength(2);
  });

  it('ends at ERROR with the last lines of the build log', async () => {
    const line = (text: string) => ({ type: 'stdout', created: 1, payload: { id: text, text } });
    const { client, calls } = scripted({
      [READ]: [
        deployment({
          readyState: 'ERROR',
          errorCode: 'BUILD_FAILED',
          errorMessage: 'Command "build" exited with 1',
        }),
      ],
      // The latest first, as `direction=backward` gives them.
      [EVENTS]: [[line('npm error'), line('token is ghp_aaaaaaaaaaaaaaaaaaaaaaaa'), line('npm run build')]],
    });
    const error = await caught(
      onVirtualClock(waitForDeployment(client, 'dpl_1', { logLines: 3 })),
      DeploymentFailedError,
    );
    expect(error).toBeInstanceOf(DeploymentError);
    expect(error).toMatchObject({ deploymentId: 'dpl_1', readyState: 'ERROR', code: 'BUILD_FAILED' });
    expect(error.message).toContain('Command "build" exited with 1');
    expect(error.logLines).toEqual(['npm run build', 'token is [redacted]', 'npm error']);
    expect(inspect(error)).not.toContain('npm run build');
    expect(calls.at(-1)).toContain('direction=backward');
  });

  it('ends at ERROR all the same where the log cannot be read', async () => {
    const { client } = scripted({
      [READ]: [deployment({ readyState: 'ERROR' })],
      [EVENTS]: [problem(500, 'internal_server_error')],
    });
    const error = await caught(onVirtualClock(waitForDeployment(client, 'dpl_1')), DeploymentFailedError);
    expect(error.logLines).toEqual([]);
  });

  it.each([
    ['CANCELED', { readyState: 'CANCELED' }, DeploymentCanceledError, 'was canceled'],
    [
      'an alias that cannot be assigned',
      { readyState: 'READY', aliasError: { code: 'cert_missing', message: 'no certificate' } },
      DeploymentFailedError,
      'cert_missing: no certificate',
    ],
    [
      'failed checks',
      { readyState: 'READY', checksState: 'completed', checksConclusion: 'failed' },
      DeploymentFailedError,
      'checks_failed',
    ],
  ])('ends at %s', async (_name, state, errorClass, text) => {
    const { client } = scripted({ [READ]: [deployment(state)], [EVENTS]: [[]] });
    const error = await caught(onVirtualClock(waitForDeployment(client, 'dpl_1')), errorClass);
    expect(error.message).toContain(text);
  });

  it('waits out a 429, and goes on', async () => {
    const { client, calls } = scripted({
      [READ]: [problem(429, 'rate_limited', { 'retry-after': '30' }), READY],
    });
    const startedAt = Date.now();
    await onVirtualClock(waitForDeployment(client, 'dpl_1'));
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(30_000);
    expect(calls).toHaveLength(2);
  });

  it('takes a 404 at first for a deployment that cannot be read yet', async () => {
    const { client } = scripted({ [READ]: [problem(404, 'not_found'), problem(404, 'not_found'), READY] });
    const errors: unknown[] = [];
    const onError = (error: unknown) => {
      errors.push(error);
      throw new Error('is ignored');
    };
    const wait = waitForDeployment(client, 'dpl_1', { onError });
    await expect(onVirtualClock(wait)).resolves.toMatchObject({ id: 'dpl_1' });
    expect(errors).toEqual([expect.any(NotFoundError), expect.any(NotFoundError)]);
  });

  it('takes a 404 that stays, or comes later, for the end', async () => {
    const stays = scripted({});
    const startedAt = Date.now();
    await caught(onVirtualClock(waitForDeployment(stays.client, 'dpl_1')), NotFoundError);
    const tookMs = Date.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
    expect(tookMs).toBeLessThan(32_000);
    const gone = scripted({ [READ]: [deployment({ readyState: 'BUILDING' }), problem(404, 'not_found')] });
    await caught(onVirtualClock(waitForDeployment(gone.client, 'dpl_1')), NotFoundError);
    expect(gone.calls).toHaveLength(2);
  });

  it.each(['between two polls', 'in a poll'])('ends at once at an abort %s', async (when) => {
    const controller = new AbortController();
    const { client } = scripted({
      [READ]: [
        when === 'in a poll'
          ? () => new Promise<never>(() => undefined)
          : deployment({ readyState: 'BUILDING' }),
      ],
    });
    const waiting = waitForDeployment(client, 'dpl_1', { signal: controller.signal, every: 10_000 });
    const failed = expect(waiting).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error('enough'));
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends after totalTimeout with the last state', async () => {
    const { client } = scripted({ [READ]: [deployment({ readyState: 'BUILDING' })] });
    const error = await caught(
      onVirtualClock(waitForDeployment(client, 'dpl_1', { totalTimeout: 60_000 })),
      PollTimeoutError,
    );
    expect(error).toMatchObject({ totalTimeoutMs: 60_000, lastValue: { readyState: 'BUILDING' } });
    expect(error.polls).toBeGreaterThan(5);
  });
});

describe('poll', () => {
  it('waits longer from poll to poll, with jitter', async () => {
    const at: number[] = [];
    const startedAt = Date.now();
    const work = poll(
      async () => at.push(Date.now() - startedAt),
      (count) => count === 5,
      { every: 1_000, maxEvery: 2_000, random: () => 0.5 },
    );
    await onVirtualClock(work, 50);
    expect(at).toEqual([0, 1_000, 2_500, 4_500, 6_500]);
  });

  it('gives up after failures in a row, and not before', async () => {
    const failing = scripted({ [READ]: [problem(503, 'unavailable')] });
    await expect(onVirtualClock(waitForDeployment(failing.client, 'dpl_1'))).rejects.toMatchObject({
      status: 503,
    });
    expect(failing.calls).toHaveLength(6);
  });

  it.each([Number.NaN, 0, -1, '5', {}])('refuses %j of accepts, and does not poll on', async (accepted) => {
    const failure = new Error('away');
    let polls = 0;
    const failing = async () => {
      polls += 1;
      throw failure;
    };
    // What a caller without types can return.
    const work = poll(failing, () => true, { accepts: () => accepted as never });
    const error = await caught(work, InvalidArgumentError);
    expect(error).toMatchObject({ argument: 'accepts', cause: failure });
    expect(polls).toBe(1);
  });

  it.each(['every', 'maxEvery', 'totalTimeout'])('refuses a %s that is no time', async (name) => {
    await expect(
      poll(
        async () => 1,
        () => true,
        { [name]: 0 },
      ),
    ).rejects.toThrow(`Invalid ${name}`);
  });
});

describe('waitForPromotion', () => {
  const READ_PROJECT = 'GET /v9/projects/prj_1';
  const project = (request: object | null, more: object = {}) => ({
    id: 'prj_1',
    name: 'p',
    lastAliasRequest: request,
    ...more,
  });
  const request = (toDeploymentId: string, jobStatus: string, requestedAt = 2) => ({
    toDeploymentId,
    jobStatus,
    requestedAt,
    type: 'promote',
  });

  it('waits until the job has succeeded', async () => {
    const { client, calls } = scripted({
      [READ_PROJECT]: [
        project(request('dpl_0', 'succeeded', 1)),
        project(request('dpl_1', 'pending')),
        project(request('dpl_1', 'in-progress')),
        project(request('dpl_1', 'succeeded')),
      ],
    });
    await onVirtualClock(waitForPromotion(client, 'prj_1', 'dpl_1'));
    expect(calls).toHaveLength(4);
  });

  it('ends where the deployment is the production target already', async () => {
    const { client } = scripted({
      [READ_PROJECT]: [project(null, { targets: { production: { id: 'dpl_1' } } })],
    });
    await expect(onVirtualClock(waitForPromotion(client, 'prj_1', 'dpl_1'))).resolves.toMatchObject({
      id: 'prj_1',
    });
  });

  it('names the aliases that stayed behind', async () => {
    const { client } = scripted({
      [READ_PROJECT]: [project(request('dpl_1', 'failed'))],
      'GET /v1/projects/prj_1/promote/aliases': [
        { aliases: [{ id: '1', alias: 'www.example.com', status: 'failed' }] },
      ],
    });
    const error = await caught(onVirtualClock(waitForPromotion(client, 'prj_1', 'dpl_1')), PromotionError);
    expect(error).toMatchObject({ status: 'failed', failedAliases: ['www.example.com'] });
  });

  it.each([
    ['skipped', [project(request('dpl_1', 'skipped'))]],
    ['superseded', [project(request('dpl_0', 'succeeded', 1)), project(request('dpl_2', 'pending', 5))]],
  ])('ends as %s', async (status, states) => {
    const { client } = scripted({ [READ_PROJECT]: states });
    const error = await caught(onVirtualClock(waitForPromotion(client, 'prj_1', 'dpl_1')), PromotionError);
    expect(error.status).toBe(status);
  });
});

describe('waitForDomain', () => {
  const READ_DOMAIN = 'GET /v9/projects/storefront/domains/www.example.com';
  const domain = (verified: boolean) => ({
    name: 'www.example.com',
    apexName: 'example.com',
    projectId: 'prj_1',
    verified,
    ...(verified
      ? {}
      : { verification: [{ type: 'TXT', domain: '_vercel.example.com', value: 'vc', reason: 'pending' }] }),
  });

  it('asks for the verification, then waits for the configuration', async () => {
    const { client, calls } = scripted({
      [READ_DOMAIN]: [domain(false), domain(false), domain(true)],
      [`${READ_DOMAIN.replace('GET', 'POST')}/verify`]: [problem(400, 'missing_txt_record'), domain(true)],
      'GET /v6/domains/www.example.com/config': [
        { misconfigured: true },
        { misconfigured: false, configuredBy: 'CNAME' },
      ],
    });
    const state = await onVirtualClock(waitForDomain(client, 'storefront', 'www.example.com'));
    expect(state).toMatchObject({ domain: { verified: true }, config: { configuredBy: 'CNAME' } });
    expect(calls.filter((call) => call.includes('/verify'))).toHaveLength(2);
  });

  it('ends with the records that are missing', async () => {
    const { client } = scripted({
      [READ_DOMAIN]: [domain(false)],
      [`${READ_DOMAIN.replace('GET', 'POST')}/verify`]: [problem(400, 'missing_txt_record')],
    });
    const error = await caught(
      onVirtualClock(waitForDomain(client, 'storefront', 'www.example.com', { totalTimeout: 30_000 })),
      PollTimeoutError,
    );
    expect(error.lastValue).toMatchObject({ domain: { verification: [{ domain: '_vercel.example.com' }] } });
  });
});
