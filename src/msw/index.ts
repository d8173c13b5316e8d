/**
 * Vercel Connect for tests: handlers for msw, made from the API document, an emulator with state over them, and a local
 * server for either.
 *
 * Needs the optional peer `msw`; without it the import fails with Node's own `ERR_MODULE_NOT_FOUND`, which names it:
 * `npm install --save-dev msw@2`.
 *
 * @module vercel-rest/msw
 */

export { createConnectEmulator } from './emulator/create-connect-emulator.js';
export type { EmulatedForward } from './emulator/forwards.js';
export type { EmulatedProviders, PlannedProviderResponse } from './emulator/providers.js';
export type {
  ConnectEmulator,
  EmulatedConnector,
  EmulatedConnectorFacts,
  EmulatedCredential,
  EmulatorOptions,
  PlannedFailure,
  RecordedRequest,
} from './emulator/types.js';
export { createHandlers } from './handlers/create-handlers.js';
export { serveHandlers } from './handlers/msw-handlers.js';
export type {
  ContractSource,
  DocumentSource,
  Extension,
  NullableReading,
} from './handlers/open-document.js';
export type {
  CoverageReport,
  CoverageThreshold,
  OperationCoverage,
  ResponseCoverage,
  Share,
} from './mock/coverage.js';
export { createMock } from './mock/create-mock.js';
export { MockError, type MockErrorCode } from './mock/mock-error.js';
export type { BuildOutcome, MemoryOptions, MockLimit } from './mock/platform/memory-options.js';
export {
  type CoverageOptions,
  type RunningMock,
  type SetupOptions,
  setupMock,
  type TestRunner,
} from './mock/setup.js';
export type { DocumentRepair, Fault, Mock, MockOptions, Respond, ResponseSettings } from './mock/types.js';
export type { RunningServer, ServeOptions } from './server/http-server.js';
export type {
  CheckedRequest,
  HandlerOptions,
  MockResponse,
  OperationId,
  OperationMap,
  Override,
  Overrides,
  ResponseBody,
  UntypedOperations,
} from './types.js';
export type { CheckName, Checks } from './validate/checks.js';
export type { ValidationError } from './validate/validation-error.js';
export type { OneOfReading } from './validate/validator.js';
