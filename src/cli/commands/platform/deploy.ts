import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { DeployProgress } from '../../../platform/index.js';
import { defined } from '../../../util/defined.js';
import { terminalLines, terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, countOf } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';
import { openPlatform } from '../../open-client.js';
import { print } from '../../terminal/print.js';
import { createStatusLine, megabytes } from '../../terminal/status-line.js';
import { printEvent } from './logs.js';

interface DeployFlags extends ApiFlags {
  readonly name?: string;
  readonly project?: string;
  readonly target?: string;
  readonly logs?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** Adds `vercel-rest deploy`. */
export function addDeploy(program: Command, io: CliContext): void {
  program
    .command('deploy')
    .description('deploy the files of a folder, and wait until they are served')
    .argument('<folder>', 'what .vercelignore in it names is left out')
    .option('-n, --name <name>', 'name of the project; default: that of the folder')
    .option('--project <id>', 'id of the project, in place of its name')
    .option('--target <target>', 'production, staging or a custom environment; default: a preview')
    .option('--logs', 'print the build log')
    .option('--no-wait', 'end when the deployment is created')
    .option('--timeout <seconds>', 'how long to wait', countOf('--timeout', ' of seconds'), 900)
    .addHelpText('after', '\nFiles that Vercel has are not uploaded again.')
    .action(async (folder: string, flags: DeployFlags) => {
      const { project, target } = flags;
      const line = createStatusLine(io);
      const wait = flags.wait && { totalTimeout: flags.timeout * 1000 };
      const name = flags.name ?? projectName(basename(resolve(folder)));
      const deployment = defined({ name, project, target });
      const onLog: typeof printEvent = (event, io) => {
        line.clear();
        printEvent(event, io);
      };
      try {
        const { deployFolder } = await import('../../../platform/index.js');
        const result = await deployFolder(await openPlatform(flags, io), folder, {
          deployment,
          wait,
          signal: io.signal,
          onProgress: (progress) => line.show(describe(progress)),
          ...(flags.logs === true && flags.json !== true ? { onLog: (event) => onLog(event, io) } : {}),
        });
        line.clear();
        const { id, url } = result.ready ?? result.created;
        const { files, uploaded } = result;
        const shown = {
          id,
          url: `https://${url}`,
          state: (result.ready ?? result.created).readyState,
          files,
          uploaded,
        };
        await print({ io, flags }, shown, `${terminalText(shown.url)}\n`);
      } catch (error) {
        line.clear();
        await printLastLines(error, io);
        throw error;
      }
    });
}

/** The names that a project may have (https://vercel.com/docs/projects/overview). */
const PROJECT_NAME = /^(?!.*---)[a-z0-9._-]{1,100}$/;

/** Makes a project's name of that of a folder: `my-site` of `My site`. */
function projectName(folder: string): string {
  if (PROJECT_NAME.test(folder)) return folder;
  const name = folder
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
  if (name === '') throw new UsageError('--name is needed: no project may have the name of the folder');
  return name;
}

function describe(progress: DeployProgress): string {
  switch (progress.step) {
    case 'files':
      return `${progress.files} files, ${megabytes(progress.bytes)}: comparing with what Vercel has`;
    case 'upload': {
      const { files, bytes, of } = progress;
      return `Uploading ${files} of ${of.files} files, ${megabytes(bytes)} of ${megabytes(of.bytes)}`;
    }
    case 'created':
      return `Created ${progress.deploymentId}`;
    case 'state':
      return `Waiting: ${progress.readyState}`;
  }
}

/** Prints the last lines of the log of a deployment that failed. */
export async function printLastLines(error: unknown, io: CliContext): Promise<void> {
  const { DeploymentError } = await import('../../../platform/index.js');
  if (!(error instanceof DeploymentError) || error.logLines.length === 0) return;
  io.stderr(`${error.logLines.map((line) => terminalLines(`  ${line}`)).join('\n')}\n`);
}
