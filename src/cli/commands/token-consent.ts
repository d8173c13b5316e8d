import type { ConnectClient, ConnectTokenParams, ConnectTokenResponse } from '../../connect/index.js';
import { messageOf } from '../../util/message-of.js';
import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import { openPage } from '../terminal/browser.js';
import { confirm } from '../terminal/confirm.js';
import { printNote } from '../terminal/print.js';

/** A token to get, and how much may be done for it. */
interface CliTokenRequest {
  readonly connector: string;
  readonly params: ConnectTokenParams;
  readonly flags: { readonly yes?: boolean; readonly open?: boolean };
  readonly io: CliContext;
}

/** An installation first and the user's consent after it; more steps would never end. */
const MAX_STEPS = 2;

/**
 * A token. On a terminal, or with `--yes`, a missing installation or consent is asked for in the browser and waited for; a
 * program that reads the token gets the error at once.
 *
 * @returns `undefined` when the user does not want the browser.
 */
export async function getTokenOrAsk(
  client: ConnectClient,
  request: CliTokenRequest,
): Promise<ConnectTokenResponse | undefined> {
  const { connector, params, flags, io } = request;
  let next = () => client.getTokenResponse(connector, params, { signal: io.signal });
  for (let step = 0; ; step++) {
    try {
      return await next();
    } catch (error) {
      const start = await starterOf(error, client, request);
      // `TOKEN=$(vercel-rest token ...)` must end, and not wait for a person.
      const mayAsk = flags.yes === true || (io.stdoutIsTerminal === true && io.confirm !== undefined);
      if (start === undefined || step === MAX_STEPS || !mayAsk) throw error;
      await printNote(io, terminalText(messageOf(error)));
      if (!(await confirm('Open the browser for that?', { ...flags, json: false }, io))) return undefined;
      const authorization = await start();
      announce(authorization, flags.open, io);
      next = () => client.waitForAuthorization(authorization, { connector, params, signal: io.signal });
    }
  }
}

/** Tells where a person decides, and shows it where there is a browser. */
export function announce(
  { url, deviceCode }: { readonly url: string; readonly deviceCode?: string },
  open: boolean | undefined,
  io: CliContext,
): void {
  const code = deviceCode === undefined ? '' : ` and enter ${deviceCode}`;
  const isOpened = openPage(url, open, io);
  io.stderr(`Open ${terminalText(`${url}${code}`)}\n${isOpened ? 'Your browser should show it. ' : ''}`);
  io.stderr('Waiting for a decision. Stop with Ctrl-C.\n');
}

async function starterOf(error: unknown, client: ConnectClient, { connector, params, io }: CliTokenRequest) {
  const { ConnectorInstallationRequiredError, UserAuthorizationRequiredError } = await import(
    '../../connect/errors.js'
  );
  const own = { signal: io.signal };
  if (error instanceof UserAuthorizationRequiredError)
    return () => client.startAuthorization(connector, params, own);
  if (!(error instanceof ConnectorInstallationRequiredError)) return undefined;
  const { subject: _, ...narrow } = params;
  return () => client.startInstallation(connector, narrow, own);
}
