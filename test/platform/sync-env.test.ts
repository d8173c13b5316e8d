import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, InvalidArgumentError } from '../../src/index.js';
import { type SyncEnvReport, syncEnv, type WantedVariable } from '../../src/platform/index.js';
import { caught } from '../helpers/caught.js';
import { instance } from '../helpers/instance.js';
import { emulated } from './emulated.js';

const PROJECT = 'storefront';
const REFUSED = 'REFUSED';

type Mock = ReturnType<typeof emulated>['mock'];

/** Variables `KEY_0`, `KEY_1`..., and among 200 of them ten that the API refuses. */
function variables(count: number): WantedVariable[] {
  return Array.from({ length: count }, (_, number) => ({
    key: number % 20 === 7 ? `${REFUSED}_${number}` : `KEY_${number}`,
    value: `secret-value-of-${number}`,
  }));
}

const refusing = () =>
  emulated({ environment: { refuse: (key) => (key.startsWith(REFUSED) ? 'BAD_KEY' : undefined) } });

const writesOf = ({ requests }: Mock) => requests.filter(({ method }) => method !== 'GET').length;

async function keysOf({ client }: Pick<ReturnType<typeof emulated>, 'client'>) {
  const params = { path: { idOrName: PROJECT }, query: { decrypt: 'true' } } as const;
  const { data } = await client.GET('/v10/projects/{idOrName}/env', { params });
  return Object.fromEntries(data.envs.map(({ key, value, target }) => [`${key} ${target}`, value]));
}

function expectNoValue(report: SyncEnvReport): void {
  for (const text of [
    inspect(report, { depth: 9, showHidden: true }),
    JSON.stringify(report),
    String(report.plan),
  ])
    expect(text).not.toContain('secret-value');
}

