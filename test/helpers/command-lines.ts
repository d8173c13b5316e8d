import { Command } from 'commander';
import { addCommands } from '../../src/cli/commands/commands.js';

const io = { stdout: () => {}, stderr: () => {}, env: {}, signal: new AbortController().signal };
const program = new Command('vercel-rest').version('0.0.0');
addCommands(program, io, () => {});

/** Splits a line of a shell into its commands, without comments, assignments and redirections. */
export function splitCommands(line: string): string[][] {
  const found: string[][] = [[]];
  for (const [, word = '', space = ''] of line.matchAll(/((?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s])+)(\s*)/g)) {
    if (word.startsWith('#')) break;
    if (['&&', '|', ';', '&', '||'].includes(word)) found.push([]);
    else found.at(-1)?.push(word.replaceAll(/^['"]|['"]$/g, ''));
    if (space === '') break;
  }
  return found
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_0-9]+=/.test(word))))
    .map((words) => (words.includes('>') ? words.slice(0, words.indexOf('>')) : words))
    .map((words) => (words[0] === 'npx' ? words.slice(1) : words))
    .filter((words) => words.length > 0);
}

/** Finds what of a command line, without the name of the program, does not exist. */
export function findMistakes(words: readonly string[]): string[] {
  let command = program;
  let rest = [...words];
  for (let next = child(command, rest[0]); next !== undefined; next = child(command, rest[0])) {
    command = next;
    rest = rest.slice(1);
  }
  if (command.commands.length > 0 && !(rest[0] ?? '-').startsWith('-'))
    return [`${rest[0]} is not a command`];
  const mistakes: string[] = [];
  let positional = 0;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    if (word === '-' || word === '@-' || !word.startsWith('-')) {
      positional++;
      continue;
    }
    const flag = word.split('=')[0];
    if (flag === '--help' || flag === '--version') continue;
    const option = command.options.find(({ long, short }) => long === flag || short === flag);
    if (option === undefined) mistakes.push(`${command.name()} has no ${flag}`);
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : rest[index + 1];
    if (option?.required && option.argChoices && !option.argChoices.includes(value ?? ''))
      mistakes.push(`${flag} takes no ${value}`);
    if (option?.required && !word.includes('=')) index += option.variadic ? rest.length : 1;
  }
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  if (positional > most)
    mistakes.push(`${command.name()} takes at most ${most} argument${most === 1 ? '' : 's'}`);
  return mistakes;
}

function child(command: Command, name: string | undefined): Command | undefined {
  return command.commands.find((one) => one.name() === name || one.aliases().includes(name ?? ''));
}
