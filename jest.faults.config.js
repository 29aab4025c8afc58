import everyday from './jest.config.js'

process.env.WHOLE_RUN = 'yes'
process.env.TEST_TIMEOUT = '600000'

/**
 * The heavy tests: races at full size, long models, broken connections, every page by keyboard, every form with every
 * spelling of every column, every field with everything odd. One after the other, so that each has the machine.
 */
export default {
  ...everyday,
  testMatch: [
    '<rootDir>/test/faults/**/*.fault.ts',
    '<rootDir>/test/browser/pages.test.ts',
    '<rootDir>/test/security/forms.test.ts',
    '<rootDir>/test/security/input.test.ts',
  ],
  maxWorkers: 1,
}
