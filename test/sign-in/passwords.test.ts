import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import argon2 from 'argon2'
import { examplePassword, staffMember } from '../../seeds/factories.ts'
import { hashPassword, needsRehash, verifyPassword } from '../../src/lib/passwords.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

async function storedHash(staffId: number): Promise<string> {
  const row = await app.db
    .selectFrom('staff')
    .select('password_hash')
    .where('id', '=', staffId)
    .executeTakeFirstOrThrow()
  return row.password_hash ?? ''
}

describe('a password', () => {
  it('is kept as argon2id with at least 19 MiB, two passes and one lane', async () => {
    const [, kind, version, settings] = (await hashPassword('any password at all')).split('$')
    const { m, t, p } = Object.fromEntries(settings!.split(',').map((setting) => setting.split('=')))
    expect([kind, version]).toEqual(['argon2id', 'v=19'])
    expect(Number(m)).toBeGreaterThanOrEqual(19 * 1024)
    expect(Number(t)).toBeGreaterThanOrEqual(2)
    expect(Number(p)).toBe(1)
  })

  it('has a hash of its own, even where two people choose the same', async () => {
    expect(await hashPassword('the same for both')).not.toBe(await hashPassword('the same for both'))
  })

  it.each([
    ['of 64 characters', 'p'.repeat(64)],
    ['of 1,000 characters', 'four score and seven '.repeat(50)],
    ['of 50,000 characters', 'x'.repeat(50_000)],
    ['with spaces at its ends', '  two spaces each  '],
    ['in any letters', 'пароль с эмодзи 🫖 و كلمة'],
    ['with a NUL in it', 'before\0after it'],
  ])('%s is taken as it is and never cut', async (_what, password) => {
    const person = await staffMember(app.db, { organisation_id: app.people.organisationId, password })
    const answer = await signIn(person.email, password)
    expect(answer.status).toBe(303)
    for (const almost of [password.slice(0, -1), `${password}x`, password.trim().slice(1)]) {
      expect((await signIn(person.email, almost)).status).toBe(422)
    }
  })

  it('is the same however its accents were typed', async () => {
    const hash = await hashPassword('Zo\u00eb and Ren\u00e9')
    expect(await verifyPassword(hash, 'Zoe\u0308 and Rene\u0301')).toBe(true)
  })

  it('is wrong for nobody, and takes as long to be', async () => {
    await verifyPassword(null, 'the first time')
    // what a processor worked, which is the same on a busy machine
    const took = async (hash: string | null) => {
      const start = process.cpuUsage()
      expect(await verifyPassword(hash, 'not the password')).toBe(false)
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    const hash = await hashPassword('the password')
    const [known, unknown] = [[], []] as [number[], number[]]
    for (let round = 0; round < 9; round += 1) {
      known.push(await took(hash))
      unknown.push(await took(null))
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2)
  })
})

describe('a hash made with weaker settings', () => {
  const weaker = { type: argon2.argon2id, memoryCost: 8_192, timeCost: 2, parallelism: 1 } as const

  it('still lets its owner in, and is made anew when it does', async () => {
    const person = await staffMember(app.db, { organisation_id: app.people.organisationId })
    const weak = await argon2.hash(examplePassword, weaker)
    await app.db.updateTable('staff').set({ password_hash: weak }).where('id', '=', person.id).execute()
    expect(needsRehash(weak)).toBe(true)

    expect((await signIn(person.email, 'not this one')).status).toBe(422)
    expect(await storedHash(person.id)).toBe(weak)

    expect((await signIn(person.email, examplePassword)).status).toBe(303)
    const strong = await storedHash(person.id)
    expect(needsRehash(strong)).toBe(false)
    expect(await verifyPassword(strong, examplePassword)).toBe(true)
    expect((await signIn(person.email, examplePassword)).status).toBe(303)
    expect(await storedHash(person.id)).toBe(strong)
  })
})

describe('a crowd at the door', () => {
  it('is let in a few at a time; who would wait too long is told to come back, and nobody else notices', async () => {
    const people = await Promise.all(
      Array.from({ length: 90 }, () => staffMember(app.db, { organisation_id: app.people.organisationId })),
    )
    const visitors = []
    for (const _ of people) {
      const visitor = app.visitor()
      await visitor.readToken('/sign-in')
      visitors.push(visitor)
    }
    const before = process.memoryUsage.rss()
    const asked = visitors.map((visitor, at) =>
      visitor.post('/sign-in', { email: people[at]!.email, password: 'wrong' }),
    )
    const [answers, help] = await Promise.all([Promise.all(asked), app.visitor().get('/help')])
    const statuses = answers.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([422, 503]))
    expect(answers.find(({ status }) => status === 503)?.headers['retry-after']).toBe('5')
    expect(help.status).toBe(200)
    // 90 hashes at once would take 1.7 GB
    expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000)
  })
})

async function signIn(email: string, password: string) {
  const visitor = app.visitor()
  await visitor.readToken('/sign-in')
  return visitor.post('/sign-in', { email, password })
}
