import { brand } from '../../errors/brand.js';
import { VercelError } from '../../errors/index.js';
import type { ContractError } from '../validate/validation-error.js';

/**
 * The reason of a {@link MockError}: requests violated the OpenAPI document (`mock_validation`), the coverage is below a
 * threshold (`mock_coverage`), or no body can be generated for a response (`mock_body`).
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

  /** @param message - May have several lines, each of which is safe to print. */
  constructor(code: MockErrorCode, message: string) {
    super(message);
    this.code = code;
    // The base class limits messages to one short line. A list of validation errors has one line for each.
    Object.defineProperty(this, 'message', {
      value: message,
      enumerable: false,
      configurable: true,
      writable: true,
    });
    Error.captureStackTrace?.(this, new.target);
  }
}

/** The generator cannot make a body: its schema contradicts itself, or needs what the generator does not make. */
export class BodyError extends MockError {
  static {
    brand(this, 'BodyError');
  }

  readonly contractError: ContractError;

  constructor(operationId: string, contractError: ContractError) {
    super(
      'mock_body',
      `${operationId}: ${contractError.pointer} ${contractError.problem} (rule ${contractError.rule})`,
    );
    Object.defineProperty(this, 'contractError', { enumerable: false });
    this.contractError = contractError;
  }
}
