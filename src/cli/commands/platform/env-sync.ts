import { parseEnv } from 'node:util';
import { type Command, Option } from 'commander';
import {
  type EnvOutcome,
  type SyncEnvOptions,
  type SyncEnvReport,
  syncEnv,
} from '../../../platform/index.js';
import { terminalJson, terminalLines, terminalText } from '../../../util/terminal-text.js';
import { EXIT, type Io } from '../../io.js';
import { confirm } from '../../terminal/confirm.js';
import { readFileText } from '../../terminal/input.js';
import { collect } from '../connect/shared.js';
import { openPlatform, type PlatformFlags, withPlatformFlags } from './platform-session.js';

interface SyncFlags extends PlatformFlags {
  readonly project: string;
  readonly target?: string[];
  readonly type?: NonNullable<SyncEnvOptions['type']>;
  readonly prune?: boolean;
  readonly rewriteSensitive?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Adds `vercel-rest env`. */
export function addEnv(program: Command, io: Io, onExit: (code: number) => void): void {
  const env = program.command('env').description('environment variables of a project');
  withPlatformFlags(
    env.command('sync').description('bring the variables of a project in step with a .env file'),
  )
    .argument('<file>', 'NAME=value lines, as Node reads them')
    .requiredOption('--project <project>', 'id or name of the project')
    .option('--target <names>', 'environments, custom ones by slug; default the three built-in ones', collect)
    .addOption(new Option('--type <type>', 'of new variables').choices(['encrypted', 'plain', 'sensitive']))
    .option('--prune', 'remove variables that are not in the file')
    .option('--rewrite-sensitive', 'write sensitive variables anew, whose values cannot be compared')
    .option('--dry-run', 'print the plan, and change nothing')
    .option('-y, --yes', 'change without a question')
    .addHelpText(
      'after',
      '\nNo value is printed. Exits with 1 where variables are refused.\nExample: vercel-rest env sync .env.production --project storefront --target production --dry-run',
    )
    .action(async (file: string, flags: SyncFlags) => onExit(await sync(file, flags, io)));
}

/** @returns The exit code. */
async function sync(file: string, flags: SyncFlags, io: Io): Promise<number> {
  const wanted = readVariables(await readFileText('<file>', file));
  const { target, type, prune, rewriteSensitive, dryRun, json } = flags;
  const report = await syncEnv(openPlatform(flags, io), flags.project, wanted, {
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
      return confirm(`Change ${changes.length} variables of ${flags.project}?`, flags, io);
    },
  });
  const { failed, outcomes } = report;
  if (json === true) io.stdout(`${terminalJson({ outcomes }, 2)}\n`);
  else io.stderr(summaryOf(report));
  return failed.length === 0 ? EXIT.ok : EXIT.failure;
}

function readVariables(text: string): { key: string; value: string }[] {
  return Object.entries(parseEnv(text)).map(([key, value]) => ({ key, value: value ?? '' }));
}

function summaryOf({ outcomes, failed }: SyncEnvReport): string {
  const done = outcomes.filter(({ status }) => status === 'done').length;
  const lines = failed.map((outcome) => `refused: ${describe(outcome)}\n`);
  const isPlanned = outcomes.some(({ status }) => status === 'planned');
  return `${lines.join('')}${isPlanned ? 'Nothing was changed.' : `${done} changed, ${failed.length} refused.`}\n`;
}

function describe({ key, target, code, message }: EnvOutcome): string {
  const reason = [code, message].filter((part) => part !== undefined).join(': ');
  return terminalText(`${key} (${target.join(', ')}) ${reason}`);
}
