import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProject } from '../../src/cli/project.js';
import { temporaryFolder } from '../helpers/pull-world.js';
import { runCli } from './run-cli.js';

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

describe('the settings of a project', () => {
  test.each([
    ['without files', {}, {}],
    ['without an entry', { 'package.json': { name: 'a' } }, {}],
    ['in package.json', { 'package.json': { 'vercel-rest': { out: 'src/vercel' } } }, { out: 'src/vercel' }],
    [
      'in a file of their own, which comes first',
      { 'package.json': { 'vercel-rest': { out: 'a' } }, 'vercel-rest.json': { out: 'b', docs: false } },
      { out: 'b', docs: false },
    ],
    [
      'with all that there are',
      {
        'vercel-rest.json': {
          ...{
            out: 'a',
            document: 'b.json',
            url: 'https://example.com',
            uses: ['tsconfig.json'],
            docs: true,
          },
          ...{ tags: ['projects'], operations: [], paths: ['/v9/*'] },
          ...{ corrections: 'own.yaml', skipCorrections: ['one'] },
        },
      },
      { out: 'a', document: 'b.json', skipCorrections: ['one'] },
    ],
  ])('are read %s', async (_, files, expected) => {
    expect(await readProject(await folderWith(files))).toMatchObject(expected);
  });

  test.each([
    [
      'an unknown setting',
      { ouput: 'a' },
      /vercel-rest\.json: unknown setting ouput; the settings are document, out/,
    ],
    ['what every object has', '{"constructor":1}', /unknown setting constructor/],
    ['what only the checkout of this package sets', { checkout: {} }, /unknown setting checkout/],
    ['a folder that is none', { out: 1 }, /out has to be a string/],
    ['a list that is none', { uses: 'tsconfig.json' }, /uses has to be a list of strings/],
    ['text that is not JSON', '{', /vercel-rest\.json is not JSON/],
    ['what is no object', '[]', /an object is expected/],
  ])('are refused for %s', async (_, content, message) => {
    await expect(readProject(await folderWith({ 'vercel-rest.json': content }))).rejects.toThrow(message);
  });

  test.each(['vercel-rest.json', 'package.json'])(
    'are not passed over where %s cannot be read',
    async (name) => {
      const folder = await temporaryFolder();
      await mkdir(join(folder, name));
      await expect(readProject(folder)).rejects.toThrow(/cannot read .*: it is a folder/);
    },
  );

  test('a link to a project that cannot be read is named, and not passed over', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '.vercel', 'project.json'), { recursive: true });
    const { code, stderr } = await runCli(['connect', 'list', '--token', 'token'], { folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot read .*project\.json: it is a folder/);
  });
});
