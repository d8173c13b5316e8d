module.exports = {
  testMatch: ['<rootDir>/commonjs/jest.test.cjs'],
  moduleFileExtensions: ['cjs', 'js', 'json'],
  transform: {},
};
