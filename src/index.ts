/**
 * Typed client of the Vercel REST API.
 *
 * @module vercel-rest
 */
export { createClient } from './client/create-client.js';
export type { ClientOptions } from './client/options.js';
export type { Listing, Page } from './client/page.js';
export { type ItemOf, paginate } from './client/paginate.js';
export type { BasicCredential, SchemeCredentials } from './client/scheme-credentials.js';
export { type ServerSentEvent, type StreamOptions, stream } from './client/stream/stream.js';
export type {
  BinaryBody,
  CallFields,
  CallInit,
  CallOptions,
  Client,
  Data,
  InitArguments,
  OperationId,
  OperationMethod,
  OperationMethods,
  OperationsOf,
  PathMethod,
  RequestBody,
  Result,
  SuccessBody,
} from './client/types.js';
export { type UploadFile, type UploadOptions, type UploadProgress, upload } from './client/upload/upload.js';
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
export type { components, operations, paths } from './generated/index.js';
export type { OperationInfo, OperationTable, PageShape, QueryStyle } from './openapi/operation-info.js';
export type { BearerToken } from './transport/auth/credentials.js';
export { environmentCredential } from './transport/auth/environment-credential.js';
export type { ResponseCacheOptions } from './transport/cache/response-cache.js';
export type { FetchOptions } from './transport/fetch-options.js';
export type { Fetch, FetchInit, FetchResponse } from './transport/fetch-send.js';
export type { HookRequest, Hooks } from './transport/hooks.js';
export type { LogFields, Logger } from './transport/log.js';
export type { ParseAs } from './transport/middleware.js';
export {
  type AttemptEvent,
  type CallEvent,
  type ClientStats,
  EVENT_CHANNEL,
  type EventListener,
  type GiveUpEvent,
  type HeldEvent,
  type HookErrorEvent,
  type RequestErrorEvent,
  type RequestEvent,
  type ResponseEvent,
  type RetryEvent,
  type TransportEvent,
} from './util/emitter.js';
