import type { RequestHandler } from 'msw';
import type { operations } from '../../generated/index.js';
import { handlersOf } from '../handlers/msw-handlers.js';
import { openContract } from '../handlers/open-contract.js';
import { checkMockNames } from '../known-options.js';
import { type RunningServer, serveRequests } from '../server/http-server.js';
import type { ForeignSource, OperationMap, UntypedOperations } from '../types.js';
import { MockCore, type UntypedMockOptions } from './mock-core.js';
import type { Mock, MockOptions } from './types.js';

/**
 * Makes a mock of an API: the handlers of {@link createHandlers} with planned responses and a record of requests.
 * {@link setupMock} is the same with the hooks of a test runner.
 *
 * @typeParam Operations - The `operations` that `openapi-typescript` makes of the document; default: the built-in ones.
 * @throws {InvalidArgumentError} For what `createHandlers` refuses, and for a fault with a status or share out of range.
 *
 * @example
 * const mock = createMock({ document: './openapi/vercel.json' });
 * const server = setupServer(...mock.handlers);
 * mock.once('getProject', 503);
 * mock.respond('getProject', 404);
 */
export function createMock<Operations extends OperationMap = UntypedOperations>(
  options: MockOptions<NoInfer<Operations>> & ForeignSource,
): Mock<Operations>;
export function createMock<Operations extends OperationMap = operations>(
  options?: MockOptions<NoInfer<Operations>>,
): Mock<Operations>;
export function createMock(options: UntypedMockOptions = {}): Mock<UntypedOperations> {
  checkMockNames(options);
  return new DocumentMock(options);
}

/** A mock whose arguments are checked against the document itself; {@link Mock} adds the document's types. */
export class DocumentMock extends MockCore implements Mock<UntypedOperations> {
  readonly handlers: RequestHandler[];

  constructor(options: UntypedMockOptions) {
    super(options, openContract(options));
    this.handlers = handlersOf(this.core);
  }

  listen(port?: number): Promise<RunningServer> {
    return serveRequests((request) => this.answer(request), { port, baseUrl: this.baseUrl });
  }
}
