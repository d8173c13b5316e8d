import { writeFile } from 'node:fs/promises';
import type { ImportExtension } from '../../codegen/generate/generate.js';
import { findStale, writeFiles } from '../../codegen/generate/generated-folder.js';
import { readDocument } from '../../openapi/read-document.js';
import { walkOperations } from '../../openapi/walk-operations.js';
import { terminalJson, terminalText } from '../../util/terminal-text.js';
import { type CliContext, EXIT, UsageError } from '../io.js';
import { commandOf, type Project, projectOf } from '../project.js';
import { printNote } from '../terminal/print.js';
import { type Generated, type Generation, generateDocument, generationOf } from './generate-files.js';

/** The flags of `vercel-rest generate`, as parsed. What is left out is as the project has settled it. */
export interface GenerateFlags {
  readonly document?: string;
  readonly out?: string;
  readonly tag?: readonly string[];
  readonly operations?: readonly string[];
  readonly path?: readonly string[];
  readonly docs: boolean;
  readonly supplement: boolean;
  readonly importExtension?: ImportExtension;
  readonly client?: boolean;
  /** A file, or `false` for `--no-corrections`. */
  readonly corrections?: string | false;
  readonly skipCorrection?: readonly string[];
  readonly report?: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

/**
 * Generates the files of a document, or with `--check` says whether they are as they would be.
 *
 * @returns The exit code: 0, or with `--check` 3 where files are stale.
 * @throws {UsageError} For a selection that the document has nothing of.
 * @throws {Error} For a document that cannot be read or used, before anything is written.
 */
export async function generateTypes(flags: GenerateFlags, io: CliContext): Promise<number> {
  const project = await projectOf(io);
  const generation = settle(flags, project);
  const generated = await generateDocument(readDocument(generation.document), generation);
  for (const warning of generated.warnings) await printNote(io, `warning: ${terminalText(warning)}`);
  if (flags.report !== undefined) {
    const { repairs, conflicts, corrected: corrections, skipped } = generated.prepared;
    const report = { corrections, skipped, repairs, conflicts };
    await writeFile(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  }
  const { folder, files } = generated;
  const stale = await (flags.check ? findStale(folder, files) : writeFiles(folder, files));
  const { out, document } = generation;
  if (flags.json === true) {
    const shown = { document, folder: out, files: Object.keys(files) };
    io.stdout(`${terminalJson({ ...shown, [flags.check ? 'stale' : 'changed']: stale }, 2)}\n`);
  } else if (!flags.check) {
    io.stdout(describeGenerated(generated, generation, stale.length, flags.report));
  } else if (stale.length === 0) {
    io.stdout(`${out} is up to date with ${document}\n`);
  } else {
    const fix =
      project.out === undefined
        ? 'Run the same command without --check'
        : `Run \`${commandOf(project, 'generate')}\``;
    const names = stale.map((name) => `  ${name}\n`).join('');
    io.stdout(`${out} is not what ${document} gives:\n${names}${fix}, and commit the result.\n`);
  }
  return flags.check && stale.length > 0 ? EXIT.news : EXIT.ok;
}

/** Flags take precedence over what the project has settled; a selection replaces the project's as a whole. */
function settle(flags: GenerateFlags, project: Project): Generation {
  const { tag, operations, path } = flags;
  const isSelecting = [tag, operations, path].some((list) => list !== undefined);
  const generation = generationOf({
    ...project,
    document: flags.document ?? project.document,
    out: flags.out ?? project.out,
    ...(isSelecting ? { tags: tag, operations, paths: path } : {}),
    corrections: flags.corrections === false ? undefined : (flags.corrections ?? project.corrections),
  });
  // An empty text, such as that of an unset variable, is not the working folder.
  if (generation === undefined || generation.out === '')
    throw new UsageError(
      'name the folder with --out src/vercel, or once and for all in package.json: "vercel-rest": { "out": "src/vercel" }',
    );
  const { corrections } = generation;
  return {
    ...generation,
    docs: generation.docs && flags.docs,
    importExtension: flags.importExtension ?? generation.importExtension,
    client: generation.client && flags.client !== false,
    supplement: flags.supplement,
    corrections: {
      file: flags.corrections === false ? false : corrections.file,
      skip: [...corrections.skip, ...(flags.skipCorrection ?? [])],
    },
  };
}

/** Says what was generated, for a person. */
export function describeGenerated(
  { document, files, prepared }: Generated,
  { out, isCheckout }: Generation,
  staleCount: number,
  report?: string,
): string {
  const { repairs, conflicts, corrected } = prepared;
  const count = walkOperations(document).length;
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const facts = [
    counted(repairs.length, 'flaw repaired', 'flaws repaired'),
    counted(corrected.length, 'correction made', 'corrections made'),
    counted(
      conflicts.length,
      'difference to the document of Vercel Connect',
      'differences to the document of Vercel Connect',
    ),
  ].filter((fact) => fact !== '');
  const where =
    report === undefined ? ' (`vercel-rest generate --report FILE` lists them)' : `, listed in ${report}`;
  return [
    `${out}: ${counted(count, 'operation', 'operations')} in ${Object.keys(files).length} files, ${Math.ceil(bytes / 1024)} KB; ` +
      `${staleCount === 0 ? 'nothing had changed' : `${staleCount} written or removed`}\n`,
    facts.length === 0 ? '' : `the document: ${facts.join(', ')}${where}\n`,
    isCheckout ? '' : `use it: import { createClient } from '${importOf(out)}'\n`,
  ].join('');
}

/** The generated module, as a file beside its folder imports it. */
function importOf(out: string): string {
  const folder = out.split(/[\\/]/).findLast((part) => part !== '' && part !== '.');
  return folder === undefined || folder === '..' ? './index.js' : `./${folder}/index.js`;
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
