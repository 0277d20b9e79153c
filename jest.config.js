/**
 * Two projects: `unit` is pure and fast; `integration` drives real processes (redis-server, ffmpeg, whisper.cpp). Its
 * files run side by side, but for those that say in their first comment why they must be alone.
 */
const shared = {
  testEnvironment: '<rootDir>/packages/testkit/jest/environment.js',
  testEnvironmentOptions: { customExportConditions: ['@sotto/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

export default {
  reporters: ['<rootDir>/packages/testkit/jest/reporter.js'],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,packages}/*/src/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      runner: '<rootDir>/packages/testkit/jest/runner.js',
      testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', '<rootDir>/scripts/test/**/*.test.mjs'],
      setupFilesAfterEnv: ['<rootDir>/packages/testkit/jest/integration.js'],
    },
  ],
};
