// An account on its first day, and what the emulator refuses as a real one does.
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConnectError, createConnectClient } from '../../../src/connect/index.js';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { createConnectEmulator } from '../../../src/msw/index.js';
import { failureOf } from '../../connect/helpers.js';
import { APP, start } from './managed.js';

/** An empty account over HTTP, and whoever calls it. */
async function empty() {
  const emulator = createConnectEmulator({ account: 'empty' });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const as = (bearerToken: string) =>
    createConnectClient({ baseUrl: server.url, bearerToken, maxRetries: 0, cache: { negativeMs: 0 } });
  const payload = btoa(JSON.stringify({ project_id: 'prj_shop', environment: 'production' }));
  return { emulator, url: server.url, person: as('a-token'), shop: as(`e30.${payload}.c2ln`) };
}

describe('an empty account', () => {
  test('has nothing, and links nothing by itself', async () => {
    const { emulator, person, shop } = await empty();
    expect(emulator.connectors).toEqual([]);
    const { id } = await person.connectors.createManaged({ service: 'linear', name: 'Tasks' });
    for (const client of [person, shop])
      expect(await failureOf(client.getToken(id, APP), ConnectError)).toMatchObject({ status: 403 });
    await person.projects.attach(id, 'prj_shop', { environments: ['production'] });
    expect(await shop.getToken(id, APP)).toMatch(/^lin_oauth_emulated_/);
    expect(await person.getToken(id, APP)).toMatch(/^lin_oauth_emulated_/);
    emulator.addConnector({ uid: 'slack/later' });
    expect((await person.projects.list('slack/later')).items).toEqual([]);
    emulator.reset();
    expect(emulator.connectors).toEqual([]);
  });

  test('gives an access token nothing of another user', async () => {
    const { emulator, person } = await empty();
    emulator.addConnector({
      uid: 'linear/a',
      links: { prj_1: ['production'] },
      users: ['user_9', 'user_123'],
    });
    const ofUser = (id: string) => person.getToken('linear/a', { subject: { type: 'user', id } });
    expect(await ofUser('user_123')).toMatch(/emulated/);
    expect(await failureOf(ofUser('user_9'), ConnectError)).toMatchObject({ status: 403 });
  });

  test('is one of two', () => {
    // @ts-expect-error no such account
    expect(() => createConnectEmulator({ account: 'full' })).toThrow(InvalidArgumentError);
  });
});

describe('as a real account does, the emulator', () => {
  test('makes no link where one is only read', async () => {
    const { emulator, person } = await empty();
    emulator.addConnector({ uid: 'linear/a' });
    await failureOf(person.projects.get('linear/a', 'prj_1'), ConnectError);
    expect((await person.projects.list('linear/a')).items).toEqual([]);
  });

  test.each([
    ['oauth', {}, 'data.clientId'],
    ['slack', { appId: 'A', appName: 'a', clientId: 'c' }, 'data.clientSecret'],
    ['oauth', { clientId: 'c', colour: 'red' }, 'data.colour'],
    ['github', { appId: 'one', appSlug: 'a', appName: 'a', clientId: 'c' }, 'data.appId'],
  ])('refuses data that %s does not take: %j', async (type, data, place) => {
    const { admin } = await start();
    const call = admin.connectors.create({ type: type as string, name: 'A', data });
    expect(await failureOf(call, ConnectError)).toMatchObject({
      ...{ status: 400, message: expect.stringContaining(place) },
    });
  });

  test('refuses destinations where the provider sends no events', async () => {
    const { admin, emulator } = await start();
    emulator.addConnector({ uid: 'api-key/weather' });
    emulator.addConnector({ uid: 'slack/quiet', supportsTriggers: false });
    for (const uid of ['api-key/weather', 'slack/quiet']) {
      const set = admin.triggers.set(uid, [{ projectId: 'prj_1' }]);
      expect(await failureOf(set, ConnectError)).toMatchObject({ status: 422 });
      await admin.triggers.clear(uid);
    }
  });
});

describe('the page at /', () => {
  test('shows what there is, and neither a token nor markup of a name', async () => {
    const { emulator, url, person } = await empty();
    const look = async () => (await fetch(url)).text();
    expect(await look()).toContain('No connectors');
    emulator.addConnector({ uid: 'linear/<b>', links: { prj_1: ['production'] }, users: ['user_123'] });
    const token = await person.getToken('linear/<b>', APP);
    await person.startAuthorization('linear/<b>', { subject: { type: 'user', id: 'user_7' } });
    const page = await look();
    for (const fact of ['linear/&lt;b&gt;', 'prj_1 (production)', 'user_123', '<td>1</td>', '/authorize/'])
      expect(page).toContain(fact);
    expect(page).not.toContain(token);
    expect(page).not.toContain('<b>');
    // It is no request of the API.
    expect(emulator.requests.map(({ path }) => path)).not.toContain('/');
  });
});
