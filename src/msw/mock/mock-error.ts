import { brand } from '../../errors/brand.js';
import { VercelError } from '../../errors/index.js';
import type { ContractError } from '../validate/validation-error.js';

/**
 * Says which promise to a test did not hold: `mock_validation`, requests violated the OpenAPI document; `mock_coverage`, less
 * of the document was exercised than asked for; `mock_body`, the document allows no body that could be generated.
 */
export type MockErrorCode = 'mock_validation' | 'mock_coverage' | 'mock_body';

/**
 * A mock fails a test.
 *
 * @example
 * try {
 *   mock.reset();
 * } catch (error) {
 *   if (error instanceof MockError && error.code === 'mock_validation') console.error(error.message);
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
    // The base class keeps messages to one short line; a list of validation errors is read line by line.
    Object.defineProperty(this, 'message', {
      value: message,
      enumerable: false,
      configurable: true,
      writable: true,
    });
    Error.captureStackTrace?.(this, new.target);
  }
}

/** No body could be made for a response: its schema contradicts itself, or asks for what the generator does not make. */
export class BodyError extends MockError {
  static {
    brand(this, 'BodyError');
  }

  readonly error: ContractError;

  constructor(operationId: string, error: ContractError) {
    super('mock_body', `${operationId}: ${error.pointer} ${error.problem} (rule ${error.rule})`);
    Object.defineProperty(this, 'error', { enumerable: false });
    this.error = error;
  }
}
