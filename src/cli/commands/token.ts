import type { Command } from 'commander';
import type { ConnectTokenParams } from '../../connect/index.js';
import { defined } from '../../util/defined.js';
import { parseJson } from '../../util/parse-json.js';
import { terminalText } from '../../util/terminal-text.js';
import type { ApiFlags } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { print } from '../terminal/print.js';
import { addTokenParams, openSession } from './connect/shared.js';
import { readSubject } from './subject.js';
import { getTokenOrAsk } from './token-consent.js';

/** The flags of `vercel-rest token`, as parsed. */
export interface TokenFlags extends ApiFlags {
  readonly subject: string;
  readonly installationId?: string;
  readonly scopes?: string[];
  /** `false` where the default of all scopes is not wanted. */
  readonly defaultScopes?: boolean;
  readonly resources?: string[];
  readonly audience?: string[];
  readonly authorizationDetails?: string;
  readonly yes?: boolean;
  /** `false` where no browser is wanted. */
  readonly open?: boolean;
}

/** Adds `token`, which exists with and without `connect`. It prints the token alone, so that it pipes. */
export function addToken(parent: Command, io: CliContext): void {
  const command = parent
    .command('token')
    .description('print a short-lived provider token')
    .argument('<connector>', 'id (scl_...) or UID, e.g. slack/acme-slack')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>', 'app');
  addTokenParams(command)
    .option('-y, --yes', 'ask for a missing consent or installation and wait, without a question')
    .option('--no-open', 'open no browser for that')
    .addHelpText(
      'after',
      '\nThe credential is VERCEL_TOKEN, else the project OIDC token (`vercel env pull`).',
    )
    .action(async (connector: string, flags: TokenFlags) => {
      const params = await readTokenParams(flags, io);
      const { client } = await openSession(flags, io);
      const response = await getTokenOrAsk(client, { connector, params, flags, io });
      if (response === undefined) return;
      await print({ io, flags }, response, `${terminalText(response.token)}\n`);
    });
}

/** The parameters that the flags of a token name. @throws {UsageError} */
export async function readTokenParams(
  flags: Omit<TokenFlags, 'yes' | 'open'>,
  io: CliContext,
): Promise<ConnectTokenParams> {
  const { installationId, resources, audience } = flags;
  const details =
    flags.authorizationDetails === undefined ? undefined : parseJson(flags.authorizationDetails);
  if (flags.authorizationDetails !== undefined && details === undefined)
    throw new UsageError(
      '--authorization-details must be JSON, e.g. \'[{"type":"github_app_installation","org":"acme"}]\'',
    );
  // Each member is checked as an object with the other parameters; a single object is a list of one.
  const authorizationDetails =
    details && ([details.value].flat() as ConnectTokenParams['authorizationDetails']);
  const scopes = flags.scopes ?? (flags.defaultScopes === false ? [] : undefined);
  const subject = await readSubject(flags.subject, flags, io);
  return defined({ subject, installationId, scopes, resources, audience, authorizationDetails });
}
