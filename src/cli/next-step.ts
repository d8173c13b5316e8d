import { PullError } from '../codegen/pull/pull-error.js';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../connect/index.js';
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
import { DeployFilesError, DeploymentError, PollTimeoutError } from '../platform/index.js';
import { registrationUrl } from './commands/connect/registration.js';
import { AdvisedError } from './io.js';
import { shellWord } from './terminal/shell-word.js';

type Step = readonly [
  errorClass: abstract new (...args: never[]) => Error,
  advice: (connector: string, error: Error) => string,
];

const MEND = 'Mend what the message names, and run the command again; its --help shows the flags.';

/** A 404 is about whatever the path names last. */
function whereToLook(connector: string, error: Error): string {
  const path = error instanceof APIError ? (error.path ?? '') : '';
  if (path.includes('/services/')) return 'Give a service such as slack, github, linear or oauth.';
  if (path.includes('/projects/{projectId}') && connector !== '<connector>')
    return `Run \`vercel-rest connect projects ${connector}\` to see what it is linked to, and check connector and project.`;
  if (path.includes('/projects/{projectId}'))
    return 'Check the project id (prj_...): it stands in the settings of the project.';
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
    (connector) =>
      `This user has to consent first. Run \`vercel-rest connect authorize ${connector} --subject user:<id>\`, and open the URL that it prints.`,
  ],
  [
    ConnectorInstallationRequiredError,
    (connector) =>
      `The connector has to be installed with the provider first. Run \`vercel-rest connect authorize ${connector} --install\`, and open the URL that it prints.`,
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
  [NotFoundError, () => 'Check the path; `vercel-rest api --list` shows those that are known.'],
  [AuthorizationDeniedError, () => 'The user said no. Run the command again to ask anew.'],
  [
    AuthorizationExpiredError,
    () => 'Nobody decided in time. Run the command again: it asks anew, under another URL.',
  ],
  [
    AuthenticationError,
    () => 'The credential was refused. Set VERCEL_TOKEN, or run `vercel env pull` for a fresh project token.',
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
      `The name or UID may be taken, the connector of another kind, or somebody changes it too. Look with \`vercel-rest connect ${connector === '<connector>' ? 'list' : `get ${connector}`}\`.`,
  ],
  [BadRequestError, () => MEND],
  [UnprocessableEntityError, () => MEND],
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
 * What to do about a failed command.
 *
 * @param connector - Of a token request, as the user named it.
 * @returns One sentence or two; `undefined` where the error says it all.
 */
export function nextStep(error: unknown, connector: string): string | undefined {
  if (error instanceof PullError || error instanceof AdvisedError) return error.next;
  const page = registrationUrl(error);
  if (page !== undefined)
    return `Open ${page} and finish there. \`vercel-rest connect list\` shows the connector afterwards.`;
  const step = STEPS.find(([errorClass]) => error instanceof errorClass);
  return step && error instanceof Error ? step[1](connector, error) : undefined;
}
