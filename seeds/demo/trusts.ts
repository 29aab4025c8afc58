import type { Database } from '../../src/database/connection.ts'
import type { Role } from '../../src/lib/actor.ts'
import { plainTypedCode } from '../../src/lib/typed-codes.ts'
import { CODE_LETTERS } from '../../src/tablets/rules.ts'
import { type Organisation, organisation, type Site, site, type Ward, ward } from '../factories/places.ts'
import { type Staff, staffMember } from '../factories/staff.ts'
import { pinOf, waitingTablet } from '../factories/tablets.ts'

const YEAR = 365 * 86_400_000

/** Who can sign in to the demo. The passwords are printed at every start, so they guard nothing but invented people. */
export const demoSignIns: { email: string; password: string; role: Role }[] = [
  { email: 'admin@demo.example', password: 'seven-green-umbrellas', role: 'administrator' },
  { email: 'champion@demo.example', password: 'kettle-on-the-window-sill', role: 'champion' },
  { email: 'community@demo.example', password: 'small-boats-on-the-canal', role: 'champion' },
  { email: 'ward@demo.example', password: 'quiet-garden-pathway', role: 'ward-staff' },
  { email: 'care@demo.example', password: 'paper-boats-in-april', role: 'care-team' },
  { email: 'ig@demo.example', password: 'slow-trains-run-north', role: 'information-governance' },
  { email: 'commissioner@demo.example', password: 'bread-rises-by-the-stove', role: 'commissioner' },
  { email: 'champion@other.example', password: 'harbour-lights-at-dusk', role: 'champion' },
]

/**
 * A tablet that waits to be enrolled, so that whoever tries the demo can do it in another browser, and the PIN of somebody
 * who works on its ward. Like the passwords they guard nothing but invented people.
 */
export const demoTablet = {
  ward: 'willow',
  name: 'Willow Ward, nurses’ station',
  code: 'WARD TAB1 ET7Q',
  email: 'ward@demo.example',
  pin: '7391',
}

/** An organisation with its places and its people who work there. */
export interface Trust {
  organisation: Organisation
  agreementId: number
  wards: Ward[]
  administrator: Staff
  /** Who see everybody. */
  champions: Staff[]
  /** Who see the people on their caseload. */
  communityChampions: Staff[]
  careTeam: Staff[]
  governance: Staff | undefined
}

interface PlanOfTrust {
  code: string
  name: string
  /** The part of an email address that tells the organisation. */
  domain: string
  sites: { name: string; wards: PlanOfWard[] }[]
  staff: PlanOfStaff[]
}

type PlanOfWard = Pick<Ward, 'code' | 'name' | 'kind' | 'longest_cable_cm'>
type PlanOfStaff = {
  address: string
  name: string
  role: Role
  isLead?: boolean
  hasCaseload?: boolean
  wards?: string[]
}

const demoTrust: PlanOfTrust = {
  code: 'DEMO',
  name: 'Demo NHS Foundation Trust (invented)',
  domain: 'demo.example',
  sites: [
    {
      name: 'Meadow Hospital',
      wards: [
        { code: 'willow', name: 'Willow Ward', kind: 'inpatient ward', longest_cable_cm: 100 },
        { code: 'hazel', name: 'Hazel Ward', kind: 'inpatient ward', longest_cable_cm: 30 },
      ],
    },
    {
      name: 'Canal Street Health Centre',
      wards: [
        { code: 'north-team', name: 'North Community Team', kind: 'community team', longest_cable_cm: null },
        { code: 'digital-hub', name: 'Digital Inclusion Hub', kind: 'hub', longest_cable_cm: null },
      ],
    },
  ],
  staff: [
    { address: 'admin', name: 'Avery Admin-Example', role: 'administrator' },
    { address: 'champion', name: 'Charlie Champion-Example', role: 'champion', isLead: true },
    { address: 'champion-two', name: 'Devon Champion-Example', role: 'champion' },
    { address: 'champion-three', name: 'Esi Champion-Example', role: 'champion' },
    { address: 'community', name: 'Gwen Community-Example', role: 'champion', hasCaseload: true },
    { address: 'ward', name: 'Wren Ward-Example', role: 'ward-staff', wards: ['willow', 'hazel'] },
    { address: 'ward-two', name: 'Hollis Ward-Example', role: 'ward-staff', wards: ['hazel'] },
    { address: 'care', name: 'Casey Care-Example', role: 'care-team', wards: ['north-team'] },
    { address: 'care-two', name: 'Remi Care-Example', role: 'care-team', wards: ['north-team'] },
    { address: 'care-three', name: 'Siobhán Care-Example', role: 'care-team', wards: ['north-team'] },
    { address: 'ig', name: 'Indigo Governance-Example', role: 'information-governance' },
    { address: 'commissioner', name: 'Morgan Commissioner-Example', role: 'commissioner' },
  ],
}

