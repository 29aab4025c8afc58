import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { caseloadCounts, loanTo, serviceUsers } from '../../seeds/factories.ts'
import { readFigures, readReport } from '../../src/reports/actions.ts'
import { keepCounts } from '../../src/reports/kept-actions.ts'
import { type SetName, setNames } from '../../src/reports/line-rules.ts'
import { costEach } from '../../src/reports/money-rules.ts'
import { type Period, periodOf } from '../../src/reports/period-rules.ts'
import { lineSets } from '../../src/reports/set-rules.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { generateScheme } from './generated.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
  await generateScheme(app)
})
afterAll(() => app.close())

/** A line's name and what follows its colon, for the condition that its definition asks for. */
type Plain = (word: string, period: { at: string; on: string; end: string }) => string

const happens = (column: string, at: string) => `(${column})::timestamptz ${at}`
const device = `select min(taken_at) from loan_lines line join loans on loans.id = line.loan_id join items on items.id = item_id
  where loans.service_user_id = r.service_user_id and taken_at >= (referred_on || ' 00:00 Europe/London')::timestamptz
    and category in ('tablet', 'smartphone', 'laptop')`
const gotOne = `(${device}) is not null and (ended_at is null or (${device}) < ended_at)`
const asked = `from referrals r where exists (select from referral_asks where referral_id = r.id and ask = 'device')`
const waited = `((${device}) at time zone 'Europe/London')::date - referred_on`
const bands: Record<string, string> = {
  week: '<= 7',
  fortnight: 'between 8 and 14',
  month: 'between 15 and 28',
  'two-months': 'between 29 and 56',
  longer: '> 56',
}
const firstRemote = `from appointments a where is_first and cancelled_at is null and way in ('phone', 'video', 'text')`
const yes = (word: string, condition: string) => (word === 'yes' ? condition : `not (${condition})`)
const met = `from appointments a where outcome = 'attended'`
const said = `(select ways from meeting_preferences m where m.service_user_id = a.service_user_id and m.at <= starts_at
  and m.purpose = case when is_first then 'first-meeting' else a.purpose end order by id desc limit 1)`
const inPerson = `met_by in ('face-to-face', 'home-visit')`
const between = `(starts_at at time zone 'Europe/London')::date - (made_at at time zone 'Europe/London')::date`
const booked = (state: string) => `from bookings b where (${state})`
const begins = '(select min(lower(plan)) from item_holds where booking_id = b.id)'
const used = 'exists (select from item_holds where booking_id = b.id and taken_at is not null)'
const hours: Record<string, string> = {
  night: '< 8',
  morning: 'between 8 and 11',
  afternoon: 'between 12 and 15',
  evening: 'between 16 and 19',
  late: '> 19',
}
const given = 'from data_allowances d where service_user_id is not null and cancelled_at is null'
const sessions = `from training_sessions t join diary_entries e on e.id = diary_entry_id where cancelled_at is null`
const sure: Record<string, string> = {
  more: 'confidence_after > confidence_before',
  same: 'confidence_after = confidence_before',
  less: 'confidence_after < confidence_before',
  'not-asked': '(confidence_after is null or confidence_before is null)',
}
const held = (
  who: string,
  end: string,
) => `exists (select from item_holds h join loan_lines line on line.id = h.loan_line_id
  join loans on loans.id = line.loan_id where h.item_id = i.id and h.taken_at < ${end} and (h.ended_at is null or h.ended_at >= ${end}) and ${who})`
const fixing = (
  end: string,
) => `exists (select from item_holds h where h.item_id = i.id and kind in ('turnaround', 'repair')
  and h.taken_at < ${end} and (h.ended_at is null or h.ended_at >= ${end}))`
