import { http, type RequestHandler } from 'msw';
import type { MockOrigin } from '../handlers/match-path.js';
import { errorResponse, jsonResponse } from '../respond/json-response.js';
import { createRandom } from '../respond/random.js';
import { readBearer } from '../validate/check-request.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import { type Caller, identify } from './identify.js';
import type { EmulatorOptions } from './types.js';

/**
 * Handles `GET /v2/user` and `GET /v9/projects/{idOrName}`: the user of an access token, and the id of a named project.
 *
 * They are not operations of Connect. The CLI needs both.
 */
export function accountHandlers(
  origin: MockOrigin,
  state: State,
  credentials: EmulatorOptions['credentials'],
): RequestHandler[] {
  const respond = (request: Request, toResponse: (caller: Caller) => Response): Response => {
    const bearer = readBearer(request.headers);
    if (bearer === undefined) return errorResponse(401, 'The bearer is missing.');
    try {
      return toResponse(identify(bearer, credentials, state.account));
    } catch (error) {
      if (error instanceof HttpError) return errorResponse(401, error.message);
      throw error;
    }
  };
  return [
    http.get(new RegExp(`^${origin.source}/v2/user$`), ({ request }) =>
      respond(request, ({ kind, isAnybody, userId }) =>
        kind === 'oidc' && !isAnybody
          ? errorResponse(403, "A project's token belongs to no user.")
          : jsonResponse(200, { user: { id: userId, username: userId } }),
      ),
    ),
    http.get(new RegExp(`^${origin.source}/v9/projects/[^/]+$`), ({ request }) =>
      respond(request, () => {
        const idOrName = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '');
        if (idOrName.startsWith('prj_'))
          return jsonResponse(200, { id: idOrName, name: state.projectNames.get(idOrName) ?? idOrName });
        // A project of every name exists, as one of every id does.
        const id = `prj_${createRandom('project', idOrName).text(22)}`;
        state.projectNames.set(id, idOrName);
        return jsonResponse(200, { id, name: idOrName });
      }),
    ),
  ];
}
