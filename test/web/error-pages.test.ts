import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import pg from 'pg'
import supertest from 'supertest'
import { model } from '../../seeds/factories.ts'
import { lastResort, showError } from '../../src/web/errors.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { findHtmlMistakes } from '../support/html.ts'

let app: TestApp
let champion: Visitor
let owner: pg.Client

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  // what nobody foresaw: an error with what was typed in it, on several lines
  await owner.query(`
    create function break_down() returns trigger language plpgsql as $$
    begin
      raise exception E'cannot keep %\\n  %', new.name, new.maker using detail = new.name, errcode = new.operating_system;
    end $$;
    create trigger break_down before insert on models for each row when (new.name like 'Break%') execute function break_down()`)
})
afterAll(async () => {
  await owner.end()
  await app.close()
})

const broken = (code: string) => ({
  category: 'tablet',
  name: 'Break Canary-Nightingale',
  maker: 'Florence Canary',
  'operating-system': code,
  key: crypto.randomUUID(),
})

describe('an error page', () => {
  it.each<[number, string, () => Promise<{ status: number; text: string; headers: Record<string, string> }>]>([
    [400, 'This could not be read', async () => champion.get('/items/%E0%A4%A')],
    [403, 'You cannot do this', async () => champion.get('/audit')],
    [403, 'Send the form again', async () => champion.agent.post('/models')],
    [404, 'Page not found', async () => champion.get('/nowhere')],
    [404, 'Page not found', async () => champion.get('/service-users/999999')],
    [413, 'This is too large', async () => champion.post('/models', { name: 'a'.repeat(250_000) })],
    [500, 'Something went wrong', async () => champion.post('/models', broken('XX000'))],
    [503, 'The service is busy', async () => champion.post('/models', broken('57014'))],
  ])('%i %s: has its true status, plain words, a reference and no trace of the inside', async (status, title, ask) => {
    const { status: shown, text, headers } = await ask()
    expect(shown).toBe(status)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).toContain(`<h1 class="nhsuk-heading-l">${title}</h1>`)
    expect(text).toContain(`Reference: ${headers['x-request-id']}`)
    expect(text).not.toMatch(/node_modules|\.ts:\d|\bat \w+ \(|Canary|XX000|57014|select |insert /)
    expect(await findHtmlMistakes(text)).toEqual([])
  })

  it('409: says what stands in the way, with what was typed still there', async () => {
    const { organisationId: organisation_id } = app.people
    await model(app.db, { organisation_id, maker: 'Apple', name: 'iPad', category: 'tablet' })
    const taken = await champion.post('/models', {
      category: 'tablet',
      maker: 'Apple',
      name: 'ipad',
      key: crypto.randomUUID(),
    })
    expect(taken.status).toBe(422)
    expect(taken.text).toContain('value="ipad"')
    const { id } = await model(app.db, { organisation_id })
    const stale = await champion.post(`/models/${id}`, { category: 'tablet', name: 'Typed by me', version: 0 })
    expect(stale.status).toBe(409)
    expect(stale.text).toContain('value="Typed by me"')
  })

  it('422: lists what is wrong, says so in the title, and keeps what was typed', async () => {
    const { status, text } = await champion.post('/models', { name: '', maker: 'Kept as typed' })
    expect(status).toBe(422)
    expect(text).toMatch(/<title>Error: /)
    expect(text).toContain('There is a problem')
    expect(text).toContain('value="Kept as typed"')
  })

  it('is for everybody: without a session there is nobody on it, and no form', async () => {
    const { text } = await app.visitor().get('/nowhere')
    expect(text).not.toContain('Sign out')
    expect(text).not.toContain('_csrf')
  })

  it.each(['development', 'test', 'production'])('shows no more when NODE_ENV is %s', async (NODE_ENV) => {
    const safe = {
      PUBLIC_URL: 'https://loans.example',
      TRUST_PROXY: '1',
      SESSION_SECRET: 'x'.repeat(40),
      SECOND_STEP_KEY: 'y'.repeat(40),
      DATABASE_URL: app.appUrl,
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'loans@loans.example',
    }
    const other = await startApp({ NODE_ENV, ...safe })
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = NODE_ENV
    try {
      for (const path of ['/%E0%A4%A', '/items/%E0%A4%A', '/assets/x/%E0%A4%A', '/nowhere']) {
        const { status, text } = await other.visitor().get(path).set('X-Forwarded-Proto', 'https')
        expect([400, 404, 303]).toContain(status)
        expect(text).not.toMatch(/node_modules|\.ts:\d|Error:/)
      }
    } finally {
      process.env.NODE_ENV = before
      await other.close()
    }
  })
})

describe('an error that nobody foresaw', () => {
  it('is in the log once, by its code and reference, and without what was typed', async () => {
    const before = app.logged().length
    const { headers } = await champion.post('/models', broken('XX000'))
    const lines = app
      .logged()
      .slice(before)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [fault] = lines.filter((line) => line.level === 50)
    expect(lines.filter((line) => line.level === 50)).toHaveLength(1)
    expect(fault).toMatchObject({ requestId: headers['x-request-id'], err: { code: 'XX000' } })
    expect(JSON.stringify(lines)).not.toContain('Canary')
  })

  it('harms nobody else', async () => {
    const all = await Promise.all([
      champion.post('/models', broken('XX000')),
      champion.get('/items'),
      champion.post('/models', broken('XX000')),
      app.visitor().get('/help'),
    ])
    expect(all.map(({ status }) => status)).toEqual([500, 200, 500, 200])
  })
})

describe('when even the error page cannot be made', () => {
  const logged: object[] = []
  const services = { log: { info: () => {}, warn: () => {}, error: (fields: object) => void logged.push(fields) } }

  /** A small app around the two last handlers, with something that goes wrong. */
  function around(wrong: RequestHandler, errorPage: ErrorRequestHandler) {
    const small = express()
    small.locals.services = services
    small.use((req, _res, next) => {
      req.id = 'the-reference'
      next()
    })
    small.use(wrong, errorPage, lastResort)
    return small
  }

  it('plain words and the reference are left, and no stack', async () => {
    const fails: RequestHandler = () => {
      throw new Error('the secret inside')
    }
    const alsoFails: ErrorRequestHandler = () => {
      throw new Error('the page is broken too')
    }
    const { status, text } = await supertest(around(fails, alsoFails)).get('/')
    expect(status).toBe(500)
    expect(text).toBe('Something went wrong. Reference: the-reference')
    expect(logged.at(-1)).toMatchObject({ requestId: 'the-reference' })
  })

  it('an answer that is half out is cut off: nobody takes the half for the whole', async () => {
    const failsHalfway: RequestHandler = (_req, res, next) => {
      res.write('the first half')
      next(new Error('the secret inside'))
    }
    await expect(supertest(around(failsHalfway, showError)).get('/')).rejects.toThrow(/aborted|hang up/)
  })
})
