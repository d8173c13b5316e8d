import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareDocuments, formatHtml, type ImpactReport } from '../../../src/codegen/diff/index.js';
import { answering, documentOf, object, string, taking } from './documents.js';

const CHROMIUM = '/usr/bin/chromium';
const isHere = existsSync(CHROMIUM);
if (!isHere) console.log(`the report is not opened in a browser: there is no ${CHROMIUM}`);

const thing = (names: readonly string[]) =>
  object(Object.fromEntries(names.map((name) => [`${name}!`, string])));
const shared = (names: readonly string[]) =>
  Object.fromEntries(
    ['getB', 'getC', 'getD'].map((operationId) => [
      `/v1/${operationId}`,
      { get: answering(thing(names), { operationId }) },
    ]),
  );
const before = documentOf({
  '/v1/a': { get: answering(thing(['id', 'label']), { operationId: 'getA', description: 'old' }) },
  '/v1/colors': {
    post: taking(object({ color: { type: 'string', enum: ['red', 'green'] } }), { operationId: 'putColor' }),
  },
  ...shared(['id', 'region']),
});
const after = documentOf({
  '/v1/a': {
    get: answering(thing(['id', 'title']), {
      operationId: 'getA',
      description: 'new',
      deprecated: true,
      'x-sunset': '2026-12-31',
    }),
  },
  '/v1/colors': {
    post: taking(object({ color: { type: 'string', enum: ['red', 'blue'] } }), { operationId: 'putColor' }),
  },
  '/v1/new': { get: answering(thing(['id']), { operationId: 'getNew' }) },
  ...shared(['id']),
});
const impact: ImpactReport = {
  operations: [{ operationId: 'getA', places: [{ file: 'src/a.ts', line: 2, column: 1 }] }],
  broken: [
    {
      file: 'src/a.ts',
      line: 3,
      column: 5,
      code: 2339,
      message: "Property 'label' does not exist",
      changes: [0],
    },
  ],
  unfollowed: [{ file: 'src/b.ts', line: 4, column: 1, why: 'the path is computed' }],
  unknown: [],
  compiled: true,
  unclear: [],
};

describe.skipIf(!isHere)('the page in a browser', { timeout: 60_000 }, () => {
  let folder = '';
  let browser: Browser;
  let address = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vercel-rest-page-'));
    const html = formatHtml({
      changes: compareDocuments(before, after),
      impact,
      documents: {
        before: { path: 'openapi/vercel.previous.json', sha256: 'a'.repeat(64) },
        after: {
          path: 'openapi/vercel.json',
          sha256: 'b'.repeat(64),
          retrievedAt: '2026-11-27T06:00:00.000Z',
        },
      },
    });
    await writeFile(join(folder, 'report.html'), html);
    address = pathToFileURL(join(folder, 'report.html')).href;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(width: number, colorScheme: 'light' | 'dark', hash = ''): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      bypassCSP: true,
    });
    const page = await context.newPage();
    await page.goto(address + hash);
    return page;
  }

  test.each([
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('has no violation of accessibility at %i pixels, %s, and fits', async (width, scheme) => {
    const page = await open(width, scheme);
    await page.locator('input[value=docs]').check();
    await page.addScriptTag({
      content: await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    });
    const violations: unknown = await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html))',
    );
    expect(violations).toEqual([]);
    const overflow: unknown = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  test('is used with the keyboard alone', async () => {
    const page = await open(1280, 'light');
    const active = () => page.evaluate('document.activeElement.id || document.activeElement.name');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    const first = await active();
    await page.keyboard.press('j');
    expect(await active()).not.toBe(first);
    await page.keyboard.press('k');
    expect(await active()).toBe(first);
    await page.keyboard.press('/');
    expect(await active()).toBe('q');
    await page.keyboard.type('region');
    expect(await page.locator('.change:visible').count()).toBe(1);
    expect(await page.locator('output').textContent()).toMatch(/^1 of \d+ changes$/);
    await page.context().close();
  });

  test('filters by class and operation, and an address brings a change back', async () => {
    const page = await open(1280, 'light', '#show=getA.description-changed');
    expect(await page.evaluate('document.activeElement.id')).toBe('getA.description-changed');
    expect(await page.locator('input[value=docs]').isChecked()).toBe(true);
    await page.locator('button[data-filter=putColor]').click();
    expect(await page.locator('.group:visible').count()).toBe(1);
    expect(page.url()).toContain('op=putColor');
    for (const name of ['wire', 'type', 'sunset', 'error-body', 'added', 'docs'])
      await page.locator(`input[value="${name}"]`).uncheck();
    expect(await page.locator('.none').isVisible()).toBe(true);
    await page.locator('button[type=reset]').click();
    await page.locator('.change:visible').first().waitFor();
    expect(await page.locator('.change:visible').count()).toBeGreaterThan(3);
    await page.context().close();
  });
});
