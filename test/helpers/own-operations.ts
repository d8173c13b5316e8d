import { readPackaged } from '../../src/codegen/corrections/packaged.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import { walkOperations } from '../../src/openapi/walk-operations.js';

/**
 * The ids of the operations in `openapi/connect.yaml`.
 *
 * After a pull `src/generated` holds the whole API. Suites that rely on the examples in our own document, or on the state
 * of the Connect emulator, are about these operations; `test/contract/generated.test.ts` walks all of them.
 */
export const ownOperationIds: ReadonlySet<string> = new Set(
  walkOperations(parseDocument(readPackaged('connect')).openapi).map(({ operationId }) => operationId),
);
