import { createRandom } from '../random.js';
import { type Connector, linkOf } from './connectors.js';
import { Refusal } from './refusal.js';
import type { EmulatedCredential, EmulatorOptions } from './types.js';

/** Who calls. */
export interface Caller {
  readonly kind: 'oidc' | 'access';
  readonly projectId: string | undefined;
  readonly environment: string | undefined;
  /** Whom tokens are kept for: the project, or else the bearer (as its digest). */
  readonly holder: string;
}

/**
 * Finds out who calls.
 *
 * @throws {Refusal} 401 for a bearer that is not known.
 */
export function identify(bearer: string, credentials: EmulatorOptions['credentials']): Caller {
  const credential = lookUp(bearer, credentials);
  if (credential === undefined) throw new Refusal(401, 'The bearer is not known to this emulator.');
  const { kind = 'oidc' } = credential;
  const digest = createRandom('bearer', bearer).text(22);
  const own = kind === 'oidc' ? `prj_${digest}` : undefined;
  const projectId = credential.projectId ?? own;
  return {
    kind,
    projectId,
    environment: credential.environment ?? (kind === 'oidc' ? 'production' : undefined),
    holder: projectId ?? `access_${digest}`,
  };
}

function lookUp(bearer: string, credentials: EmulatorOptions['credentials']): EmulatedCredential | undefined {
  if (credentials === undefined) return {};
  if (typeof credentials === 'function') return credentials(bearer);
  return Object.hasOwn(credentials, bearer) ? credentials[bearer] : undefined;
}

/**
 * Holds a caller to the link between its project and a connector.
 *
 * The two messages are what tells the cases apart: the API has one code, `forbidden`, for both.
 *
 * @throws {Refusal} 403 without a link, or with one that leaves out the caller's environment.
 */
export function requireLink(connector: Connector, { projectId, environment }: Caller): void {
  if (projectId === undefined) return;
  const { uid } = connector.facts;
  const link = linkOf(connector, projectId);
  if (link === undefined)
    throw new Refusal(403, `The connector ${uid} is not linked to this project (${projectId}).`);
  if (environment !== undefined && !link.environments.includes(environment)) {
    throw new Refusal(
      403,
      `The connector ${uid} is not enabled for the ${environment} environment of this project.`,
    );
  }
}
