import { expect, it } from 'vitest';
import * as main from '../src/index.js';

it('the main entry exports the client, its errors, events and credential, and nothing else', () => {
  expect(Object.keys(main).sort()).toEqual([
    'APIConnectionError',
    'APIError',
    'APITimeoutError',
    'AuthenticationError',
    'BadRequestError',
    'ConflictError',
    'CredentialError',
    'EVENT_CHANNEL',
    'InternalServerError',
    'InvalidArgumentError',
    'MalformedResponseError',
    'NotFoundError',
    'PermissionDeniedError',
    'RateLimitError',
    'ResponseTooLargeError',
    'UnprocessableEntityError',
    'VercelError',
    'createClient',
    'environmentCredential',
    'paginate',
    'stream',
    'upload',
  ]);
});
