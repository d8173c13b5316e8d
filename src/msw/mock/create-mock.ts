import type { operations } from '../../generated/index.js';
import { checkMockNames } from '../known-options.js';
import type { ForeignSource, OperationMap, UntypedOperations } from '../types.js';
import { DocumentMock } from './document-mock.js';
import type { UntypedMockOptions } from './mock-core.js';
import type { Mock, MockOptions } from './types.js';

/**
 * Makes a mock of an API: the handlers of {@link createHandlers}, with a say in what they answer and a record of what they
 * saw. {@link setupMock} is the same with the hooks of a test runner.
 *
 * @typeParam Operations - The `operations` that `openapi-typescript` makes of the document; default: the built-in ones.
 * @throws {InvalidArgumentError} For what `createHandlers` refuses, and for a fault that is none.
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
