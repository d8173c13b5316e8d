import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import { setupMock } from '../../src/msw/index.js';
import { publishedNames, readPublished } from '../openapi/normalize/documents.js';
import { argumentFor, sdkMethods } from './sdk-walk.js';

// The document that this release of the SDK was generated from, to the byte of every operation.
const DOCUMENT = '20251023-9c5a7e18f.json';
const isHere = publishedNames.includes(DOCUMENT);
if (!isHere) console.log(`skipped: ${DOCUMENT} is not in ../shared/specs`);

/** What the SDK itself cannot call, and why. */
const NOT_CALLABLE: ReadonlyMap<string, string> = new Map([
  [
    'teams.getTeamMembers',
    'its path has a teamId that the document does not declare, so it has no argument for it',
  ],
  [
    'marketplace.createInstallationIntegrationEdgeConfig',
    'a HEAD, of which it parses a body that HTTP never sends',
  ],
]);
/** What the document has no success for: the SDK throws for whatever is answered. */
const NO_SUCCESS: ReadonlySet<string> = new Set(['deployments.getDeploymentFileContents']);

describe.runIf(isHere)('@vercel/sdk 1.15.0 against handlers of its own document', () => {
  // The body of a suite runs even where the suite is skipped.
  const document = isHere ? readPublished(DOCUMENT) : 'openapi/connect.yaml';
  const mock = setupMock({ document, runner: { beforeAll, afterEach, afterAll } });
  const { contract } = isHere ? openContract({ document }) : openContract({});
  const { methods, unmatched } = sdkMethods(contract);
  const called = methods.filter(({ tag, name }) => !NOT_CALLABLE.has(`${tag}.${name}`));

  test('is the unmodified package, every method of which is known', () => {
    const file = new URL('../../node_modules/vercel-sdk-2025-10/package.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ name: '@vercel/sdk', version: '1.15.0' });
    for (const [name, why] of NOT_CALLABLE) console.log(`not called: ${name}: ${why}`);
    expect(unmatched).toEqual([]);
    expect(called.length).toBe(methods.length - NOT_CALLABLE.size);
    expect(called.length).toBeGreaterThanOrEqual(30);
    expect(new Set(called.map(({ tag }) => tag)).size).toBeGreaterThanOrEqual(10);
  });

  const rows = called.map((method) => [`${method.tag}.${method.name}`, method] as const);

  // With required parameters alone, and with all that there are.
  for (const wide of [false, true]) {
    test.each(rows)(
      `%s understands its answer (${wide ? 'all' : 'required'} parameters)`,
      async (name, method) => {
        const outcome = method.call(argumentFor(contract, method.operation, wide));
        if (NO_SUCCESS.has(name)) await expect(outcome).rejects.toThrow(/Status 404/);
        else await outcome;
        expect(mock.requests.map(({ operationId }) => operationId)).toEqual([method.operation.operationId]);
      },
    );
  }
});
