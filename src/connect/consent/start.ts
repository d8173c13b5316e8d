import { type CallFacts, NotFoundError } from '../../errors/index.js';
import { untilAborted } from '../../util/abort.js';
import { defined } from '../../util/defined.js';
import { checkConnector, checkGrantParams } from '../check-arguments.js';
import { type CallOptions, callOptionNames, type RequestContext, readOptions } from '../request-context.js';
import { restClient } from '../rest-client.js';
import type { State } from '../state.js';
import { copyArgument, type TokenRequest, withoutToken } from '../tokens/token-request.js';
import { requireObject } from '../tokens/token-response.js';
import type { ConnectTokenParams } from '../types.js';
import { EARLY_NOT_FOUND_MS, isOpen } from './poll-result.js';
import type {
  ConnectAuthorizationOptions,
  ConnectAuthorizationResponse,
  ConnectInstallationOptions,
  ConnectInstallationParams,
  ConnectInstallationResponse,
} from './types.js';
import { checkCallbackUrl, checkWebhookUrl, isDetached } from './urls.js';

const AUTHORIZE: CallFacts = { method: 'POST', path: '/v1/connect/authorize/{connector}' };
const INSTALL: CallFacts = { method: 'POST', path: '/v1/connect/install/{connector}' };

type Names<Options> = Readonly<Record<keyof Options, true>>;

const AUTHORIZATION_OPTIONS = callOptionNames({
  ...{ vercelToken: true, region: true, signal: true, callbackUrl: true, webhook: true, deviceCode: true },
  ...{ expiresInMs: true, prompt: true, additionalParams: true, reuse: true },
} satisfies Names<ConnectAuthorizationOptions>);
const INSTALLATION_OPTIONS = callOptionNames({
  ...{ vercelToken: true, region: true, signal: true, returnUrl: true, webhook: true, tenantId: true },
  ...{ deviceCode: true, expiresInMs: true },
} satisfies Names<ConnectInstallationOptions>);

/** See {@link ConnectClient.startAuthorization}. */
export async function startAuthorization(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options: ConnectAuthorizationOptions = {},
): Promise<ConnectAuthorizationResponse> {
  const request = state.readRequest(connector, params);
  const own = readOptions(options, AUTHORIZATION_OPTIONS);
  const { callbackUrl, webhook, deviceCode, expiresInMs, prompt, additionalParams } = options;
  const body = {
    ...request.body,
    ...defined({ validityBufferMs: request.bufferMs }),
    ...interaction({ callbackUrl, webhook, deviceCode }, 'callbackUrl'),
    ...copyArgument('options', defined({ expiresInMs, prompt, additionalParams })),
  };
  const opening = { request, body, own };
  if (options.reuse !== true) return open(state, 'createConnectorAuthorizationRequest', AUTHORIZE, opening);
  // A caller who leaves does not end the request for the others.
  const shared = { ...own, signal: undefined };
  const work = state.contexts.resolve(shared, (context) => {
    const { baseUrl, identity } = context;
    const call = JSON.stringify([baseUrl, identity, request.argumentsKey, body]);
    return state.openConsents.reuse(
      // The body can hold a subject's token, and its URL a state of the application's.
      state.identify(call),
      () =>
        send(state, context, 'createConnectorAuthorizationRequest', AUTHORIZE, { ...opening, own: shared }),
      ({ verifier }, ageMs) => isPending(context, verifier, ageMs),
    );
  });
  return untilAborted(work, own.signal);
}

/** Whether nobody has decided. A failure that does not say so costs the person nothing: the page is still handed out. */
async function isPending(
  { api, bearer, leftMs }: RequestContext,
  verifier: string,
  ageMs: number,
): Promise<boolean> {
  try {
    const init = { params: { path: { verifier } }, bearerToken: bearer, totalTimeout: leftMs() };
    const { data } = await restClient(api).call('getConnectResult', init);
    return isOpen(data);
  } catch (error) {
    return !(error instanceof NotFoundError) || ageMs < EARLY_NOT_FOUND_MS;
  }
}

/** See {@link ConnectClient.startInstallation}. */
export async function startInstallation(
  state: State,
  connector: string,
  params: ConnectInstallationParams = {},
  options: ConnectInstallationOptions = {},
): Promise<ConnectInstallationResponse> {
  checkConnector(connector);
  checkGrantParams(params);
  const wanted = copyArgument('params', params);
  checkGrantParams(wanted);
  const request = state.readRequest(connector, { ...wanted, subject: { type: 'app' } });
  const own = readOptions(options, INSTALLATION_OPTIONS);
  const { returnUrl, webhook, tenantId, deviceCode, expiresInMs } = options;
  const body = {
    ...wanted,
    ...interaction({ callbackUrl: returnUrl, webhook, deviceCode }, 'returnUrl'),
    ...defined({ tenantId, expiresInMs }),
  };
  return open(state, 'createConnectorInstallationRequest', INSTALL, { request, body, own });
}

interface Interaction {
  readonly callbackUrl: string | undefined;
  readonly webhook: string | undefined;
  readonly deviceCode: boolean | undefined;
}

/** @throws {InvalidArgumentError} For a URL that Connect would refuse, before anything is sent. */
function interaction({ callbackUrl, webhook, deviceCode }: Interaction, field: string): object {
  const detached = isDetached();
  const returnUrl = detached ? undefined : callbackUrl;
  if (returnUrl !== undefined) checkCallbackUrl(returnUrl, field);
  if (webhook !== undefined) checkWebhookUrl(webhook);
  return defined({ returnUrl, webhook, deviceCode: deviceCode ?? (detached || undefined) });
}

interface Opening {
  /** The token that is wanted in the end. */
  readonly request: TokenRequest;
  readonly body: object;
  readonly own: CallOptions;
}

/** Time in which a person is expected to decide, in milliseconds, when the response does not state it. */
const DECISION_MS = 600_000;

type OpeningOperation = 'createConnectorAuthorizationRequest' | 'createConnectorInstallationRequest';

function open(
  state: State,
  operationId: OpeningOperation,
  facts: CallFacts,
  opening: Opening,
): Promise<ConnectAuthorizationResponse> {
  return state.contexts.resolve(opening.own, (context) => send(state, context, operationId, facts, opening));
}

async function send(
  { grants, consents, identify }: State,
  { api, bearer, leftMs }: RequestContext,
  operationId: OpeningOperation,
  facts: CallFacts,
  { request, body, own }: Opening,
): Promise<ConnectAuthorizationResponse> {
  const { data, response } = await restClient(api).call(operationId, {
    ...{ params: { path: { connector: request.connector } }, body, signal: own.signal },
    ...{ bearerToken: bearer, totalTimeout: leftMs() },
  });
  requireObject(data, response, facts);
  const { expiresAt } = data;
  const lifeMs = typeof expiresAt === 'number' ? expiresAt - Date.now() : DECISION_MS;
  grants.expectConsent(withoutToken(request.body.subject, identify), Math.min(lifeMs, DECISION_MS));
  const { vercelToken, region } = own;
  consents.set(data, { request, caller: { vercelToken, region } });
  return data;
}
