import { readOptions } from '../request-context.js';
import type { State } from '../state.js';
import type { ConnectTokenParams, TokenSource, TokenSourceOptions } from '../types.js';
import { findToken } from './find-token.js';

/**
 * Binds connector, parameters and caller once, so that each use is a single cache read.
 *
 * @throws {InvalidArgumentError} At once, for arguments that no request can be made of.
 *
 * @example
 * const slack = connect.tokenSource('slack/acme-slack', { subject: { type: 'app' } });
 * await post(await slack.getToken());
 */
export function createTokenSource(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: TokenSourceOptions,
): TokenSource {
  const request = { ...state.readRequest(connector, params) };
  const own = readOptions(options);
  return {
    getToken: async () => (await findToken(state, request, own)).token,
    getTokenResponse: async () => structuredClone(await findToken(state, request, own)),
  };
}
