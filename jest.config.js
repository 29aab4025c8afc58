/**
 * Node itself runs the tests, as it runs the app: no file is compiled, and what one test file has read of the app is there
 * for the next in the same process. Jest's own runner reads the whole app anew for each: a second of the processor.
 */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  globalSetup: '<rootDir>/test/support/start-cluster.ts',
  globalTeardown: '<rootDir>/test/support/stop-cluster.ts',
  testSequencer: '<rootDir>/test/support/longest-first.js',
  // more than there are processors: they wait for a browser or for the database now and then
  maxWorkers: 3,
}
