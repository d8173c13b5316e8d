import { spawn } from 'node:child_process';
import { isSafeOrigin } from '../../http/base-url.js';
import type { Io } from '../io.js';

/** Shows a page in the user's browser; says nothing when there is none, since the URL was printed. */
export type OpenUrl = (url: string) => void;

type Start = (command: string, args: readonly string[]) => void;

/** The program that hands a URL to the user's browser. No shell takes part, so that a URL is never a command. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Makes what opens a browser.
 *
 * @param platform - As `process.platform` says.
 * @param start - Default: a process of its own, which outlives this one and whose failure is nobody's.
 */
export function createOpener(platform: string, start: Start = startProcess): OpenUrl {
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  return (url) => start(command, [...args, url]);
}

/**
 * Opens a page where somebody can see it: on a terminal, never in CI, and only web pages.
 *
 * @param wanted - `false` with `--no-open`.
 * @returns Whether a browser was asked for.
 */
export function openPage(url: string, wanted: boolean | undefined, io: Io): boolean {
  const page = webPage(url);
  if (page === undefined || wanted === false || io.openUrl === undefined) return false;
  if (io.stderrIsTerminal !== true || isCI(io.env)) return false;
  io.openUrl(page);
  return true;
}

/** A URL in its normal form: it came from a server, and must neither start a program nor read as an option. */
function webPage(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return isSafeOrigin(url) ? url.href : undefined;
}

function isCI({ CI }: Io['env']): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI);
}

function startProcess(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
