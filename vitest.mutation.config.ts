import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** The suites of one part: `npm run mutation` sets them. */
const suites = process.env.MUTATION_TESTS?.split(' ') ?? ['test/connect/**/*.test.ts'];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^vercel-rest$/, replacement: source('index.ts') },
      { find: /^vercel-rest\/(connect|msw|platform|redis)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: suites,
    // Suites that read the heap or the terminal, and random runs: they take longer than all others, and kill no more.
    exclude: [
      ...['memory', 'bearer-memory', 'stampede', 'isolation-property', 'model', 'every-operation'].map(
        (name) => `test/**/${name}.test.ts`,
      ),
      ...['trigger-keys', 'forged-triggers', 'documentation', 'published*'].map(
        (name) => `test/**/${name}.test.ts`,
      ),
    ],
    pool: 'threads',
    isolate: false,
    // A mutant that hangs should fail its test, before Stryker gives the whole run up.
    testTimeout: 8_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
