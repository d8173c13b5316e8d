import { http } from 'msw';
import { contract } from '../../generated/contract.js';
import { DEFAULT_SEED } from '../answer.js';
import { buildHandlers } from '../handlers.js';
import { everythingAt, placeOf } from '../match-path.js';
import { createRequestIds, type RequestIds } from '../request-ids.js';
import { serveHandlers } from '../server.js';
import { describeConnector, setLink } from './connectors.js';
import { DEFAULT_ENVIRONMENTS } from './defaults.js';
import { Failures } from './failures.js';
import { emulate } from './operations.js';
import { RequestLog } from './request-log.js';
import { State } from './state.js';
import type { ConnectEmulator, EmulatorOptions } from './types.js';

/**
 * Makes a Vercel Connect that remembers: connectors, installations, consents, links, and tokens that expire.
 *
 * It stands on the same handlers as {@link createHandlers}, so each request is checked against the document first.
 * Without options it holds `slack/acme-slack` (app tokens, one installation), `oauth/linear` (`user_123` has consented,
 * nobody else has; `jwt-bearer` and `token` subjects are exchanged), `github/acme` (not installed) and
 * `api-key/revoked` (no valid token), all linked to every project.
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
  const { seed = DEFAULT_SEED, baseUrl, credentials } = options;
  const state = new State(options, seed);
  const log = new RequestLog();
  const failures = new Failures();
  const ids = createRequestIds(seed);
  const emulation = { state, failures, credentials };
  const handlers = [
    http.all(everythingAt(placeOf(baseUrl)), ({ request }) => void log.arrive(request)),
    ...buildHandlers({
      contract,
      baseUrl,
      seed,
      ids,
      overrideOf: () => (request) => emulate(request, emulation),
      observe: (request, operationId) => log.observe(request, operationId),
    }),
  ];
  return {
    handlers,
    requests: log.entries,
    ...controls(state, failures),
    get connectors() {
      return [...state.connectors.values()].map(describeConnector);
    },
    reset: () => reset({ state, failures, log, ids }),
    listen: (port) => serveHandlers(handlers, { port, baseUrl }),
  };
}

type Controls = Omit<ConnectEmulator, 'handlers' | 'requests' | 'connectors' | 'reset' | 'listen'>;

/** What changes the state from outside, as users and administrators would. */
function controls(state: State, failures: Failures): Controls {
  return {
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
      // A token across installations (`*`) hangs on each of them.
      state.tokens.drop(({ grant }) => {
        return grant.connectorId === facts.id && [installationId, '*'].includes(grant.installationId ?? '');
      });
    },
    link(reference, projectId, environments = DEFAULT_ENVIRONMENTS) {
      setLink(state.get(reference), projectId, environments, state.now());
    },
    unlink: (reference, projectId) => void state.get(reference).links.set(projectId, undefined),
    failNext: (failure) => failures.plan(failure),
  };
}

function reset(parts: { state: State; failures: Failures; log: RequestLog; ids: RequestIds }): void {
  parts.state.reset();
  parts.failures.clear();
  parts.log.clear();
  parts.ids.reset();
}
