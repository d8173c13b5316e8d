import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/errors/index.js';
import {
  createConnectEmulator,
  createHandlers,
  createMock,
  serveHandlers,
  setupMock,
} from '../../src/msw/index.js';
import { caught, thrownBy } from '../helpers/caught.js';

// What callers without types can pass.
const handlers = (options: unknown) => createHandlers(options as never);
const mock = (options: unknown) => createMock(options as never);
const setup = (options: unknown) => setupMock(options as never);
const emulator = (options: unknown) => createConnectEmulator(options as never);
const limits = (limit: object) => ({ memory: { limits: [limit] } });

describe('an option that does not exist is refused, and the nearest one is named', () => {
  test.each<[string, () => unknown, string, string]>([
    ['createHandlers', () => handlers({ override: {} }), 'override', 'overrides'],
    [
      'createHandlers',
      () => handlers({ onvalidationerror: () => 1 }),
      'onvalidationerror',
      'onValidationError',
    ],
    ['createMock', () => mock({ documents: 'a.json' }), 'documents', 'document'],
    ['createMock', () => mock({ fault: [] }), 'fault', 'faults'],
    ['createMock', () => mock({ faults: [{ status: 503, shares: 1 }] }), 'faults.shares', 'share'],
    ['createMock, memory', () => mock({ memory: { latency: 5 } }), 'memory.latency', 'latencyMs'],
    ['createMock, limits', () => mock(limits({ limit: 1, window: 5 })), 'memory.limits.window', 'windowMs'],
    [
      'createMock, builds',
      () => mock({ memory: { deployments: { build: 1 } } }),
      'memory.deployments.build',
      'buildMs',
    ],
    [
      'createMock, domains',
      () => mock({ memory: { domains: { verify: 1 } } }),
      'memory.domains.verify',
      'verifyMs',
    ],
    ['setupMock', () => setup({ passThrough: [] }), 'passThrough', 'passthrough'],
    ['setupMock', () => setup({ coverage: { thresholds: {} } }), 'coverage.thresholds', 'threshold'],
    [
      'setupMock',
      () => setup({ coverage: { threshold: { operation: 5 } } }),
      'coverage.threshold.operation',
      'operations',
    ],
    ['createConnectEmulator', () => emulator({ tokenLifetime: 5 }), 'tokenLifetime', 'tokenLifetimeMs'],
    ['a connector', () => emulator({ connectors: [{ uid: 'a/b', user: [] }] }), 'connector.user', 'users'],
    [
      'a credential',
      () => emulator({ credentials: { secret1234: { project: 'p' } } }),
      'credentials.project',
      'projectId',
    ],
    [
      'addConnector',
      () => emulator({}).addConnector({ uid: 'a/b', link: {} } as never),
      'connector.link',
      'links',
    ],
    ['failNext', () => emulator({}).failNext({ status: 503, time: 2 } as never), 'failure.time', 'times'],
    [
      'an override',
      () => handlers({ overrides: { getConnector: { statuz: 404 } } }),
      'overrides.getConnector.statuz',
      'status',
    ],
    [
      'respond',
      () => mock({}).respond('getConnector', { delay: 5 } as never),
      'respond.getConnector.delay',
      'delayMs',
    ],
    [
      'settings of respond',
      () => mock({}).respond('getConnector', 404, undefined, { header: {} } as never),
      'respond.getConnector.header',
      'headers',
    ],
    [
      'sequence',
      () => mock({}).sequence('getConnector', [{ bodi: 1 } as never]),
      'sequence.getConnector.bodi',
      'body',
    ],
  ])('%s: %#', (_, call, argument, nearest) => {
    const error = thrownBy(call, InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(error.message).toContain(`did you mean ${nearest}?`);
  });

  test('an option of 0.1.0, by its new name', () => {
    expect(thrownBy(() => handlers({ onViolation: () => 1 }), InvalidArgumentError).message).toContain(
      'is now named onValidationError',
    );
  });

  test('serveHandlers', async () => {
    const error = await caught(serveHandlers([], { ports: 1 } as never), InvalidArgumentError);
    expect(error).toMatchObject({
      argument: 'ports',
      message: expect.stringContaining('did you mean port?'),
    });
  });

  test.each<[string, () => unknown, string]>([
    ['null', () => mock(null), 'options'],
    ['text', () => emulator('x'), 'options'],
    ['a list', () => setup([]), 'options'],
    ['faults that are no list', () => mock({ faults: {} }), 'faults'],
    ['coverage that is no object', () => setup({ coverage: true }), 'coverage'],
    [
      'a wait that is none',
      () => mock({}).respond('getConnector', { delayMs: Number.NaN }),
      'respond.getConnector.delayMs',
    ],
    [
      'a wait as text',
      () => handlers({ overrides: { getConnector: { delayMs: '5' } } }),
      'overrides.getConnector.delayMs',
    ],
  ])('so is %s', (_, call, argument) => {
    expect(thrownBy(call, InvalidArgumentError).argument).toBe(argument);
  });

  test('an option that is undefined counts as absent', () => {
    expect(() => mock({ seed: undefined, memry: undefined })).not.toThrow();
  });
});