const otherTrust: PlanOfTrust = {
  code: 'OTHER',
  name: 'Other NHS Trust (invented)',
  domain: 'other.example',
  sites: [
    {
      name: 'Harbour House',
      wards: [
        { code: 'rowan', name: 'Rowan Ward', kind: 'inpatient ward', longest_cable_cm: 100 },
        { code: 'coast-team', name: 'Coast Community Team', kind: 'community team', longest_cable_cm: null },
      ],
    },
  ],
  staff: [
    { address: 'admin', name: 'Blake Admin-Example', role: 'administrator' },
    { address: 'champion', name: 'Oakley Champion-Example', role: 'champion', isLead: true },
    { address: 'care', name: 'Noor Care-Example', role: 'care-team', wards: ['coast-team'] },
  ],
}

export async function makeTrusts(db: Database, since: Date): Promise<{ demo: Trust; other: Trust }> {
  return { demo: await makeTrust(db, demoTrust, since), other: await makeTrust(db, otherTrust, since) }
}

async function makeTrust(db: Database, plan: PlanOfTrust, since: Date): Promise<Trust> {
  const made = await organisation(db, {
    ...{ code: plan.code, name: plan.name, created_at: since },
    disclosure_profile: plan.code === 'DEMO' ? 'hes' : 'mhsds',
  })
  const wards = await makeWards(db, made, plan)
  const staff: Staff[] = []
  for (const person of plan.staff) staff.push(await makeStaff(db, made, plan, person, wards, since))
  if (plan.code === 'DEMO') await makeTablet(db, wards, staff, since)
  const agreement = await db
    .selectFrom('agreement_versions')
    .select('id')
    .where('organisation_id', '=', made.id)
    .executeTakeFirstOrThrow()
  const ofRole = (role: Role) => staff.filter((person) => person.role === role)
  return {
    organisation: made,
    agreementId: agreement.id,
    wards,
    administrator: ofRole('administrator')[0]!,
    champions: ofRole('champion').filter((one) => !one.caseload_only),
    communityChampions: ofRole('champion').filter((one) => one.caseload_only),
    careTeam: ofRole('care-team'),
    governance: ofRole('information-governance')[0],
  }
}

/** Its code is good for as long as anybody tries the demo, and then still works once. */
async function makeTablet(db: Database, wards: Ward[], staff: Staff[], since: Date): Promise<void> {
  const ward = wards.find(({ code }) => code === demoTablet.ward)!
  const by = staff.find(({ role }) => role === 'administrator')!
  const code = plainTypedCode(demoTablet.code, CODE_LETTERS) ?? ''
  await waitingTablet(db, { ward, by, name: demoTablet.name, code, until: new Date(since.getTime() + 20 * YEAR) })
  await pinOf(db, staff.find(({ email }) => email === demoTablet.email)!, demoTablet.pin)
}

async function makeWards(db: Database, { id: organisation_id }: Organisation, plan: PlanOfTrust): Promise<Ward[]> {
  const wards: Ward[] = []
  for (const { name, wards: plans } of plan.sites) {
    const at: Site = await site(db, { organisation_id, name })
    for (const planned of plans) wards.push(await ward(db, { ...planned, organisation_id, site_id: at.id }))
  }
  return wards
}

/** Nobody is told the password of the colleagues who only make up the numbers. */
const nobodyKnows = crypto.randomUUID()

function makeStaff(
  db: Database,
  { id: organisation_id }: Organisation,
  { domain }: PlanOfTrust,
  { address, name, role, isLead = false, hasCaseload = false, wards: codes = [] }: PlanOfStaff,
  wards: Ward[],
  created_at: Date,
): Promise<Staff> {
  const email = `${address}@${domain}`
  const password = demoSignIns.find((signIn) => signIn.email === email)?.password ?? nobodyKnows
  const places = wards.filter((place) => codes.includes(place.code))
  return staffMember(db, {
    organisation_id,
    email,
    name,
    role,
    is_lead_champion: isLead,
    caseload_only: hasCaseload,
    created_at,
    password,
    wards: places,
  })
}
