// Mutation tests: changes one expression of the sources at a time, and runs the suites that cover it. `npm run mutation` sets
// the folder to mutate; docs/mutation.md holds the results.
const folder = process.env.MUTATION_FOLDER ?? 'src/connect/tokens';
const name = folder.replace(/^src\//, '').replaceAll('/', '-');

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // The suites are named one by one already; finding those related to a file would take time for each mutant.
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: [folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`],
  // The suites share modules in one thread, so a mutant runs the tests that reach it and no others.
  coverageAnalysis: 'perTest',
  // A mutant in code that runs once, when a module is loaded, would need a fresh process each.
  ignoreStatic: true,
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  timeoutMS: 10_000,
  timeoutFactor: 3,
  incremental: true,
  incrementalFile: `reports/mutation/${name}.json`,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `reports/mutation/${name}.report.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  ignorePatterns: [
    'dist*',
    'docs',
    'bench',
    'reports',
    'coverage',
    'examples',
    'test/hosts',
    '.ci',
    '.github',
  ],
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
};
