import { http, type RequestHandler } from 'msw';
import type { MockOrigin } from '../handlers/match-path.js';
import { codeOfStatus, errorBody, jsonResponse } from '../respond/json-response.js';
import { createRandom } from '../respond/random.js';
import { readBearer } from '../validate/check-request.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import { type Caller, identify } from './identify.js';
import type { EmulatorOptions } from './types.js';

/**
 * `GET /v2/user` and `GET /v9/projects/{idOrName}`, by which a program learns whose access token it has, and the id of a
 * project that is named. They are no operations of Connect, and stand here because a command line needs both.
 */
export function accountHandlers(
  place: MockOrigin,
  state: State,
  credentials: EmulatorOptions['credentials'],
): RequestHandler[] {
  const answer = (request: Request, body: (caller: Caller) => Response): Response => {
    const bearer = readBearer(request.headers);
    if (bearer === undefined) return failure(401, 'The bearer is missing.');
    try {
      return body(identify(bearer, credentials, state.account));
    } catch (error) {
      if (error instanceof HttpError) return failure(401, 'The bearer is not known to this emulator.');
      throw error;
    }
  };
  return [
    http.get(new RegExp(`^${place.source}/v2/user$`), ({ request }) =>
      answer(request, ({ kind, isAnybody, userId }) =>
        kind === 'oidc' && !isAnybody
          ? failure(403, "A project's token is nobody's.")
          : jsonResponse(200, { user: { id: userId, username: userId } }),
      ),
    ),
    http.get(new RegExp(`^${place.source}/v9/projects/[^/]+$`), ({ request }) =>
      answer(request, () => {
        const named = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '');
        if (named.startsWith('prj_'))
          return jsonResponse(200, { id: named, name: state.projectNames.get(named) ?? named });
        // There is a project of every name, as there is one of every id.
        const id = `prj_${createRandom('project', named).text(22)}`;
        state.projectNames.set(id, named);
        return jsonResponse(200, { id, name: named });
      }),
    ),
  ];
}

function failure(status: number, message: string): Response {
  return jsonResponse(status, errorBody(codeOfStatus(status), message));
}
