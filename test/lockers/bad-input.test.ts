import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, deposit, itemInRepair, model, serviceUser, staffMember } from '../../seeds/factories.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor
let colleague: { id: number; name: string }

beforeAll(async () => {
  app = await startApp()
  nurse = await app.signedInAs('ward-staff')
  const { organisationId: organisation_id, ward } = app.people
  const name = 'Cora Colleague-Example'
  colleague = await staffMember(app.db, { organisation_id, name, role: 'ward-staff', wards: [ward] })
})
afterAll(() => app.close())

const own = () => app.people.actors['ward-staff']
const here = () => ({ organisation_id: app.people.organisationId, kept_at_ward_id: app.people.ward.id })
const lockers = () => `/wards/${app.people.ward.code}/lockers`

async function bayOf(connector: string, tag: string) {
  const { organisation_id } = here()
  const made = await model(app.db, { organisation_id, category: 'locker-bay', connector })
  return availableItem(app.db, { ...here(), model: made, tag })
}

let bays = 0
const deposited = async () =>
  deposit(app.db, {
    ward: { id: app.people.ward.id, organisation_id: app.people.organisationId },
    bay: await bayOf('usb-c', `IN-${++bays}`),
    by: { id: own().staffId },
  })

const ended = (id: number, by: number) =>
  `update locker_deposits set ended_at = '2026-08-03T09:30Z', ended_as = 'collected', ended_by = ${by} where id = ${id}`
const stored = async (id: number) =>
  (await app.pool.query('select ended_as, ended_by, handed_to from locker_deposits where id = $1', [id])).rows[0]

const errorsOn = ({ text }: { text: string }) => {
  const summary = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(text)?.[1] ?? ''
  return [...summary.matchAll(/<li>(.*?)<\/li>/gs)].map((match) => plainText(match[1] ?? '').trim())
}

const collectedByColleague =
  'This device was collected already, on Monday 3 August 2026 at 10:30am. Cora Colleague-Example wrote it down.'

describe('what came out already', () => {
  it.each<[string, Record<string, string>]>([
    ['collection', {}],
    ['hand-over', { 'handed-to': 'Their sister', 'allowed-by': 'Nurse Example' }],
    ['hand-over', { 'handed-to': '', 'allowed-by': '' }],
    ['opening', { witness: 'colleague', because: 'Smoke' }],
    ['opening', { witness: '', because: '' }],
  ])('is refused a %s of %j in words: who, when, and where to go on', async (way, typed) => {
    const { id } = await deposited()
    await app.pool.query(ended(id, colleague.id))
    const witness: Record<string, string> = typed.witness ? { witness: String(colleague.id) } : {}
    const answer = await nurse.post(`/lockers/${id}/${way}`, { ...typed, ...witness })
    expect([answer.status, errorsOn(answer)]).toEqual([409, [collectedByColleague]])
    expect(answer.text).toMatch(/Put a device into IN-\d/)
    expect(await stored(id)).toEqual({ ended_as: 'collected', ended_by: colleague.id, handed_to: '' })
  })

  it('by somebody in the same moment is told with their name, to whoever waited for them', async () => {
    const { id } = await deposited()
    const other = await app.pool.connect()
    try {
      await other.query('begin')
      await other.query(ended(id, colleague.id))
      const waiting = nurse.post(`/lockers/${id}/collection`, {}).then((answer) => answer)
      await untilSomebodyWaits()
      await other.query('commit')
      const answer = await waiting
      expect([answer.status, errorsOn(answer)]).toEqual([409, [collectedByColleague]])
    } finally {
      other.release(true)
    }
  })

  it('of two at once is one, and PostgreSQL refuses the second by itself', async () => {
    const { id } = await deposited()
    const answers = await Promise.all([1, 2].map(() => nurse.post(`/lockers/${id}/collection`, {})))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(await verdict(app.pool.query(ended(id, colleague.id)))).toBe('23514 locker_deposit_goes_on')
    expect(await stored(id)).toMatchObject({ ended_by: own().staffId })
  })
})