const places: Record<string, (end: string) => string> = {
  people: (end) => held('loans.service_user_id is not null', end),
  staff: (end) => held('loans.staff_id is not null', end),
  wards: (
    end,
  ) => `(${held('loans.ward_id is not null', end)} or (kept_at_ward_id is not null and not ${held('true', end)}
    and not ${fixing(end)}))`,
  idle: (end) => `kept_at_ward_id is null and not ${held('true', end)} and not ${fixing(end)}`,
  'being-readied': (end) => `not ${held('true', end)} and ${fixing(end)}`,
}
const owned = (end: string) =>
  `select count(*) from items i where created_at < ${end} and (left_at is null or left_at >= ${end})`
const telling: Record<string, string> = {
  device: `question = 'device' and chosen && array['none', 'shared', 'basic', 'old']`,
  language: `(question = 'language' and chosen <> array['english'])`,
  affordability: `question = 'affordability' and chosen && array['no', 'runs-out']`,
  surroundings: `question = 'charging' and chosen && array['no', 'sometimes']`,
}
const told = (on: string) => `from conversation_answers where kind = 'answered' and said_on ${on}`
const lent = `from loan_lines line join loans on loans.id = line.loan_id where service_user_id is not null and line.cancelled_at is null`

/** Each family of lines, counted anew from what its definition says, in as plain a way as there is. */
const plain: Record<string, Plain> = {
  people: (_, { at }) => `select count(distinct service_user_id) ${lent} and ${happens('taken_at', at)}`,
  loans: (_, { at }) =>
    `select count(*) from loans where service_user_id is not null and ${happens('select min(taken_at) from loan_lines where loan_id = loans.id', at)}`,
  ended: (_, { at }) => `select count(*) from loans where service_user_id is not null
    and not exists (select from loan_lines where loan_id = loans.id and ended_at is null)
    and ${happens('select max(ended_at) from loan_lines where loan_id = loans.id', at)}`,
  open: (_, { end }) => `select count(*) from loans where service_user_id is not null
    and exists (select from loan_lines where loan_id = loans.id and taken_at < ${end})
    and exists (select from loan_lines where loan_id = loans.id and (ended_at is null or ended_at >= ${end}))`,
  gifts: (_, { at }) => `select count(*) ${lent} and ended_as = 'given' and ${happens('ended_at', at)}`,
  items: (_, { at }) => `select count(*) ${lent} and ${happens('taken_at', at)}`,
  category: (word, { at }) =>
    `select count(*) ${lent} and ${happens('taken_at', at)} and item_id in (select id from items where category = '${word}')`,
  first: (_, { at }) => `select count(*) ${firstRemote} and ${happens('starts_at', at)}`,
  'first-outcome': (word, { at }) =>
    `select count(*) ${firstRemote} and ${happens('starts_at', at)} and coalesce(outcome, 'not-known') = '${word}'`,
  'first-way': (word, { at }) => `select count(*) ${firstRemote} and ${happens('starts_at', at)} and way = '${word}'`,
  'first-went': (word, { at }) =>
    `select count(*) ${firstRemote} and ${happens('starts_at', at)} and disruption = '${word}'`,
  'first-people': (_, { at }) =>
    `select count(distinct service_user_id) ${firstRemote} and ${happens('starts_at', at)} and outcome = 'attended'`,
  'first-device': (word, { at }) =>
    `select count(*) ${firstRemote} and ${happens('starts_at', at)} and ${yes(
      word,
      `service_user_id in (
    select service_user_id ${lent} and taken_at <= starts_at and (ended_as = 'given' or ended_at is null or ended_at > starts_at)
      and item_id in (select id from items where category in ('tablet', 'smartphone', 'laptop')))`,
    )}`,
  'first-training': (word, { at }) =>
    `select count(*) ${firstRemote} and ${happens('starts_at', at)} and ${yes(
      word,
      `exists (
    select from training_sessions join diary_entries e on e.id = diary_entry_id
    where e.service_user_id = a.service_user_id and came and e.starts_at < a.starts_at)`,
    )}`,
  'first-trial': (word, { at }) =>
    `select count(*) ${firstRemote} and ${happens('starts_at', at)} and ${yes(
      word,
      `exists (
    select from trial_calls t join diary_entries e on e.id = diary_entry_id
    where e.service_user_id = a.service_user_id and t.outcome in ('passed', 'passed-with-help') and e.starts_at < a.starts_at)`,
    )}`,
  'referred-people': (_, { on }) => `select count(distinct service_user_id) from referrals where referred_on ${on}`,
  'referring-teams': (_, { on }) => `select count(distinct team_id) from referrals where referred_on ${on}`,
  referrals: (_, { on }) => `select count(*) ${asked} and referred_on ${on}`,
  'referral-got': (_, { at }) => `select count(*) ${asked} and ${gotOne} and ${happens(device, at)}`,
  'referral-wait': (word, { at }) =>
    `select count(*) ${asked} and ${gotOne} and ${happens(device, at)} and ${waited} ${bands[word]}`,
  'referral-declined': (_, { at }) =>
    `select count(*) ${asked} and not coalesce(${gotOne}, false) and ended_as = 'declined' and ${happens('ended_at', at)}`,
  'referral-withdrawn': (_, { at }) =>
    `select count(*) ${asked} and not coalesce(${gotOne}, false) and ended_as = 'withdrawn' and ${happens('ended_at', at)}`,
  'referral-why': (word, { at }) =>
    `select count(*) ${asked} and not coalesce(${gotOne}, false) and ended_as = 'declined' and ended_why = '${word}' and ${happens('ended_at', at)}`,
  'referral-waiting': (
    _,
    { end },
  ) => `select count(*) ${asked} and (referred_on || ' 00:00 Europe/London')::timestamptz < ${end}
    and not (coalesce(${gotOne}, false) and (${device}) < ${end}) and (coalesce(${gotOne}, false) or ended_at is null or ended_at >= ${end})`,
  'referral-median': (_, { at }) =>
    `select percentile_disc(0.5) within group (order by ${waited}) as count ${asked} and ${gotOne} and ${happens(device, at)}`,
  'referral-ninety': (_, { at }) =>
    `select percentile_disc(0.9) within group (order by ${waited}) as count ${asked} and ${gotOne} and ${happens(device, at)}`,
  talked: (_, { on }) => `select count(distinct service_user_id) ${told(on)}`,
  barrier: (word, { on }) => `select count(distinct service_user_id) ${told(on)} and ${telling[word] ?? 'false'}`,
  met: (_, { at }) => `select count(*) ${met} and ${happens('starts_at', at)}`,
  choice: (word, { at }) => `select count(*) ${met} and ${happens('starts_at', at)} and case
    when ${said} is null then 'not-asked' when (${said})[1] = met_by then 'first-choice'
    when met_by = any(coalesce(${said}, '{}')) then 'other-choice' else 'not-chosen' end = '${word}'`,
  'met-how': (word, { at }) =>
    `select count(*) ${met} and ${happens('starts_at', at)} and ${yes(word === 'in-person' ? 'yes' : 'no', inPerson)}`,
  'wait-in-person': (word, { at }) =>
    `select count(*) ${met} and ${happens('starts_at', at)} and ${inPerson} and ${between} ${bands[word]}`,
  'wait-remote': (word, { at }) =>
    `select count(*) ${met} and ${happens('starts_at', at)} and not ${inPerson} and ${between} ${bands[word]}`,
  stock: (_, { end }) => owned(end),
  'stock-where': (word, { end }) => `${owned(end)} and ${places[word]?.(end)}`,
  'stock-category': (word, { end }) => `${owned(end)} and category = '${word}'`,
  'stock-overdue': (_, { end }) =>
    `${owned(end)} and ${held(`(line.due_on + 1 || ' 00:00 Europe/London')::timestamptz <= ${end}`, end)}`,
  left: (_, { at }) => `select count(*) from items where ${happens('left_at', at)}`,
  'left-as': (word, { at }) => `select count(*) from items where ${happens('left_at', at)} and left_as = '${word}'`,
  bought: (_, { on }) => `select count(*) from items where bought_on ${on}`,
  booked: (_, { at }) =>
    `select count(*) ${booked(`cancelled_as is distinct from 'cancelled'`)} and ${happens(begins, at)}`,
  'booked-end': (word, { at }) =>
    `select count(*) ${booked(`cancelled_as is distinct from 'cancelled'`)} and ${happens(begins, at)} and ${
      word === 'used'
        ? used
        : word === 'not-collected'
          ? `cancelled_as = '${word}' and not ${used}`
          : `cancelled_as is null and not ${used}`
    }`,
  'used-hour': (word, { at }) =>
    `select count(*) ${booked(used)} and ${happens(begins, at)} and extract(hour from ${begins} at time zone 'Europe/London') ${hours[word]}`,
  'booked-cancelled': (_, { at }) =>
    `select count(*) ${booked(`cancelled_as = 'cancelled'`)} and ${happens(begins, at)}`,
  deposits: (_, { at }) => `select count(*) from locker_deposits where ${happens('deposited_at', at)}`,
  granted: (_, { on }) => `select count(*) ${given} and starts_on ${on}`,
  'granted-kind': (word, { on }) => `select count(*) ${given} and starts_on ${on} and kind = '${word}'`,
  'granted-people': (_, { on }) => `select count(distinct service_user_id) ${given} and starts_on ${on}`,
  'ran-out': (_, { at }) =>
    `select count(distinct data_allowance_id) from data_readings where megabytes_left = 0 and ${happens('read_at', at)}`,
  sessions: (_, { at }) => `select count(*) ${sessions} and ${happens('starts_at', at)}`,
  'session-end': (word, { at }) =>
    `select count(*) ${sessions} and ${happens('starts_at', at)} and came is not distinct from ${
      word === 'came' ? 'true' : word === 'did-not-come' ? 'false' : 'null'
    }`,
  confidence: (word, { at }) =>
    `select count(*) ${sessions} and came and ${happens('starts_at', at)} and ${sure[word]}`,
  trained: (_, { at }) => `select count(distinct service_user_id) ${sessions} and came and ${happens('starts_at', at)}`,
  'paid-items': (_, { on }) => `select count(*) from items where cost_pence is not null and bought_on ${on}`,
  'paid-data': (_, { on }) =>
    `select count(*) from data_allowances where cost_pence is not null and cancelled_at is null and starts_on ${on}`,
  'paid-repairs': (_, { at }) =>
    `select count(*) from repairs join item_holds h on h.id = hold_id where cost_pence is not null and ${happens('h.ended_at', at)}`,
  'pounds-items': (_, { on }) =>
    `select round(coalesce(sum(cost_pence), 0) / 100.0) as count from items where bought_on ${on}`,
  'pounds-data': (_, { on }) =>
    `select round(coalesce(sum(cost_pence), 0) / 100.0) as count from data_allowances where cancelled_at is null and starts_on ${on}`,
  'pounds-repairs': (_, { at }) =>
    `select round(coalesce(sum(cost_pence), 0) / 100.0) as count from repairs join item_holds h on h.id = hold_id where ${happens('h.ended_at', at)}`,
}
/** Who is in a group, as it is written down of them. */
const written = (column: string) => (word: string) =>
  `select id from service_users where coalesce(nullif(${column}, 'prefer-not'), 'not-known') = '${word}'`
