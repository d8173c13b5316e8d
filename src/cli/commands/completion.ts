import type { Command } from 'commander';
import { type Io, UsageError } from '../io.js';

const SHELLS = ['bash', 'zsh', 'fish'];

/** Adds `vercel-rest completion`, which prints what a shell needs to complete every command and flag. */
export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText(
      'after',
      `
bash: source <(vercel-rest completion bash)
zsh:  source <(vercel-rest completion zsh)
fish: vercel-rest completion fish | source`,
    )
    .action((shell: string) => {
      if (!SHELLS.includes(shell)) throw new UsageError(`<shell> must be one of ${SHELLS.join(', ')}`);
      const words = wordsOf(program, []);
      io.stdout(shell === 'fish' ? fishScript(words) : bashScript(words, shell));
    });
}

/** What can follow, by the commands that stand before it: `connect attach` to its flags. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(command: Command, path: readonly string[]): Words {
  const children = command.commands.flatMap((child) => [child.name(), ...child.aliases()]);
  const flags = command.options.flatMap(({ short, long }) => [short, long].filter((flag) => flag != null));
  const own = [path.join(' '), [...children, ...flags, '--help']] as const;
  const below = command.commands.flatMap((child) =>
    [child.name(), ...child.aliases()].flatMap((name) => [...wordsOf(child, [...path, name])]),
  );
  return new Map([own, ...below]);
}

function bashScript(words: Words, shell: string): string {
  const cases = [...words].map(
    ([path, next]) => `    ${JSON.stringify(path)}) next=${JSON.stringify(next.join(' '))} ;;`,
  );
  const prelude = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  // zsh lends `path` to PATH, and its `compgen` lets flags through that do not fit: neither is used.
  return `${prelude}_vercel_rest() {
  local line="" word next="" typed="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "$word" in -*) ;; *) line="\${line:+$line }$word" ;; esac
  done
  while :; do
    case "$line" in
${cases.join('\n')}
    esac
    [ -n "$next" ] && break
    case "$line" in *' '*) line="\${line% *}" ;; *) line="" ;; esac
  done
  COMPREPLY=()
  for word in $next; do
    case "$word" in "$typed"*) COMPREPLY+=("$word") ;; esac
  done
}
complete -o default -F _vercel_rest vercel-rest
`;
}

function fishScript(words: Words): string {
  const lines = [...words].flatMap(([path, next]) => {
    const seen = path.split(' ').filter((part) => part !== '');
    // Once one of its own commands stands there, a command offers them no more.
    const below = next.filter((word) => !word.startsWith('-')).join(' ');
    const conditions = [
      ...seen.map((part) => `__fish_seen_subcommand_from ${part}`),
      ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`]),
    ];
    const condition = seen.length === 0 ? '__fish_use_subcommand' : conditions.join('; and ');
    return next.map((word) =>
      word.startsWith('--')
        ? `complete -c vercel-rest -n '${condition}' -l ${word.slice(2)}`
        : word.startsWith('-')
          ? `complete -c vercel-rest -n '${condition}' -s ${word.slice(1)}`
          : `complete -c vercel-rest -n '${condition}' -a ${word}`,
    );
  });
  return `${lines.join('\n')}\n`;
}
