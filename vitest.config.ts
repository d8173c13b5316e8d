import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Suites that need a fresh module graph: they start servers of their own, or load a second copy of a package. */
const ISOLATED = [
  'test/{cli,docs,faults,peers}/**/*.test.ts',
  // They read the whole heap, which a thread shares with other suites.
  'test/transport/auth/bearer-memory.test.ts',
  'test/connect/memory.test.ts',
];
/** Suites that start many processes: the built command line, new projects, Redis servers, compilers, a browser. */
const E2E = [
  'test/cli/**/*.e2e.test.ts',
  'test/cli/{diff,pull-kill,workflow}.test.ts',
  'test/{team,fleet}/**/*.test.ts',
  'test/docs/{examples,generate-script}.test.ts',
  'test/codegen/{diff/page,usages/layouts,usages/writing-styles}.test.ts',
];
/** Suites that read the published documents beside the repository; they say so where there are none. */
const PUBLISHED = [
  'test/**/published*.test.ts',
  'test/codegen/usages/pairs.test.ts',
  'test/codegen/generate/types/stability.test.ts',
];
/** Programs that other people's tools build and run: `npm run test:hosts`. */
const HOSTS = ['test/hosts/**'];
/** Seeded random runs: longer in CI, in full length by `npm run soak`. */
const RANDOM = [
  'test/faults/random.test.ts',
  'test/connect/{model,isolation-property}.test.ts',
  'test/openapi/normalize/properties.test.ts',
  'test/security/mutated-bodies.test.ts',
];

// `REDIS_CLIENTS=6` runs the suites of the store on redis 6 and ioredis 6, `npm run test:fleet-6`.
const REDIS_CLIENTS =
  process.env.REDIS_CLIENTS === '6' ? [{ find: /^(redis|ioredis)$/, replacement: '$1-6' }] : [];

/** A suite in full length compiles or walks megabytes for each of its tests, and shares the machine with another. */
const LONG = { pool: 'threads', isolate: false, testTimeout: 600_000, hookTimeout: 600_000 } as const;

// `npm test` runs the projects that take minutes: unit, isolated and types. CI runs all of them.
export default defineConfig({
  test: {
    // One worker for each core: by default a run leaves one core out, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      // One module graph a thread: these suites share nothing but modules, and loading those is half of their time.
      project('unit', {
        include: ['test/**/*.test.ts'],
        exclude: [...ISOLATED, ...E2E, ...PUBLISHED, ...RANDOM, ...HOSTS],
        pool: 'threads',
        isolate: false,
      }),
      project('random', { include: RANDOM, ...LONG }),
      project('published', { include: PUBLISHED, ...LONG }),
      project('isolated', {
        include: ISOLATED,
        exclude: [...E2E, ...PUBLISHED, ...RANDOM],
        globalSetup: ['test/cli/bundle.setup.ts'],
      }),
      project('e2e', { include: E2E, globalSetup: ['test/cli/bundle.setup.ts'] }),
      project('types', {
        include: [],
        typecheck: {
          enabled: true,
          include: ['test/types/**/*.test-d.ts'],
          checker: fileURLToPath(new URL('./node_modules/typescript-7/bin/tsc', import.meta.url)),
          // Only these files and what they import: `npm run typecheck` checks the rest.
          tsconfig: './test/types/tsconfig.json',
        },
      }),
    ],
    coverage: {
      // It costs a fifth of a run: `npm run coverage` and CI measure it.
      enabled: process.env.COVERAGE === '1',
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/generated/**', 'src/cli/main.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95 },
    },
  },
});

function project(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return {
    resolve: {
      alias: [
        ...REDIS_CLIENTS,
        { find: /^vercel-rest$/, replacement: source('index.ts') },
        { find: /^vercel-rest\/(connect|msw|platform|redis)$/, replacement: source('$1/index.ts') },
        { find: /^vercel-rest\/(ai-sdk|mcp|tanstack-ai)$/, replacement: source('adapters/$1/index.ts') },
      ],
    },
    test: {
      name,
      // A property test of thousands of cases takes its time where another process has the machine.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      restoreMocks: true,
      unstubEnvs: true,
      ...test,
    },
  };
}