const groups: Record<string, (word: string) => string> = {
  age: (word) => {
    const [least, most] =
      word === 'not-known' ? [200, 300] : word === '75-and-over' ? [75, 200] : word.split('-').map(Number)
    return `select service_user_id from service_user_details where date_of_birth + interval '${least} years' <= '2027-03-31'
      and date_of_birth + interval '${(most as number) + 1} years' > '2027-03-31'`
  },
  gender: written('gender'),
  ethnicity: written('ethnicity'),
  disability: written('disability'),
  language: written('interpreter'),
  housing: written('housing'),
  asylum: written('asylum'),
  deprivation: written('deprivation_decile'),
}
for (const [breakdown, ofGroup] of Object.entries(groups)) {
  plain[breakdown] = (word, { at }) =>
    `select count(distinct service_user_id) ${lent} and ${happens('taken_at', at)} and service_user_id in (${ofGroup(word)})`
  plain[`referred-${breakdown}`] = (word, { on }) =>
    `select count(distinct service_user_id) from referrals where referred_on ${on} and service_user_id in (${ofGroup(word)})`
}

const asChampion = () => ({ db: app.db, actor: app.people.actors.champion, today: '2026-08-03' })

/** Gives when they were counted. */
async function equalsPlainCounts(name: SetName): Promise<string | null> {
  const { lines, trueOnly, amounts = [] } = lineSets[name]
  const ids = [...lines, ...trueOnly, ...amounts].map(({ id }) => id)
  let countedAt: string | null = null
  for (const period of [periodOf('quarter-2026-2') as Period, periodOf('month-2026-05') as Period]) {
    const { figures, asOf } = (await readFigures(asChampion(), [name], period))!
    const found = Object.fromEntries(ids.map((id) => [id, figures.of(id, period)]))
    expect(found).toEqual(
      Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await countPlainly(id, period)]))),
    )
    expect(Object.values(found).filter((n) => n !== 0).length).toBeGreaterThan(0)
    countedAt = asOf
  }
  return countedAt
}

