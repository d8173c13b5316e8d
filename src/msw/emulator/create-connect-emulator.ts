import { http } from 'msw';
import { InvalidArgumentError } from '../../errors/index.js';
import { contract } from '../../generated/contract.js';
import { everythingAt, originAt } from '../handlers/match-path.js';
import { buildHandlers, serveHandlers } from '../handlers/msw-handlers.js';
import { createRequestIds } from '../handlers/serve.js';
import { checkEmulatorNames } from '../known-options.js';
import { DEFAULT_SEED } from '../respond/responder.js';
import { accountHandlers } from './account-handlers.js';
import { describeConnector, setLink } from './connector-state.js';
import { decide } from './consent-operations.js';
import { DEFAULT_ENVIRONMENTS } from './defaults.js';
import { emulate } from './emulated-operations.js';
import { State } from './emulator-state.js';
import { Failures } from './failures.js';
import { createForwards, createSigningKeys, triggerHandlers } from './forwards.js';
import { pageHandlers } from './pages.js';
import { createProviders } from './providers.js';
import { RequestLog } from './request-log.js';
import type { ConnectEmulator, EmulatorOptions } from './types.js';

/**
 * Makes a Vercel Connect with state: connectors, installations, consents, links, and tokens that expire.
 *
 * It uses the handlers of {@link createHandlers}, so each request is checked against the document first. Without options it
 * holds `slack/acme-slack` (app tokens, one installation), `oauth/linear` (only `user_123` has consented; `jwt-bearer` and
 * `token` subjects are exchanged), `github/acme` (not installed) and `api-key/revoked` (no valid token), all linked to every
 * project. With `account: 'empty'` it holds nothing.
 *
 * @throws {InvalidArgumentError} For an option that cannot work.
 *
 * @example
 * const emulator = createConnectEmulator();
 * const server = setupServer(...emulator.handlers);
 * server.listen({ onUnhandledRequest: 'error' });
 * emulator.failNext({ status: 503, operationId: 'getConnectorToken' });
 */
export function createConnectEmulator(options: EmulatorOptions = {}): ConnectEmulator {
  checkEmulatorNames(options);
  const { seed = DEFAULT_SEED, baseUrl, credentials } = options;
  const state = new State(options, seed);
  const log = new RequestLog();
  const failures = new Failures();
  const ids = createRequestIds(seed);
  const keys = createSigningKeys(seed);
  const providers = createProviders(state);
  const origin = originAt(baseUrl);
  const handlers = [
    // Before the log: they are not operations of the API.
    ...pageHandlers(origin, state),
    ...triggerHandlers(origin, state, keys),
    ...accountHandlers(origin, state, credentials),
    http.all(everythingAt(origin), ({ request }) => void log.arrive(request)),
    ...buildHandlers({
      contract,
      baseUrl,
      seed,
      ids,
      overrideOf: () => (request) => emulate(request, { state, failures, credentials }),
      observe: (request, operationId) => log.observe(request, operationId),
    }),
  ];
  const decideOn = (request: string, isApproved: boolean): void => {
    const consent = state.consents.get(request);
    if (consent !== undefined && decide(state, consent, isApproved)) return;
    throw new InvalidArgumentError(
      'authorization',
      'is not an open request of this emulator: it is unknown, decided or expired',
    );
  };
  return {
    handlers,
    providers,
    requests: log.entries,
    get connectors() {
      return [...state.connectors.values()].map(describeConnector);
    },
    get consents() {
      return [...state.consents.values()].map(({ request, outcome }) => ({ request, outcome }));
    },
    addConnector: (connector) => state.add(connector),
    grantUser: (reference, userId) => void state.get(reference).users.add(userId),
    withdrawUser(reference, userId) {
      const { facts, users } = state.get(reference);
      users.delete(userId);
      state.tokens.drop(({ grant: { connectorId, subject } }) => {
        return connectorId === facts.id && subject.type === 'user' && subject.id === userId;
      });
    },
    install: (reference, installationId) => void state.get(reference).installations.add(installationId),
    uninstall(reference, installationId) {
      const { facts, installations } = state.get(reference);
      installations.delete(installationId);
      // A token across installations (`*`) depends on each of them.
      state.tokens.drop(({ grant }) => {
        return grant.connectorId === facts.id && [installationId, '*'].includes(grant.installationId ?? '');
      });
    },
    link(reference, projectId, environments = DEFAULT_ENVIRONMENTS) {
      setLink(state.get(reference), projectId, environments, state.now());
    },
    unlink: (reference, projectId) => void state.get(reference).links.set(projectId, undefined),
    approve: ({ request }) => decideOn(request, true),
    deny: ({ request }) => decideOn(request, false),
    forward: (reference, body) =>
      createForwards(state, keys, state.get(reference), typeof body === 'string' ? body : writeJson(body)),
    jwks: () => keys.jwks(),
    failNext: (failure) => failures.plan(failure),
    reset() {
      state.reset();
      failures.clear();
      log.clear();
      ids.reset();
      providers.reset();
    },
    async listen(port) {
      const server = await serveHandlers(handlers, { port, baseUrl });
      state.publicUrl = server.url;
      return server;
    },
  };
}

/** @throws {InvalidArgumentError} For a value that JSON cannot hold. */
function writeJson(body: unknown): string {
  try {
    // `undefined` and functions give no text.
    const text: string | undefined = JSON.stringify(body);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new InvalidArgumentError('body', 'must be text or plain JSON, without cycles and bigints', {
      cause,
    });
  }
  throw new InvalidArgumentError('body', 'must be text or plain JSON');
}
