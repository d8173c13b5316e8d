import type { Command } from 'commander';
import { isRecord } from '../../../util/is-record.js';
import { type ApiFlags, collect } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';
import { readJsonFlag } from '../../terminal/input.js';
import { type Icon, readIcon } from './icon.js';

/** Flags that both `create` and `update` have. */
export interface LookFlags extends ApiFlags {
  readonly name?: string;
  readonly uid?: string;
  readonly data?: string;
  readonly icon?: string;
  readonly backgroundColor?: string;
  readonly accentColor?: string;
  readonly triggers?: boolean;
  readonly triggerEvent?: string[];
}

/** The heading over the flags of a command that have no other. */
const OWN = 'Options:';

/** Adds the flags that both `create` and `update` have. */
export function addLook(command: Command): Command {
  return command
    .option('-n, --name <name>', 'name of the connector')
    .option('--uid <uid>', 'readable id, <service>/<name>')
    .option('--data <json>', 'what the provider needs: @file.json, @-, env:NAME, or JSON without secrets')
    .optionsGroup('Look:')
    .option('--icon <file>', 'a square PNG or JPEG of at least 640 pixels, or the SHA-1 of one')
    .option('--background-color <hex>', 'e.g. #112233')
    .option('--accent-color <hex>', 'e.g. #112233')
    .optionsGroup('Events:')
    .option('--triggers', 'turn triggers on')
    .option('--trigger-event <events>', 'provider events; comma-separated, repeatable', collect)
    .optionsGroup(OWN);
}

/** The fields of a connector that the flags give, checked before anything is sent. */
export interface Look {
  readonly name: string | undefined;
  readonly uid: string | undefined;
  readonly data: Record<string, unknown> | undefined;
  readonly icon: Icon | undefined;
  readonly backgroundColor: string | undefined;
  readonly accentColor: string | undefined;
  readonly triggers: boolean | undefined;
  readonly events: string[] | undefined;
}

/** Reads the flags of {@link addLook}. @throws {UsageError} */
export async function readLook(flags: LookFlags, io: CliContext): Promise<Look> {
  const { name, uid, backgroundColor, accentColor, triggers, triggerEvent: events } = flags;
  checkColor('--background-color', backgroundColor);
  checkColor('--accent-color', accentColor);
  if (name?.trim() === '') throw new UsageError('--name must not be blank');
  const data = flags.data === undefined ? undefined : await readJsonFlag('--data', flags.data, io);
  if (data !== undefined && !isRecord(data)) throw new UsageError('--data must be a JSON object');
  const icon = flags.icon === undefined ? undefined : await readIcon(flags.icon);
  return { name, uid, data, icon, backgroundColor, accentColor, triggers, events };
}

function checkColor(flag: string, color: string | undefined): void {
  if (color === undefined || /^#[0-9a-f]{6}$/i.test(color)) return;
  throw new UsageError(
    `${flag} must be # and six hexadecimal digits, e.g. '#112233' (with quotes in a shell)`,
  );
}
