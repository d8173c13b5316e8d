// Bundles the worker as wrangler does, and runs it in workerd with a compatibility date: before 2024-11-11 it refuses a
// request that has the field `cache`.
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const [compatibilityDate, ...compatibilityFlags] = process.argv.slice(2);
const isCompatible = compatibilityFlags.includes('nodejs_compat');
await build({
  entryPoints: ['worker.js'],
  outfile: 'out/worker.mjs',
  bundle: true,
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'],
  platform: 'browser',
  // With nodejs_compat the runtime has these modules. Without it the bundle may not ask for them.
  external: isCompatible ? ['node:*'] : [],
  logLevel: 'error',
});
const miniflare = new Miniflare({
  scriptPath: 'out/worker.mjs',
  modules: true,
  compatibilityDate,
  compatibilityFlags,
  bindings: { API_URL: process.env.API_URL },
});
try {
  const response = await miniflare.dispatchFetch('http://worker.example/');
  const text = await response.text();
  assert.match(text, /^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/);
  console.log(`ran: compatibility date ${compatibilityDate}${isCompatible ? ', nodejs_compat' : ''}`);
} finally {
  await miniflare.dispose();
}
