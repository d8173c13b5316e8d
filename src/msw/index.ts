/**
 * Vercel Connect for tests: handlers for msw, made from the API document, an emulator with state over them, and a local
 * server for either.
 *
 * Needs the optional peers `msw` and `ajv`; without one of them the import fails with Node's own
 * `ERR_MODULE_NOT_FOUND`, which names it: `npm install --save-dev msw ajv`.
 *
 * @packageDocumentation
 */
export type { EmulatedForward } from './emulator/forwards.js';
export { createConnectEmulator } from './emulator/index.js';
export type {
  ConnectEmulator,
  EmulatedConnector,
  EmulatedConnectorFacts,
  EmulatedCredential,
  EmulatorOptions,
  PlannedFailure,
  RecordedRequest,
} from './emulator/types.js';
export { createHandlers } from './handlers.js';
export { type RunningServer, type ServeOptions, serveHandlers } from './server.js';
export type {
  AnswerBody,
  CheckedRequest,
  HandlerOptions,
  MockAnswer,
  OperationId,
  Override,
  Overrides,
} from './types.js';
export type { Violation } from './violation.js';
