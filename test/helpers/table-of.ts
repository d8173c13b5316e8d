import { type OperationInfo, type OperationTable, TABLE_FORMAT } from '../../src/openapi/operation-info.js';

/** The run-time table of some operations, as `vercel-rest generate` writes it. */
export function tableOf(operations: Readonly<Record<string, OperationInfo>>): OperationTable {
  return { format: TABLE_FORMAT, operations };
}

/** The table of operations at some paths, each named after its method and path. */
export function tableFor(
  ...routes: readonly (readonly [
    method: OperationInfo['method'],
    path: string,
    more?: Partial<OperationInfo>,
  ])[]
): OperationTable {
  return tableOf(
    Object.fromEntries(
      routes.map(([method, path, more]) => [
        `${method.toLowerCase()} ${path}`,
        {
          method,
          path,
          team: [],
          safeToRepeat: method !== 'POST',
          success: { 200: ['application/json'] },
          ...more,
        },
      ]),
    ),
  );
}
