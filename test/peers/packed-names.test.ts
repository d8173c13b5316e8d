// The entries of the packed build: classes keep their names, and the entries share them.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'object' && 'default' in target
    ? [[path, target.default.replace('./dist/', '')] as const]
    : [],
);

/** An entry of the bundle that the suites of the binary use. */
const load = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ join(dirname(inject('program')), '..', file));

it.each(entries)('%s names each class as it exports it', async (_path, file) => {
  const classes = Object.entries(await load(file)).filter(
    ([name, value]) => typeof value === 'function' && /^[A-Z][a-z]/.test(name),
  );
  expect(classes.filter(([name, value]) => Reflect.get(value as object, 'name') !== name)).toEqual([]);
});

it('the entries share their errors, so that a class of one catches what another throws', async () => {
  const [connect, ...adapters] = await Promise.all(
    ['connect', 'adapters/mcp', 'adapters/ai-sdk', 'adapters/tanstack-ai'].map((path) =>
      load(`${path}/index.js`),
    ),
  );
  const names = Object.keys(connect ?? {}).filter((name) => name.endsWith('Error'));
  const shared = names.filter((name) => adapters.every((entry) => name in entry));
  expect(shared).toContain('ConsentRequiredError');
  for (const name of shared)
    expect(
      adapters.map((entry) => entry[name] === connect?.[name]),
      name,
    ).toEqual([true, true, true]);
});

it('every entry has its types, and is an entry of the bundle', () => {
  const bundled = readFileSync(join(ROOT, 'scripts/bundle.mjs'), 'utf8');
  for (const [path, file] of entries) {
    const source = file.replace(/\.js$/, '.ts');
    expect(existsSync(join(ROOT, 'src', source)), path).toBe(true);
    expect(bundled, path).toContain(`'src/${source}'`);
  }
});
