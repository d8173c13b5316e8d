import { fileURLToPath } from 'node:url';
import { createClient, type Fetch } from '../../src/index.js';
import { createMock, type MemoryOptions } from '../../src/msw/index.js';
import { type PlatformPaths, platformOperations } from '../../src/platform/index.js';
import { asFetch } from '../helpers/as-fetch.js';

const DOCUMENT = fileURLToPath(new URL('../../openapi/platform.yaml', import.meta.url));

/** A mock of the platform with memory, and a client of it in this process. */
export function emulated(memory: MemoryOptions = {}) {
  const mock = createMock({ document: DOCUMENT, memory });
  const answer = asFetch(async (request) => {
    const { getResponse } = await import('msw');
    const response = await getResponse(mock.handlers, request);
    if (response === undefined) throw new TypeError(`nothing answers ${request.url}`);
    return response;
  });
  return { mock, client: clientAt({ fetch: answer }) };
}

/** A client of the platform's operations. */
function clientAt(options: { baseUrl?: string; fetch?: Fetch }) {
  return createClient<PlatformPaths>({ operations: platformOperations, bearerToken: 'token', ...options });
}