describe('every figure that is counted', () => {
  it.each(setNames)('equals a plain count over the rows: %s', async (name) => {
    expect(await equalsPlainCounts(name)).toBeNull()
  })
})

describe('what is slow to count', () => {
  const night = new Date('2026-08-03T01:10:00Z')
  const keep = (slowMs?: number) => keepCounts({ db: app.db, clock: () => night }, slowMs)
  const kept = async () => (await app.pool.query('select count(*)::int as n from kept_counts')).rows[0].n
  const reach = async () => (await app.signedInAs('champion')).get('/reports/reach?period=quarter-2026-2')

  beforeAll(() => keep(0))
  afterAll(() => keep(Infinity))

  it.each(setNames)('is kept at night, as a plain count over the rows has it: %s', async (name) => {
    expect(new Date((await equalsPlainCounts(name)) ?? 0)).toEqual(night)
  })

  it('is shown as it was that night, and the page says so; what began since is counted the next', async () => {
    const before = await reach()
    expect(before.text).toContain('Counted at Monday 3 August 2026 at 2:10am')
    const [person] = await serviceUsers(app.db, [{ organisation_id: app.people.organisationId, name: 'Canary Late' }])
    await loanTo(app.db, { serviceUser: person!, lentAt: new Date('2026-05-05T10:00:00Z') })
    const tables = (html: string) => [...html.matchAll(/<table.*?<\/table>/gs)].join('')
    expect(tables((await reach()).text)).toBe(tables(before.text))
    await keep(0)
    expect(tables((await reach()).text)).not.toBe(tables(before.text))
  })

  it('is given to nobody for whom it would have to be hidden', async () => {
    const commissioner = await app.signedInAs('commissioner')
    expect((await commissioner.get('/reports/reach?period=quarter-2026-2')).text).toContain('Nothing is published yet')
  })

  it('is not kept where all is quick: then it is counted for the page', async () => {
    expect(await kept()).toBeGreaterThan(0)
    expect(await keep(Infinity)).toBe(0)
    expect(await kept()).toBe(0)
    expect((await readFigures(asChampion(), ['people'], periodOf('quarter-2026-2') as Period))?.asOf).toBeNull()
  })
})

