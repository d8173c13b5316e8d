import type { components } from '../../generated/index.js';
import { createRandom } from '../random.js';
import { connectorOf, type EmulatedCall, type EmulatedOperation } from './call.js';
import { describeConnector } from './connectors.js';

const DEFAULT_LIFETIME_MS = 600_000;

/** POST /v1/connect/authorize/{connector}; what the user then does is `grantUser`. */
export const createConnectorAuthorizationRequest: EmulatedOperation<'createConnectorAuthorizationRequest'> = (
  call,
) => ({
  body: startConsent(call, 'authorize', call.body),
});

/** POST /v1/connect/install/{connector}; what the user then does is `install`. */
export const createConnectorInstallationRequest: EmulatedOperation<'createConnectorInstallationRequest'> = (
  call,
) => ({
  body: startConsent(call, 'install', call.body),
});

function startConsent(
  call: Pick<EmulatedCall<'createConnectorAuthorizationRequest'>, 'connector' | 'state'>,
  page: 'authorize' | 'install',
  {
    deviceCode = false,
    expiresInMs = DEFAULT_LIFETIME_MS,
  }: { deviceCode?: boolean; expiresInMs?: number } = {},
): components['schemas']['ConnectAuthorizationResponse'] {
  const { id, name, type, uid, displayName, service } = describeConnector(connectorOf(call));
  call.state.consentRequests += 1;
  const random = createRandom('consent', call.state.seed, uid, call.state.consentRequests);
  const request = `emulated-${random.text(22)}`;
  return {
    url: `https://connect.vercel.com/${page}/${request}`,
    request,
    verifier: random.text(50),
    expiresAt: call.state.now() + expiresInMs,
    ...(deviceCode ? { deviceCode: `${random.text(4)}-${random.text(4)}`.toUpperCase() } : {}),
    connector: { id, name, type, uid, displayName, service },
  };
}
