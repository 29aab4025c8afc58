import {
  appointment,
  contactAddress,
  contactAnswer,
  dataAllowance,
  deposit,
  diaryEntry,
  loanTo,
  privateNote,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { invitationText, passwordResetText } from '../../src/account/letters-rules.ts'
import { askWhoIsDue } from '../../src/check-ins/actions.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import type { MessageRuleName } from '../../src/messages/occasion-rules.ts'
import { fieldsOf, type WordedKind, wordedKinds } from '../../src/messages/ours-rules.ts'
import { openingNotice } from '../../src/openings/letters-rules.ts'
import { tabletKeyNotice } from '../../src/pins/letters-rules.ts'
import { deliveryText } from '../../src/reports/delivery-rules.ts'
import { changeNotice, resetNotice } from '../../src/second-step/letters-rules.ts'
import { startOfTest, type TestApp } from '../support/app.ts'
import { pastTheRules } from '../support/retention.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The service's own name, and a word of everything typed that would tell what somebody is helped with. */
export const service = 'Zzharbour Mental Health NHS Trust'
const telling = 'Zzharbour community psychiatry'

const later = (ms: number) => new Date(startOfTest.getTime() + ms)
const day = (days: number) =>
  later(days * DAY)
    .toISOString()
    .slice(0, 10)

interface Who {
  app: TestApp
  person: Awaited<ReturnType<typeof serviceUser>>
}

const champion = ({ people }: TestApp) => ({
  id: people.actors.champion.staffId,
  organisation_id: people.organisationId,
})
const find = ({ db, clock }: TestApp) => writeWhatIsDue({ db, clock, canText: true })

const lent = (dueOn: string, lentAt = later(-90 * DAY)) => {
  return ({ app, person }: Who) => loanTo(app.db, { serviceUser: person, dueOn, lentAt, lentBy: champion(app) })
}
const session = (from: Date, madeAt: Date) => {
  // each with somebody else, who is in one place at a time
  return async ({ app, person }: Who) => {
    const by = await staffMember(app.db, { organisation_id: app.people.organisationId })
    return await diaryEntry(app.db, { champion: by, person, from, made_at: madeAt, note: telling })
  }
}

/** What makes each kind of message to a person fall due. A kind that is not here does not compile, and fails the test. */
const due: Readonly<Record<MessageRuleName | 'check-in', (who: Who) => Promise<unknown>>> = {
  'loan-made': lent(day(60), later(-HOUR)),
  'review-in-a-week': lent(day(7)),
  'review-tomorrow': lent(day(1)),
  'overdue-first': lent(day(-3)),
  'overdue-second': lent(day(-10)),
  'overdue-third': lent(day(-21)),
  'overdue-by-hand': lent(day(-28)),
  'session-made': session(later(5 * DAY), startOfTest),
  'session-moved': async (who) => {
    const { id } = await session(later(6 * DAY), startOfTest)(who)
    await find(who.app)
    await who.app.pool.query(
      `update diary_entries set starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '30 minutes',
         leaves_at = $2::timestamptz, back_at = $2::timestamptz + interval '30 minutes', version = version + 1 where id = $1`,
      [id, later(7 * DAY)],
    )
  },
  'session-in-two-days': session(later(40 * HOUR), later(-9 * DAY)),
  'session-in-two-hours': session(later(1.5 * HOUR), later(-9 * DAY)),
  'appointment-preparation': planned,
  'data-ending': ({ app, person }) => {
    const { id, organisation_id } = champion(app)
    const dates = { starts_on: day(-20), ends_on: day(5) }
    return dataAllowance(app.db, { organisation_id, by: { id }, person, provider: telling, ...dates })
  },
  'locker-uncollected': async ({ app, person }) => {
    const ward = { id: app.people.ward.id, organisation_id: app.people.organisationId }
    const { id } = await deposit(app.db, { ward, by: champion(app), at: later(-12 * HOUR) })
    // they were on the ward when they put it there
    await pastTheRules(app, [
      ["update locker_deposits set service_user_id = $1, initials = '' where id = $2", [person.id, id]],
    ])
  },
  'check-in': async ({ app, person }) => {
    const lentAt = later(-15 * DAY)
    const loan = await loanTo(app.db, { serviceUser: person, dueOn: day(60), lentAt, lentBy: champion(app) })
    await (await app.signedInAs('champion')).post(`/loans/${loan.id}/check-ins`, { 'may-ask': 'yes' })
    await askWhoIsDue({ db: app.db, clock: app.clock, publicUrl: 'https://loans.example' })
  },
}

function planned({ app, person }: Who) {
  return appointment(app.db, {
    ...{ person, by: champion(app), from: later(2 * DAY), clinician: telling, place: telling, number_shown: telling },
  })
}

/** Kinds that nobody is sent, each with why. */
const unsent: Readonly<Record<string, string>> = {
  'overdue-by-hand': 'it is for a person to ring',
  'text-answered': 'it is for a person to ring back',
}

const until = later(DAY)
const url = 'https://loans.example/link'
/** What staff are sent: their own organisation may stand in the text, but not where a screen shows it by itself. */
const toStaff: Readonly<Record<string, () => { subject: string; body: string }[]>> = {
  reports: () => {
    const answers = [{ question: 'Whom do we reach?', answer: ['85 people.'] }]
    return [deliveryText({ name: 'Sam', organisation: service, period: 'July 2026', answers, publicUrl: url })]
  },
  'staff-invitation': () => [invitationText({ name: 'Sam', organisation: service, url, until })],
  'password-reset': () => [passwordResetText({ name: 'Sam', url, until })],
  'second-factor-reset': () => [resetNotice('Sam', url)],
  'account-changed': () => [changeNotice('Sam', 'It was changed.'), tabletKeyNotice('Sam', 'It was changed.')],
  'record-opened': () => [openingNotice({ name: 'Sam', who: 'Kim', role: 'Champion', personId: 7, at: until, url })],
}

export const kinds = { due, unsent, toStaff }

/** Somebody with a risk at home, an NHS number and a ward, who may be reached in this one way. */
export async function reached(
  app: TestApp,
  channel: 'email' | 'text' | 'post',
  kind: string,
  risk: string,
  names = false,
) {
  reachedSoFar += 1
  const email = channel === 'email' ? `${kind}-${names ? 'named' : 'plain'}@post.example` : ''
  const phone = channel === 'text' ? `07700 9${String(20_000 + reachedSoFar)}` : ''
  const address = channel === 'post' ? '9 Quiet Street' : ''
  const words = { known_as: 'Kim', contact_instruction: telling }
  const who = { organisation_id: app.people.organisationId, ...words, email, phone, address }
  const person = await serviceUser(app.db, who)
  const at = later(-HOUR)
  await privateNote(app.db, { person, at, note: risk })
  await contactAnswer(app.db, { person, channel, names_service: names })
  for (const used of [email, phone, address].filter((one) => one !== '')) {
    await contactAddress(app.db, { person, address: used, isSafe: true, at: startOfTest })
  }
  return person
}
let reachedSoFar = 0

/**
 * Own words for every kind that has any, each of which gives the service away: as no form lets anybody save them, but as they may
 * stand once the service or a ward is called something else.
 */
export async function putOwnWords({ db, people }: TestApp): Promise<void> {
  const changed = { changed_at: startOfTest, changed_by: people.actors.administrator.staffId, version: 1 }
  const needed = (kind: WordedKind) =>
    fieldsOf(kind)
      .needs.map((field) => ` {{${field}}}`)
      .join('')
  const rows = wordedKinds.map((kind) => ({
    ...{ organisation_id: people.organisationId, kind, ...changed },
    subject: 'Zzharbour writes to you',
    body: `${telling} writes.${needed(kind)}`,
    text_body: `Zzharbour writes.${kind === 'check-in' ? '' : needed(kind)}`,
    letter_body: `${telling} writes.`,
  }))
  await db.insertInto('message_settings').values(rows).execute()
}

/** Makes one kind due for somebody, and writes it. */
export async function makeDue(app: TestApp, kind: keyof typeof due, person: Who['person']): Promise<void> {
  await due[kind]({ app, person })
  await find(app)
}

/** The letter about an appointment, as it prints. */
export async function letterFor(app: TestApp, person: Who['person']): Promise<string> {
  const { id } = await planned({ app, person })
  return (await (await app.signedInAs('champion')).get(`/appointments/${id}/letter`)).text
}
