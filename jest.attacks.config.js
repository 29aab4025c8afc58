import everyday from './jest.config.js'

/** Other people's attack tools over every page, for hours. They have to be on this machine: see docs/security.md. */
export default {
  ...everyday,
  testMatch: ['<rootDir>/test/attack/**/*.attack.ts'],
  testTimeout: 3_600_000,
  maxWorkers: 1,
}
