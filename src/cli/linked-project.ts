import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../client/create-client.js';
import { isRecord } from '../util/is-record.js';
import { type ApiFlags, clientSettings } from './api-flags.js';
import { callUntyped } from './commands/call-untyped.js';
import { type Io, UsageError } from './io.js';

/** What `vercel link` keeps of a folder. */
export interface ProjectLink {
  readonly projectId: string | undefined;
  /** The team, or the person, that the project belongs to. */
  readonly orgId: string | undefined;
}

const FILE = join('.vercel', 'project.json');

/** Reads `.vercel/project.json` of the working folder; `undefined` where there is none. @throws {UsageError} */
export async function readLink({ folder = process.cwd() }: Io): Promise<ProjectLink | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (!isRecord(value)) throw new UsageError(`${FILE} holds no JSON object: run \`vercel link\` again`);
  const idIn = (field: unknown) => (typeof field === 'string' && field !== '' ? field : undefined);
  return { projectId: idIn(value.projectId), orgId: idIn(value.orgId) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The id of a project that was named by id or by name.
 *
 * Source: `GET /v9/projects/{idOrName}` (`getProject`) of Vercel's published document.
 *
 * @throws {NotFoundError} For a name that no project has.
 */
export async function resolveProject(named: string, flags: ApiFlags, io: Io): Promise<string> {
  if (named.startsWith('prj_')) return named;
  const { teamId, slug, ...settings } = clientSettings(flags, io);
  const query = teamId === undefined ? (slug === undefined ? {} : { slug }) : { teamId };
  const init = { params: { path: { idOrName: named }, query }, signal: io.signal };
  const { data } = await callUntyped(createClient(settings), 'GET', '/v9/projects/{idOrName}', init);
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
  io: Io,
): Promise<string> {
  return resolveProject(namedProject(flags), flags, io);
}
