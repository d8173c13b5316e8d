import { expectTypeOf, test } from 'vitest';
import type { EMULATED } from '../../src/msw/emulator/emulated-operations.js';
import type { OperationId } from '../../src/msw/index.js';

test('the emulator answers every operation of our document from state', () => {
  expectTypeOf<keyof typeof EMULATED>().toEqualTypeOf<OperationId>();
});
