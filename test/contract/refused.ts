import { expect } from 'vitest';
import { APIError } from '../../src/errors/index.js';
import type { ValidationError } from '../../src/msw/index.js';
import { isRecord } from '../../src/util/is-record.js';
import { caught } from '../helpers/caught.js';
import { BEARER, CLASSES } from './walk.js';

/** What a refusal has to say. */
export interface Refused {
  readonly pointer: string;
  readonly rule: string;
  readonly operationId?: string;
  readonly status?: number;
}

/** The refusal is the right class, in the API's error shape, and its message names the place and the rule. */
export async function expectRefused(
  promise: Promise<unknown>,
  { operationId, pointer, rule, status = 400 }: Refused,
  validationErrors: readonly ValidationError[],
) {
  const error = await caught(promise, APIError);
  const code = { 400: 'bad_request', 401: 'unauthorized', 404: 'not_found' }[status];
  const body = isRecord(error.body) ? error.body.error : undefined;
  expect({ status: error.status, code: error.code }).toEqual({ status, code });
  expect(error).toBeInstanceOf(CLASSES[status]);
  expect(error.requestId).toMatch(/^mock1::/);
  expect(body).toEqual({
    code,
    message: expect.any(String),
    pointer,
    rule,
    ...(operationId ? { operationId } : {}),
  });
  expect(error.serverMessage).toContain(
    operationId ? `${operationId}: ${pointer} ` : 'not an operation in the document',
  );
  expect(error.serverMessage).toContain(`(rule ${rule})`);
  expect(error.message).not.toContain(BEARER);
  expect(validationErrors).toEqual([
    expect.objectContaining({ operationId, pointer, rule, status, message: error.serverMessage }),
  ]);
}
