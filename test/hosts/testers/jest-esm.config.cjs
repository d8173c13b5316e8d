module.exports = {
  testMatch: ['<rootDir>/esm/jest.test.mjs'],
  moduleFileExtensions: ['mjs', 'js', 'json'],
  transform: {},
};
