import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { dataAllowance, dataStock } from '../factories/data-allowances.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { makeIccid } from '../identifiers.ts'
import { timeOn } from './days.ts'
import type { Trust } from './trusts.ts'

export interface DataPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
}

/** What is left of what somebody got ten days ago: by and by, nearly all of it, nearly nothing, and what nobody read. */
const stories = [
  { megabytes: 20_000, period: 'month', left: [18_500, 16_900] },
  { megabytes: 3_000, period: 'once', left: [1_900, 640] },
  { megabytes: 20_000, period: 'month', left: [] },
  { megabytes: null, period: 'month', left: [] },
  { megabytes: 10_000, period: 'month', left: [6_000, 3_100], suspended: true },
] as const
/** Those who meet somebody soon; see appointments. */
const EVERY = 5

/** Data for those who have a call to come, and a hotspot plan for a ward. */
export async function giveData(db: Database, { trust, people, today }: DataPlan): Promise<void> {
  const organisation_id = trust.organisation.id
  const [champion] = trust.champions
  if (!champion) return
  const given = {
    organisation_id,
    by: champion,
    starts_on: addDays(today, -10),
    made_at: timeOn(addDays(today, -10), 9, 0),
  }
  const inTouch = people.filter(({ state }) => state !== 'died').filter((_, nth) => nth % EVERY === 0)
  for (const [nth, person] of inTouch.entries()) {
    const { left, ...told } = stories[nth % stories.length] ?? stories[0]
    const { megabytes, period } = told
    await dataAllowance(db, {
      ...{ ...given, person, megabytes, period, kind: nth % 3 === 2 ? 'esim' : 'sim' },
      ...{ provider: 'National Databank', network: nth % 2 === 0 ? 'O2' : 'Vodafone', funder: 'National Databank' },
      ...{
        cost_pence: 0,
        sim_number: makeIccid(organisation_id * 100_000 + nth),
        ends_on: addDays(today, nth % 4 === 0 ? 9 : 150),
      },
      suspended_at: 'suspended' in told ? timeOn(addDays(today, -1), 9, 0) : null,
      readings: left.map((amount, at) => ({ at: timeOn(addDays(today, at === 0 ? -7 : -1), 9, 0), left: amount })),
    })
  }
  await stockUp(db, { organisation_id, by: champion, made_at: given.made_at }, today)
  const ward = trust.wards[0]
  if (!ward) return
  const long = { starts_on: addDays(today, -45), made_at: timeOn(addDays(today, -45), 9, 0), period: 'once' }
  await dataAllowance(db, {
    ...{ ...given, ...long, ward_id: ward.id, kind: 'hotspot', provider: 'Three', megabytes: 24_000 },
    readings: [-40, -2].map((days) => ({ at: timeOn(addDays(today, days), 9, 0), left: 24_000 })),
  })
  await dataAllowance(db, {
    ...{ ...given, ward_id: ward.id, kind: 'hotspot', provider: 'Vodafone', megabytes: 100_000, period: 'month' },
    readings: [{ at: timeOn(addDays(today, -2), 9, 0), left: 61_000 }],
  })
}

/** SIMs that wait to be handed out, some of them to be started soon; of another network there are few. */
async function stockUp(
  db: Database,
  whose: { organisation_id: number; by: { id: number }; made_at: Date },
  today: string,
): Promise<void> {
  let import_id: number | undefined
  for (let nth = 0; nth < 14; nth += 1) {
    const network = nth < 11 ? 'O2' : 'Vodafone'
    const use_by = addDays(today, nth < 4 ? 25 : 160)
    const sim_number = makeIccid(900_000 + nth)
    const piece = await dataStock(db, { ...whose, network, use_by, sim_number, funder: 'National Databank', import_id })
    import_id = piece.import_id
  }
}
