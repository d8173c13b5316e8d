import { readFile } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Correction, CorrectionError, parseCorrections } from '../../codegen/corrections/corrections.js';
import { readPackaged } from '../../codegen/corrections/packaged.js';
import type { ImportExtension } from '../../codegen/generate/generate.js';
import type { GeneratedFiles } from '../../codegen/generate/generated-folder.js';
import { loadGenerator } from '../../codegen/generate/load-generator.js';
import { type Prepared, type PrepareOptions, prepareDocument } from '../../codegen/generate/prepare.js';
import { SelectionError, sliceDocument } from '../../codegen/generate/slice.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { parseDocument, type SourceDocument } from '../../openapi/read-document.js';
import { fileReason } from '../../util/file-reason.js';
import { messageOf } from '../../util/message-of.js';
import { UsageError } from '../io.js';
import { DEFAULT_DOCUMENT, type Project } from '../project.js';

/** One run of the generator: flags and the settings of the project as one. */
export interface Generation {
  readonly document: string;
  readonly out: string;
  readonly tags?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly docs: boolean;
  readonly importExtension: ImportExtension;
  /** Whether `index.ts` exports `createClient`. */
  readonly client: boolean;
  readonly supplement: boolean;
  readonly corrections: CorrectionSettings;
  /** Whether this package generates its own sources, for which all corrections have to fit. */
  readonly isCheckout: boolean;
  /** Whether the table that the mock of this package reads is generated too. */
  readonly contract: boolean;
}

/** Which corrections are made. */
export interface CorrectionSettings {
  /** A file of the project's own; `false` for no correction at all. */
  readonly file: string | false | undefined;
  /** Ids of those that are not made. */
  readonly skip: readonly string[];
}

/** The corrections that apply to a document, by whose they are. */
export interface Corrections {
  readonly packaged: readonly Correction[];
  readonly own: readonly Correction[];
  /** Ids to be skipped that no correction has. */
  readonly unknown: readonly string[];
}

/** Generated files that are not yet written. */
export interface Generated {
  readonly files: GeneratedFiles;
  readonly folder: URL;
  readonly prepared: Prepared;
  /** The part of the document that was asked for. */
  readonly document: OpenApiDocument;
  readonly warnings: readonly string[];
}

/**
 * Generates the files of a document in memory.
 *
 * @throws {UsageError} For a selection that the document has nothing of.
 * @throws {Error} For a document that cannot be used, or a correction of the project's own that does not fit.
 */
export async function generateDocument(source: SourceDocument, generation: Generation): Promise<Generated> {
  const { packaged, own, unknown } = await readCorrections(generation.corrections);
  const options: PrepareOptions = {
    ...(generation.isCheckout ? { corrections: [...packaged, ...own] } : { packaged, corrections: own }),
    supplement: generation.supplement ? parseDocument(readPackaged('connect')).openapi : undefined,
  };
  const { prepared, document } = prepare(source, options, generation);
  const { generateFrom } = await loadGenerator('generating');
  const { docs, importExtension, client, contract, isCheckout } = generation;
  const files = await generateFrom(
    { document, hash: prepared.hash },
    {
      // Only the file's name: its folder must not change the bytes. In the checkout both documents are in one known folder.
      source: isCheckout ? generation.document : basename(generation.document),
      docs,
      importExtension,
      client,
      contract,
    },
  );
  return {
    files,
    folder: pathToFileURL(resolve(generation.out) + sep),
    prepared,
    document,
    warnings: [
      ...prepared.skipped.map(explainSkipped),
      ...unknown.map((id) => `no correction is called ${id}, so there is nothing to skip`),
    ],
  };
}

/** Says of a correction that came with the package that it was left out, and what to do about it. */
export function explainSkipped(misfit: string): string {
  return `${misfit.replace(/; [^;]*$/, '')}. It was skipped: update vercel-rest, or switch it off with --skip-correction`;
}

/**
 * Reads the corrections that came with the package, and those of the project's own.
 *
 * @throws {Error} When the project's file cannot be read.
 */
export async function readCorrections({ file, skip }: CorrectionSettings): Promise<Corrections> {
  if (file === false) return { packaged: [], own: [], unknown: [] };
  const packaged = parseCorrections(readPackaged('corrections'));
  const text =
    file &&
    (await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new Error(`cannot read the corrections in ${file}: ${fileReason(cause) ?? messageOf(cause)}`);
    }));
  let own: Correction[];
  try {
    own = text === undefined ? [] : parseCorrections(text);
  } catch (cause) {
    throw new Error(`${file}: ${messageOf(cause)}`, { cause });
  }
  const ids = new Set([...packaged, ...own].map(({ id }) => id));
  const isWanted = ({ id }: Correction) => !skip.includes(id);
  return {
    packaged: packaged.filter(isWanted),
    own: own.filter(isWanted),
    unknown: skip.filter((id) => !ids.has(id)),
  };
}

/** Prepares the document, and takes the part that was asked for. */
function prepare(source: SourceDocument, options: PrepareOptions, selection: Generation) {
  try {
    const prepared = prepareDocument(source, options);
    return { prepared, document: sliceDocument(prepared.document, selection) };
  } catch (cause) {
    if (cause instanceof SelectionError) throw new UsageError(cause.message);
    if (!(cause instanceof CorrectionError)) throw cause;
    const [, id = ''] = /^correction ([^:]+):/.exec(cause.message) ?? [];
    throw new Error(`${cause.message}, or switch it off with --skip-correction ${id}`, { cause });
  }
}

/** The generation that a project has settled; `undefined` where it names no folder. */
export function generationOf(project: Project): Generation | undefined {
  const { out, document = DEFAULT_DOCUMENT, tags, operations, paths, docs = true, client = true } = project;
  if (out === undefined) return undefined;
  return {
    document,
    out,
    tags,
    operations,
    paths,
    docs,
    importExtension: project.importExtension ?? 'js',
    // The package cannot import itself by its name.
    client: client && project.checkout === undefined,
    supplement: true,
    corrections: { file: project.corrections, skip: project.skipCorrections ?? [] },
    isCheckout: project.checkout !== undefined,
    contract: project.checkout?.contract ?? false,
  };
}
