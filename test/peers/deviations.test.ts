// The deviations that docs/migrating-from-vercel-connect.md names: each is shown with both packages, by one test of its
// title, and no other is. What a row says of `@vercel/connect` is thereby held as well.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deviationsOfAdapters } from './deviations-adapters.js';
import { deviationsOfCalls } from './deviations-calls.js';
import { deviationsOfTriggers } from './deviations-triggers.js';
import { useStub } from './deviations-world.js';

const deviations = { ...deviationsOfCalls, ...deviationsOfTriggers, ...deviationsOfAdapters };

useStub();

test.each(Object.entries(deviations))('%s', (_title, show) => show());

test('the list of the documentation is this one', () => {
  const file = new URL('../../docs/migrating-from-vercel-connect.md', import.meta.url);
  const [, section = ''] = /\n## 2\. [^\n]*\n([\s\S]*?)\n## 3\. /.exec(readFileSync(file, 'utf8')) ?? [];
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  const listed = cells.filter(([, title = '']) => !title.startsWith('---'));
  expect(listed.map(([, title]) => title).sort()).toEqual(Object.keys(deviations).sort());
  for (const [, title, there, here] of listed) {
    expect(there, title).not.toBe('');
    expect(here?.length, `${title} says what is here, and why`).toBeGreaterThan(30);
  }
});
