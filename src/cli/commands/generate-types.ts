import { writeFile } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import type { ImportExtension } from '../../codegen/generate/generate.js';
import type { GeneratedFiles } from '../../codegen/generate/generated-folder.js';
import type { Prepared } from '../../codegen/generate/prepare.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { EXIT, type Io, UsageError } from '../io.js';
import { readDocumentText } from './document-file.js';

/** The flags of `vercel-rest generate`, as parsed. */
export interface GenerateFlags {
  readonly document: string;
  readonly out: string;
  readonly tag?: readonly string[];
  readonly operations?: readonly string[];
  readonly path?: readonly string[];
  readonly docs: boolean;
  readonly supplement: boolean;
  readonly corrections: boolean;
  readonly importExtension: ImportExtension;
  readonly client: boolean;
  readonly report?: string;
  readonly check?: boolean;
}

/** Adds `vercel-rest generate` to the program. */
export function addGenerate(program: Command, io: Io, onExit: (code: number) => void): void {
  const collect = (value: string, previous: string[] = []) => [
    ...previous,
    ...value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ];
  program
    .command('generate')
    .description('write the types and the run-time table of an OpenAPI document')
    .requiredOption('--out <folder>', 'where the files go; index.ts is the one to import')
    .option('--document <file>', 'the document, JSON (or YAML, with the package yaml)', 'openapi/vercel.json')
    .option('--tag <list>', 'only operations of these tags; comma-separated, repeatable', collect)
    .option('--operations <list>', 'only these operation ids; comma-separated, repeatable', collect)
    .option('--path <list>', "only these paths; * stands for any text: '/v9/projects*'", collect)
    .addOption(
      new Option('--import-extension <kind>', 'how the files import the types of each other')
        .choices(['js', 'ts', 'none'])
        .default('js'),
    )
    .option('--no-client', 'without createClient, so that index.ts imports nothing of this package')
    .option('--no-docs', 'without comments')
    .option('--no-supplement', "without this package's own document of Vercel Connect")
    .option('--no-corrections', "without this package's corrections of the published document")
    .option('--report <file>', 'write what was repaired and corrected as JSON')
    .option('--check', 'write nothing; say which files are not as they would be written')
    .addHelpText(
      'after',
      `
What several selections name is taken together. The folder belongs to this command: files of an earlier run that are no
longer due are removed, and one that was not generated is never overwritten.
Exit codes: 0 written or up to date, 1 failure (nothing was written), 2 usage, 3 with --check: files are stale.`,
    )
    .action(async (flags: GenerateFlags) => onExit(await generateTypes(flags, io)));
}

/**
 * Generates the files of a document, or with `--check` says whether they are as they would be.
 *
 * @returns The exit code: 0, or with `--check` 3 where files are stale.
 * @throws {UsageError} For a selection that the document has nothing of.
 * @throws {Error} For a document that cannot be read or used, before anything is written.
 */
export async function generateTypes(flags: GenerateFlags, io: Io): Promise<number> {
  const { findStale, writeFiles } = await import('../../codegen/generate/generated-folder.js');
  const prepared = await prepare(flags);
  const document = await slice(prepared.document, flags);
  const files = await generate({ document, hash: prepared.hash }, flags);
  if (flags.report !== undefined) await writeReport(flags.report, prepared);
  const folder = pathToFileURL(resolve(flags.out) + sep);
  const stale = await findStale(folder, files);
  if (flags.check) {
    io.stdout(
      stale.length === 0 ? `${flags.out} is up to date with ${flags.document}\n` : staleText(stale, flags),
    );
    return stale.length === 0 ? EXIT.ok : EXIT.news;
  }
  await writeFiles(folder, files);
  io.stdout(await summaryOf(document, files, stale, prepared, flags));
  return EXIT.ok;
}

async function prepare(flags: GenerateFlags): Promise<Prepared> {
  const { parseDocument } = await import('../../openapi/parse-document.js');
  const { prepareDocument } = await import('../../codegen/generate/prepare.js');
  const { readPackaged } = await import('../../codegen/corrections/packaged.js');
  const { parseCorrections } = await import('../../codegen/corrections/corrections.js');
  const source = parseDocument(await readDocumentText(flags.document));
  try {
    return prepareDocument(source, {
      corrections: flags.corrections ? parseCorrections(readPackaged('corrections')) : [],
      supplement: flags.supplement ? parseDocument(readPackaged('connect')).openapi : undefined,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (!message.startsWith('correction ')) throw cause;
    throw new Error(
      `${message}. The published document has changed there: update vercel-rest, or go on with --no-corrections`,
      { cause },
    );
  }
}

async function slice(
  document: OpenApiDocument,
  { tag, operations, path }: GenerateFlags,
): Promise<OpenApiDocument> {
  const { SelectionError, sliceDocument } = await import('../../codegen/generate/slice.js');
  try {
    return sliceDocument(document, { tags: tag, operations, paths: path });
  } catch (error) {
    if (error instanceof SelectionError) throw new UsageError(error.message);
    throw error;
  }
}

async function generate(
  source: Pick<Prepared, 'document' | 'hash'>,
  flags: GenerateFlags,
): Promise<GeneratedFiles> {
  const { generateFrom } = await import('../../codegen/generate/generate.js').catch((cause: unknown) => {
    if (!/openapi-typescript|'typescript'/.test(String(cause))) throw cause;
    throw new Error(
      'generating needs openapi-typescript and typescript 5: run `npm install --save-dev openapi-typescript@7 typescript@5`',
      { cause },
    );
  });
  // Only the file's name: where it lies on this machine is nobody's business, and no reason for other bytes.
  const { docs, importExtension, client } = flags;
  return generateFrom(source, { source: basename(flags.document), docs, importExtension, client });
}

async function writeReport(file: string, { repairs, conflicts, corrected }: Prepared): Promise<void> {
  await writeFile(file, `${JSON.stringify({ corrections: corrected, repairs, conflicts }, null, 2)}\n`);
}

function staleText(stale: readonly string[], { out, document }: GenerateFlags): string {
  const files = stale.map((name) => `  ${name}\n`).join('');
  return `${out} is not what ${document} gives:\n${files}Run the same command without --check, and commit the result.\n`;
}

async function summaryOf(
  document: OpenApiDocument,
  files: GeneratedFiles,
  stale: readonly string[],
  { repairs, conflicts, corrected }: Prepared,
  { out, report }: GenerateFlags,
): Promise<string> {
  const { walkOperations } = await import('../../openapi/walk-operations.js');
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
  const where = report === undefined ? ' (--report FILE lists them)' : `, listed in ${report}`;
  return [
    `${out}: ${counted(count, 'operation', 'operations')} in ${Object.keys(files).length} files, ${Math.ceil(bytes / 1024)} KB; ` +
      `${stale.length === 0 ? 'nothing had changed' : `${stale.length} written or removed`}\n`,
    facts.length === 0 ? '' : `the document: ${facts.join(', ')}${where}\n`,
    `use it: import { createClient } from './${out.split(/[\\/]/).findLast((part) => part !== '') ?? '.'}/index.js'\n`,
  ].join('');
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
