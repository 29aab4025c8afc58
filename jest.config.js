export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  globalSetup: '<rootDir>/test/support/start-cluster.ts',
  globalTeardown: '<rootDir>/test/support/stop-cluster.ts',
  // a browser on a busy machine takes its time; a test that hangs is still stopped
  testTimeout: 90_000,
  maxWorkers: 2,
}
