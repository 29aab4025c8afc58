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
  testSequencer: '<rootDir>/test/support/longest-first.js',
  // only for what hangs: nothing that works may fail because the machine is busy, and browsers then take their time
  testTimeout: 240_000,
  // more than there are processors: they wait for a browser or for the database now and then
  maxWorkers: 3,
}
