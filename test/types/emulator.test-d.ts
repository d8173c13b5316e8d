import { expectTypeOf, test } from 'vitest';
import type { EMULATED } from '../../src/msw/emulator/emulated-operations.js';
import type { OperationId } from '../../src/msw/index.js';

// That it knows every operation of our own document: test/connect/every-operation.test.ts.
test('what the emulator answers from state are operations of the document', () => {
  expectTypeOf<keyof typeof EMULATED>().toExtend<OperationId>();
});
