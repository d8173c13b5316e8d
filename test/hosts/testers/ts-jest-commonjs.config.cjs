// ts-jest in its default form turns every module into CommonJS; the package and what it imports are ES modules, so that
// they are transformed too.
module.exports = {
  testMatch: ['<rootDir>/ts/*.test.ts'],
  transform: {
    '\\.ts$': [
      'ts-jest',
      { tsconfig: { module: 'commonjs', moduleResolution: 'node10', target: 'es2022', strict: true } },
    ],
    '\\.js$': ['babel-jest', { plugins: ['@babel/plugin-transform-modules-commonjs'] }],
  },
  transformIgnorePatterns: ['node_modules/(?!(vercel-rest|lru-cache)/)'],
};
