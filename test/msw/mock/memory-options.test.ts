import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/index.js';
import { createMock } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';

const document = fileURLToPath(new URL('../../../openapi/platform.yaml', import.meta.url));

test.each([
  [{ limit: [] }, 'memory.limit'],
  [{ deployments: { buildms: 1 } }, 'memory.deployments.buildms'],
  [{ limits: [{ limit: 10, window: 1 }] }, 'memory.limits.window'],
  [{ limits: [{ limit: 0 }] }, 'memory.limits.limit'],
  [{ limits: [{ limit: 1, operations: ['getDeploy'] }] }, 'memory.limits.operations'],
  [{ latencyMs: -1 }, 'memory.latencyMs'],
  [{ domains: { verifyMs: Number.NaN } }, 'memory.verifyMs'],
])('createMock refuses the memory %j', (memory, argument) => {
  // What the types would refuse, JavaScript passes.
  const options = { document, memory } as Parameters<typeof createMock>[0];
  expect(thrownBy(() => createMock(options), InvalidArgumentError).argument).toBe(argument);
});
