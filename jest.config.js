/**
 * Two projects: `unit` is pure and fast; `integration` drives real processes (redis-server, ffmpeg, whisper.cpp)
 * and therefore runs one file at a time on small machines.
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
      testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', '<rootDir>/scripts/test/**/*.test.mjs'],
      setupFilesAfterEnv: ['<rootDir>/packages/testkit/jest/integration.js'],
    },
  ],
};
