import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** The suites of one part: `npm run mutation` sets them. */
const suites = process.env.MUTATION_TESTS?.split(' ') ?? ['test/connect/**/*.test.ts'];

/** Suites that read the heap or the terminal, make many keys, or run at random: left out unless they are given by name. */
const SLOW = [
  ...['memory', 'bearer-memory', 'stampede', 'isolation-property', 'model', 'every-operation'],
  ...['trigger-keys', 'forged-triggers', 'documentation', 'published*'],
];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^vercel-rest$/, replacement: source('index.ts') },
      { find: /^vercel-rest\/(connect|msw|platform|redis)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: suites,
    exclude: SLOW.filter((name) => !suites.some((path) => path.includes(name))).map(
      (name) => `test/**/${name}.test.ts`,
    ),
    pool: 'threads',
    isolate: false,
    // A mutant that hangs should fail its test, before Stryker gives the whole run up.
    testTimeout: 8_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
