import { isRecord } from '../../util/is-record.js';
import { createRandom } from '../respond/random.js';
import { parseJson } from '../validate/check-request.js';
import { decodeBase64 } from './base64.js';
import { type Connector, linkOf } from './connector-state.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import type { EmulatedCredential, EmulatorOptions } from './types.js';

/** Who has consented to `oauth/linear` from the start. */
const DEFAULT_USER = 'user_123';

/** Who calls. */
export interface Caller {
  readonly kind: 'oidc' | 'access';
  readonly projectId: string | undefined;
  readonly environment: string | undefined;
  /** Whose access token it is. */
  readonly userId: string;
  /** Whether nobody said whose bearer this is: then only what was ended for it by name is closed to it. */
  readonly isAnybody: boolean;
  /** Whom tokens are kept for: the project, or else the bearer (as its digest). */
  readonly holder: string;
}

/**
 * Finds out who calls.
 *
 * @throws {HttpError} 401 for a bearer that is not known.
 */
export function identify(
  bearer: string,
  credentials: EmulatorOptions['credentials'],
  account: State['account'],
): Caller {
  const isEmpty = account === 'empty';
  const credential = lookUp(bearer, credentials, isEmpty ? { kind: 'access' } : {});
  if (credential === undefined) throw new HttpError(401, 'The bearer is not known to this emulator.');
  const { kind = 'oidc' } = credential;
  const digest = createRandom('bearer', bearer).text(22);
  const own = kind === 'oidc' ? `prj_${digest}` : undefined;
  const projectId = credential.projectId ?? own;
  return {
    kind,
    isAnybody: !isEmpty && credentials === undefined && credential.projectId === undefined,
    projectId,
    environment: credential.environment ?? (kind === 'oidc' ? 'production' : undefined),
    userId: credential.userId ?? DEFAULT_USER,
    holder: projectId ?? `access_${digest}`,
  };
}

/** @param unknown - Whom a bearer stands for that nobody described. */
function lookUp(
  bearer: string,
  credentials: EmulatorOptions['credentials'],
  unknown: EmulatedCredential,
): EmulatedCredential | undefined {
  if (credentials === undefined) return readProjectToken(bearer) ?? unknown;
  if (typeof credentials === 'function') return credentials(bearer);
  return Object.hasOwn(credentials, bearer) ? credentials[bearer] : undefined;
}

/** Whom a project's OIDC token names. It is an emulator: the claims are believed as they are. */
function readProjectToken(bearer: string): EmulatedCredential | undefined {
  const [, payload, signature] = bearer.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  const claims = parseJson(decodeBase64(payload.replaceAll('-', '+').replaceAll('_', '/')))?.value;
  if (!isRecord(claims) || typeof claims.project_id !== 'string') return undefined;
  const { project_id: projectId, environment } = claims;
  return { projectId, ...(typeof environment === 'string' ? { environment } : {}) };
}

/**
 * Holds a caller to the link between its project and a connector.
 *
 * The two messages are what tells the cases apart: the API has one code, `forbidden`, for both.
 *
 * @throws {HttpError} 403 without a link, or with one that leaves out the caller's environment.
 */
export function requireLink(connector: Connector, { projectId, environment, isAnybody }: Caller): void {
  if (projectId === undefined) return;
  const { uid } = connector.facts;
  const link = linkOf(connector, projectId);
  if (isAnybody && link === undefined && connector.isCreated && !connector.links.has(projectId)) return;
  if (link === undefined)
    throw new HttpError(403, `The connector ${uid} is not linked to this project (${projectId}).`);
  if (environment !== undefined && !link.environments.includes(environment)) {
    throw new HttpError(
      403,
      `The connector ${uid} is not enabled for the ${environment} environment of this project.`,
    );
  }
}

/**
 * Holds an access token to what Vercel documents: it has tokens of connectors that are linked to a project, and those of the
 * app and of its own user alone.
 *
 * @throws {HttpError} 403
 */
export function requireAccess(connector: Connector, subject: unknown, { userId }: Caller): void {
  const { uid } = connector.facts;
  if (![...connector.links.values()].some((link) => link !== undefined))
    throw new HttpError(403, `The connector ${uid} is not linked to a project.`);
  if (isRecord(subject) && subject.type === 'user' && subject.id !== undefined && subject.id !== userId)
    throw new HttpError(403, `An access token has no tokens of ${uid} for another user than its own.`);
}
