import type { RequestHandler } from 'msw';
import type { HandlerSettings } from '../../src/msw/handlers/handler-settings.js';
import { buildHandlers } from '../../src/msw/handlers/msw-handlers.js';
import type {
  Contract,
  ContractBody,
  ContractOperation,
  JsonSchema,
} from '../../src/openapi/contract-types.js';

/** A JSON body of a fixture document. */
export function json(schema: JsonSchema, ...examples: readonly unknown[]): ContractBody {
  const named = examples.map((example, index) => [`example${index}`, example] as const);
  return { mediaType: 'application/json', schema, examples: Object.fromEntries(named) };
}

/** A document of operations that say only what matters to a test: by default open GETs that answer `{}`. */
export function documentOf(
  operations: Readonly<Record<string, Partial<ContractOperation>>>,
  schemas: Contract['schemas'] = {},
): Contract {
  const full = Object.entries(operations).map(([operationId, operation]): [string, ContractOperation] => [
    operationId,
    {
      operationId,
      method: 'GET',
      path: `/v1/${operationId}`,
      secured: false,
      deprecated: false,
      parameters: [],
      responses: { 200: { description: 'Fine.', body: json({ type: 'object' }, {}) } },
      ...operation,
    },
  ]);
  return {
    title: 'Fixture',
    version: '1',
    documentHash: '',
    baseUrl: 'https://api.vercel.com',
    schemas,
    operations: Object.fromEntries(full),
  };
}

/** Handlers of a fixture document. */
export function handlersOf(
  contract: Contract,
  settings: Omit<HandlerSettings, 'contract' | 'loadAjv'> = {},
): RequestHandler[] {
  return buildHandlers({ ...settings, contract });
}
