export {
  APIError,
  type APIErrorCode,
  type APIErrorOptions,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  createAPIError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from './api-error.js';
export { addCallerFrames, withCallerFrames } from './caller-frames.js';
export {
  APIConnectionError,
  APITimeoutError,
  type CallFacts,
  MalformedResponseError,
  ResponseTooLargeError,
} from './transport-errors.js';
export {
  argumentError,
  CredentialError,
  checkArgument,
  InvalidArgumentError,
  VercelError,
} from './vercel-error.js';
