import { type Command, Option } from 'commander';
import { isLoopback } from '../http/base-url.js';
import type { BearerToken } from '../transport/auth/credentials.js';
import type { Logger } from '../transport/log.js';
import { defined } from '../util/defined.js';
import { terminalText } from '../util/terminal-text.js';
import { type CliContext, UsageError } from './io.js';
import { readLink } from './linked-project.js';
import { shellWord } from './terminal/shell-word.js';

/** Flags of every command that calls the API. */
export interface ApiFlags {
  readonly baseUrl?: string;
  /** Id (`team_...`) or slug. */
  readonly team?: string;
  readonly token?: string;
  readonly json?: boolean;
  /** Fields to print of each JSON object. */
  readonly fields?: string[];
  readonly debug?: boolean;
  /** The base URL and the team that stood on the command line, and came from nowhere else. */
  readonly typed?: Pick<ApiFlags, 'baseUrl' | 'team'>;
}

/** Adds the flags of a command that calls the API, as a group of their own at the end of its help. */
export function addApiFlags(command: Command): void {
  command
    .optionsGroup('API options:')
    .option('--base-url <url>', 'where the API is; default: VERCEL_REST_BASE_URL, else api.vercel.com');
  // The operation that gives a token takes no team.
  if (command.name() !== 'token')
    command.option('--team <team>', 'id or slug; default: VERCEL_TEAM_ID, else that of the linked folder');
  command
    .option('--token <token>', 'the access token; default: VERCEL_TOKEN, which no list of processes shows')
    .option('--json', 'print JSON, and errors as JSON too')
    // As `vercel` has it beside --json.
    .addOption(
      new Option('--format <format>', 'the same as --json').choices(['json']).implies({ json: true }),
    )
    .option('--fields <names>', 'print JSON with these fields only; comma-separated', collect)
    .option('--debug', 'report each request on stderr, without secrets');
}

/**
 * Adds the `--base-url` and `--team` that were typed to the commands that a message names in backticks, so that they reach the
 * same account when they are pasted. What came from the environment or the linked folder is there for them too.
 */
export function withApiFlags(message: string, { typed = {} }: Pick<ApiFlags, 'typed'>): string {
  const { baseUrl, team } = typed;
  const base = baseUrl === undefined ? '' : ` --base-url ${shellWord(baseUrl)}`;
  const account = team === undefined ? base : `${base} --team ${shellWord(team)}`;
  return message.replace(CALLING_THE_API, (_, command: string) => `\`${command}${account}\``);
}

/** The commands of a message that call the API. */
const CALLING_THE_API = /`(vercel-rest (?:connect|logs|api (?!--list))[^`]*)`/g;

/** Collects a flag that may be given several times, or once with commas. */
export function collect(value: string, previous: string[] = []): string[] {
  const items = value.split(',').map((item) => item.trim());
  return [...previous, ...items.filter((item) => item !== '')];
}

/** Collects a flag that may be given several times. */
export function repeat(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** Makes the reader of a flag that takes a whole number above 0. */
export function countOf(flag: string, unit = ''): (text: string) => number {
  return (text) => {
    if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
    throw new UsageError(`${flag} must be a whole number${unit} above 0`);
  };
}

/**
 * Fills in what the command line left open: the base URL and the team from the environment, the team and the project from the
 * folder that `vercel link` linked.
 *
 * @throws {UsageError} For a link that cannot be read.
 */
export async function fillFromEnvironment(command: Command, io: CliContext): Promise<void> {
  const isOpen = (name: string) =>
    command.options.some((option) => option.attributeName() === name) &&
    command.getOptionValue(name) === undefined;
  const fill = (name: string, value: string | undefined, source: string) => {
    if (value && isOpen(name)) command.setOptionValueWithSource(name, value, source);
  };
  const { baseUrl, team } = command.opts<ApiFlags>();
  command.setOptionValue('typed', defined({ baseUrl, team }));
  if (command.getOptionValue('fields') !== undefined) command.setOptionValue('json', true);
  fill('baseUrl', io.env.VERCEL_REST_BASE_URL, 'env');
  fill('team', io.env.VERCEL_TEAM_ID, 'env');
  if (!isOpen('team') && !isOpen('project')) return;
  const link = await readLink(io);
  // The owner of a folder can be a person, and is then not a team.
  if (link?.orgId?.startsWith('team_')) fill('team', link.orgId, 'linked');
  const isAll = command.getOptionValue('allProjects') === true;
  if (OF_LINKED_PROJECT.has(command.name()) && !isAll) fill('project', link?.projectId, 'linked');
}

/** The commands that are about the project of the linked folder where `--project` names no other. */
const OF_LINKED_PROJECT: ReadonlySet<string> = new Set(['attach', 'create', 'detach', 'list', 'sync']);

/** The settings of a client, from the flags and the environment. */
export interface ClientSettings {
  readonly baseUrl: string | undefined;
  readonly bearerToken: BearerToken;
  readonly teamId?: string;
  readonly slug?: string;
  readonly logger: Logger | undefined;
}

/** Returns the parameter by which the API knows a team: its id, or its slug. */
export function teamQuery(team: string | undefined): { readonly teamId?: string; readonly slug?: string } {
  if (team === undefined) return {};
  return team.startsWith('team_') ? { teamId: team } : { slug: team };
}

/**
 * Says how the API is reached, and with which credential: `--token`, else `VERCEL_TOKEN`, else the project's OIDC token. A local
 * server gets a placeholder where nobody has a credential.
 */
export async function clientSettings(flags: ApiFlags, io: CliContext): Promise<ClientSettings> {
  const { baseUrl, team } = flags;
  const given = flags.token ?? io.env.VERCEL_TOKEN;
  const hasOidc = Boolean(io.env.VERCEL_OIDC_TOKEN || io.env.VERCEL_OIDC_TOKEN_FILE);
  const isLocal = baseUrl !== undefined && URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
  // Reports each attempt; the transport gives it neither values nor credentials.
  const logger: Logger = {
    debug(message, { attempt = 1, durationMs, requestId }) {
      const time = durationMs === undefined ? '' : `${Math.round(durationMs)} ms`;
      const facts = [time, attempt > 1 ? `attempt ${attempt}` : '', requestId ?? ''];
      io.stderr(`debug: ${terminalText(`${message} (${facts.filter(Boolean).join(', ')})`)}\n`);
    },
  };
  let bearerToken: BearerToken | undefined = given || (isLocal && !hasOidc ? PLACEHOLDER_BEARER : undefined);
  bearerToken ??= (await import('../transport/auth/oidc-token.js')).readOidcToken;
  return {
    baseUrl,
    bearerToken,
    ...teamQuery(team),
    logger: flags.debug === true ? logger : undefined,
  };
}

/** Stands for a credential where a local server asks for one and nobody has any. */
const PLACEHOLDER_BEARER = 'vercel-rest-placeholder';

/**
 * Has a command refuse more arguments than it has, and say which flag takes what was probably meant.
 *
 * @param hint - E.g. `give the document as --document <file>`.
 */
export function refuseFurther(command: Command, hint: string): Command {
  return command.allowExcessArguments().hook('preAction', ({ args, registeredArguments }) => {
    if (args.length > registeredArguments.length)
      throw new UsageError(`too many arguments for ${command.name()}: ${hint}`);
  });
}
