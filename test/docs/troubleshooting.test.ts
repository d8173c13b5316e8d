// What docs/troubleshooting.md quotes is what the package says.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as connect from '../../src/connect/index.js';
import { VerificationError } from '../../src/connect/index.js';
import * as main from '../../src/index.js';
import * as msw from '../../src/msw/index.js';
import { pages, ROOT } from './pages.js';

const page = pages.find(({ path }) => path === 'docs/troubleshooting.md')?.text ?? '';
const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
  .map((name) => readFileSync(`${ROOT}src/${name}`, 'utf8'))
  .join('\n');

/** The first cells of the tables whose first column has this heading. */
function firstCells(heading: string): string[] {
  return page.split('\n\n').flatMap((table) => {
    const [head = '', , ...rows] = table.split('\n').filter((line) => line.startsWith('|'));
    return head.startsWith(`| ${heading} |`) ? rows.map((row) => row.split('|')[1]?.trim() ?? '') : [];
  });
}

const messages = firstCells('message').filter(
  (message) =>
    !/^(?:Cannot find|Cannot load|The inferred type|Argument of|Property|Must use import)/.test(message),
);

test.each(messages)('the package says: %s', (message) => {
  for (const part of message.split(/ *\.{3} */)) expect(sources).toContain(part.replaceAll('`', ''));
});

test('every reason of a VerificationError that it names exists', () => {
  const reasons = firstCells('reason').flatMap((cell) => cell.match(/(?<=`)\w+(?=`)/g) ?? []);
  expect(reasons.length).toBeGreaterThan(8);
  for (const reason of reasons) expect(sources).toContain(`| '${reason}'`);
  expect(new VerificationError('replay_unavailable', '').status).toBe(503);
});

test('every error class that it names is exported', () => {
  const exported = { ...main, ...connect, ...msw };
  const named = new Set(page.match(/\b[A-Z]\w+Error\b/g));
  expect(named.size).toBeGreaterThan(12);
  expect([...named].filter((name) => !(name in exported))).toEqual([]);
});
