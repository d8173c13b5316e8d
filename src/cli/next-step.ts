import { PullError } from '../codegen/pull/pull-error.js';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  ConnectorRegistrationRequiredError,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../connect/errors.js';
import {
  APIConnectionError,
  APIError,
  APITimeoutError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  CredentialError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from '../errors/index.js';
import { DeployFilesError, DeploymentError, PollTimeoutError } from '../platform/platform-errors.js';
import { type ApiFlags, withApiFlags } from './api-flags.js';
import { AdvisedError, type CliContext } from './io.js';
import { shellWord } from './terminal/shell-word.js';

type Step = readonly [
  errorClass: abstract new (...args: never[]) => Error,
  advice: (connector: string, error: Error, command: FailedCommand) => string,
];

/** The command line that failed. */
export interface FailedCommand {
  /** The connector that it is about, as the user named it; `undefined` for a command about none. */
  readonly connector: string | undefined;
  /** Its flags, as parsed. */
  readonly flags: Pick<ApiFlags, 'token' | 'typed'> & Readonly<Record<string, unknown>>;
  readonly env: CliContext['env'];
}

const UNNAMED = '<connector>';
const FIX = 'Fix the field named above, and run the command again; its --help shows the flags.';

/** The flags by which a token is asked for, which the request for consent has to repeat. */
const TOKEN_FLAGS: Readonly<Record<string, string>> = {
  installationId: '--installation-id',
  scopes: '--scopes',
  resources: '--resources',
  audience: '--audience',
  authorizationDetails: '--authorization-details',
};

/** Writes the command that asks for exactly the consent, or the installation, that was missing. */
function authorizeCommand(connector: string, flags: FailedCommand['flags'], install: boolean): string {
  const subject = typeof flags.subject === 'string' ? shellWord(flags.subject) : 'user:<id>';
  const words = Object.entries(TOKEN_FLAGS).flatMap(([name, flag]) => {
    const value = flags[name];
    if (value === undefined) return [];
    return [flag, shellWord(Array.isArray(value) ? value.join(',') : String(value))];
  });
  return [
    `vercel-rest connect authorize ${connector}`,
    ...(install ? ['--install'] : ['--subject', subject]),
    ...words,
    ...(flags.defaultScopes === false && flags.scopes === undefined ? ['--no-default-scopes'] : []),
  ].join(' ');
}

/** A 404 is about whatever the path names last. */
function whereToLook(connector: string, error: Error): string {
  const path = error instanceof APIError ? (error.path ?? '') : '';
  if (path.includes('/services/')) return 'Give a service such as slack, github, linear or oauth.';
  if (path.includes('/projects/{projectId}') && connector !== UNNAMED)
    return `Run \`vercel-rest connect projects ${connector}\` to see what it is linked to, and check connector and project.`;
  if (path.includes('/projects/{projectId}'))
    return 'Check the project id (prj_...): it stands in the settings of the project.';
  // The list itself: it is there for everybody who has Connect.
  if (path.endsWith('/connectors'))
    return 'Check the team and --base-url: Vercel Connect was not found there. `vercel-rest mock` starts one to try with.';
  return 'Run `vercel-rest connect list` to see the connectors of the team, and check the spelling.';
}

// The most telling class first: a Connect error is also an instance of its status family.
const STEPS: readonly Step[] = [
  [
    DeploymentError,
    (_, error) =>
      error instanceof DeploymentError
        ? `Run \`vercel-rest logs ${shellWord(error.deploymentId)}\` to read the whole build log.`
        : 'Read the build log.',
  ],
  [DeployFilesError, () => 'Run the command again: files that were uploaded are not uploaded again.'],
  [PollTimeoutError, () => 'Run the command again to go on waiting, or give a longer --timeout.'],
  [
    UserAuthorizationRequiredError,
    (connector, _, { flags }) =>
      `This user has to consent first. Run \`${authorizeCommand(connector, flags, false)}\`, and open the URL that it prints.`,
  ],
  [
    ConnectorInstallationRequiredError,
    (connector, _, { flags }) =>
      `The connector has to be installed with the provider first. Run \`${authorizeCommand(connector, flags, true)}\`, and open the URL that it prints.`,
  ],
  [
    ConnectorRegistrationRequiredError,
    (_, error) => {
      const page = error instanceof ConnectorRegistrationRequiredError ? error.registerUrl : undefined;
      const there = page === undefined ? '' : `Open ${page} and finish there, or run`;
      return `${there || 'Run'} the command again with --yes, which opens the page and waits.`;
    },
  ],
  [
    NoValidTokenError,
    (connector) =>
      `Nothing valid is stored for this request. Renew the credential with \`vercel-rest connect update ${connector} --data @file.json\`, or run \`vercel-rest connect import-tokens ${connector} <file>\`.`,
  ],
  [
    ClientNotEnabledForEnvironmentError,
    (connector) =>
      `Run \`vercel-rest connect attach ${connector} --project <id> --environment <names>\` with every environment that it is to have.`,
  ],
  [
    ClientNotLinkedToProjectError,
    (connector) =>
      `Run \`vercel-rest connect attach ${connector} --project <id>\` to link the connector to the project.`,
  ],
  [ConnectorNotFoundError, (connector, error) => whereToLook(connector, error)],
  [
    NotFoundError,
    (connector, error) =>
      error instanceof APIError && /\/connect\/.*\{/.test(error.path ?? '')
        ? whereToLook(connector, error)
        : 'Check the path; `vercel-rest api --list` shows those that are known.',
  ],
  [AuthorizationDeniedError, () => 'The user said no. Run the command again to ask anew.'],
  [
    AuthorizationExpiredError,
    () => 'Nobody decided in time. Run the command again: it asks anew, under another URL.',
  ],
  [
    AuthenticationError,
    (_connector, _error, { flags, env }) => {
      if (flags.token !== undefined)
        return 'The token of --token was refused: it may have expired, been revoked, or belong to another team. Create another at vercel.com/account/settings/tokens.';
      if (env.VERCEL_TOKEN)
        return 'VERCEL_TOKEN was refused: it may have expired, been revoked, or belong to another team. Create another at vercel.com/account/settings/tokens, or unset it to use the project OIDC token.';
      return 'The credential was refused. Set VERCEL_TOKEN, or run `vercel env pull` for a fresh project token.';
    },
  ],
  [
    CredentialError,
    () =>
      'Set VERCEL_TOKEN, or run `vercel env pull` in a linked project; to try without an account, start `vercel-rest mock` and pass its URL as --base-url.',
  ],
  [
    PermissionDeniedError,
    () => 'The credential may not do this. Check its team and role, and the project link.',
  ],
  [
    RateLimitError,
    (_, error) => {
      const waitMs = error instanceof RateLimitError ? error.retryAfterMs : undefined;
      return waitMs === undefined ? 'Try again in a minute.' : `Try again in ${Math.ceil(waitMs / 1000)} s.`;
    },
  ],
  [
    ConflictError,
    (connector) =>
      `The name or UID may be taken, the connector of another kind, or somebody changes it too. Look with \`${connector === UNNAMED ? 'vercel-rest connect list' : `vercel-rest connect get ${connector}`}\`.`,
  ],
  [BadRequestError, () => FIX],
  [UnprocessableEntityError, () => FIX],
  [
    InternalServerError,
    () => 'The API failed. Try again; if it stays, quote the request id to Vercel support.',
  ],
  [APITimeoutError, () => 'The server is slow or unreachable. Try again, or check --base-url.'],
  [
    APIConnectionError,
    () => 'Check the network and --base-url; `vercel-rest mock` starts a local server to try with.',
  ],
];

/**
 * Says what to do about a failed command.
 *
 * @returns One sentence or two; `undefined` where the error says it all.
 */
export function nextStep(error: unknown, command: FailedCommand): string | undefined {
  if (error instanceof PullError) return error.next;
  if (error instanceof AdvisedError) return withApiFlags(error.next, command.flags);
  const step = STEPS.find(([errorClass]) => error instanceof errorClass);
  if (step === undefined || !(error instanceof Error)) return undefined;
  const connector = command.connector === undefined ? UNNAMED : shellWord(command.connector);
  return withApiFlags(step[1](connector, error, command), command.flags);
}
