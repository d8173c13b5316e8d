import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages, ROOT } from './pages.js';

test('the prose check is green over README and docs/', () => {
  const run = () => execFileSync(process.execPath, ['scripts/check-prose.mjs', 'pages'], { cwd: ROOT });
  expect(run).not.toThrow();
});

test('every column of a table has a heading', () => {
  const empty = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^(\|.*\|)\n\|[-: |]+\|$/gm)]
      .filter(([, head = '']) =>
        head
          .slice(1, -1)
          .split('|')
          .some((cell) => cell.trim() === ''),
      )
      .map(([, head]) => `${path}: ${head}`),
  );
  expect(empty).toEqual([]);
});

test('README has at most 12 KB', () => {
  expect(statSync(`${ROOT}README.md`).size).toBeLessThanOrEqual(12_288);
});

test('README says that the package is not on npm, as long as it has no public address', () => {
  const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  expect(readme.includes('not yet on npm')).toBe(manifest.repository === undefined);
  if (manifest.repository === undefined) expect(readme).toContain(`vercel-rest-${manifest.version}.tgz`);
});
