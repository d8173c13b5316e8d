import { type Command, Option } from 'commander';
import type { FailOn } from '../../codegen/diff/index.js';
import { NOT_COMPARED } from '../../codegen/diff/not-compared.js';
import { refuseFurther } from '../api-flags.js';
import { type CliContext, EXIT_TABLE } from '../io.js';
import { DEFAULT_DOCUMENT } from '../project.js';

const FAIL_ON: readonly FailOn[] = ['wire', 'sunset', 'type', 'any', 'none'];
const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

/** The flags of `vercel-rest diff`, as parsed. */
export interface DiffFlags {
  readonly format: (typeof FORMATS)[number];
  /** Takes precedence over `format`: a program reads the output. */
  readonly json?: boolean;
  readonly failOn: FailOn;
  readonly uses?: readonly string[] | undefined;
  /** A file to add a summary in Markdown to; `true` for the one of a GitHub workflow's step. */
  readonly summary?: string | boolean;
}

const HELP = `
Classes: wire, a call that was valid or a value that was promised goes away; type, only compilation or an exhaustive \
switch is hit; sunset, an operation is deprecated or has a date on which it ends; error-body, answers other than 2xx; \
added; docs.
Without documents, what the last \`vercel-rest pull\` changed is compared.
Not compared: ${NOT_COMPARED.join(', ')}.
With --uses, lines that stop compiling end with 3 and what could not be decided ends with 5, except with --fail-on none.

${EXIT_TABLE}`;

/** Adds `vercel-rest diff` to the program. */
export function addDiff(program: Command, io: CliContext, onExit: (code: number) => void): void {
  refuseFurther(
    program.command('diff'),
    'it takes two documents; give the files of a program as --uses <globs>',
  )
    .description('compare two OpenAPI documents and say what each change breaks')
    .argument('[old]', 'the older document, JSON or YAML (default: the one that the last pull replaced)')
    .argument('[new]', `the newer one (default: ${DEFAULT_DOCUMENT})`)
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .option('--json', 'the same as --format json')
    .addOption(
      new Option(
        '--fail-on <class>',
        'what to stop at: type and sunset mean these or wire, any all of them and error bodies',
      )
        .choices(FAIL_ON)
        .default('wire'),
    )
    .option(
      '--uses <tsconfig or globs...>',
      'report only what hits this TypeScript or JavaScript program, and stop at lines that stop compiling',
    )
    .option('--summary [file]', 'also add a summary in Markdown to a file (default: $GITHUB_STEP_SUMMARY)')
    .addHelpText('after', HELP)
    .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags) => {
      const { diffDocuments } = await import('./print-diff.js');
      const format = flags.json === true ? 'json' : flags.format;
      onExit(await diffDocuments(before, after, { ...flags, format }, io));
    });
}
