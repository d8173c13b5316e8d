import { isRecord } from '../util/is-record.js';
import { type ApiFlags, teamQuery } from './api-flags.js';
import { type CliContext, UsageError } from './io.js';
import { callUntyped, openClient } from './open-client.js';

/**
 * The id of a project that was named by id or by name.
 *
 * Source: `GET /v9/projects/{idOrName}` (`getProject`) of Vercel's published document.
 *
 * @throws {NotFoundError} For a name that no project has.
 */
export async function resolveProject(named: string, flags: ApiFlags, io: CliContext): Promise<string> {
  if (named.startsWith('prj_')) return named;
  const query = teamQuery(flags.team);
  const init = { params: { path: { idOrName: named }, query }, signal: io.signal };
  const client = await openClient(flags, io);
  const { data } = await callUntyped(client, 'GET', '/v9/projects/{idOrName}', init);
  const id = isRecord(data) ? data.id : undefined;
  if (typeof id === 'string') return id;
  throw new Error(`The API did not tell the id of the project ${named}; give it as --project prj_...`);
}

/** The project of `--project`, or of the linked folder. @throws {UsageError} Where neither names one. */
export function namedProject({ project }: { readonly project?: string }): string {
  if (project !== undefined) return project;
  throw new UsageError(
    'name the project with --project, or run the command in a folder that `vercel link` linked',
  );
}

/** The id of {@link namedProject}. */
export async function requireProject(
  flags: ApiFlags & { readonly project?: string },
  io: CliContext,
): Promise<string> {
  return resolveProject(namedProject(flags), flags, io);
}
