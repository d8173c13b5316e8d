import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^vercel-rest$/, replacement: source('index.ts') },
      { find: /^vercel-rest\/(connect|msw|redis)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Programs of other people's tools; npm run test:hosts builds and runs them.
    exclude: ['test/hosts/**'],
    typecheck: {
      enabled: true,
      include: ['test/types/**/*.test-d.ts'],
      checker: 'tsc',
      tsconfig: './tsconfig.json',
    },
    // A property test of thousands of cases takes its time where another process has the machine.
    testTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/generated/**', 'src/cli/main.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95 },
    },
  },
});
