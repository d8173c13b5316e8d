import { NotFoundError } from '../../errors/index.js';
import { untilAborted } from '../../util/abort.js';
import { defined } from '../../util/defined.js';
import { checkConnector, checkGrantParams } from '../check-arguments.js';
import { type CallOptions, callOptionNames, type RequestContext, readOptions } from '../request-context.js';
import { callForObject, callOperation } from '../rest-client.js';
import type { State } from '../state.js';
import { copyArgument, type TokenRequest, withoutToken } from '../tokens/token-request.js';
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
  const opening = { operationId: 'createConnectorAuthorizationRequest', request, body, own } as const;
  if (options.reuse !== true) return state.contexts.resolve(own, (context) => send(state, context, opening));
  // A caller who leaves does not end the request for the others.
  const shared = { ...own, signal: undefined };
  const work = state.contexts.resolve(shared, (context) => {
    const { baseUrl, identity } = context;
    const call = JSON.stringify([baseUrl, identity, request.argumentsKey, body]);
    return state.openConsents.reuse(
      // The body can hold a subject's token, and its URL a state of the application's.
      state.identify(call),
      () => send(state, context, { ...opening, own: shared }),
      ({ verifier }, ageMs) => isPending(context, verifier, ageMs),
    );
  });
  return untilAborted(work, own.signal);
}

/** Whether nobody has decided. A failure that does not say so costs the person nothing: the page is still handed out. */
async function isPending(context: RequestContext, verifier: string, ageMs: number): Promise<boolean> {
  try {
    const { data } = await callOperation(context, 'getConnectResult', { path: { verifier } }, undefined);
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
  const opening = { operationId: 'createConnectorInstallationRequest', request, body, own } as const;
  return state.contexts.resolve(own, (context) => send(state, context, opening));
}

type Interaction = Pick<ConnectAuthorizationOptions, 'callbackUrl' | 'webhook' | 'deviceCode'>;

/** @throws {InvalidArgumentError} For a URL that Connect would refuse, before anything is sent. */
function interaction({ callbackUrl, webhook, deviceCode }: Interaction, field: string): object {
  const detached = isDetached();
  const returnUrl = detached ? undefined : callbackUrl;
  if (returnUrl !== undefined) checkCallbackUrl(returnUrl, field);
  if (webhook !== undefined) checkWebhookUrl(webhook);
  return defined({ returnUrl, webhook, deviceCode: deviceCode ?? (detached || undefined) });
}

interface Opening {
  readonly operationId: 'createConnectorAuthorizationRequest' | 'createConnectorInstallationRequest';
  /** The token that is wanted in the end. */
  readonly request: TokenRequest;
  readonly body: object;
  readonly own: CallOptions;
}

/** Time in which a person is expected to decide, in milliseconds, when the response does not state it. */
const DECISION_MS = 600_000;

async function send(
  { grants, consents, identify }: State,
  context: RequestContext,
  { operationId, request, body, own }: Opening,
): Promise<ConnectAuthorizationResponse> {
  const sent = { path: { connector: request.connector }, body };
  const data = await callForObject<ConnectAuthorizationResponse>(context, operationId, sent, own.signal);
  const { expiresAt } = data;
  const lifeMs = typeof expiresAt === 'number' ? expiresAt - Date.now() : DECISION_MS;
  grants.expectConsent(withoutToken(request.body.subject, identify), Math.min(lifeMs, DECISION_MS));
  const { vercelToken, region } = own;
  consents.set(data, { request, caller: { vercelToken, region } });
  return data;
}
