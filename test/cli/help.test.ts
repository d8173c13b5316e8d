// The help of every command, at the width of the terminal.
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { runCli } from './run-cli.js';

/** Every command and group, found as a shell finds them. */
async function commandsBelow(path: readonly string[]): Promise<string[][]> {
  const { stdout } = await runCli(['__complete', '--', ...path, '']);
  const names = stdout.split('\n').filter((word) => /^[a-z][a-z-]*$/.test(word));
  const help = await runCli([...path, '--help']);
  const children = names.filter((name) => new RegExp(`^ {2}${name}[ |\\n]`, 'm').test(help.stdout));
  const below = await Promise.all(children.map((name) => commandsBelow([...path, name])));
  return [[...path], ...below.flat()];
}

const commands = await commandsBelow([]);

test('every command is looked at', () => {
  expect(commands.map((path) => path.join(' '))).toEqual(
    expect.arrayContaining([
      '',
      'connect',
      'connect attach',
      'connect contacts add',
      'env sync',
      'diff',
      'mock',
    ]),
  );
  expect(commands.length).toBeGreaterThan(30);
});

describe.each(commands.map((path) => [path.join(' ') || 'vercel-rest', path] as const))('%s', (_, path) => {
  test.each([80, 120])('fits %i columns', async (columns) => {
    const { stdout } = await runCli([...path, '--help'], { columns, stdoutIsTerminal: true });
    expect(stdout.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
  });

  test('has one sentence, and an example where it does something', async () => {
    const { stdout } = await runCli([...path, '--help'], { columns: 1000 });
    const [, description = ''] = stdout.split('\n\n');
    expect(description).toMatch(/^[A-Za-z](?:(?!\. ).)*$/);
    if (!stdout.includes('ommands:')) expect(stdout).toMatch(/\nExample:\n {2}vercel-rest /);
  });
});

test('docs/cli.md is that help; `npx vitest run test/cli/help.test.ts -u` writes it', async () => {
  const sections = await Promise.all(
    commands.map(async (path) => {
      const { stdout } = await runCli([...path, '--help'], { columns: 80 });
      const title = ['vercel-rest', ...path].join(' ');
      const [help = '', example] = stdout.split('\nExample:\n');
      // In a block of its own, whose commands test/docs/commands.test.ts holds against the program.
      const shown = example === undefined ? '' : `\n\`\`\`sh\nnpx ${example.trim()}\n\`\`\`\n`;
      return `## ${title}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n${shown}`;
    }),
  );
  const page = `# Commands

What \`--help\` of each command prints. [The command line](command-line.md) shows them at work. This page is written from the
program, and a test keeps it true.

${sections.join('\n')}`;
  await expect(page).toMatchFileSnapshot('../../docs/cli.md');
});

describe('an argument that a flag takes', () => {
  test.each<[readonly string[], string]>([
    [['generate', 'old.json'], '--document <file>'],
    [['pull', 'vercel.json'], '--out <file>'],
    [['mock', 'openapi.json', '4010'], '--port <port>'],
    [['diff', 'old.json', 'new.json', 'src/main.ts'], '--uses <globs>'],
    [['connect', 'list', 'slack'], '--search <text>'],
  ])('%s: the error names it, for people and for programs', async (args, flag) => {
    const { code, stderr } = await runCli(args);
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(flag)]);
    if (args[0] === 'mock') return;
    const { error } = JSON.parse((await runCli([...args, '--json'])).stderr);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(flag) });
  });
});
