import everyday from './jest.config.js'

/** The heavy tests: races at full size, long models, broken connections. One after the other, so that each has the machine. */
export default {
  ...everyday,
  testMatch: ['<rootDir>/test/faults/**/*.fault.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
}
