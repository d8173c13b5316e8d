import { http, type RequestHandler } from 'msw';
import type { Place } from '../handlers/match-path.js';
import { codeOfStatus, errorBody, jsonResponse } from '../respond/error-body.js';
import { readBearer } from '../validate/check-request.js';
import { identify } from './identify.js';
import { Refusal } from './refusal.js';
import type { EmulatorOptions } from './types.js';

/** Who has consented to `oauth/linear` from the start. */
const DEFAULT_USER = 'user_123';

/**
 * `GET /v2/user`, by which a program learns whose access token it has. It is no operation of Connect, and stands here
 * because "my own tokens" means nothing without it.
 */
export function ownUserHandler(place: Place, credentials: EmulatorOptions['credentials']): RequestHandler {
  return http.get(new RegExp(`^${place.source}/v2/user$`), ({ request }) => {
    const bearer = readBearer(request.headers);
    if (bearer === undefined) return failure(401, 'The bearer is missing.');
    try {
      const { kind, isAnybody, userId = DEFAULT_USER } = identify(bearer, credentials);
      if (kind === 'oidc' && !isAnybody) return failure(403, "A project's token is nobody's.");
      return jsonResponse(200, { user: { id: userId, username: userId } });
    } catch (error) {
      if (error instanceof Refusal) return failure(401, 'The bearer is not known to this emulator.');
      throw error;
    }
  });
}

function failure(status: number, message: string): Response {
  return jsonResponse(status, errorBody(codeOfStatus(status), message));
}
