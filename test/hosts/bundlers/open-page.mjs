// Loads a bundle into a page of a headless browser. Where this machine has no browser it says so: the bundle is then
// built, and read for imports that a browser does not have.
import { existsSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const content = readFileSync(process.argv[2], 'utf8');
const nodeImport = /(?:from|import)\s*\(?["']node:[\w/]+["']/.exec(content);
if (nodeImport) throw new Error(`the bundle imports what a browser does not have: ${nodeImport[0]}`);

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = places.find((path) => path && existsSync(path));
if (executablePath === undefined) console.log('skipped: built, but this machine has no browser to run it');
else await open(executablePath);

async function open(executablePath) {
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(process.env.API_URL);
    await page.addScriptTag({ content, type: 'module' });
    await page.waitForSelector('#done, #failed', { state: 'attached', timeout: 30_000 });
    if ((await page.$('#done')) === null) throw new Error(await page.title());
    console.log(`ran: in Chromium ${browser.version()}`);
  } finally {
    await browser.close();
  }
}
