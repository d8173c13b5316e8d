import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Change, FailOn } from '../codegen/diff/index.js';
import { previousPathOf } from '../codegen/pull/previous.js';
import { EXIT, type Io, UsageError } from './io.js';
import { readDocument } from './read-document.js';

/** What a pull leaves: the document as it is, and as it was before. */
const CURRENT = 'openapi/vercel.json';
const PREVIOUS = previousPathOf(CURRENT);
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
    .argument('[old]', 'the older document, JSON (or YAML, with the package yaml)', PREVIOUS)
    .argument('[new]', 'the newer one', CURRENT)
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
Without documents, what the last \`vercel-rest pull\` changed is compared.
Exit codes: 0 nothing that --fail-on selects, 4 it selects a wire change, 3 it selects others, 2 usage, 1 a document that
cannot be read.`,
    )
    .action(async (before: string, after: string, flags: DiffFlags, { args }: Command) => {
      if (args.length === 1) throw new UsageError('name two documents, the older first, or none');
      if (args.length === 0 && !existsSync(before)) throw new Error(explainMissing());
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
  return selected.some((change) => change.class === 'wire') ? EXIT.wire : EXIT.news;
}

function explainMissing(): string {
  return existsSync(CURRENT)
    ? `there is no ${PREVIOUS}: the document has not changed since the first \`vercel-rest pull\`, which keeps the one before each change there`
    : `there is no ${CURRENT}: run \`vercel-rest pull\`, or name two documents`;
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
