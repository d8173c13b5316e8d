import { type Command, Option } from 'commander';
import type { Change, FailOn } from '../codegen/diff/index.js';
import { EXIT, type Io } from './io.js';
import { readDocument } from './read-document.js';

const FAIL_ON: readonly FailOn[] = ['wire', 'type', 'any', 'none'];
const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

/** The flags of `vercel-rest diff`, as parsed. */
export interface DiffFlags {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: FailOn;
}

/** Adds `vercel-rest diff` to the program. */
export function addDiff(program: Command, io: Io, onExit: (code: number) => void): void {
  program
    .command('diff')
    .description('compare two OpenAPI documents and say what each change breaks')
    .argument('<old>', 'the older document, JSON (or YAML, with the package yaml)')
    .argument('<new>', 'the newer one')
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <class>', 'what to stop at: type means type or wire, any adds error bodies')
        .choices(FAIL_ON)
        .default('wire'),
    )
    .addHelpText(
      'after',
      `
Classes: wire, a call that was valid or a value that was promised goes away; type, only compilation or an exhaustive
switch is hit; error-body, answers other than 2xx; added; docs.
Exit codes: 0 nothing that --fail-on selects, 4 it selects a wire change, 3 it selects others, 2 usage, 1 a document that
cannot be read.`,
    )
    .action(async (before: string, after: string, flags: DiffFlags) => {
      onExit(await printDiff(before, after, flags, io));
    });
}

/**
 * Compares two documents and prints the report, alone, on stdout.
 *
 * @returns The exit code: 0, 3 or 4.
 * @throws {Error} For a document that cannot be read.
 */
export async function printDiff(before: string, after: string, flags: DiffFlags, io: Io): Promise<number> {
  const [older, newer] = [await readDocument(before), await readDocument(after)];
  // Loaded here: the other commands have no use for it.
  const { compareDocuments, selectChanges } = await import('../codegen/diff/index.js');
  const changes = compareDocuments(older, newer);
  io.stdout(await format(changes, flags.format, io));
  const selected = selectChanges(changes, flags.failOn);
  if (selected.length === 0) return EXIT.ok;
  return selected.some((change) => change.class === 'wire') ? EXIT.wire : EXIT.changed;
}

async function format(changes: readonly Change[], name: DiffFlags['format'], io: Io): Promise<string> {
  const diff = await import('../codegen/diff/index.js');
  switch (name) {
    case 'json':
      return diff.formatJson(changes);
    case 'markdown':
      return diff.formatMarkdown(changes);
    case 'html':
      return diff.formatHtml(changes);
    case 'text':
      return diff.formatText(changes, { colors: io.colors === true });
  }
}
