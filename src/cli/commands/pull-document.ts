import { refuseForeignFiles, writeFiles } from '../../codegen/generate/generated-folder.js';
import { lockPathOf } from '../../codegen/pull/lock.js';
import { pull } from '../../codegen/pull/pull.js';
import { checkSourceUrl, DEFAULT_SOURCE } from '../../codegen/pull/source-url.js';
import { REAL_WORLD } from '../../codegen/pull/world.js';
import { parseDocument, readDocument, type SourceDocument } from '../../openapi/read-document.js';
import { terminalText } from '../../util/terminal-text.js';
import { type CliContext, EXIT, UsageError } from '../io.js';
import { DEFAULT_DOCUMENT, type Project, projectOf } from '../project.js';
import { createStatusLine, downloadText } from '../terminal/status-line.js';
import { type Generated, generateDocument, generationOf, readCorrections } from './generate-files.js';
import { type PullPlaces, reportPull } from './pull-report.js';

/** The flags of `vercel-rest pull`, as parsed. What is left out is as the project has settled it. */
export interface PullFlags {
  readonly url?: string;
  readonly out?: string;
  /** `false` for `--no-generate`. */
  readonly generate: boolean;
  readonly force?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Downloads the published document, generates the project's files from it, and reports what changed; with `--check` it only
 * says whether the document is new.
 *
 * @param version - Of this package.
 * @returns The exit code: 0, or with `--check` 3 where there is something new.
 * @throws {UsageError} For a flag or setting that cannot be read.
 * @throws {PullError} When the document cannot be downloaded or is refused; the files that are here stay as they are.
 * @throws {Error} When nothing can be generated from the document; the files that are here stay as they are.
 */
export async function pullDocument(flags: PullFlags, version: string, io: CliContext): Promise<number> {
  const project = await projectOf(io);
  const places = readPlaces(flags, project);
  const { url, document } = places;
  const settled = flags.generate && !flags.check ? generationOf(project) : undefined;
  // A document that is not the project's own is only downloaded.
  const generation = settled?.document === document ? settled : undefined;
  const isTalking = !flags.json && !flags.quiet;
  const status = createStatusLine(isTalking ? io : { ...io, stderrIsTerminal: false });
  const generate = async (source: SourceDocument): Promise<Generated | undefined> => {
    if (generation === undefined) return undefined;
    status.show(`generating ${generation.out} ...`);
    const made = await generateDocument(source, generation);
    await refuseForeignFiles(made.folder, made.files);
    return made;
  };
  const { packaged, own } = await readCorrections({
    file: project.corrections,
    skip: project.skipCorrections ?? [],
  });
  let generated: Generated | undefined;
  try {
    const outcome = await pull(
      {
        url,
        documentPath: document,
        force: flags.force ?? false,
        check: flags.check ?? false,
        corrections: [...packaged, ...own],
        generator: `vercel-rest/${version}`,
        signal: io.signal,
        onBytes: (received, expected) => status.show(`pulling ${downloadText(received, expected)}`),
        onRetry: (reason, delayMs) => {
          status.clear();
          if (isTalking)
            io.stderr(`${terminalText(reason)}; trying again in ${(delayMs / 1000).toFixed(1)} s\n`);
        },
        // Before the document is replaced, so that one from which nothing can be generated replaces nothing.
        onChecked: async (bytes) => {
          generated = await generate(parseDocument(new TextDecoder().decode(bytes)));
        },
      },
      { ...REAL_WORLD, ...io.pullWorld },
    ).catch((error: unknown) => {
      status.clear();
      if (io.signal.aborted) io.stderr(`stopped; ${document} is as it was. Run the same command again.\n`);
      throw error;
    });
    // Types may be missing, or made by an older version of this package, though the document has not changed.
    if (generation !== undefined) generated ??= await generate(readDocument(document));
    status.clear();
    const made = generated &&
      generation && { generated, generation, written: await writeFiles(generated.folder, generated.files) };
    await reportPull(outcome, made, { flags, places, project, status, io });
    return outcome.status === 'new' ? EXIT.news : EXIT.ok;
  } finally {
    status.clear();
  }
}

function readPlaces(flags: PullFlags, project: Project): PullPlaces {
  const url = checkSourceUrl(flags.url ?? project.url ?? DEFAULT_SOURCE);
  if (url === undefined)
    throw new UsageError(
      '--url must be an https URL without user name and password; http is allowed to this machine alone',
    );
  const document = flags.out ?? project.document ?? DEFAULT_DOCUMENT;
  if (!/[^/\\]\.json$/.test(document) || /\.(?:lock|previous)\.json$/.test(document))
    throw new UsageError('--out must name a .json file, e.g. openapi/vercel.json; its lock goes beside it');
  return { url, document, lock: lockPathOf(document) };
}
