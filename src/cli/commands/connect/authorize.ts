import type { Command } from 'commander';
import { defined } from '../../../util/defined.js';
import { terminalText } from '../../../util/terminal-text.js';
import type { ApiFlags } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';
import { print } from '../../terminal/print.js';
import { relativeTime } from '../../terminal/table.js';
import { readTokenParams, type TokenFlags } from '../token.js';
import { announce } from '../token-consent.js';
import { addTokenParams, openSession } from './shared.js';

interface AuthorizeFlags extends ApiFlags, Omit<TokenFlags, 'yes' | 'open'> {
  readonly install?: boolean;
  readonly callbackUrl?: string;
  readonly webhook?: string;
  readonly prompt?: string;
  readonly tenantId?: string;
  readonly deviceCode?: boolean;
  readonly wait: boolean;
  readonly open: boolean;
}

/** Adds `authorize`. */
export function addAuthorize(connect: Command, io: CliContext): void {
  const command = connect
    .command('authorize')
    .description("ask for a user's consent, or an installation, and wait for it")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-s, --subject <subject>', 'who is asked: user (you), user:<id>, or nobody in particular', 'app')
    .option('--install', 'install the connector with its provider');
  addTokenParams(command)
    .option('--callback-url <url>', 'where the browser goes afterwards; https, or http on localhost')
    .option('--webhook <url>', 'called when it is decided; https')
    .option('--prompt <prompt>', "OAuth prompt, e.g. 'consent'")
    .option('--tenant-id <id>', "with --install: the provider's id of the workspace")
    .option('--device-code', 'ask for a code to type in on another device')
    .option('--no-wait', 'print the request and end')
    .option('--no-open', 'open no browser, which is done on a terminal outside CI')
    .addHelpText(
      'after',
      '\nThe URL to open is printed to stderr. Exit codes: 0 granted (or with --no-wait started), 1 refused, expired or failed, 2 usage.',
    )
    .action(async (connector: string, flags: AuthorizeFlags) => {
      const session = await openSession(flags, io);
      const { client } = session;
      const { subject, ...narrow } = await readTokenParams(flags, io);
      const { install = false, prompt, tenantId } = flags;
      if (install && (subject.type !== 'app' || prompt !== undefined))
        throw new UsageError('--install takes neither --subject nor --prompt: nobody in particular is asked');
      if (!install && tenantId !== undefined) throw new UsageError('--tenant-id goes with --install');
      const { webhook, deviceCode, callbackUrl } = flags;
      const own = { signal: io.signal, ...defined({ webhook, deviceCode }) };
      const authorization = install
        ? await client.startInstallation(connector, narrow, {
            ...own,
            ...defined({ returnUrl: callbackUrl, tenantId }),
          })
        : await client.startAuthorization(
            connector,
            { subject, ...narrow },
            { ...own, ...defined({ callbackUrl, prompt }) },
          );
      if (!flags.wait) {
        // The verifier is what reads the outcome, so that a program which goes on needs it.
        return print(session, authorization, `${terminalText(authorization.url)}\n`);
      }
      announce(authorization, flags.open, io);
      const { token: _secret, ...granted } = await client.waitForAuthorization(authorization, {
        signal: io.signal,
      });
      const life = relativeTime(granted.expiresAt, Date.now());
      await print(
        session,
        granted,
        `Granted: ${terminalText(granted.connector.uid)}. The first token ends ${life}.\n`,
      );
    });
}
