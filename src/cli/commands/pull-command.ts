import type { Command } from 'commander';
import { DEFAULT_SOURCE } from '../../codegen/pull/source-url.js';
import { refuseFurther } from '../api-flags.js';
import type { CliContext } from '../io.js';
import { DEFAULT_DOCUMENT } from '../project.js';
import type { PullFlags } from './pull-document.js';

/** Adds `vercel-rest pull` to the program. */
export function addPull(program: Command, io: CliContext, onExit: (code: number) => void): void {
  refuseFurther(program.command('pull'), 'give the address as --url <url>, and the file as --out <file>')
    .description(
      "download Vercel's OpenAPI document, generate the client's types from it, and report what changed",
    )
    .option('--url <url>', `where it is published (default: ${DEFAULT_SOURCE})`)
    .option('--out <file>', `where it goes; its lock goes beside it (default: ${DEFAULT_DOCUMENT})`)
    .option('--no-generate', 'only download it')
    .option('--check', 'only say whether there is something new; write nothing')
    .option('--force', 'take it although its size or its number of paths is far from the last')
    .option('--json', 'print the outcome as JSON')
    .option('--quiet', 'print errors and warnings only')
    .addHelpText(
      'after',
      `
Types are generated into the folder that the project names: "vercel-rest": { "out": "src/vercel" } in package.json, or the \
same object in vercel-rest.json. Without one, and for a document with another --out, the document is only downloaded.
Exit codes: 0 pulled or unchanged, 1 failure (the files are as they were), 2 usage, 3 with --check: there is something new.`,
    )
    .action(async (flags: PullFlags) => {
      const { pullDocument } = await import('./pull-document.js');
      onExit(await pullDocument(flags, program.version() ?? '', io));
    });
}
