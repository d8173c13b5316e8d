import { join } from 'node:path';
import { isRecord } from '../util/is-record.js';
import { parseJson } from '../util/parse-json.js';
import { type CliContext, UsageError } from './io.js';
import { readIfThere } from './read-if-there.js';

/** The link of a folder to a project, as `vercel link` keeps it. */
export interface ProjectLink {
  readonly projectId: string | undefined;
  /** The team, or the person, that the project belongs to. */
  readonly orgId: string | undefined;
}

const FILE = join('.vercel', 'project.json');

/** Reads `.vercel/project.json` of the working folder; `undefined` without one. @throws {UsageError} */
export async function readLink({ folder = process.cwd() }: CliContext): Promise<ProjectLink | undefined> {
  const text = await readIfThere(join(folder, FILE));
  if (text === undefined) return undefined;
  const value = parseJson(text)?.value;
  if (!isRecord(value)) throw new UsageError(`${FILE} holds no JSON object: run \`vercel link\` again`);
  const idIn = (field: unknown) => (typeof field === 'string' && field !== '' ? field : undefined);
  return { projectId: idIn(value.projectId), orgId: idIn(value.orgId) };
}
