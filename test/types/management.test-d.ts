import { describe, expectTypeOf, it } from 'vitest';
import type { Listing } from '../../src/client/page.js';
import { type ConnectConnector, connectors, projects, triggers } from '../../src/connect/index.js';
import type { components } from '../../src/index.js';

type Schemas = components['schemas'];

const github = { appId: 1, appSlug: 'a', appName: 'A', clientId: 'c' };

describe('provider data', () => {
  it('is of the type that is named beside it', () => {
    connectors.create({ type: 'github', name: 'A', data: github });
    // @ts-expect-error data of another provider
    connectors.create({ type: 'github', name: 'A', data: { consumerKey: 'k' } });
    // @ts-expect-error a required field is missing
    connectors.create({ type: 'salesforce', name: 'A', data: { consumerKey: 'k', loginHost: 'h' } });
    // @ts-expect-error a field of the wrong type
    connectors.create({ type: 'github', name: 'A', data: { ...github, appId: '1' } });
  });

  it('is any object for a type that is not known yet, and for a service', () => {
    connectors.create({ type: 'type-of-tomorrow', name: 'A', data: { anything: 1 } });
    connectors.create({ service: 's', connectionMethod: 'm', name: 'A', data: { anything: 1 } });
  });

  it('of an update is of the type that the caller names', () => {
    connectors.update<'slack'>('c', { data: { botScopes: ['a'] } });
    // @ts-expect-error a field of the wrong type
    connectors.update<'slack'>('c', { data: { botScopes: 'a' } });
    connectors.update('c', { data: { anything: 1 } });
  });
});

describe('results', () => {
  it('are those of the document', () => {
    expectTypeOf(connectors.list()).toEqualTypeOf<Listing<ConnectConnector>>();
    expectTypeOf(connectors.get('c')).resolves.toEqualTypeOf<Schemas['ConnectConnector']>();
    expectTypeOf(connectors.delete('c')).resolves.toEqualTypeOf<void>();
    expectTypeOf(projects.get('c', 'p')).resolves.toEqualTypeOf<Schemas['ConnectProjectConnection']>();
    expectTypeOf(triggers.clear('c')).resolves.toEqualTypeOf<Schemas['ConnectConnector']>();
  });
});
