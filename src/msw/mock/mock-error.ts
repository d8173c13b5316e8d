import { brand } from '../../errors/brand.js';
import { VercelError } from '../../errors/index.js';

/**
 * Says which promise to a test did not hold: `mock_violation`, requests violated the OpenAPI document; `mock_coverage`, less
 * of the document was exercised than asked for; `mock_body`, the document allows no body that could be generated.
 */
export type MockErrorCode = 'mock_violation' | 'mock_coverage' | 'mock_body';

/**
 * A mock fails a test.
 *
 * @example
 * try {
 *   mock.reset();
 * } catch (error) {
 *   if (error instanceof MockError && error.code === 'mock_violation') console.error(error.message);
 * }
 */
export class MockError extends VercelError {
  static {
    brand(this, 'MockError');
  }

  override readonly code: MockErrorCode;

  /** @param message - May have several lines, which were made safe one by one. */
  constructor(code: MockErrorCode, message: string) {
    super(message);
    this.code = code;
    // The base class keeps messages to one short line; a list of violations is read line by line.
    Object.defineProperty(this, 'message', {
      value: message,
      enumerable: false,
      configurable: true,
      writable: true,
    });
    Error.captureStackTrace?.(this, new.target);
  }
}
