import type { Updateable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ServiceUserDetails, ServiceUsers } from '../../src/database/schema.ts'
import { addDays } from '../../src/lib/dates.ts'
import { noteMerge, type ServiceUser, serviceUser, supporter } from '../factories/service-users.ts'
import { makeMobileNumber } from '../identifiers.ts'
import { lastWorkingDay, officeTime, timeOn } from './days.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface RecordsPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
  random: Random
}

/** One section of somebody's record, as it was answered. */
interface Answered {
  section: string
  story?: Updateable<ServiceUsers>
  details?: Updateable<ServiceUserDetails>
}

/** Of most people something is written down beyond who they are; of some everything, of some nothing yet. */
export async function writeRecords(db: Database, plan: RecordsPlan): Promise<void> {
  for (const person of plan.people) await writeRecord(db, plan, person)
}

/** Somebody who was added twice, once with a slip of the pen: nobody has noticed yet. And somebody of whom somebody has. */
export async function addSecondRecords(db: Database, { trust, people, today }: RecordsPlan): Promise<void> {
  const known = people.filter(({ date_of_birth, nhs_number }) => date_of_birth !== null && nhs_number !== null)
  const [first, second] = [known[3], known[11]]
  if (!first || !second) return
  const twin = (person: ServiceUser, name: string) =>
    serviceUser(db, {
      ...{ organisation_id: trust.organisation.id, name, date_of_birth: person.date_of_birth, nhs_number: null },
      ...{ phone: person.phone, email: '', created_at: timeOn(lastWorkingDay(addDays(today, -20)), 11, 5) },
    })
  await twin(first, first.name.replace(/(\S)(\S+)$/, '$1. $1$2'))
  const { id } = await twin(second, second.name)
  const at = timeOn(lastWorkingDay(addDays(today, -6)), 9, 40)
  await noteMerge(db, { kept: second, mergedId: id, by: trust.champions[0]!, at })
}

async function writeRecord(db: Database, plan: RecordsPlan, person: ServiceUser): Promise<void> {
  const { trust, today, random } = plan
  const likely = random.pick([0, 0.3, 0.6, 0.9])
  const answered = sectionsOf(plan, person).filter(() => random.chance(likely))
  const story = Object.assign({}, ...answered.map((one) => one.story)) as Updateable<ServiceUsers>
  const details = Object.assign({ local_id: `DX-${10_000 + person.id}` }, ...answered.map((one) => one.details))
  if (Object.keys(story).length > 0)
    await db.updateTable('service_users').set(story).where('id', '=', person.id).execute()
  await db.updateTable('service_user_details').set(details).where('service_user_id', '=', person.id).execute()
  if (random.chance(likely / 3)) {
    const name = `${random.pick(['Ola', 'Pat', 'Rae', 'Toni'])} Supporter-Example`
    await supporter(db, { of: person, name, phone: makeMobileNumber(900 + (person.id % 90)) })
  }
  const rows = answered.map(({ section }) => ({
    ...{ organisation_id: trust.organisation.id, service_user_id: person.id, section, version: 2 },
    changed_at: officeTime(lastWorkingDay(addDays(today, -random.between(1, 200))), random),
    changed_by: random.pick(trust.champions).id,
  }))
  if (rows.length > 0) await db.insertInto('service_user_sections').values(rows).execute()
}

const languages = ['Somali', 'Bengali', 'Polish', 'Arabic', 'Turkish', 'Portuguese'] as const
const formats = [['large-print'], ['easy-read', 'more-time'], ['text-message'], ['lip-reading'], ['more-time']] as const
const relations = ['Sister', 'Brother', 'Mother', 'Friend', 'Partner', 'Key worker'] as const

function sectionsOf({ trust, today, random }: RecordsPlan, person: ServiceUser): Answered[] {
  const team = trust.wards.find(({ kind }) => kind === 'community team')
  const isInterpreted = random.chance(0.15)
  const hasNeeds = random.chance(0.35)
  const street = random.between(1, 90)
  return [
    {
      section: 'where',
      ...(random.chance(0.06)
        ? { story: { has_no_address: true } }
        : { details: { address: `${street} Invented Street\nExampleton\nEX1 ${street % 10}AA` } }),
    },
    {
      section: 'care',
      story: { team_id: team?.id ?? null },
      details: { clinician: 'Dr Sample-Clinician, team office' },
    },
    {
      section: 'emergency',
      details: {
        emergency_name: `${random.pick(['Ada', 'Bram', 'Cleo', 'Dara'])} Contact-Example`,
        emergency_relation: random.pick([...relations]),
        emergency_phone: makeMobileNumber(500 + (person.id % 400)),
      },
    },
    {
      section: 'language',
      story: { interpreter: isInterpreted ? 'spoken' : 'no' },
      details: { language: isInterpreted ? random.pick([...languages]) : 'English' },
    },
    {
      section: 'needs',
      story: hasNeeds
        ? { needs_asked: 'some', needs: [...random.pick([...formats])], needs_review_on: addDays(today, 120) }
        : { needs_asked: 'none' },
      ...(hasNeeds && {
        details: { needs_met: 'Said in every letter and on every call sheet', needs_shared: 'Care team' },
      }),
    },
    {
      section: 'equity',
      story: {
        gender: random.pick(['woman', 'man', 'man', 'woman', 'non-binary', 'prefer-not']),
        ethnicity: random.pick(['asian', 'black', 'mixed', 'white', 'white', 'other', 'prefer-not']),
        disability: random.pick(['yes', 'no', 'prefer-not']),
        housing: random.pick(['settled', 'settled', 'supported', 'temporary', 'someone-elses', 'rough']),
        asylum: random.pick(['no', 'no', 'no', 'seeking', 'refugee', 'prefer-not']),
        deprivation_decile: String(random.between(1, 10)),
      },
    },
  ]
}