describe('syncEnv', () => {
  it('accounts for each of 200 variables, ten of which are refused', async () => {
    const { mock, client } = refusing();
    const report = await syncEnv(client, PROJECT, variables(200));
    expect(report.outcomes).toHaveLength(200);
    expect(report.failed).toHaveLength(10);
    expect(report.failed.every(({ key, code }) => key.startsWith(REFUSED) && code === 'BAD_KEY')).toBe(true);
    expect(report.outcomes.filter(({ status }) => status === 'done')).toHaveLength(190);
    expect(Object.keys(await keysOf({ client }))).toHaveLength(190);
    expect(writesOf(mock)).toBe(2);
    expect(mock.validationErrors).toEqual([]);
    expectNoValue(report);
  });

  it('changes nothing in a dry run', async () => {
    const { mock, client } = refusing();
    const report = await syncEnv(client, PROJECT, variables(200), { dryRun: true });
    expect(report.outcomes.every(({ status }) => status === 'planned')).toBe(true);
    expect(writesOf(mock)).toBe(0);
    expect(String(report.plan)).toContain('200 to create, 0 to change, 0 to remove, 0 unchanged');
    expectNoValue(report);
  });

  it('changes nothing in a second run', async () => {
    const { mock, client } = emulated();
    await syncEnv(client, PROJECT, variables(200));
    const before = writesOf(mock);
    const report = await syncEnv(client, PROJECT, variables(200));
    expect(writesOf(mock)).toBe(before);
    expect(report.outcomes.every(({ status }) => status === 'kept')).toBe(true);
    expect(String(report.plan)).toBe('0 to create, 0 to change, 0 to remove, 200 unchanged, 0 in conflict');
  });

  it('shows a readable plan before anything changes, and stops at a no', async () => {
    const { mock, client } = emulated();
    await syncEnv(client, PROJECT, {
      API_URL: 'secret-value-1',
      OLD: 'secret-value-2',
      SAME: 'secret-value-3',
    });
    const before = writesOf(mock);
    let printed = '';
    const onPlan = (plan: object) => {
      printed = String(plan);
      return false;
    };
    const wanted = { API_URL: 'secret-value-4', SAME: 'secret-value-3', NEW: 'secret-value-5' };
    const report = await syncEnv(client, PROJECT, wanted, { prune: true, onPlan });
    expect(printed).toBe(
      [
        '~ API_URL  production, preview, development  value',
        '+ NEW      production, preview, development',
        '- OLD      production, preview, development  not wanted',
        '1 to create, 1 to change, 1 to remove, 1 unchanged, 0 in conflict',
      ].join('\n'),
    );
    expect(writesOf(mock)).toBe(before);
    expect(report.outcomes.map(({ status }) => status)).toEqual(['planned', 'kept', 'planned', 'planned']);
  });

  it('removes what is not wanted where it is asked to, and never what an integration keeps', async () => {
    const { mock, client } = emulated();
    await syncEnv(client, PROJECT, { A: '1', B: '2' });
    await syncEnv(client, PROJECT, { A: '1' });
    expect(Object.keys(await keysOf({ client }))).toHaveLength(2);
    await syncEnv(client, PROJECT, { A: '1' }, { prune: true });
    expect(Object.keys(await keysOf({ client }))).toHaveLength(1);
    const envs = [
      {
        id: 'env_1',
        key: 'DB_URL',
        value: 'x',
        type: 'encrypted',
        target: ['production'],
        configurationId: 'icfg_1',
      },
    ];
    mock.respond('filterProjectEnvs', 200, { envs });
    const before = writesOf(mock);
    const report = await syncEnv(
      client,
      PROJECT,
      { DB_URL: 'mine' },
      { prune: true, target: ['production'] },
    );
    expect(report.failed).toMatchObject([{ key: 'DB_URL', code: 'target_conflict' }]);
    expect(writesOf(mock)).toBe(before);
  });

  it('removes nothing for a configuration that inherits its fields, and so would want none', async () => {
    const { client } = emulated({});
    await syncEnv(client, PROJECT, { KEPT: 'value' });
    const wanted = instance({ KEPT: 'value' });
    const error = await caught(syncEnv(client, PROJECT, wanted, { prune: true }), InvalidArgumentError);
    expect(error.argument).toBe('wanted');
    expect(Object.keys(await keysOf({ client }))).toHaveLength(1);
  });

  it('names custom environments by slug', async () => {
    const { mock, client } = emulated();
    const customEnvironments = [{ id: 'env_staging1', slug: 'staging' }];
    mock.respond('getProject', 200, { id: 'prj_1', name: PROJECT, customEnvironments });
    const target = ['production', 'staging'];
    await syncEnv(client, PROJECT, { A: '1' }, { target });
    const body = mock.requests.findLast(({ operationId }) => operationId === 'createProjectEnv')?.body;
    expect(body).toMatchObject([{ target: ['production'], customEnvironmentIds: ['env_staging1'] }]);
    const again = await syncEnv(client, PROJECT, { A: '1' }, { target });
    expect(again.outcomes).toMatchObject([{ status: 'kept', target }]);
    const error = await caught(
      syncEnv(client, PROJECT, { A: '1' }, { target: ['stagin'] }),
      InvalidArgumentError,
    );
    expect(error.message).toContain('production, preview, development, staging');
  });

  it('moves values between environments without losing one', async () => {
    const { client } = emulated();
    await syncEnv(client, PROJECT, [{ key: 'A', value: 'old', target: ['production', 'preview'] }]);
    // One environment of two: the other would lose its value.
    const narrow = [{ key: 'A', value: 'new', target: ['production'] }];
    const refused = await syncEnv(client, PROJECT, narrow);
    expect(refused.failed).toMatchObject([
      { code: 'target_conflict', message: 'it also has a value for preview' },
    ]);
    expect(await keysOf({ client })).toEqual({ 'A production,preview': 'old' });
    // Both, each with its own value.
    await syncEnv(client, PROJECT, [...narrow, { key: 'A', value: 'old', target: ['preview'] }]);
    expect(await keysOf({ client })).toEqual({ 'A production': 'new', 'A preview': 'old' });
    // Joined again.
    await syncEnv(client, PROJECT, [{ key: 'A', value: 'both', target: ['production', 'preview'] }]);
    expect(await keysOf({ client })).toEqual({ 'A production,preview': 'both' });
    // And what is not wanted may go.
    await syncEnv(client, PROJECT, narrow, { prune: true });
    expect(await keysOf({ client })).toEqual({ 'A production': 'new' });
  });

  it('keeps the type and comment of what exists, unless others are asked for', async () => {
    const { mock, client } = emulated();
    await syncEnv(client, PROJECT, [{ key: 'A', value: '1', type: 'plain', comment: 'why' }]);
    await syncEnv(client, PROJECT, { A: '2' });
    const sent = mock.requests.findLast(({ operationId }) => operationId === 'createProjectEnv')?.body;
    expect(sent).toMatchObject([{ type: 'plain', value: '2' }]);
    const report = await syncEnv(client, PROJECT, [
      { key: 'A', value: '2', type: 'encrypted', comment: 'because' },
    ]);
    expect(report.outcomes).toMatchObject([{ action: 'edit', note: 'type, comment', status: 'done' }]);
  });

  it('cannot compare sensitive values, says so, and writes them anew where it is asked to', async () => {
    const { mock, client } = emulated();
    const wanted = [{ key: 'A', value: 'one', type: 'sensitive', target: ['production'] }] as const;
    await syncEnv(client, PROJECT, wanted);
    const before = writesOf(mock);
    const report = await syncEnv(client, PROJECT, wanted);
    expect(report.outcomes).toMatchObject([{ status: 'kept', note: 'its value cannot be read' }]);
    expect(writesOf(mock)).toBe(before);
    const anew = await syncEnv(client, PROJECT, wanted, { rewriteSensitive: true });
    expect(anew.outcomes).toMatchObject([{ action: 'update', status: 'done' }]);
  });

  it('finds the one variable for which the API refuses a whole request', async () => {
    const { mock, client } = emulated();
    mock.respond('createProjectEnv', ({ body }) =>
      JSON.stringify(body).includes('"KEY_3"')
        ? { status: 400, raw: '{"error":{"code":"bad_request","message":"secret-value-of-3 is too long"}}' }
        : { status: 201, body: { created: Object(body), failed: [] } },
    );
    const report = await syncEnv(client, PROJECT, variables(7));
    expect(report.failed).toMatchObject([
      { key: 'KEY_3', code: 'bad_request', message: '[redacted] is too long' },
    ]);
    expect(report.outcomes.filter(({ status }) => status === 'done')).toHaveLength(6);
    expectNoValue(report);
  });

  it('takes a variable that the response does not name for a failure', async () => {
    const { mock, client } = emulated();
    mock.respond('createProjectEnv', 201, {
      created: [{ key: 'A', value: '', type: 'encrypted' }],
      failed: [],
    });
    const report = await syncEnv(client, PROJECT, { A: '1', B: '2' });
    expect(report.failed).toMatchObject([{ key: 'B', code: 'unaccounted' }]);
  });

  it('rejects where the credential is refused', async () => {
    const { mock, client } = emulated();
    mock.respond('createProjectEnv', 401);
    await caught(syncEnv(client, PROJECT, { A: '1' }), AuthenticationError);
  });

  it.each<[string, readonly WantedVariable[], string]>([
    ['a variable without a name', [{ key: '', value: '1' }], 'wanted.key'],
    [
      'a variable that is wanted twice',
      [
        { key: 'A', value: '1' },
        { key: 'A', value: '2', target: ['preview'] },
      ],
      'wanted',
    ],
  ])('refuses %s before anything changes', async (_name, wanted, argument) => {
    const { mock, client } = emulated();
    const error = await caught(syncEnv(client, PROJECT, wanted), InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(writesOf(mock)).toBe(0);
  });
});