describe('the cost of one person who reached a first appointment', () => {
  it('equals what was paid for items, data and repairs, by plain sums, for each who met', async () => {
    const period = periodOf('year-2026') as Period
    const reading = { db: app.db, actor: app.people.actors.champion, today: '2026-08-03' }
    const { report } = (await readReport(reading, 'money', period))!
    const on = `between '2026-04-01' and '2027-03-31'`
    const met = `(select count(distinct service_user_id) from appointments where is_first and cancelled_at is null
      and way in ('phone', 'video', 'text') and outcome = 'attended' and (starts_at at time zone 'Europe/London')::date ${on})`
    const items = `(select coalesce(sum(cost_pence), 0) from items where bought_on ${on})`
    const data = `(select coalesce(sum(cost_pence), 0) from data_allowances where cancelled_at is null and starts_on ${on})`
    const repairs = `(select coalesce(sum(cost_pence), 0) from repairs join item_holds h on h.id = hold_id
      where (h.ended_at at time zone 'Europe/London')::date ${on})`
    const each = [`${items} + ${data} + ${repairs}`, items, data, repairs].map(
      (sum) => `round((${sum}) / 100.0 / ${met})::int`,
    )
    const { rows } = await app.pool.query(`select array[${each.join(', ')}] as each`)
    expect(report.tables[0]!.rows.map(({ values }) => values[0])).toEqual(rows[0].each)
    expect(rows[0].each[0]).toBeGreaterThan(rows[0].each[2])
  })

  it('is published of published sums and 20 people or more alone', () => {
    expect(costEach([2000, 500], 25, false)).toBe(100)
    expect(costEach([2000, '*'], 25, false)).toBe('*')
    expect(costEach([2000, 500], '*', false)).toBe('*')
    expect(costEach([2000, 500], 15, false)).toBe('*')
    expect(costEach([2000, 500], 5, true)).toBe(500)
    expect(costEach([2000, 500], 0, true)).toBe('*')
  })
})

