import { describe, expectTypeOf, it } from 'vitest';
import { createClient, type OperationTable, type SuccessBody } from '../../src/index.js';
import {
  deployFolder,
  type followEvents,
  limited,
  type PlatformPaths,
  platformOperations,
  syncEnv,
  waitForDeployment,
  waitForPromotion,
} from '../../src/platform/index.js';

const client = createClient<PlatformPaths>({ operations: platformOperations });
const builtIn = createClient();

/** Types of another document: a deployment with a field more, under another version of its path. */
interface OwnDeployment {
  operationId: 'getDeployment';
  responses: { 200: { content: { 'application/json': { id: string; url: string; ownField: number } } } };
  parameters: { path: { idOrUrl: string }; query?: { teamId?: string } };
}
interface OwnPaths {
  '/v99/deployments/{idOrUrl}': { get: OwnDeployment };
  '/v3/deployments/{idOrUrl}/events': PlatformPaths['/v3/deployments/{idOrUrl}/events'];
}
declare const ownOperations: OperationTable<
  OwnPaths,
  {
    getDeployment: OwnDeployment;
    getDeploymentEvents: OwnPaths['/v3/deployments/{idOrUrl}/events']['get'];
  }
>;

describe('the functions of vercel-rest/platform', () => {
  it('give what the document of the client says', () => {
    type Deployment = SuccessBody<PlatformPaths['/v13/deployments/{idOrUrl}']['get']>;
    expectTypeOf(waitForDeployment(client, 'dpl_1')).resolves.toEqualTypeOf<Deployment>();
    type Project = SuccessBody<PlatformPaths['/v9/projects/{idOrName}']['get']>;
    expectTypeOf(waitForPromotion(client, 'prj_1', 'dpl_1')).resolves.toEqualTypeOf<Project>();
    expectTypeOf(deployFolder(client, '.', { deployment: { name: 'a' } })).resolves.toHaveProperty(
      'uploaded',
    );
    for (const event of [] as unknown as Iterable<AsyncItem<ReturnType<typeof followEvents<typeof client>>>>)
      expectTypeOf(event.type).toExtend<string>();
  });

  it("give the fields of a consumer's own document", () => {
    const own = createClient({ operations: ownOperations });
    expectTypeOf(waitForDeployment(own, 'dpl_1')).resolves.toHaveProperty('ownField');
    // @ts-expect-error it has no project to promote in
    void waitForPromotion(own, 'prj_1', 'dpl_1');
  });

  it('refuse a client whose document lacks an operation, and name it', () => {
    // @ts-expect-error the built-in document has Connect's operations alone
    void waitForDeployment(builtIn, 'dpl_1');
    // @ts-expect-error
    void syncEnv(builtIn, 'storefront', {});
  });

  it('take what createDeployment takes, without the files', () => {
    // @ts-expect-error a deployment needs a name
    void deployFolder(client, '.', { deployment: {} });
    // @ts-expect-error the files come from the folder
    void deployFolder(client, '.', { deployment: { name: 'a', files: [] } });
  });
});

describe('a limited client', () => {
  it('has the calls of the client that it was made of', () => {
    const bulk = limited(client);
    expectTypeOf(bulk.GET).toEqualTypeOf(client.GET);
    // @ts-expect-error no such path
    void bulk.GET('/v9/project/{idOrName}');
    void bulk.each(['a', 'b'], async (name, index) => {
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(index).toEqualTypeOf<number>();
    });
    void waitForDeployment(bulk, 'dpl_1');
  });
});

type AsyncItem<T> = T extends AsyncIterable<infer Item> ? Item : never;
