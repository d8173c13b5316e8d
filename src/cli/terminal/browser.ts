import { spawn } from 'node:child_process';
import { isSafeOrigin } from '../../http/base-url.js';
import type { CliContext } from '../io.js';

/** Shows a page in the user's browser; says nothing without one, since the URL was printed. */
export type OpenUrl = (url: string) => void;

type Start = (command: string, args: readonly string[], env: CliContext['env']) => void;

/** The program that hands a URL to the user's browser. No shell takes part, so that a URL is never a command. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * The environment variables that a browser and the program that finds it need, by upper-case name. A list of what may pass:
 * a browser lives for days, and its extensions and child processes can read every credential that it inherits.
 */
const ENVIRONMENT =
  /^(?:PATH|PATHEXT|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TMP|TEMP|DISPLAY|XAUTHORITY|XDG_\w+|WAYLAND_\w+|DBUS_\w+_ADDRESS|DESKTOP_SESSION|(?:KDE|GNOME|MATE|GTK|QT|MOZ)_\w+|BROWSER|CHROME_\w+|WSL\w*|(?:NO|HTTPS?|ALL)_PROXY|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|APPDATA|LOCALAPPDATA|USERPROFILE|HOMEDRIVE|HOMEPATH|PROGRAM\w+(?:\(X86\))?|__CF\w+)$/;

/**
 * Makes the function that opens a browser.
 *
 * @param platform - As `process.platform` says.
 * @param env - The program's own environment, of which the browser gets what it needs and no credential.
 * @param start - Default: starts a process that outlives this one, and ignores its failure.
 */
export function createOpener(
  platform: string,
  env: CliContext['env'],
  start: Start = (command, args, env) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
    child.on('error', () => undefined);
    child.unref();
  },
): OpenUrl {
  const [command, ...args] = OPENERS[platform] ?? ['xdg-open'];
  const own = Object.fromEntries(
    Object.entries(env).filter(([name]) => ENVIRONMENT.test(name.toUpperCase())),
  );
  return (url) => start(command, [...args, url], own);
}

/**
 * Opens a page where somebody can see it: on a terminal, never in CI, and only web pages.
 *
 * @param wanted - `false` with `--no-open`.
 * @returns Whether a browser was asked for.
 */
export function openPage(url: string, wanted: boolean | undefined, io: CliContext): boolean {
  if (!URL.canParse(url) || wanted === false || io.openUrl === undefined) return false;
  // In its normal form: it came from a server, and must neither start a program nor read as an option.
  const page = new URL(url);
  if (!isSafeOrigin(page)) return false;
  const { CI = '' } = io.env;
  if (io.stderrIsTerminal !== true || !['', '0', 'false'].includes(CI)) return false;
  io.openUrl(page.href);
  return true;
}
