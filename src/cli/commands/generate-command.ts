import { type Command, Option } from 'commander';
import { collect, refuseFurther } from '../api-flags.js';
import type { CliContext } from '../io.js';
import type { GenerateFlags } from './generate-types.js';

/** Adds `vercel-rest generate` to the program. */
export function addGenerate(program: Command, io: CliContext, onExit: (code: number) => void): void {
  refuseFurther(
    program.command('generate'),
    'give the document as --document <file>, and the folder as --out <folder>',
  )
    .description('write the types and the run-time table of an OpenAPI document')
    .option('--out <folder>', 'where the files go; index.ts is the one to import')
    .option(
      '--document <file>',
      'the document, JSON or YAML (default: openapi/vercel.json, which `vercel-rest pull` brings)',
    )
    .option('--tag <list>', 'only operations of these tags; comma-separated, repeatable', collect)
    .option('--operations <list>', 'only these operation ids; comma-separated, repeatable', collect)
    .option('--path <list>', "only these paths; * matches any text: '/v9/projects*'", collect)
    .addOption(
      new Option(
        '--import-extension <kind>',
        'how the files import the types of each other (default: js)',
      ).choices(['js', 'ts', 'none']),
    )
    .option('--no-client', 'without createClient, so that index.ts imports nothing of this package')
    .option('--no-docs', 'without comments')
    .option('--no-supplement', "without this package's own document of Vercel Connect")
    .option('--corrections <file>', 'corrections of your own, made after those of this package')
    .option('--no-corrections', 'without any correction')
    .option(
      '--skip-correction <ids>',
      'without the corrections of these ids; comma-separated, repeatable',
      collect,
    )
    .option('--report <file>', 'write what was repaired and corrected as JSON')
    .option('--check', 'write nothing; name the files that are stale')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Several selections are taken together. The folder belongs to this command: files of an earlier run that are no \
longer due are removed, and one that was not generated is never overwritten. A project can settle all of this once: \
"vercel-rest": { "out": "src/vercel" } in package.json, or the same object in vercel-rest.json.
Exit codes: 0 written or up to date, 1 failure (nothing was written), 2 usage, 3 with --check: files are stale.`,
    )
    .action(async (flags: GenerateFlags) => {
      const { generateTypes } = await import('./generate-types.js');
      onExit(await generateTypes(flags, io));
    });
}
