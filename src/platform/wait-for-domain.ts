import { BadRequestError } from '../errors/index.js';
import type { DomainConfig, ProjectDomain } from '../generated/platform/domains.js';
import { asPlatform, type BodyIn, type PlatformClient, type Requires } from './platform-client.js';
import { type PollOptions, poll } from './poll.js';
import { acceptsEarlyNotFound } from './wait-for-deployment.js';

/** State of a domain. */
export interface DomainState<C> {
  /** The domain in its project; `verification` says which record is missing. */
  readonly domain: BodyIn<C, 'getProjectDomain'>;
  /** Configuration of the domain; `undefined` until it is verified. */
  readonly config: BodyIn<C, 'getDomainConfig'> | undefined;
}

/** {@link DomainState} in the types of this subpath's own document. */
interface OwnState {
  readonly domain: ProjectDomain;
  readonly config: DomainConfig | undefined;
}

/**
 * Waits until a domain of a project is verified and its DNS records lead to Vercel, asking for the verification itself.
 *
 * DNS takes its time: the wait begins with 2 s between two polls and lasts an hour by default.
 *
 * @param project - Id or name.
 * @param domain - The domain, which was added to the project before.
 * @throws {PollTimeoutError} With the last state as `lastValue`: its `domain.verification` names the missing records.
 *
 * @example
 * await waitForDomain(client, 'storefront', 'www.example.com', {
 *   onPoll: ({ domain }) => console.log(domain.verified ? 'verified' : domain.verification),
 * });
 */
export async function waitForDomain<C extends object>(
  client: C & Requires<C, 'getProjectDomain' | 'verifyProjectDomain' | 'getDomainConfig'>,
  project: string,
  domain: string,
  options: Omit<PollOptions<DomainState<C>>, 'accepts'> = {},
): Promise<DomainState<C>> {
  const platform = asPlatform(client);
  const state = await poll<OwnState>(
    (signal) => readState(platform, { idOrName: project, domain }, signal),
    ({ domain: found, config }) => found.verified && config?.misconfigured === false,
    // The value is what the client's own document says it is; both types are of the same responses.
    {
      every: 2_000,
      maxEvery: 60_000,
      totalTimeout: 3_600_000,
      ...(options as unknown as PollOptions<OwnState>),
      accepts: acceptsEarlyNotFound,
    },
  );
  return state as DomainState<C>;
}

async function readState(
  platform: PlatformClient,
  path: { readonly idOrName: string; readonly domain: string },
  signal: AbortSignal,
): Promise<OwnState> {
  const { data } = await platform.call('getProjectDomain', { params: { path }, signal });
  let domain: ProjectDomain = data;
  if (!data.verified) {
    try {
      domain = (await platform.call('verifyProjectDomain', { params: { path }, signal })).data;
    } catch (error) {
      // The record is not there yet.
      if (!(error instanceof BadRequestError)) throw error;
    }
  }
  if (!domain.verified) return { domain, config: undefined };
  const config = await platform.call('getDomainConfig', {
    params: { path: { domain: path.domain } },
    signal,
  });
  return { domain, config: config.data };
}
