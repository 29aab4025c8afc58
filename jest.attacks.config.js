import everyday from './jest.config.js'

process.env.TEST_TIMEOUT = '3600000'

/** Other people's attack tools over every page, for hours. They have to be on this machine: see docs/security.md. */
export default {
  ...everyday,
  testMatch: ['<rootDir>/test/attack/**/*.attack.ts'],
  maxWorkers: 1,
}
