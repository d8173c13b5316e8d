import { parseBase64Json } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { createRandom } from '../respond/random.js';
import { type Connector, linkOf } from './connector-state.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import type { EmulatedCredential, EmulatorOptions } from './types.js';

/** The user who has consented to `oauth/linear` from the start. */
const DEFAULT_USER = 'user_123';

/** The caller of an operation. */
export interface Caller {
  readonly kind: 'oidc' | 'access';
  readonly projectId: string | undefined;
  readonly environment: string | undefined;
  /** The user of an access token. */
  readonly userId: string;
  /** Whether the bearer names no project and no option describes it. Such a caller may use all that was not ended for it. */
  readonly isAnybody: boolean;
  /** The owner of tokens: the project, or else the digest of the bearer. */
  readonly holder: string;
}

/**
 * Identifies the caller.
 *
 * @throws {HttpError} 401 for an unknown bearer.
 */
export function identify(
  bearer: string,
  credentials: EmulatorOptions['credentials'],
  account: State['account'],
): Caller {
  const isEmpty = account === 'empty';
  let credential: EmulatedCredential | undefined;
  if (typeof credentials === 'function') credential = credentials(bearer);
  else if (credentials === undefined)
    credential = readProjectToken(bearer) ?? (isEmpty ? { kind: 'access' } : {});
  else if (Object.hasOwn(credentials, bearer)) credential = credentials[bearer];
  if (credential === undefined) throw new HttpError(401, 'This emulator does not know the bearer.');
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

/** Reads project and environment of a project's OIDC token. Its signature is not checked: this is an emulator. */
function readProjectToken(bearer: string): EmulatedCredential | undefined {
  const [, payload, signature] = bearer.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  const claims = parseBase64Json(payload);
  if (!isRecord(claims) || typeof claims.project_id !== 'string') return undefined;
  const { project_id: projectId, environment } = claims;
  return { projectId, ...(typeof environment === 'string' ? { environment } : {}) };
}

/**
 * Requires a link between the caller's project and a connector.
 *
 * Only the messages distinguish the two errors: the API has one code, `forbidden`, for both.
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
 * Requires what Vercel documents for access tokens: the connector is linked to a project, and the subject is the app or the
 * token's own user.
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
