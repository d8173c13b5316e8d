// Every command of a block in README and docs/ exists, with the flags and arguments that the block gives it.
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { findMistakes, splitCommands } from '../helpers/command-lines.js';
import { pages } from './pages.js';

const commands = pages.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code, line }) =>
      code
        .split('\n')
        .flatMap((text, index) =>
          splitCommands(text).map((words) => ({ name: `${path}:${line + index} ${words.join(' ')}`, words })),
        ),
    ),
);
const own = commands.filter(({ words }) => words[0] === 'vercel-rest');
const scripts = commands.filter(({ words: [first, second] }) => first === 'npm' && second === 'run');

test('there are commands to check', () => {
  expect(own.length).toBeGreaterThan(30);
  expect(scripts.length).toBeGreaterThan(3);
});

test.each(scripts)('$name', ({ words }) => {
  const name = words.slice(2).find((word) => !word.startsWith('-')) ?? '';
  expect(Object.keys(manifest.scripts)).toContain(name);
});

describe('vercel-rest', () => {
  test.each(own)('$name', ({ words }) => {
    expect(findMistakes(words.slice(1))).toEqual([]);
  });

  test('a mistake is found', () => {
    expect(findMistakes(['mokc'])).toEqual(['mokc is not a command']);
    expect(findMistakes(['mock', '--prot', '4010'])).toEqual(['mock has no --prot']);
    expect(findMistakes(['wait', 'dpl_1', 'dpl_2'])).toEqual(['wait takes at most 1 argument']);
    expect(findMistakes(['diff', '--fail-on', 'breaking'])).toEqual(['--fail-on takes no breaking']);
    expect(findMistakes(['connect', 'attach', 'oauth/crm', '-z'])).toEqual(['attach has no -z']);
  });
});
