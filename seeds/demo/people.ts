import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { type ServiceUser, type ServiceUserOverrides, serviceUsers } from '../factories/service-users.ts'
import { makeLandlineNumber, makeMobileNumber, makeTestNhsNumber } from '../identifiers.ts'
import { lastWorkingDay, officeTime } from './days.ts'
import { inventNames } from './names.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface PeoplePlan {
  trust: Trust
  count: number
  /** Where the trust's numbers for people begin, so that two trusts share no name and no number. */
  firstNumber: number
  today: string
  random: Random
}

/** Half of them are known from the beginning; the others come one by one over the two years. */
export function makePeople(db: Database, plan: PeoplePlan): Promise<ServiceUser[]> {
  const names = inventNames(plan.count, plan.firstNumber)
  return serviceUsers(
    db,
    names.map((name, at) => describePerson(plan, name, at)),
  )
}

function describePerson(plan: PeoplePlan, name: string, at: number): ServiceUserOverrides {
  const { trust, count, firstNumber, today, random } = plan
  const number = firstNumber + at
  const daysAgo = at < count / 2 ? 750 : Math.round(750 - (740 * (at - count / 2)) / (count / 2))
  return {
    organisation_id: trust.organisation.id,
    name,
    date_of_birth: random.chance(0.97) ? addDays(today, -random.between(14 * 366, 88 * 365)) : null,
    nhs_number: random.chance(0.85) ? makeTestNhsNumber(number) : null,
    phone: random.weighted([
      [7, makeMobileNumber(number)],
      [1, makeLandlineNumber(number)],
      [2, ''],
    ]),
    email: random.chance(0.5) ? `${asciiOf(name)}.${number}@post.example` : '',
    created_at: officeTime(lastWorkingDay(addDays(today, -daysAgo)), random),
  }
}

/** The first name in plain letters, for an email address; names in other scripts have none. */
function asciiOf(name: string): string {
  const [first = ''] = name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .split(' ')
  return /^[a-z]+$/.test(first) ? first : 'person'
}

/** Life goes on: some are on a ward now, and of those who borrow nothing, some left or died. */
export async function moveOn(db: Database, trust: Trust, people: ServiceUser[], borrowing: Set<number>): Promise<void> {
  const wards = trust.wards.filter(({ kind }) => kind === 'inpatient ward')
  const borrowers = people.filter(({ id }) => borrowing.has(id))
  const others = people.filter(({ id }) => !borrowing.has(id))
  const everyNth = (list: ServiceUser[], n: number, from: number) => list.filter((_, at) => at % n === from)
  const states = [
    { state: 'admitted', who: everyNth(borrowers, 15, 7) },
    { state: 'discharged', who: everyNth(others, 5, 2) },
    { state: 'moved', who: everyNth(others, 16, 4) },
    { state: 'died', who: everyNth(others, 22, 8) },
  ]
  for (const { state, who } of states) {
    const ids = who.map(({ id }) => id)
    if (ids.length > 0) await db.updateTable('service_users').set({ state }).where('id', 'in', ids).execute()
    if (state !== 'admitted') continue
    for (const [at, id] of ids.entries()) {
      const ward_id = wards[at % wards.length]?.id ?? null
      await db.updateTable('service_users').set({ ward_id }).where('id', '=', id).execute()
    }
  }
}
