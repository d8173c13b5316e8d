// Managed connectors whose app a person registers in a browser.
import { describe, expect, test, vi } from 'vitest';
import {
  AuthorizationDeniedError,
  ConnectError,
  ConnectorRegistrationRequiredError,
} from '../../src/connect/index.js';
import { start } from '../msw/emulator/managed.js';
import { failureOf } from './helpers.js';

const BOT = { service: 'slack', name: 'Bot', accentColor: '#112233' } as const;

describe('createManaged', () => {
  test('without onRegistration throws what names the page', async () => {
    const { admin, emulator, url } = await start();
    const error = await failureOf(admin.connectors.createManaged(BOT), ConnectorRegistrationRequiredError);
    expect(error).toMatchObject({ status: 422, code: 'registration_required' });
    expect(error.registerUrl).toMatch(new RegExp(`^${url}/register/`));
    expect(emulator.connectors).toEqual([]);
  });

  test('shows the page, waits, and gives the connector', async () => {
    const { admin, emulator, url } = await start();
    const onPending = vi.fn();
    const pages: string[] = [];
    const bot = await admin.connectors.createManaged(BOT, {
      autoinstall: true,
      onPending,
      onRegistration: async ({ url: page }) => {
        pages.push(page);
        for (const consent of emulator.consents) emulator.approve(consent);
      },
    });
    expect(bot).toMatchObject({ uid: 'slack/bot', creationMode: 'managed', accentColor: '#112233' });
    expect(bot.defaultInstallationId).toMatch(/^inst_/);
    expect(pages).toEqual([expect.stringMatching(new RegExp(`^${url}/register/.*accentColor=%23112233$`))]);
    expect(onPending).not.toHaveBeenCalled();
    // What is sent is the digest of a secret that stays here.
    const { body } = emulator.requests[0] ?? {};
    expect(body).toMatchObject({ request_code: expect.stringMatching(/^[\w-]{43}$/) });
    expect(JSON.stringify(emulator.requests.map(({ body, query }) => [body, query]))).not.toContain(
      'verifier',
    );
  });

  test('adds to the page what it shows of the app, unless the page says so already', async () => {
    const { admin, emulator, url } = await start();
    const error = {
      ...{ code: 'registration_required', message: 'Register.' },
      registerUrl: `${url}/register/1?icon=theirs`,
    };
    emulator.failNext({ status: 422, operationId: 'createManagedConnector', body: { error } });
    const stop = new Error('seen');
    const pages: string[] = [];
    const made = admin.connectors.createManaged(
      { ...BOT, icon: 'a'.repeat(40), backgroundColor: '#ffffff' } as never,
      {
        onRegistration: ({ url: page }) => {
          pages.push(page);
          throw stop;
        },
      },
    );
    await expect(made).rejects.toBe(stop);
    expect(pages).toEqual([`${url}/register/1?icon=theirs&backgroundColor=%23ffffff&accentColor=%23112233`]);
  });

  test('asks for no registration where the provider wants none', async () => {
    const { admin } = await start();
    const onRegistration = vi.fn();
    const made = await admin.connectors.createManaged({ service: 'linear', name: 'A' }, { onRegistration });
    expect(made).toMatchObject({ uid: 'linear/a' });
    expect(onRegistration).not.toHaveBeenCalled();
  });

  test('ends when the person cancels, and when the callback throws', async () => {
    const { admin, emulator } = await start();
    const canceled = admin.connectors.createManaged(BOT, {
      onRegistration: () => {
        for (const consent of emulator.consents) emulator.deny(consent);
      },
    });
    expect(await failureOf(canceled, AuthorizationDeniedError)).toMatchObject({ code: 'canceled' });
    const stopped = admin.connectors.createManaged(BOT, {
      onRegistration: () => {
        throw new RangeError('no browser');
      },
    });
    await expect(stopped).rejects.toThrow(RangeError);
    expect(emulator.connectors).toEqual([]);
  });

  test.each([['file:///etc/passwd'], ['javascript:alert(1)'], ['http://elsewhere.example/'], [7]])(
    'shows no page that is none: %s',
    async (registerUrl) => {
      const { admin, emulator } = await start();
      const error = { code: 'registration_required', message: 'Register.', registerUrl };
      emulator.failNext({ status: 422, operationId: 'createManagedConnector', body: { error } });
      const onRegistration = vi.fn();
      const failed = admin.connectors.createManaged(BOT, { onRegistration });
      expect((await failureOf(failed, ConnectorRegistrationRequiredError)).registerUrl).toBeUndefined();
      expect(onRegistration).not.toHaveBeenCalled();
    },
  );

  test('passes other failures on, and one of a result that names no connector', async () => {
    const { admin, emulator } = await start();
    const onRegistration = () => undefined;
    emulator.failNext({ status: 403, operationId: 'createManagedConnector' });
    const refused = await failureOf(admin.connectors.createManaged(BOT, { onRegistration }), ConnectError);
    expect(refused.status).toBe(403);
    emulator.failNext({ status: 200, operationId: 'getConnectResult', body: { status: 'success' } });
    const nameless = await failureOf(admin.connectors.createManaged(BOT, { onRegistration }), ConnectError);
    expect(nameless.message).toContain('names no connector');
  });
});

describe('the result of a request', () => {
  const wait = async (body: object) => {
    const { admin, emulator } = await start();
    const { id } = await admin.connectors.createManaged({ service: 'linear', name: 'A' });
    const started = await admin.startAuthorization(id, { subject: { type: 'user', id: 'user_9' } });
    emulator.failNext({ status: 200, operationId: 'getConnectResult', body });
    return admin.waitForAuthorization(started);
  };

  test('that was canceled is a denial at once', async () => {
    await expect(wait({ status: 'canceled' })).rejects.toMatchObject({
      ...{ name: 'AuthorizationDeniedError', code: 'canceled' },
    });
  });

  test('with a status of tomorrow is an error that names it', async () => {
    await expect(wait({ status: 'withdrawn' })).rejects.toMatchObject({
      ...{ name: 'ConnectError', code: 'withdrawn', message: expect.stringContaining('"withdrawn"') },
    });
  });
});