describe('who is never referred', () => {
  it('is told of wards and teams to those who see true numbers, as a plain count has it, and to nobody else', async () => {
    const { organisationId: organisation_id, actors } = app.people
    const counts = { organisation_id, by: { id: actors.administrator.staffId }, countedOn: '2026-05-01' }
    await caseloadCounts(app.db, {
      ...counts,
      people: { everybody: { everybody: 200 }, gender: { woman: 50, other: 30 } },
    })
    await caseloadCounts(app.db, { ...counts, ward: app.people.otherWard, people: { everybody: { everybody: 60 } } })
    const { rows } = await app.pool.query(
      `select count(distinct service_user_id)::int as n from referrals where team_id = $1 and referred_on between '2026-04-01' and '2026-06-30'`,
      [app.people.ward.id],
    )
    const period = periodOf('quarter-2026-2') as Period
    const reading = { db: app.db, actor: actors.champion, today: '2026-08-03' }
    const { report } = (await readReport(reading, 'never-referred', period))!
    const said = report.tables[0]!.rows.map(({ text, values }) => [text, values[0], values[1], values[4]])
    expect(rows[0].n).toBeGreaterThan(0)
    expect(said).toEqual([['Birch Ward', 0, 60, 'Nobody']])
    expect(report.answer.join(' ')).toContain('1 of 2 wards and teams referred nobody.')
    expect(report.answer.join(' ')).toContain('Nobody was referred of: Gender: Another')
    expect(await readReport({ ...reading, actor: actors.commissioner }, 'never-referred', period)).toBeNull()
  })
})

async function countPlainly(id: string, { from, until }: Period): Promise<number> {
  const [family, word = ''] = id.split(':') as [string, string?]
  const count = plain[family]
  if (!count) throw new Error(`Write down how ${id} is counted`)
  const end = `'${until} 00:00 Europe/London'::timestamptz`
  const at = `between '${from} 00:00 Europe/London'::timestamptz and ${end} - interval '1 ms'`
  const on = `between '${from}' and '${until}'::date - 1`
  const { rows } = await app.pool.query(count(word, { at, on, end }))
  return Number(rows[0].count)
}
