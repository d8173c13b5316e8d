/**
 * Typed client of the Vercel REST API.
 *
 * @packageDocumentation
 */
export { type BuiltInOperations, createClient } from './client.js';
export type {
  CallInit,
  CallOptions,
  Client,
  Data,
  OperationId,
  Result,
  SuccessBody,
} from './client-types.js';
export { environmentCredential } from './environment-credential.js';
export {
  APIConnectionError,
  APIError,
  type APIErrorCode,
  type APIErrorOptions,
  APITimeoutError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  CredentialError,
  InternalServerError,
  InvalidArgumentError,
  MalformedResponseError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ResponseTooLargeError,
  UnprocessableEntityError,
  VercelError,
} from './errors/index.js';
export {
  EVENT_CHANNEL,
  type EventListener,
  type GiveUpEvent,
  type RetryEvent,
  type TransportEvent,
} from './events.js';
export type { components, operations, paths } from './generated/index.js';
export type { Listing, Page } from './listing.js';
export type { OperationInfo, OperationTable, PageShape } from './operation-info.js';
export type { ClientOptions } from './options.js';
export { type ItemOf, paginate } from './paginate.js';
export { type ServerSentEvent, type StreamOptions, stream } from './stream/index.js';
export type { ParseAs } from './transport/compose.js';
export type { BearerToken } from './transport/credentials.js';
export type { Fetch } from './transport/fetch-send.js';
export type { LogFields, Logger } from './transport/log.js';
export type { ResponseCacheOptions } from './transport/response-cache.js';
export { type UploadFile, type UploadOptions, type UploadProgress, upload } from './upload/index.js';
