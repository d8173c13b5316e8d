import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu, Fedora and Google's own packages put it. */
const PLACES = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser of this machine, if it has one. */
export const browserPath: string | undefined = PLACES.find((path) => path !== '' && existsSync(path));

/** Returns the page that a command tells to open, if it has printed one. */
export function pageNamedIn(printed: string): string | undefined {
  return /^Open (http\S+)/m.exec(printed)?.[1];
}

/** Starts the browser of this machine, without a window. */
export function openBrowser(): Promise<Browser> {
  // A container has no sandbox of its own to put the browser's into.
  return chromium.launch({ executablePath: browserPath ?? '', headless: true, args: ['--no-sandbox'] });
}

/** Opens a page in a browser, presses a button, and gives the text of the page that follows. */
export async function pressInBrowser(url: string, button: string, browser: Browser): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await Promise.all([page.waitForLoadState('load'), page.click(button)]);
    await page.waitForSelector('#done');
    return (await page.textContent('h1')) ?? '';
  } finally {
    await page.close();
  }
}

/** Does what a browser does with the form, for machines that have none. */
export async function pressWithoutBrowser(url: string, button: string): Promise<string> {
  const page = await (await fetch(url)).text();
  const token = /name="token" value="([^"]*)"/.exec(page)?.[1] ?? '';
  const body = new URLSearchParams({ token, decision: button.replace('#', '') });
  const answer = await fetch(url, { method: 'POST', body });
  return /<h1>(.*)<\/h1>/.exec(await answer.text())?.[1] ?? '';
}
