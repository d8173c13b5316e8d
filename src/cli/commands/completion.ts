import { Argument, type Command } from 'commander';
import { type ApiFlags, fillFromEnvironment } from '../api-flags.js';
import type { CliContext } from '../io.js';
import { openSession } from './connect/shared.js';

/** The name of the hidden command that the scripts ask for what can follow. */
const ASK = '__complete';
/** The longest wait of a key press for the names of the connectors, in milliseconds. */
const PATIENCE_MS = 2_000;
const MAX_CONNECTORS = 100;

/** Adds `vercel-rest completion`, which prints what a shell needs to complete commands, flags and values. */
export function addCompletion(program: Command, io: CliContext): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
bash: source <(vercel-rest completion bash)
zsh:  source <(vercel-rest completion zsh)
fish: vercel-rest completion fish | source`,
    )
    .action((shell: string) => io.stdout(SCRIPTS[shell] ?? ''));
  program
    .command(ASK, { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      // bash takes `=` for a word of its own. The last word is being typed.
      const line = words.filter((word) => word !== '=');
      const typed = line.at(-1) ?? '';
      const start: CompletionContext = { command: program, flag: undefined, position: 0, given: {} };
      const found = new Set(await candidates(line.slice(0, -1).reduce(after, start), typed, io));
      const fitting = [...found].filter((word) => word.startsWith(typed) && SHELL_SAFE.test(word));
      io.stdout(
        fitting
          .sort()
          .map((word) => `${word}\n`)
          .join(''),
      );
    });
}

const BASH = `_vercel_rest() {
  COMPREPLY=()
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(vercel-rest ${ASK} -- "\${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _vercel_rest vercel-rest
`;

/** The shells, and the script of each. Without an answer they complete names of files. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: `autoload -U +X bashcompinit && bashcompinit\n${BASH}`,
  fish: `complete -c vercel-rest -a '(vercel-rest ${ASK} -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'\n`,
};

/** A shell puts a name into the line as it is; one that it would run is not offered. */
const SHELL_SAFE = /^[\w@%+:,./-]+$/;

/** Describes the word that is being typed, by the words before it. */
interface CompletionContext {
  readonly command: Command;
  /** The flag whose value is being typed. */
  readonly flag: Command['options'][number] | undefined;
  /** The number of arguments before it. */
  readonly position: number;
  /** The flags before it that have a value, by attribute. */
  readonly given: Readonly<Record<string, string>>;
}

/** The context after one more word. */
function after(context: CompletionContext, word: string): CompletionContext {
  const { command, flag, position, given } = context;
  if (flag !== undefined)
    return { ...context, flag: undefined, given: { ...given, [flag.attributeName()]: word } };
  if (word.startsWith('-')) {
    const [name, value] = word.split('=', 2);
    const found = command.options.find(({ short, long }) => name === short || name === long);
    if (found === undefined || !found.required) return context;
    return value === undefined
      ? { ...context, flag: found }
      : { ...context, given: { ...given, [found.attributeName()]: value } };
  }
  const child = command.commands.find((one) => [one.name(), ...one.aliases()].includes(word));
  return child === undefined ? { ...context, position: position + 1 } : { ...context, command: child };
}

/** Finds the words that can stand where a word is being typed. */
async function candidates(
  context: CompletionContext,
  typed: string,
  io: CliContext,
): Promise<readonly string[]> {
  const { command, flag, position } = context;
  if (flag !== undefined) return flag.argChoices ?? VALUES[flag.attributeName()] ?? [];
  if (typed.startsWith('-')) {
    const flags = command.options.flatMap(({ short, long }) => [short, long]).filter((name) => name != null);
    return [...flags, '--help'];
  }
  const children = command.commands.filter((child) => child.name() !== ASK);
  if (children.length > 0) return children.flatMap((child) => [child.name(), ...child.aliases()]);
  const argument = command.registeredArguments[position];
  if (argument?.argChoices !== undefined) return argument.argChoices;
  if (argument?.name() === 'connector') return connectorsOf(context, io);
  if (argument?.name() === 'operation') {
    const { operations } = await import('../../generated/index.js');
    return Object.keys(operations.operations);
  }
  // A name of a file, which the shell completes, or nothing more.
  return [];
}

/** Values that do not change, by flag. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  environment: ['production', 'preview', 'development'],
  subject: ['app', 'user'],
  method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
};

/** The UIDs of the connectors, asked for as the line would; none where that fails or takes long. */
async function connectorsOf({ command, given }: CompletionContext, io: CliContext): Promise<string[]> {
  try {
    for (const [name, value] of Object.entries(given)) command.setOptionValueWithSource(name, value, 'cli');
    await fillFromEnvironment(command, io);
    const flags: ApiFlags = command.opts();
    const { client } = await openSession(flags, io);
    const signal = AbortSignal.any([io.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const { items } = await client.connectors.list({ limit: MAX_CONNECTORS }, { signal });
    return items.map(({ uid }) => uid);
  } catch {
    return [];
  }
}
