import { describe, expect, test } from 'vitest';
import { emulate } from './emulate.js';

const SLACK = '/v1/connect/connectors/slack%2Facme-slack';
const credentials = { 'some-bearer': { projectId: 'prj_shop' } };

describe('project connections', () => {
  test('are there for every project by default, in the three environments', async () => {
    const { send, emulator } = emulate({ credentials });
    const [slack] = emulator.connectors;
    expect(await send('GET', `${SLACK}/projects/prj_any`)).toMatchObject({
      status: 200,
      body: {
        connectorId: slack?.id,
        enabledEnvironments: ['production', 'preview', 'development'],
        project: { id: 'prj_any', name: 'prj_any' },
      },
    });
    const list = '/v2/connect/connectors/slack%2Facme-slack/projects';
    const projectsOf = async () =>
      ((await send('GET', list)).body as { projects: { project: { id: string } }[] }).projects;
    expect((await projectsOf()).map(({ project }) => project.id)).toEqual(['prj_shop']);
  });

  test('are replaced as a whole, without what stands in the list twice', async () => {
    const { send, clock } = emulate({ credentials });
    const environments = ['preview', 'env_staging', 'preview'];
    const made = await send('POST', `${SLACK}/projects/prj_shop`, { body: { environments } });
    expect(made).toMatchObject({
      status: 200,
      body: {
        enabledEnvironments: ['preview', 'env_staging'],
        updatedAt: clock.now,
        project: { customEnvironments: [{ id: 'env_staging', slug: 'staging' }] },
      },
    });
    clock.now += 5;
    const changed = await send('POST', `${SLACK}/projects/prj_shop`, {
      body: { environments: ['production'] },
    });
    const { createdAt } = made.body as { createdAt: number };
    expect(changed.body).toMatchObject({
      enabledEnvironments: ['production'],
      createdAt,
      updatedAt: clock.now,
    });
    expect((await send('GET', `${SLACK}/projects/prj_shop`)).body).toEqual(changed.body);
  });

  test('decide over tokens', async () => {
    const { send, token, emulator } = emulate({ credentials });
    await send('POST', `${SLACK}/projects/prj_shop`, { body: { environments: ['preview'] } });
    expect((await token('slack/acme-slack')).error.message).toContain(
      'not enabled for the production environment',
    );
    emulator.link('slack/acme-slack', 'prj_shop');
    expect((await token('slack/acme-slack')).status).toBe(200);
    expect((await send('DELETE', `${SLACK}/projects/prj_shop`)).status).toBe(204);
    expect((await token('slack/acme-slack')).error.message).toContain('not linked to this project');
  });

  test('that are ended are gone', async () => {
    const { send } = emulate({ credentials });
    expect(await send('DELETE', `${SLACK}/projects/prj_shop`)).toMatchObject({
      status: 204,
      body: undefined,
    });
    const gone = { status: 404, error: { code: 'not_found' } };
    expect(await send('GET', `${SLACK}/projects/prj_shop`)).toMatchObject(gone);
    expect(await send('DELETE', `${SLACK}/projects/prj_shop`)).toMatchObject(gone);
    expect((await send('GET', '/v2/connect/connectors/slack%2Facme-slack/projects')).body).toMatchObject({
      projects: [],
    });
  });

  test('lose one environment at a time, and with the last one themselves', async () => {
    const { send, emulator } = emulate({ credentials });
    emulator.link('slack/acme-slack', 'prj_shop', ['preview', 'production']);
    const drop = async (environment: string) =>
      (await send('DELETE', `${SLACK}/projects/prj_shop/environments/${environment}`)).status;
    const left = async () => (await send('GET', `${SLACK}/projects/prj_shop`)).body;
    expect(await drop('preview')).toBe(204);
    expect(await left()).toMatchObject({ enabledEnvironments: ['production'] });
    expect(await drop('preview')).toBe(204);
    expect(await left()).toMatchObject({ enabledEnvironments: ['production'] });
    expect(await drop('production')).toBe(204);
    expect(await left()).toMatchObject({ error: { code: 'not_found' } });
    expect(await drop('production')).toBe(204);
  });

  test('of a project are listed by connector, page by page', async () => {
    const { send, emulator } = emulate({ credentials });
    emulator.unlink('oauth/linear', 'prj_shop');
    const ids = emulator.connectors.filter(({ uid }) => uid !== 'oauth/linear').map(({ id }) => id);
    const page = async (query: string) => {
      const { body } = await send('GET', `/v2/connect/projects/prj_shop/connectors${query}`);
      const { connectors, pagination } = body as {
        connectors: { connectorId: string }[];
        pagination: { next: string | null };
      };
      return { ids: connectors.map(({ connectorId }) => connectorId), next: pagination.next };
    };
    expect(await page('')).toEqual({ ids, next: null });
    const first = await page('?limit=2');
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(await page(`?limit=2&cursor=${encodeURIComponent(first.next ?? '')}`)).toEqual({
      ids: ids.slice(2),
      next: null,
    });
  });
});
