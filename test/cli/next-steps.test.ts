import { describe, expect, it } from 'vitest';
import { AdvisedError } from '../../src/cli/io.js';
import { nextStep } from '../../src/cli/next-step.js';
import * as connect from '../../src/connect/index.js';
import * as rest from '../../src/index.js';
import { findMistakes, splitCommands } from '../helpers/command-lines.js';

const CONNECTORS = [undefined, 'oauth/crm', 'two words'];
const FLAGS = {
  subject: 'user:user_1',
  scopes: ['a', 'b'],
  installationId: 'inst_1',
  typed: { baseUrl: 'http://127.0.0.1:1', team: 't' },
};

/** One error of every class that a command can end with. */
const errors: readonly Error[] = [
  ...Object.values({ ...connect, ...rest }).flatMap((value): Error[] => {
    if (typeof value !== 'function' || !(value.prototype instanceof rest.APIError)) return [];
    const ErrorClass = value as typeof connect.ConnectError; // A child of APIError takes these.
    return [new ErrorClass('message', { status: 404, path: '/v1/connect/connectors/{connector}' })];
  }),
  new rest.APIError('message', { status: 404, path: '/v1/connect/projects/{projectId}' }),
  new rest.CredentialError('message'),
  new rest.APIConnectionError('message', { method: 'GET', path: '/' }),
  new rest.APITimeoutError(1, { method: 'GET', path: '/' }),
];

const steps = errors.flatMap((error) =>
  CONNECTORS.flatMap((connector) =>
    [{}, FLAGS].map((flags) => [error.name, nextStep(error, { connector, flags, env: {} }) ?? ''] as const),
  ),
);
const commands = [
  ...new Set(
    steps.flatMap(([, step]) => [...step.matchAll(/`(vercel-rest [^`]*)`/g)].map(([, line = '']) => line)),
  ),
];

describe('a next step of the command line', () => {
  it('does not name the list where the list itself is not there', () => {
    const error = new connect.ConnectorNotFoundError('message', {
      status: 404,
      path: '/v2/connect/connectors',
    });
    const step = nextStep(error, { connector: undefined, flags: {}, env: {} });
    expect(step).toContain('--base-url');
    expect(step).not.toContain('connect list');
  });

  it('is there for every error of the API, of Connect and of the transport', () => {
    expect(errors.length).toBeGreaterThan(18);
    expect(
      steps.filter(
        ([name, step]) =>
          step === '' && !['APIError', 'ConnectError', 'AuthorizationPendingError'].includes(name),
      ),
    ).toEqual([]);
    expect(commands.length).toBeGreaterThan(10);
  });

  it.each(commands)('exists: %s', (line) => {
    for (const words of splitCommands(line)) expect(findMistakes(words.slice(1))).toEqual([]);
  });

  it('of an error that has its own goes to the same place', () => {
    const error = new AdvisedError('no', 'Run `vercel-rest connect list`.');
    expect(nextStep(error, { connector: undefined, flags: FLAGS, env: {} })).toBe(
      'Run `vercel-rest connect list --base-url http://127.0.0.1:1 --team t`.',
    );
  });
});
