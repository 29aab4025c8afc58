import {
  appointment,
  attendedAppointment,
  availableItem,
  booking,
  closedLoan,
  conversation,
  damagedItem,
  dataAllowance,
  deposit,
  diaryEntry,
  endedReferral,
  giftLoan,
  itemInRepair,
  loanTo,
  lostItem,
  meetingPreference,
  passedTrialCall,
  placement,
  referralFor,
  serviceUsers,
  trainingSession,
} from '../../seeds/factories.ts'
import type { TestApp } from '../support/app.ts'

const day = (nth: number, hour = 10) => new Date(Date.UTC(2026, 2, 20 + nth, hour))
const date = (nth: number) => day(nth).toISOString().slice(0, 10)
const pick = <One>(list: readonly One[], nth: number): One => list[nth % list.length] as One

/**
 * Forty people over the hundred days around a quarter, with a bit of everything that reports count; at both of its edges
 * too. Nothing is left to chance, so that a failing count can be looked at.
 */
export async function generateScheme({ db, people: staff }: TestApp): Promise<void> {
  const { organisationId: organisation_id, actors } = staff
  const ward = { id: staff.ward.id, organisation_id }
  const champion = { id: actors.champion.staffId, organisation_id }
  const by = { id: champion.id }
  const people = await serviceUsers(
    db,
    Array.from({ length: 40 }, (_, at) => ({
      organisation_id,
      name: `Canary Counted ${at}`,
      gender: pick(['woman', 'man', 'non-binary', 'prefer-not'], at),
      date_of_birth: `${1930 + 2 * at}-04-01`,
    })),
  )
  for (const [n, person] of people.entries()) {
    const met = day(2 + 3 * n, 8 + (n % 9))
    const made = day(2 + 3 * n - pick([1, 9, 20, 40, 70], n), 7)
    const about = { person, by, from: met, made_at: made, way_since: made, is_first: n % 3 !== 0 }
    const way = pick(['video', 'phone', 'text', 'face-to-face'], n)
    const told = { outcome_at: new Date(met.getTime() + 3_600_000), outcome_by: by.id }
    if (n % 2 === 0)
      await meetingPreference(db, {
        person,
        by,
        at: day(n),
        ways: pick([['video', 'phone'], ['text'], ['face-to-face']], n),
      })
    if (n % 5 < 3) {
      const disruption = pick(['none', 'small', 'back-up', 'abandoned'], n)
      await attendedAppointment(db, { ...about, way, disruption, ...(n % 7 === 0 && { met_by: 'face-to-face' }) })
    } else if (n % 5 === 3)
      await appointment(db, { ...about, ...told, way, outcome: pick(['could-not-connect', 'did-not-attend'], n >> 2) })
    else if (n % 10 === 4) await appointment(db, { ...about, way })
    else await appointment(db, { ...about, way, cancelled_at: day(2 + 3 * n, 5), cancelled_by: 'person' })

    const referral = {
      person,
      by,
      referred_on: date(3 * n - pick([0, 5, 12, 25, 50], n)),
      made_at: day(3 * n - 51),
      team_id: n % 4 === 0 ? null : ward.id,
    }
    if (n % 6 === 5)
      await endedReferral(db, { ...referral, ending: pick(['declined', 'withdrawn'], n >> 1), why: 'has-own' })
    else if (n % 2 === 0) await referralFor(db, { ...referral, asks: n % 8 === 6 ? ['data'] : ['device', 'data'] })
    const lend = pick([loanTo, closedLoan, giftLoan], n)
    if (n % 4 !== 3) await lend(db, { serviceUser: person, lentAt: day(3 * n, 9) })

    if (n % 3 === 0) {
      const came = n % 2 === 0
      const sure = came ? { confidence_before: 2, confidence_after: pick([1, 2, 3, null], n >> 1) } : {}
      await trainingSession(db, {
        ...{ champion, person, from: day(3 * n - 1, 6), came, told_at: day(3 * n, 1), told_by: by.id, ...sure },
      })
    }
    if (n % 4 === 1) await passedTrialCall(db, { champion, person, from: day(3 * n, 4) })
    if (n % 5 === 0) await trainingSession(db, { champion, person, from: day(3 * n + 1, 3) })
    await conversation(db, {
      ...{ person, by, heldOn: date(3 * n) },
      answers: {
        device: pick(['none', 'shared', 'own'], n),
        language: pick(['english', 'polish'], n),
        ...(n % 2 === 0 && { affordability: 'no' }),
        ...(n % 3 === 0 && { charging: 'no' }),
      },
    })
    const at = { starts_on: date(3 * n), made_at: day(3 * n) }
    await dataAllowance(db, {
      ...{ organisation_id, by, person, ...at, kind: pick(['sim', 'esim', 'voucher', 'hotspot'], n) },
      ...{ cost_pence: n % 2 === 0 ? 1050 : null, cancelled_at: n % 9 === 8 ? day(3 * n + 1) : null },
      readings: [
        { at: day(3 * n + 20), left: n % 3 === 0 ? 0 : 900 },
        ...(n % 6 === 0 ? [{ at: day(3 * n + 40), left: 0 }] : []),
      ],
    })
    const place = { organisation_id, kept_at_ward_id: ward.id }
    const item = await availableItem(db, { ...place, bought_on: date(3 * n), cost_pence: 10_000 + n })
    const from = day(3 * n, pick([6, 9, 13, 17, 21], n))
    const until = new Date(from.getTime() + 1_800_000)
    await booking(db, { ward, by, items: [item], from, until, ...(n % 3 === 0 && { takenAt: from }) })
    if (n % 4 === 0) await deposit(db, { ward, by, at: day(3 * n) })
  }
  await db
    .updateTable('items')
    .set({ created_at: day(-30) })
    .where('id', 'is not', null)
    .execute()
  await diaryEntry(db, { champion, from: day(10), kind: 'other' })
  await placement(db, { ward, lentAt: day(12) })
  await lostItem(db, { organisation_id, now: day(30) })
  await damagedItem(db, { organisation_id, now: day(60) })
  await itemInRepair(db, { organisation_id })
}
