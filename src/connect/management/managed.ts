import { toBase64Url } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { sha256Bytes } from '../../util/sha256.js';
import { pollResult } from '../consent/poll-result.js';
import { ConnectError, ConnectorRegistrationRequiredError } from '../errors.js';
import type { State } from '../state.js';
import { bodyOf, manageObject, readManageOptions } from './manage.js';
import type { ConnectConnector, CreateManagedOptions } from './types.js';

/** As long as the Vercel CLI makes it. */
const VERIFIER_BYTES = 37;
/** Fields that the page of a registration shows, and takes as query parameters. */
const BRANDING = ['icon', 'backgroundColor', 'accentColor'];

/** See {@link ConnectConnectors.createManaged}. */
export async function createManagedConnector(
  state: State,
  params: unknown,
  given?: CreateManagedOptions,
): Promise<ConnectConnector> {
  const { autoinstall, onRegistration, onPending, caller } = readManageOptions(given, [
    'autoinstall',
    'onRegistration',
    'onPending',
  ]);
  const body = bodyOf(params);
  const query = { autoinstall };
  const create = (sent: Record<string, unknown>) =>
    manageObject<ConnectConnector>(state, 'createManagedConnector', { body: sent, query }, caller);
  if (onRegistration === undefined) return create(body);
  const verifier = toBase64Url(crypto.getRandomValues(new Uint8Array(VERIFIER_BYTES)));
  try {
    return await create({ ...body, request_code: toBase64Url(sha256Bytes(verifier)) });
  } catch (error) {
    const page = error instanceof ConnectorRegistrationRequiredError ? error.registerUrl : undefined;
    if (page === undefined) throw error;
    await onRegistration({ url: withBranding(page, body) });
    const { data } = await pollResult(state, { verifier, expiresAt: undefined }, caller.own, onPending);
    const connector = isRecord(data) ? data.clientId : undefined;
    if (typeof connector !== 'string')
      throw new ConnectError('The registration is done, but its result names no connector', { cause: error });
    return manageObject<ConnectConnector>(state, 'getConnector', { path: { connector } }, caller);
  }
}

function withBranding(page: string, body: Readonly<Record<string, unknown>>): string {
  const url = new URL(page);
  for (const name of BRANDING) {
    const value = body[name];
    if (typeof value === 'string' && !url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  return url.href;
}
