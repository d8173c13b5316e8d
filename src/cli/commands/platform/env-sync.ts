import { parseEnv } from 'node:util';
import { type Command, Option } from 'commander';
import type { SyncEnvOptions } from '../../../platform/index.js';
import { terminalLines, terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, collect } from '../../api-flags.js';
import { type CliContext, EXIT } from '../../io.js';
import { openPlatform } from '../../open-client.js';
import { namedProject } from '../../resolve-project.js';
import { confirm } from '../../terminal/confirm.js';
import { readFileText } from '../../terminal/input.js';
import { print, printNote } from '../../terminal/print.js';

interface SyncFlags extends ApiFlags {
  readonly project?: string;
  readonly target?: string[];
  readonly type?: NonNullable<SyncEnvOptions['type']>;
  readonly prune?: boolean;
  readonly rewriteSensitive?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Adds `vercel-rest env`. */
export function addEnv(program: Command, io: CliContext, onExit: (code: number) => void): void {
  const env = program.command('env').description('environment variables of a project');
  env
    .command('sync')
    .description('bring the variables of a project in step with a .env file')
    .argument('<file>', 'NAME=value lines, as Node reads them')
    .option('--project <project>', 'id or name; default: that of the linked folder')
    .option('--target <names>', 'environments, custom ones by slug; default the three built-in ones', collect)
    .addOption(new Option('--type <type>', 'of new variables').choices(['encrypted', 'plain', 'sensitive']))
    .option('--prune', 'remove variables that are not in the file')
    .option('--rewrite-sensitive', 'write sensitive variables anew, whose values cannot be compared')
    .option('--dry-run', 'print the plan, and change nothing')
    .option('-y, --yes', 'change without a question')
    .addHelpText('after', '\nNo value is printed. Exits with 1 where variables are refused.')
    .action(async (file: string, flags: SyncFlags) => onExit(await sync(file, flags, io)));
}

/** @returns The exit code. */
async function sync(file: string, flags: SyncFlags, io: CliContext): Promise<number> {
  const wanted = Object.entries(parseEnv(await readFileText('<file>', file))).map(([key, value]) => ({
    key,
    value: value ?? '',
  }));
  const { target, type, prune, rewriteSensitive, dryRun, json } = flags;
  const project = namedProject(flags);
  const { syncEnv } = await import('../../../platform/index.js');
  const { failed, outcomes } = await syncEnv(await openPlatform(flags, io), project, wanted, {
    target,
    type,
    prune,
    rewriteSensitive,
    dryRun,
    signal: io.signal,
    async onPlan(plan) {
      if (json !== true) io.stdout(`${terminalLines(String(plan))}\n`);
      const changes = plan.steps.filter(({ action }) => action !== 'keep' && action !== 'conflict');
      if (dryRun === true || changes.length === 0) return;
      return confirm(`Change ${changes.length} variables of ${project}?`, flags, io);
    },
  });
  await print({ io, flags }, { outcomes }, '');
  if (json === true) return failed.length === 0 ? EXIT.ok : EXIT.failure;
  for (const { key, target: environments, code, message } of failed) {
    const reason = [code, message].filter((part) => part !== undefined).join(': ');
    await printNote(io, terminalText(`refused: ${key} (${environments.join(', ')}) ${reason}`));
  }
  const done = outcomes.filter(({ status }) => status === 'done').length;
  const isPlanned = outcomes.some(({ status }) => status === 'planned');
  io.stderr(isPlanned ? 'Nothing was changed.\n' : `${done} changed, ${failed.length} refused.\n`);
  return failed.length === 0 ? EXIT.ok : EXIT.failure;
}
