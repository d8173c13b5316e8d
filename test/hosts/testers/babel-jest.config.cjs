// The form of docs/commonjs.md for code that Jest compiles to CommonJS.
module.exports = {
  testMatch: ['<rootDir>/babel/*.test.js'],
  transform: {
    '^.+\\.js$': ['babel-jest', { presets: [['@babel/preset-env', { targets: { node: 'current' } }]] }],
  },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm|vercel-rest|lru-cache)/)'],
};
