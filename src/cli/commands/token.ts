import type { ConnectTokenParams } from '../../connect/index.js';
import { defined } from '../../util/defined.js';
import { parseJson } from '../../util/parse-json.js';
import { terminalText } from '../../util/terminal-text.js';
import type { ApiFlags } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { print } from '../terminal/print.js';
import { openSession } from './connect/shared.js';
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

/**
 * Prints a provider token: alone, so that it pipes, or with `--json` all that the API says of it.
 *
 * The credential is `VERCEL_TOKEN`, else the project's OIDC token; a local server without either gets a placeholder. On a
 * terminal, or with `--yes`, a consent or installation that is missing is asked for and waited for.
 *
 * @throws {UsageError} For a flag that cannot be read.
 */
export async function printToken(connector: string, flags: TokenFlags, io: CliContext): Promise<void> {
  const params = await readTokenParams(flags, io);
  const { client } = await openSession(flags, io);
  const response = await getTokenOrAsk(client, { connector, params, flags, io });
  if (response === undefined) return;
  await print({ io, flags }, response, `${terminalText(response.token)}\n`);
}

/** The parameters that the flags of a token name. @throws {UsageError} */
export async function readTokenParams(
  flags: Omit<TokenFlags, 'yes' | 'open'>,
  io: CliContext,
): Promise<ConnectTokenParams> {
  const { installationId, resources, audience, authorizationDetails: details } = flags;
  const authorizationDetails = details === undefined ? undefined : readDetails(details);
  const scopes = flags.scopes ?? (flags.defaultScopes === false ? [] : undefined);
  const subject = await readSubject(flags.subject, flags, io);
  return defined({ subject, installationId, scopes, resources, audience, authorizationDetails });
}

function readDetails(text: string): NonNullable<ConnectTokenParams['authorizationDetails']> {
  const parsed = parseJson(text);
  if (parsed === undefined)
    throw new UsageError(
      '--authorization-details must be JSON, e.g. \'[{"type":"github_app_installation","org":"acme"}]\'',
    );
  const { value } = parsed;
  // Each member is checked as an object with the other parameters; a single object is a list of one.
  return (Array.isArray(value) ? value : [value]) as NonNullable<ConnectTokenParams['authorizationDetails']>;
}