/** Until one connection waits for the lock of another. */
async function untilSomebodyWaits(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await app.pool.query(
      `select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    )
    if (rows.length > 0) return
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error('Nobody waited')
}

describe('a bay is opened without the owner', () => {
  it.each([
    ['oneself', () => own().staffId, 409, 'Somebody else than you has to be there'],
    [
      'somebody of another ward',
      () => app.people.actors.champion.staffId,
      409,
      'Choose a member of staff of this ward',
    ],
    ['nobody', () => '', 422, 'Choose who else is there'],
  ])('not with %s as the second name', async (_who, witness, status, words) => {
    const { id } = await deposited()
    const answer = await nurse.post(`/lockers/${id}/opening`, { witness: String(witness()), because: 'Smoke' })
    expect([answer.status, errorsOn(answer)]).toEqual([status, [words]])
    expect(answer.text).toContain('value="Smoke"')
    expect(await stored(id)).toMatchObject({ ended_as: null })
  })
})

describe('a device goes in', () => {
  const typed = { whose: 'initials', initials: 'JB', description: 'Black phone', hours: '2', 'key-with': 'staff' }
  const put = (bay: { id: number }, more: object) =>
    nurse.post(lockers(), { key: crypto.randomUUID(), bay: bay.id, connector: 'wireless', ...typed, ...more })
  const cases: [string, () => Promise<{ id: number; more?: object }>, string][] = [
    [
      'a bay that was taken meanwhile',
      async () => {
        const bay = await bayOf('usb-c', 'OUT-1')
        await deposit(app.db, {
          ward: { id: app.people.ward.id, organisation_id: app.people.organisationId },
          bay,
          by: { id: colleague.id },
        })
        return bay
      },
      'OUT-1 has something in it already. The nearest one that does is OUT-9.',
    ],
    [
      'a bay of another connector',
      () => bayOf('lightning', 'OUT-2'),
      'OUT-2 has Lightning, not Wireless. The nearest one that does is OUT-9.',
    ],
    [
      'a bay out of service',
      async () => ({ id: (await itemInRepair(app.db, { ...here(), category: 'locker-bay', tag: 'OUT-3' })).id }),
      'OUT-3 is out of service. The nearest one that does is OUT-9.',
    ],
    [
      'the name of somebody who was discharged',
      async () => {
        const { organisation_id } = here()
        const gone = await serviceUser(app.db, { organisation_id, name: 'Dora Discharged', state: 'community' })
        return {
          ...(await bayOf('wireless', 'ZZ-1')),
          more: { whose: 'person', person: String(gone.id), initials: '' },
        }
      },
      'This person is not on the ward any more. Choose somebody else, or use initials',
    ],
  ]
  it.each(cases)('not with %s, and what was typed stays', async (_what, make, words) => {
    await freeBay()
    const { more = {}, ...bay } = await make()
    const answer = await put(bay, more)
    expect([answer.status, errorsOn(answer)]).toEqual([409, [words]])
    expect(answer.text).toContain('value="Black phone"')
    const { rows } = await app.pool.query(
      'select from locker_deposits where bay_id = $1 and ended_at is null and deposited_by = $2',
      [bay.id, own().staffId],
    )
    expect(rows).toHaveLength(0)
  })

  it('not by the page of a bay out of service: it says so, and leads to the nearest that does', async () => {
    const instead = await freeBay()
    const made = await model(app.db, {
      organisation_id: here().organisation_id,
      category: 'locker-bay',
      connector: 'wireless',
    })
    const broken = await itemInRepair(app.db, { ...here(), model: made, tag: 'OUT-4' })
    const page = await nurse.get(`${lockers()}/deposit?bay=${broken.id}`)
    expect(errorsOn(page)).toEqual(['OUT-4 is out of service. The nearest one that does is OUT-9.'])
    expect(page.text).toContain(`name="instead" value="${instead}"`)
  })

  /** The one free bay that charges without a cable, made once. */
  async function freeBay(): Promise<number> {
    free ??= bayOf('wireless', 'OUT-9')
    return (await free).id
  }
  let free: ReturnType<typeof bayOf> | undefined
})
