import { describe, expect, it } from '@jest/globals'
import { ConfigProblem, readConfig } from '../../src/config.ts'

const safe = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:secret@db.example/loans',
  MIGRATION_DATABASE_URL: 'postgres://owner:secret@db.example/loans',
  SESSION_SECRET: 'a secret of more than 32 characters',
  SECOND_STEP_KEY: 'a key of 32 characters and more than that',
  PUBLIC_URL: 'https://loans.example',
  TRUST_PROXY: '1',
  SMTP_URL: 'smtp://mail.example:587',
  MAIL_FROM: 'Loans <loans@loans.example>',
}

function problemsOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env)
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigProblem)
    return (error as Error).message
  }
}

describe('in production', () => {
  it('safe settings are taken', () => {
    expect(readConfig(safe)).toMatchObject({ isProduction: true, publicUrl: 'https://loans.example', demoData: false })
  })

  it.each([
    ['no database server of its own', { DATABASE_URL: undefined }, 'DATABASE_URL'],
    ['no session secret', { SESSION_SECRET: undefined }, 'SESSION_SECRET'],
    ['a short session secret', { SESSION_SECRET: 'only 31 characters, one too few' }, 'SESSION_SECRET'],
    ['no key for second steps', { SECOND_STEP_KEY: undefined }, 'SECOND_STEP_KEY'],
    ['a short key for second steps', { SECOND_STEP_KEY: 'only 31 characters, one too few' }, 'SECOND_STEP_KEY'],
    ['no public address', { PUBLIC_URL: undefined }, 'PUBLIC_URL'],
    ['an address without encryption', { PUBLIC_URL: 'http://loans.example' }, 'PUBLIC_URL'],
    ['no mail server', { SMTP_URL: undefined }, 'SMTP_URL'],
    ['nobody that messages come from', { MAIL_FROM: undefined }, 'MAIL_FROM'],
    ['demo people', { DEMO_DATA: 'yes' }, 'DEMO_DATA'],
    ['the owner of the tables as the app', { MIGRATION_DATABASE_URL: safe.DATABASE_URL }, 'MIGRATION_DATABASE_URL'],
    ['no proxy in front that could speak https', { TRUST_PROXY: '0' }, 'TRUST_PROXY'],
  ])('%s is refused, by the name of the setting', (_what, change, named) => {
    expect(problemsOf({ ...safe, ...change })).toMatch(new RegExp(`^${named}: `))
  })

  it('everything that is unsafe is said at once', () => {
    const problems = problemsOf({ NODE_ENV: 'production', DEMO_DATA: 'yes' }).split('\n')
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'DEMO_DATA',
      'MAIL_FROM',
      'PUBLIC_URL',
      'SECOND_STEP_KEY',
      'SESSION_SECRET',
      'SMTP_URL',
    ])
  })
})

describe('a setting that is none', () => {
  it.each([
    ['NODE_ENV', 'prod'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'loans.example'],
    ['PUBLIC_URL', 'ftp://loans.example'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['DATABASE_URL', 'mysql://db.example/loans'],
    ['DATABASE_URL', 'not an address'],
    ['DATABASE_CONNECTIONS', '0'],
    ['DATABASE_CONNECTIONS', '1000'],
    ['DEMO_DATA', 'true'],
    ['SESSION_IDLE_MINUTES', '0'],
    ['SESSION_IDLE_MINUTES', '1000'],
    ['SESSION_HOURS', '48'],
    ['SMTP_URL', 'mail.example'],
    ['MAIL_FROM', 'loans@loans.example\r\nBcc: evil@evil.example'],
    ['RUN_JOBS', 'sometimes'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '9'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s=%s is refused by name, in any environment, and not echoed', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toMatch(new RegExp(`^${name}: `))
    expect(problems).not.toContain('mysql://db.example')
  })

  it('empty counts as not set', () => {
    expect(readConfig({ PORT: '', PUBLIC_URL: '', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null })
  })
})

describe('with nothing set', () => {
  it('the service stands on this machine alone, with a database of its own and demo people', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      databaseUrl: null,
      demoData: true,
      trustProxy: 0,
      isProduction: false,
    })
  })

  it('a server somebody named gets no demo people unless asked', () => {
    expect(readConfig({ DATABASE_URL: 'postgres://app@db.example/loans' }).demoData).toBe(false)
  })

  it('an address with https wants to know how many proxies it may believe', () => {
    expect(problemsOf({ PUBLIC_URL: 'https://loans.example' })).toMatch(/^TRUST_PROXY: /)
    expect(readConfig({ PUBLIC_URL: 'https://loans.example/', TRUST_PROXY: '2' }).publicUrl).toBe(
      'https://loans.example',
    )
  })
})
