import type { components } from '../../generated/index.js';
import { toBase64Url } from '../../util/bytes.js';
import { sha256Bytes } from '../../util/sha256.js';
import { createRandom } from '../respond/random.js';
import { type Connector, describeConnector } from './connector-state.js';
import { connectorOf, type EmulatedCall, type EmulatedOperations } from './emulated-call.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';

const DEFAULT_LIFETIME_MS = 600_000;
/** The Vercel CLI waits as long for a registration. */
const REGISTRATION_MS = 115 * 60_000;
const DEFAULT_PAGES = 'https://connect.vercel.com';

/** A request for consent, installation or registration, which a person approves or denies. */
export interface Consent {
  readonly page: 'authorize' | 'install' | 'register';
  readonly request: string;
  /** The digest of the verifier that reads the result; `undefined` where the result cannot be read. */
  readonly requestCode?: string | undefined;
  /** Known to the form of its page alone: a seed gives the same requests every time, so they can be guessed. */
  readonly formToken: string;
  /** The name of the connector. */
  readonly name: string;
  /** The connector; of a registration once it is approved. */
  connectorId?: string;
  /** Makes the connector of a registration. */
  readonly register?: () => Connector;
  /** The user who consents; `undefined` for an installation or registration. */
  readonly userId?: string | undefined;
  /** The scopes that were requested by name. */
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly returnUrl?: string | undefined;
  outcome: 'pending' | 'approved' | 'denied';
  installationId?: string | undefined;
}

export const consentOperations = {
  /** POST /v1/connect/authorize/{connector}. The user then decides on the page, or a test calls `approve`. */
  createConnectorAuthorizationRequest(call) {
    const subject = call.body?.subject;
    const userId = subject?.type === 'user' && typeof subject.id === 'string' ? subject.id : undefined;
    return { body: startConsent(call, 'authorize', call.body, userId) };
  },
  /** POST /v1/connect/install/{connector}. */
  createConnectorInstallationRequest: (call) => ({
    body: startConsent(call, 'install', call.body, undefined),
  }),
  /** GET /v1/connect/result/{verifier}. */
  getConnectResult({ state, params }) {
    const code = toBase64Url(sha256Bytes(params.verifier));
    const consent = [...state.consents.values()].find(({ requestCode }) => requestCode === code);
    if (consent === undefined) throw new HttpError(404, 'No request has this verifier.');
    const failed = (code: string, message: string) =>
      ({ body: { status: 'error', error: { code, message } } }) as const;
    if (consent.outcome === 'denied' && consent.page === 'register') return { body: { status: 'canceled' } };
    if (consent.outcome === 'denied') return failed('access_denied', 'The user refused.');
    if (consent.outcome === 'pending') {
      if (state.now() >= consent.expiresAt) return failed('expired_token', 'Nobody decided in time.');
      return { body: { status: 'pending' } };
    }
    const { connectorId: clientId = '', installationId } = consent;
    return {
      body: {
        status: 'success',
        data: { clientId, ...(installationId === undefined ? {} : { installationId }) },
      },
    };
  },
} satisfies EmulatedOperations;

/** Applies a person's decision. @returns `false` for a request that is over. */
export function decide(state: State, consent: Consent, isApproved: boolean): boolean {
  const { register, connectorId = '' } = consent;
  const exists = register !== undefined || state.connectors.has(connectorId);
  if (!exists || consent.outcome !== 'pending' || state.now() >= consent.expiresAt) return false;
  consent.outcome = isApproved ? 'approved' : 'denied';
  if (!isApproved) return true;
  const connector = register?.() ?? state.get(connectorId);
  consent.connectorId = connector.facts.id;
  const [present] = connector.installations;
  if (register !== undefined) {
    consent.installationId = present;
    return true;
  }
  if (consent.userId !== undefined) connector.users.add(consent.userId);
  if (consent.page === 'install' || connector.facts.supportsInstallation) {
    consent.installationId = present ?? `inst_${createRandom('installation', consent.request).text(16)}`;
    connector.installations.add(consent.installationId);
  }
  return true;
}

/**
 * Starts the registration of an app with its provider.
 *
 * @param register - Makes the connector when a person approves.
 * @returns The page where the person decides.
 */
export function startRegistration(
  state: State,
  name: string,
  requestCode: string | undefined,
  register: () => Connector,
): string {
  const random = createRandom('registration', state.seed, name, ++state.consentRequests);
  const expiresAt = state.now() + REGISTRATION_MS;
  const request = `emulated-${random.text(22)}`;
  return openPage(state, { page: 'register', request, requestCode, name, register, scopes: [], expiresAt });
}

/** Lets a person decide. @returns The address of the page. */
function openPage(state: State, consent: Omit<Consent, 'formToken' | 'outcome'>): string {
  const { page, request } = consent;
  state.consents.set(request, { ...consent, formToken: crypto.randomUUID(), outcome: 'pending' });
  return `${state.publicUrl ?? DEFAULT_PAGES}/${page}/${request}`;
}

function startConsent(
  call: Pick<EmulatedCall<'createConnectorAuthorizationRequest'>, 'connector' | 'state'>,
  page: Consent['page'],
  body: { deviceCode?: boolean; expiresInMs?: number; returnUrl?: string; scopes?: string[] } = {},
  userId: string | undefined,
): components['schemas']['ConnectAuthorizationResponse'] {
  const { deviceCode = false, expiresInMs = DEFAULT_LIFETIME_MS, returnUrl, scopes = [] } = body;
  const { state } = call;
  const { id, name, type, uid, displayName, service } = describeConnector(connectorOf(call));
  const random = createRandom('consent', state.seed, uid, ++state.consentRequests);
  const request = `emulated-${random.text(22)}`;
  const verifier = random.text(50);
  const expiresAt = state.now() + expiresInMs;
  const asked = { page, request, name, connectorId: id, userId, scopes, expiresAt, returnUrl };
  return {
    url: openPage(state, { ...asked, requestCode: toBase64Url(sha256Bytes(verifier)) }),
    request,
    verifier,
    expiresAt,
    ...(deviceCode ? { deviceCode: `${random.text(4)}-${random.text(4)}`.toUpperCase() } : {}),
    connector: { id, name, type, uid, displayName, service },
  };
}
