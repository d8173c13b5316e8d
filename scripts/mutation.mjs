// Runs the mutation tests of a folder with the suites that belong to it: `npm run mutation -- src/connect/tokens`. Without a
// folder it runs transport, connect and redis, one after another. Results are incremental, in reports/mutation.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SUITES = {
  'src/transport': ['test/transport/**/*'],
  'src/transport/cache': ['test/transport/cache/*', 'test/client/response-cache'],
  'src/transport/fetch-send.ts': [
    'test/transport/{fetch-send,framework-fetch,redirect}',
    'test/client/fetch',
  ],
  'src/transport/log.ts': ['test/transport/{hooks,log}'],
  'src/transport/middleware.ts': ['test/transport/middleware'],
  'src/transport/read-body.ts': ['test/transport/{framework-fetch,read-body}', 'test/client/answers'],
  'src/transport/safe-cause.ts': ['test/transport/safe-cause'],
  'src/transport/to-error.ts': ['test/transport/to-error', 'test/client/errors'],
  'src/transport/timeout.ts': ['test/transport/{timeout,total-timeout,cache/sharing}'],
  'src/transport/auth': [
    'test/transport/auth/*',
    'test/connect/{default-client,oidc}',
    'test/{peers/oidc,msw/security-schemes}',
  ],
  'src/transport/retry': ['test/transport/{retry/*,total-timeout}'],
  'src/connect': ['test/connect/**/*'],
  // Those of tokens: each mutant loads all suites that reach it.
  'src/connect/tokens': [
    'test/connect/{abort,bad-params,cache-hits,cache-rules,capacity,consent-reuse,force-refresh,grants,import,isolation}',
    'test/connect/{malformed-response,mutation,one-resolution,open-subjects,option-forms,outlook,refresh,refusals}',
    'test/connect/{consent-wait,managed,renewal,revoke-cache,revoked,single-flight,wire-token,fetch/*}',
    'test/fleet/{own-store,revocation}',
  ],
  'src/connect/tokens/find-token.ts': [
    'test/connect/{cache-hits,force-refresh,isolation,mutation,one-resolution,outlook,renewal,wire-token}',
  ],
  'src/connect/tokens/token-cache.ts': [
    'test/connect/{abort,cache-hits,cache-rules,capacity,force-refresh,outlook,refresh,refusals}',
    'test/connect/{revoke-cache,shared-buffer,single-flight}',
    'test/fleet/{revocation,token-life}',
  ],
  'src/connect/tokens/token-request.ts': [
    'test/connect/{argument-keys,bad-params,isolation,one-resolution,open-subjects,option-forms,wire-token}',
  ],
  'src/connect/consent': [
    'test/connect/{consent-reuse,consent-start,consent-wait,managed}',
    'test/security/consent',
  ],
  'src/connect/consent/open-consents.ts': ['test/connect/consent-reuse'],
  'src/connect/fetch': ['test/connect/fetch/*'],
  'src/connect/import': ['test/connect/{bad-params,import}'],
  'src/connect/management': ['test/connect/{managed,management}'],
  'src/connect/triggers': ['test/connect/{incoming-message,trigger-bodies,triggers,webhook}'],
  'src/connect/triggers/claims.ts': ['test/connect/{forged-triggers,triggers}'],
  'src/connect/triggers/keys.ts': ['test/connect/{trigger-keys,triggers}'],
  'src/connect/triggers/verify.ts': ['test/connect/{forged-triggers,triggers}'],
  'src/connect/triggers/webhook.ts': ['test/connect/webhook'],
  'src/connect/store': [
    'test/fleet/{away,consent,lease,own-store,refused-token,revocation,rules,sealing,token-life}',
    'test/connect/refusals',
  ],
  'src/connect/store/circuit-breaker.ts': ['test/fleet/{away,lease}'],
  'src/connect/store/lease.ts': ['test/fleet/lease'],
  'src/connect/store/store-cooldowns.ts': ['test/fleet/cooldowns'],
  'src/connect/store/store-crypto.ts': ['test/fleet/{own-store,sealing}'],
  'src/connect/store/record.ts': ['test/fleet/{consent,own-store,sealing}'],
  'src/connect/check-arguments.ts': [
    'test/connect/{bad-connector,bad-options,bad-params,import,managed,management,option-forms}',
  ],
  'src/connect/default-client.ts': ['test/connect/{default-client,triggers}', 'test/peers/webhook-verifier'],
  'src/connect/errors.ts': [
    'test/connect/{consent-wait,error-classes,error-facts,error-secrecy,managed,refusals}',
  ],
  'src/connect/oidc.ts': ['test/connect/{isolation,oidc}', 'test/fleet/cooldowns'],
  'src/connect/request-context.ts': [
    'test/connect/{bad-options,default-client,isolation,oidc,option-forms,renewal,wire-token}',
  ],
  'src/connect/rest-client.ts': ['test/connect/{management,wire-others}'],
  'src/connect/state.ts': ['test/connect/{bad-options,consent-reuse,outlook,refusals}'],
  'src/connect/stats.ts': ['test/connect/outlook', 'test/fleet/away'],
  'src/connect/token-operations.ts': [
    'test/connect/{bad-params,delete-entry,grants,revoke-cache,revoked,wire-others}',
  ],
  'src/connect/region.ts': ['test/connect/{bad-options,region}'],
  'src/redis': ['test/redis/*', 'test/fleet/{client-shapes,redis-rules,sealing,sentinel-subscription}'],
};
const given = process.argv.slice(2);
const folders = given.length > 0 ? given : ['src/transport', 'src/connect', 'src/connect/store', 'src/redis'];
for (const folder of folders) {
  const owner = Object.keys(SUITES)
    .filter((name) => folder.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];
  if (owner === undefined)
    throw new Error(`no suites belong to ${folder}: give ${Object.keys(SUITES).join(', ')}`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        MUTATION_FOLDER: folder,
        // Random runs take most of the time, and their first ones find as much.
        FLEET_INTERLEAVINGS: '5',
        MUTATION_TESTS: SUITES[owner].map((path) => `${path}.test.ts`).join(' '),
      },
    },
  );
  if (status !== 0) process.exitCode = status ?? 1;
}
