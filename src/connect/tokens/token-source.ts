import type { State } from '../state.js';
import type { ConnectTokenParams, TokenSource, TokenSourceOptions } from '../types.js';
import { findToken, readTokenCall, type TokenCall } from './find-token.js';
import { copyTokenResponse } from './token-response.js';

/**
 * Binds connector, parameters and caller once, so that each use is a look-up and nothing else.
 *
 * @throws {InvalidArgumentError} At once for what cannot be asked for.
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
  const call: TokenCall = { ...readTokenCall(state, connector, params, options), last: 'none yet' };
  return {
    getToken: async () => (await findToken(state, call)).token,
    getTokenResponse: async () => copyTokenResponse(await findToken(state, call)),
  };
}
