import { makeIccid } from '../../seeds/identifiers.ts'
import type { Role } from '../../src/lib/actor.ts'
import { roles } from '../../src/lib/actor.ts'
import type { Visitor } from '../support/app.ts'
import type { RecordName, Records } from './records.ts'

export type Fields = Record<string, string | number | string[]>

/** A route as the people it is for would use it, and who those are. */
export interface Example {
  /** `everybody` needs no account at all. */
  who: readonly Role[] | 'everybody'
  path: (records: Records) => string
  /** What its form sends. `fresh` is a word that was never sent before. */
  fields?: (records: Records, fresh: string) => Fields
  /** What people do first; it may find out what the form then sends. */
  first?: (visitor: Visitor, records: Records) => Promise<Fields>
  /** Records that have to be there, and are not named in what stands above. */
  alsoNeeds?: RecordName[]
  file?: { field: string; text: (fresh: string) => string }
  /** The answer to whoever may. */
  status: number
  /** To somebody who is signed in, where that makes a difference. */
  statusSignedIn?: number
  /** Whoever opened a record sees whom it is about, in a role that sees nobody else. */
  showsPeople?: true
  /** Ward staff see of other wards when something is taken there, and no more. */
  seesOtherWards?: true
  /** A post that changes no record: it looks something up, or is about the session alone. */
  writesNothing?: true
  /** Whoever sends it is signed out by it, or somebody else after it. */
  endsSession?: true
}

/**
 * Who may do what, as it was decided: the rights table of the design, written out again here so that a slip in
 * `src/web/access.ts` is a failing test. A spreadsheet of items is brought in by champions too, who keep it today.
 */
const may = {
  anyone: 'everybody',
  signedIn: roles,
  seeItems: ['administrator', 'champion', 'ward-staff'],
  changeItems: ['administrator', 'champion'],
  importItems: ['administrator', 'champion'],
  importLoans: ['champion'],
  countCaseload: ['administrator', 'champion'],
  makeItemsReady: ['administrator', 'champion'],
  reportWhatHappened: ['administrator', 'champion', 'ward-staff'],
  seeIncidents: ['administrator', 'champion'],
  workOnIncidents: ['administrator', 'champion'],
  checkStock: ['administrator', 'champion', 'ward-staff'],
  seeLoans: ['champion', 'ward-staff'],
  lend: ['champion'],
  seePeople: ['champion'],
  seeTheirPeople: ['care-team', 'ward-staff'],
  changePeople: ['champion'],
  talk: ['champion'],
  seePlatforms: ['administrator', 'champion', 'care-team'],
  changePlatforms: ['administrator'],
  seeGuides: ['administrator', 'champion', 'care-team'],
  changeGuides: ['administrator'],
  seeSignposts: ['administrator', 'champion', 'care-team'],
  changeSignposts: ['administrator'],
  refer: ['champion', 'care-team', 'ward-staff'],
  decideOnReferrals: ['champion'],
  listConcerns: ['champion', 'care-team', 'ward-staff', 'information-governance'],
  raiseConcerns: ['champion', 'care-team', 'ward-staff'],
  letThrough: ['champion', 'ward-staff'],
  readConcerns: ['champion', 'information-governance'],
  closeConcerns: ['information-governance'],
  writeQuotations: ['champion'],
  readQuotations: ['champion', 'information-governance'],
  approveQuotations: ['information-governance'],
  meet: ['champion', 'care-team'],
  seeTheWardsDay: ['ward-staff'],
  keepADiary: ['champion'],
  giveData: ['champion'],
  handPeopleOver: ['champion'],
  // and a champion with a caseload: test/openings
  openARecord: ['ward-staff', 'information-governance'],
  reviewOpenings: ['information-governance'],
  book: ['administrator', 'champion', 'ward-staff'],
  seeWhoLeaves: ['champion', 'ward-staff'],
  changeSettings: ['administrator'],
  compareOrganisations: ['commissioner'],
  seeWardReports: ['administrator', 'champion', 'ward-staff', 'information-governance'],
  seeSiteReports: ['administrator', 'champion', 'information-governance'],
  seeReports: ['administrator', 'champion', 'information-governance', 'commissioner'],
  readMessages: ['administrator'],
  lookAfterStaff: ['administrator'],
  lookAfterTablets: ['administrator'],
  lookAfterWards: ['administrator'],
  haveAPin: ['ward-staff'],
  readAudit: ['information-governance'],
  lookAfterOwnData: ['information-governance'],
} as const satisfies Record<string, readonly Role[] | 'everybody'>

const dueDate = { 'due-day': '2', 'due-month': '11', 'due-year': '2026' }
const talk = (records: Records, rest = '') => `/service-users/${records.serviceUserId}/conversation${rest}`
/** Of the settings of one kind of message, as a form has it. */
const versionOfMessage = async (visitor: Visitor, kind: string) =>
  hiddenIn((await visitor.get(`/admin/messages/${kind}/email`)).text, 'version')

/** Of a restriction, as its page has it. */
const versionOfRestriction = async (visitor: Visitor, records: Records) => ({
  version: hiddenIn((await visitor.get(`/restrictions/${records.restrictionId}`)).text, 'version'),
})
const hiddenIn = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''

const platformFields = (fresh: string): Fields => ({
  ...{ name: `Platform ${fresh}`, approval: 'conditions', 'decided-by': 'The board', settings: 'Waiting room on' },
  ...{
    guidance: 'Ask first',
    data: '12',
    'data-source': 'Their help page',
    'decided-on-day': '5',
    'decided-on-month': '1',
    'decided-on-year': '2026',
  },
})
const guideWords = (fresh: string): Fields => ({
  ...{ title: `Guide ${fresh}`, words: `Heading: Begin\n\nPicture: tap\n1. Tap ${fresh}.`, link: '' },
})
/** There is one draft of each kind, so each is of a platform of its own. */
const guideFields = (records: Records, fresh: string): Fields => ({
  ...guideWords(fresh),
  ...{ purpose: 'join-call', platform: String(records.platformId), form: 'plain', language: 'cy' },
})
/** Everything that comes with the service is there, and then a platform of a known name is new. */
async function withANewZoom(visitor: Visitor, { zoomId }: Records): Promise<Fields> {
  await visitor.post('/guides/starters', key())
  const known = `/platforms/${zoomId}`
  const version = hiddenIn((await visitor.get(`${known}/edit`)).text, 'version')
  await visitor.post(known, { ...platformFields(known), version })
  await visitor.post('/platforms', { ...platformFields(''), name: 'Zoom', ...key() })
  return {}
}
const signpostFields = (fresh: string): Fields => ({
  ...{ kind: 'hub', name: `Hub ${fresh}`, about: 'Free Wi-Fi', phone: '01632 960 001', website: 'https://hub.example' },
  ...{ address: '1 High Street', area: 'Town', helps: ['connection', 'skills'] },
  ...{ 'checked-on-day': '1', 'checked-on-month': '7', 'checked-on-year': '2026' },
})

/** A conversation that goes on: the one there is, or another after it was finished. */
async function openTalk(visitor: Visitor, records: Records): Promise<Fields> {
  const { status } = await visitor.get(talk(records, '/parts/opening'))
  // a look at it leads away where there is none
  if (status === 303) await visitor.post(talk(records), { how: 'phone', ...key() })
  return {}
}

const csv = (fresh: string) => `Asset tag,Category,Model\n${fresh},Tablet,iPad ${fresh}\n`

let sims = 0
const countCsv = (fresh: string) => `Counted on,Breakdown,Group,People\n1/7/2026,Age,18 to 24,${fresh.length}\n`
const appointmentCsv = (fresh: string) =>
  `Full name,Date of birth,Day,Time,Way,First\nAlex ${fresh},29/2/1984,31/3/2027,14:30,Phone,No\n`
const stockCsv = () => 'What it is,SIM number,Provider,Data\nSIM,8944110000000000007,National Databank,20 GB\n'
const readingCsv = () => 'SIM number,Left,Read on\n8944110000000000007,1.5 GB,2/8/2026\n'
const personCsv = (fresh: string) => `Full name,Date of birth\nAlex ${fresh},29/2/1984\n`

const loanCsv = (fresh: string) => `Asset tag,Ward,Lent on,Review date\n${fresh},ash,1/7/2026,2/11/2026\n`

const wardFields = (records: Records, fresh: string): Fields => ({
  name: `Ward ${fresh}`,
  code: `w-${fresh}`
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 30),
  kind: 'hub',
  site: records.siteId,
  'longest-cable': '100',
  'area-level': '2',
})

const itemFields = (records: Records, fresh: string): Fields => ({
  model: records.modelId,
  tag: fresh,
  serial: `S ${fresh}`,
  imei: '',
  iccid: '',
  'phone-number': '07700 900 123',
  'kept-at': records.wardId,
  'bought-on-day': '1',
  'bought-on-month': '2',
  'bought-on-year': '2026',
  cost: '12.50',
  'order-number': '7',
  notes: 'A note',
})

const modelFields = (_records: Records, fresh: string): Fields => ({
  category: 'tablet',
  maker: 'Example',
  name: fresh,
  'operating-system': 'Android 15',
  connector: 'usb-c',
  'cable-length': '100',
  video: 'yes',
  'support-ends-on-day': '30',
  'support-ends-on-month': '6',
  'support-ends-on-year': '2031',
})

const kitFields = (_records: Records, fresh: string): Fields => ({ tag: fresh, name: `Kit ${fresh}`, notes: 'A note' })

const personFields = (_records: Records, fresh: string): Fields => ({
  name: `Alex ${fresh}`,
  'known-as': `Al ${fresh}`,
  'local-id': `L ${fresh}`,
  'date-of-birth-day': '29',
  'date-of-birth-month': '2',
  'date-of-birth-year': '1984',
  'nhs-number': '',
  phone: '07700 900 321',
  email: 'alex@post.example',
})

const slotsOf = new Map<number, number>()

/** Another day each time that the same record is asked about: nobody is in two appointments at once. */
function orderFields(records: Records, id: number): Fields {
  const slot = (slotsOf.get(id) ?? 0) + 1
  slotsOf.set(id, slot)
  const day = new Date(Date.UTC(2027, 0, slot))
  return {
    ...{ first: 'yes', way: 'video', purpose: 'assessment', at: '14:30', length: '50', interpreter: 'booked' },
    ...{ 'on-day': day.getUTCDate(), 'on-month': day.getUTCMonth() + 1, 'on-year': day.getUTCFullYear() },
    ...{ clinician: 'Dr Example', anyway: 'clinician', team: records.wardId },
  }
}

/** Another half hour each time that the same champion is asked for: nobody is in two calls at once. */
function trialFields(records: Records): Fields {
  const slot = (slotsOf.get(records.freeChampionId) ?? 0) + 1
  slotsOf.set(records.freeChampionId, slot)
  const at = new Date(Date.UTC(2026, 7, 4 + Math.floor(slot / 20), 7, 30 * (slot % 20)))
  const time = `${String(at.getUTCHours()).padStart(2, '0')}:${String(at.getUTCMinutes()).padStart(2, '0')}`
  return {
    ...{ 'on-day': at.getUTCDate(), 'on-month': 8, 'on-year': 2026, at: time, length: '30' },
    ...{ champion: records.freeChampionId, supporter: 'yes', interpreter: 'yes' },
  }
}

const trainedDays = new Map<number, number>()
/** Another day each time that the same member of staff is asked for: one is written down once. */
function trainedDay({ wardMemberId }: Records): Fields {
  const before = (trainedDays.get(wardMemberId) ?? 0) + 1
  trainedDays.set(wardMemberId, before)
  const day = new Date(Date.UTC(2026, 6, 30 - before))
  return { 'on-day': day.getUTCDate(), 'on-month': day.getUTCMonth() + 1, 'on-year': day.getUTCFullYear() }
}

const detailFields = (fresh: string): Fields => ({
  'join-link': `https://meet.example/${encodeURIComponent(fresh)}`,
  'number-shown': 'No caller ID',
  'back-up': 'phone',
  'back-up-number': '01632 960 101',
  'call-back-number': '07700 900 107',
  adaptations: fresh,
  others: 'Their sister',
  platform: '',
  supporters: [],
})

const referralFields = (records: Records, fresh: string): Fields => ({
  ...key(),
  name: `Alex ${fresh}`,
  'date-of-birth-day': '28',
  'date-of-birth-month': '2',
  'date-of-birth-year': '1985',
  'nhs-number': '',
  phone: '07700 900 321',
  email: 'alex@post.example',
  // whoever is much like them was looked at
  person: 'new',
  barriers: ['no-device', 'cost'],
  'barrier-words': 'A note',
  asks: ['device', 'data'],
  'appointment-day': '2',
  'appointment-month': '11',
  'appointment-year': '2026',
  'contact-call': 'not-allowed',
  'contact-voicemail': '',
  'contact-text': 'not-allowed',
  'contact-email': '',
  'contact-post': '',
  'contact-words': 'Text first',
  team: records.wardId,
  source: 'letter',
  referrer: 'Dr Example',
  'referred-day': '1',
  'referred-month': '8',
  'referred-year': '2026',
})

const tellingFields = (fresh: string): Fields => ({
  who: `Dr ${fresh}`,
  how: 'phone',
  'told-day': '1',
  'told-month': '8',
  'told-year': '2026',
  'told-time': '10:00',
  note: 'They ring them today',
})

const supporterFields = (fresh: string): Fields => ({
  name: `Kim ${fresh}`,
  relation: 'Brother',
  phone: '07700 900 322',
  email: 'kim@post.example',
  consent: 'given',
  'consent-on-day': '1',
  'consent-on-month': '8',
  'consent-on-year': '2026',
  told: 'devices',
})

const repairFields = (_records: Records, fresh: string): Fields => ({
  reason: 'The screen is cracked',
  place: `Repairs ${fresh}`,
  cost: '49.50',
  'expected-back-day': '2',
  'expected-back-month': '11',
  'expected-back-year': '2026',
})

const key = () => ({ key: crypto.randomUUID() })

const personMeant = (r: Records): Fields => ({
  'date-of-birth-day': '29',
  'date-of-birth-month': '2',
  'date-of-birth-year': '1984',
  'nhs-number': r.nhsNumber,
  name: '',
})

async function findOutside(visitor: Visitor, r: Records): Promise<Fields> {
  await visitor.post('/open-record/search', personMeant(r))
  return {}
}

/** Every route there is. The test walks the routes of the app and of `src/features.ts` and misses none of either. */
export const routeTable: Record<string, Example> = {
  'GET /sign-in': { who: may.anyone, path: () => '/sign-in', status: 200, statusSignedIn: 303 },
  'POST /sign-in': {
    who: may.anyone,
    path: () => '/sign-in',
    fields: (_, fresh) => ({ email: `${fresh}@nowhere.example`, password: 'not a password of anybody', return: '/' }),
    status: 422,
    writesNothing: true,
  },
  'POST /sign-out': {
    who: may.signedIn,
    path: () => '/sign-out',
    fields: () => ({}),
    status: 303,
    writesNothing: true,
    endsSession: true,
  },
  'POST /session/extend': {
    who: may.signedIn,
    path: () => '/session/extend',
    fields: () => ({}),
    status: 204,
    writesNothing: true,
  },
  'GET /waiting-form': { who: may.signedIn, path: () => '/waiting-form', status: 303 },
  'POST /waiting-form/discard': {
    who: may.signedIn,
    path: () => '/waiting-form/discard',
    fields: () => ({}),
    status: 303,
    writesNothing: true,
  },
  'GET /': { who: may.signedIn, path: () => '/', status: 200 },
  'GET /help': { who: may.anyone, path: () => '/help', status: 200 },

  'GET /items': { who: may.seeItems, path: (r) => `/items?ward=${r.wardId}&model=${r.modelId}`, status: 200 },
  'GET /items/:tag': { who: may.seeItems, path: (r) => `/items/${r.wardItemTag}`, status: 200 },
  'GET /items/new': { who: may.changeItems, path: (r) => `/items/new?model=${r.modelId}`, status: 200 },
  'POST /items': {
    who: may.changeItems,
    path: () => '/items',
    fields: (r, fresh) => ({ ...itemFields(r, fresh), ...key() }),
    status: 303,
  },
  'GET /items/:tag/edit': {
    who: may.changeItems,
    path: (r) => `/items/${r.itemTag}/edit?model=${r.modelId}`,
    status: 200,
  },
  'GET /items/:tag/model': { who: may.changeItems, path: (r) => `/items/${r.itemTag}/model`, status: 200 },
  'POST /items/:tag': {
    who: may.changeItems,
    path: (r) => `/items/${r.itemTag}`,
    fields: (r, fresh) => ({ ...itemFields(r, fresh), item: r.itemId, version: 1 }),
    status: 303,
  },

  'GET /items/export': {
    who: may.seeItems,
    path: (r) => `/items/export?format=csv&ward=${r.wardId}&model=${r.modelId}`,
    status: 200,
  },
  'GET /models/export': { who: may.seeItems, path: () => '/models/export?format=csv&category=tablet', status: 200 },
  'GET /kits/export': { who: may.seeItems, path: () => '/kits/export?format=csv&state=ready', status: 200 },
  'GET /loans/export': { who: may.seeLoans, path: () => '/loans/export?format=csv&show=all', status: 200 },
  'GET /service-users/export': { who: may.seePeople, path: () => '/service-users/export?format=csv', status: 200 },
  'GET /incidents/export': { who: may.seeIncidents, path: () => '/incidents/export?format=csv', status: 200 },
  'GET /turnaround/export': { who: may.makeItemsReady, path: () => '/turnaround/export?format=csv', status: 200 },
  'GET /repairs/export': { who: may.makeItemsReady, path: () => '/repairs/export?format=csv&show=over', status: 200 },
  'GET /audit/export': { who: may.readAudit, path: (r) => `/audit/export?format=csv&staff=${r.staffId}`, status: 200 },

  'GET /items/labels': {
    who: may.changeItems,
    path: (r) => `/items/labels?ward=${r.wardId}&model=${r.modelId}&item=${r.itemTag}`,
    status: 200,
  },
  'POST /items/labels': {
    who: may.changeItems,
    path: () => '/items/labels',
    fields: (r) => ({
      codes: r.itemTag,
      ward: r.wardId,
      model: r.modelId,
      from: '',
      to: '',
      sheet: 'l7160',
      first: '1',
    }),
    status: 200,
    writesNothing: true,
  },

  'GET /items/import': { who: may.importItems, path: () => '/items/import', status: 200 },
  'POST /items/import': {
    who: may.importItems,
    path: () => '/items/import',
    fields: () => key(),
    file: { field: 'file', text: csv },
    status: 303,
  },
  'GET /items/import/template.csv': { who: may.importItems, path: () => '/items/import/template.csv', status: 200 },
  'GET /items/import/:id': { who: may.importItems, path: (r) => `/items/import/${r.importId}`, status: 200 },
  'POST /items/import/:id': {
    who: may.importItems,
    path: (r) => `/items/import/${r.importId}`,
    fields: () => ({ 'column-0': 'tag', 'column-1': 'category', 'column-2': 'model' }),
    status: 303,
  },
  'GET /items/import/:id/sheet': {
    who: may.importItems,
    path: (r) => `/items/import/${r.workbookImportId}/sheet`,
    status: 200,
  },
  'POST /items/import/:id/sheet': {
    who: may.importItems,
    path: (r) => `/items/import/${r.workbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /items/import/:id/words': {
    who: may.importItems,
    path: (r) => `/items/import/${r.strangeImportId}/words`,
    status: 200,
  },
  'POST /items/import/:id/words': {
    who: may.importItems,
    path: (r) => `/items/import/${r.strangeImportId}/words`,
    fields: () => ({ 'category-0-word': 'Gizmo', 'category-0': 'tablet' }),
    status: 303,
  },
  'GET /items/import/:id/preview': {
    who: may.importItems,
    path: (r) => `/items/import/${r.importId}/preview`,
    status: 200,
  },
  'GET /items/import/:id/errors.csv': {
    who: may.importItems,
    path: (r) => `/items/import/${r.strangeImportId}/errors.csv`,
    status: 200,
  },
  'POST /items/import/:id/apply': {
    who: may.importItems,
    path: (r) => `/items/import/${r.importId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/items/import/${r.importId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /items/import/:id/discard': {
    who: may.importItems,
    path: (r) => `/items/import/${r.importId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /items/import/:id/progress': {
    who: may.importItems,
    path: (r) => `/items/import/${r.importUnderWayId}/progress`,
    status: 200,
  },
  'GET /items/import/:id/result': {
    who: may.importItems,
    path: (r) => `/items/import/${r.doneImportId}/result`,
    status: 200,
  },
  'GET /loans/import': { who: may.importLoans, path: () => '/loans/import', status: 200 },
  'POST /loans/import': {
    who: may.importLoans,
    path: () => '/loans/import',
    fields: () => key(),
    file: { field: 'file', text: loanCsv },
    status: 303,
  },
  'GET /loans/import/template.csv': { who: may.importLoans, path: () => '/loans/import/template.csv', status: 200 },
  'GET /loans/import/:id': { who: may.importLoans, path: (r) => `/loans/import/${r.loanImportId}`, status: 200 },
  'POST /loans/import/:id': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanImportId}`,
    fields: () => ({ 'column-0': 'tag', 'column-1': 'ward', 'column-2': 'lentOn', 'column-3': 'reviewOn' }),
    status: 303,
  },
  'GET /loans/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /loans/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /loans/import/:id/words': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.strangeLoanImportId}/words`,
    status: 200,
  },
  'POST /loans/import/:id/words': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.strangeLoanImportId}/words`,
    fields: () => ({ 'place-0-word': 'Nowhere', 'place-0': 'ash' }),
    status: 303,
  },
  'GET /loans/import/:id/preview': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanImportId}/preview`,
    status: 200,
  },
  'GET /loans/import/:id/errors.csv': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.strangeLoanImportId}/errors.csv`,
    status: 200,
  },
  'POST /loans/import/:id/apply': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/loans/import/${r.loanImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /loans/import/:id/discard': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /loans/import/:id/progress': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.loanImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /loans/import/:id/result': {
    who: may.importLoans,
    path: (r) => `/loans/import/${r.doneLoanImportId}/result`,
    status: 200,
  },
  'GET /service-users/import': { who: may.importLoans, path: () => '/service-users/import', status: 200 },
  'POST /service-users/import': {
    who: may.importLoans,
    path: () => '/service-users/import',
    fields: () => key(),
    file: { field: 'file', text: personCsv },
    status: 303,
  },
  'GET /service-users/import/template.csv': {
    who: may.importLoans,
    path: () => '/service-users/import/template.csv',
    status: 200,
  },
  'GET /service-users/import/:id': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportId}`,
    status: 200,
  },
  'POST /service-users/import/:id': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportId}`,
    fields: () => ({ 'column-0': 'name', 'column-1': 'dateOfBirth' }),
    status: 303,
  },
  'GET /service-users/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /service-users/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /service-users/import/:id/preview': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportId}/preview`,
    status: 200,
  },
  'GET /service-users/import/:id/errors.csv': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.strangePersonImportId}/errors.csv`,
    status: 200,
  },
  'POST /service-users/import/:id/apply': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/service-users/import/${r.personImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /service-users/import/:id/discard': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /service-users/import/:id/progress': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.personImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /service-users/import/:id/result': {
    who: may.importLoans,
    path: (r) => `/service-users/import/${r.donePersonImportId}/result`,
    status: 200,
  },

  'GET /appointments/import': { who: may.importLoans, path: () => '/appointments/import', status: 200 },
  'POST /appointments/import': {
    who: may.importLoans,
    path: () => '/appointments/import',
    fields: () => key(),
    file: { field: 'file', text: appointmentCsv },
    status: 303,
  },
  'GET /appointments/import/template.csv': {
    who: may.importLoans,
    path: () => '/appointments/import/template.csv',
    status: 200,
  },
  'GET /appointments/import/:id': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportId}`,
    status: 200,
  },
  'POST /appointments/import/:id': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportId}`,
    fields: () => ({
      ...{ 'column-0': 'name', 'column-1': 'dateOfBirth', 'column-2': 'day', 'column-3': 'time' },
      ...{ 'column-4': 'way', 'column-5': 'first' },
    }),
    status: 303,
  },
  'GET /appointments/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /appointments/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /appointments/import/:id/preview': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportId}/preview`,
    status: 200,
  },
  'GET /appointments/import/:id/errors.csv': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.strangeAppointmentImportId}/errors.csv`,
    status: 200,
  },
  'POST /appointments/import/:id/apply': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/appointments/import/${r.appointmentImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /appointments/import/:id/discard': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /appointments/import/:id/progress': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.appointmentImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /appointments/import/:id/result': {
    who: may.importLoans,
    path: (r) => `/appointments/import/${r.doneAppointmentImportId}/result`,
    status: 200,
  },

  'GET /caseload-counts/import': { who: may.countCaseload, path: () => '/caseload-counts/import', status: 200 },
  'POST /caseload-counts/import': {
    who: may.countCaseload,
    path: () => '/caseload-counts/import',
    fields: () => key(),
    file: { field: 'file', text: countCsv },
    status: 303,
  },
  'GET /caseload-counts/import/template.csv': {
    who: may.countCaseload,
    path: () => '/caseload-counts/import/template.csv',
    status: 200,
  },
  'GET /caseload-counts/import/:id': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportId}`,
    status: 200,
  },
  'POST /caseload-counts/import/:id': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportId}`,
    fields: () => ({
      'column-0': 'countedOn',
      'column-1': 'place',
      'column-2': 'breakdown',
      'column-3': 'group',
      'column-4': 'people',
    }),
    status: 303,
  },
  'GET /caseload-counts/import/:id/sheet': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /caseload-counts/import/:id/sheet': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /caseload-counts/import/:id/words': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.strangeCountImportId}/words`,
    status: 200,
  },
  'POST /caseload-counts/import/:id/words': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.strangeCountImportId}/words`,
    fields: () => ({ 'place-0': '', 'place-0-word': 'Nowhere' }),
    status: 303,
  },
  'GET /caseload-counts/import/:id/preview': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportId}/preview`,
    status: 200,
  },
  'GET /caseload-counts/import/:id/errors.csv': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.strangeCountImportId}/errors.csv`,
    status: 200,
  },
  'POST /caseload-counts/import/:id/apply': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/caseload-counts/import/${r.countImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /caseload-counts/import/:id/discard': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /caseload-counts/import/:id/progress': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.countImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /caseload-counts/import/:id/result': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/import/${r.doneCountImportId}/result`,
    status: 200,
  },

  'GET /reports': { who: may.seeReports, path: () => '/reports', status: 200 },
  'GET /reports/methods': { who: may.seeReports, path: () => '/reports/methods', status: 200 },
  'GET /reports/:name': { who: may.seeReports, path: () => '/reports/reach?period=month-2026-06', status: 200 },
  'GET /reports/:name.csv': { who: may.seeReports, path: () => '/reports/equity.csv?period=year-2025', status: 200 },
  'GET /reports/:name.xlsx': { who: may.seeReports, path: () => '/reports/stock.xlsx?period=year-2025', status: 200 },
  'GET /reports/:name.svg': { who: may.seeReports, path: () => '/reports/stock.svg?period=month-2026-06', status: 200 },
  'GET /reports/:name/print': { who: may.seeReports, path: () => '/reports/choice/print', status: 200 },
  'GET /admin/settings/disclosure': {
    who: may.changeSettings,
    path: () => '/admin/settings/disclosure',
    status: 200,
  },
  'POST /admin/settings/disclosure': {
    who: may.changeSettings,
    path: () => '/admin/settings/disclosure',
    // it is chosen once: again the same changes nothing
    fields: () => ({ profile: 'hes', sure: 'yes' }),
    status: 303,
  },
  'GET /reports/side-by-side': { who: may.compareOrganisations, path: () => '/reports/side-by-side', status: 200 },
  'GET /admin/settings/sharing': { who: may.changeSettings, path: () => '/admin/settings/sharing', status: 200 },
  'POST /admin/settings/sharing': {
    who: may.changeSettings,
    path: () => '/admin/settings/sharing',
    first: async (visitor) => {
      // nothing is shared yet, each time
      const { text } = await visitor.get('/admin/settings/sharing')
      for (const [url] of text.matchAll(/\/admin\/settings\/sharing\/\d+\/ended/g)) await visitor.post(url, {})
      return {}
    },
    fields: () => ({ code: 'THERE', ...key() }),
    status: 303,
  },
  'POST /admin/settings/sharing/:id/ended': {
    who: may.changeSettings,
    path: (r) => `/admin/settings/sharing/${r.figureShareId}/ended`,
    fields: () => ({}),
    status: 303,
  },
  'GET /admin/settings/targets': { who: may.changeSettings, path: () => '/admin/settings/targets', status: 200 },
  'GET /admin/settings/targets/:year/:figure': {
    who: may.changeSettings,
    path: () => '/admin/settings/targets/year-2026/people',
    status: 200,
  },
  'POST /admin/settings/targets/:year/:figure': {
    who: may.changeSettings,
    path: () => '/admin/settings/targets/year-2026/people',
    first: async (visitor) => {
      // it begins with none, each time
      const url = '/admin/settings/targets/year-2026/people'
      const version = async () => hiddenIn((await visitor.get(url)).text, 'version')
      await visitor.post(url, { good: 'none', version: await version() })
      return { version: await version() }
    },
    fields: () => ({ good: 'more', quarterly: '120', version: 0 }),
    status: 303,
  },
  'GET /caseload-counts': { who: may.countCaseload, path: () => '/caseload-counts', status: 200 },
  'GET /caseload-counts/days/:day/:ward': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/days/2026-07-01/${r.countedWardId}`,
    status: 200,
  },
  'POST /caseload-counts/days/:day/:ward/removal': {
    who: may.countCaseload,
    path: (r) => `/caseload-counts/days/2026-07-01/${r.countedWardId}/removal`,
    fields: () => ({}),
    status: 303,
  },

  'GET /loans': { who: may.seeLoans, path: () => '/loans?show=all', status: 200 },
  'GET /loans/new': {
    who: may.lend,
    path: (r) => `/loans/new?service-user=${r.serviceUserId}&item=${r.itemId}&kit=${r.kitId}`,
    status: 200,
  },
  'POST /loans/new/people': {
    who: may.lend,
    path: () => '/loans/new/people',
    fields: (r) => ({ search: 'Alex', item: r.itemId }),
    status: 303,
    writesNothing: true,
  },
  'GET /loans/new/people': {
    who: may.lend,
    path: (r) => `/loans/new/people?item=${r.itemId}`,
    first: async (visitor) => {
      await visitor.post('/loans/new/people', { search: 'Alex' })
      return {}
    },
    status: 200,
  },
  'POST /loans/new/items': {
    who: may.lend,
    path: () => '/loans/new/items',
    fields: (r) => ({ 'service-user': r.serviceUserId, item: r.itemId, scan: r.kitTag }),
    status: 200,
    writesNothing: true,
  },
  'POST /loans': {
    who: may.lend,
    path: () => '/loans',
    fields: (r) => ({
      'service-user': r.serviceUserId,
      item: [String(r.itemId), String(r.chargerId)],
      keep: 'loan',
      ...dueDate,
      agreement: 'spoken',
      witness: 'Sam Example',
      notes: 'A note',
      ...key(),
    }),
    status: 303,
  },
  'GET /loans/:id': { who: may.seeLoans, path: (r) => `/loans/${r.wardLoanId}`, status: 200 },
  'GET /loans/:id/agreement': { who: may.lend, path: (r) => `/loans/${r.loanId}/agreement`, status: 200 },
  'GET /loans/:id/extension': { who: may.lend, path: (r) => `/loans/${r.loanId}/extension`, status: 200 },
  'POST /loans/:id/extension': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/extension`,
    fields: (r) => ({ line: r.lineId, ...dueDate, version: 1 }),
    status: 303,
  },
  'GET /loans/:id/return': { who: may.lend, path: (r) => `/loans/${r.loanId}/return`, status: 200 },
  'POST /loans/:id/return': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/return`,
    fields: (r) => ({ line: r.lineId, version: 1 }),
    status: 303,
  },
  'GET /loans/:id/gift': { who: may.lend, path: (r) => `/loans/${r.loanId}/gift`, status: 200 },
  'POST /loans/:id/gift': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/gift`,
    fields: (r) => ({ line: r.lineId, version: 1 }),
    status: 303,
  },

  'GET /loans/extensions': {
    who: may.lend,
    path: (r) => `/loans/extensions?show=open&service-user=${r.serviceUserId}`,
    status: 200,
  },
  'POST /loans/extensions': {
    who: may.lend,
    path: () => '/loans/extensions',
    fields: (r) => ({ line: `${r.lineId}.2026-10-19`, until: 'date', ...dueDate, ...key() }),
    status: 303,
  },
  'GET /loans/:id/lines/:line/swap': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/lines/${r.lineId}/swap?code=${r.itemTag}`,
    status: 200,
  },
  'POST /loans/:id/lines/:line/swap': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/lines/${r.lineId}/swap`,
    fields: (r) => ({ 'new-item': r.itemTag, old: 'broken', story: 'Cracked', version: 1, ...key() }),
    status: 303,
  },
  'GET /packing-list': { who: may.lend, path: () => '/packing-list?on=2026-08-03', status: 200 },
  'POST /loans/planned': {
    who: may.lend,
    path: () => '/loans/planned',
    fields: (r) => ({
      'service-user': r.serviceUserId,
      item: [String(r.itemId), String(r.chargerId)],
      ...dueDate,
      notes: '',
      'visit-day': '4',
      'visit-month': '8',
      'visit-year': '2026',
      'visit-time': '14:30',
      'visit-place': 'The library',
      ...key(),
    }),
    status: 303,
  },
  'GET /loans/:id/hand-over': { who: may.lend, path: (r) => `/loans/${r.visitLoanId}/hand-over`, status: 200 },
  'POST /loans/:id/hand-over': {
    who: may.lend,
    path: (r) => `/loans/${r.visitLoanId}/hand-over`,
    fields: (r) => ({ line: r.visitLineId, agreement: 'spoken', witness: 'A neighbour', version: 1 }),
    status: 303,
  },
  'POST /loans/:id/hand-over/day': {
    who: may.lend,
    path: (r) => `/loans/${r.visitLoanId}/hand-over/day`,
    fields: () => ({
      'visit-day': '5',
      'visit-month': '8',
      'visit-year': '2026',
      'visit-time': '',
      'visit-place': 'The library',
      version: 1,
    }),
    status: 303,
  },
  'POST /loans/:id/hand-over/call-off': {
    who: may.lend,
    path: (r) => `/loans/${r.visitLoanId}/hand-over/call-off`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /loans/:id/onward-plan': { who: may.lend, path: (r) => `/loans/${r.plannedLoanId}/onward-plan`, status: 200 },
  'POST /loans/:id/onward-plan': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/onward-plan`,
    fields: (r) => ({
      choices: ['extend', 'device-bank'],
      notes: 'Ring by Friday',
      keep: String(r.lineId),
      [`keep-${r.lineId}`]: 'Photos of the summer',
      'agreed-with': 'somebody-for-them',
      'agreed-who': 'Her daughter',
      ...key(),
    }),
    status: 303,
  },
  'POST /loans/:id/onward-plan/rescues/:rescue/:outcome': {
    who: may.lend,
    path: (r) => `/loans/${r.plannedLoanId}/onward-plan/rescues/${r.rescueId}/saved`,
    fields: () => ({}),
    status: 303,
  },
  'POST /turnaround/:id/rescues/:rescue/:outcome': {
    who: may.makeItemsReady,
    path: (r) => `/turnaround/${r.savedItemId}/rescues/${r.rescueId}/not-wanted`,
    fields: () => ({}),
    status: 303,
  },

  'GET /loans/:id/transfer': {
    who: may.lend,
    path: (r) => `/loans/${r.wardLoanId}/transfer?service-user=${r.serviceUserId}`,
    status: 200,
  },
  'POST /loans/:id/transfer/people': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/transfer/people`,
    fields: () => ({ search: 'Alex' }),
    status: 303,
    writesNothing: true,
  },
  'GET /loans/:id/transfer/people': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/transfer/people`,
    first: async (visitor, r) => {
      await visitor.post(`/loans/${r.loanId}/transfer/people`, { search: 'Alex' })
      return {}
    },
    status: 200,
  },
  'POST /loans/:id/transfer': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/transfer`,
    fields: (r) => ({
      staff: r.colleagueId,
      line: r.lineId,
      version: 1,
      agreement: 'paper',
      'unwiped-reason': 'They share it',
      'without-charger': 'yes',
      ...key(),
    }),
    status: 303,
  },
  'GET /loans/handovers': { who: may.lend, path: (r) => `/loans/handovers?loan=${r.loanId}`, status: 200 },
  'POST /loans/handovers': {
    who: may.lend,
    path: () => '/loans/handovers',
    fields: (r) => ({ loan: r.loanId, from: r.staffId, to: r.secondChampionId, ...key() }),
    status: 303,
  },
  'GET /loans/returns': { who: may.lend, path: () => '/loans/returns', status: 200 },
  'POST /loans/returns': {
    who: may.lend,
    path: () => '/loans/returns',
    fields: (r) => ({ codes: r.wardItemTag, ...key() }),
    status: 303,
  },
  'GET /loans/returns/:id': { who: may.lend, path: (r) => `/loans/returns/${r.returnBatchId}`, status: 200 },
  'GET /loans/:id/corrections': { who: may.lend, path: (r) => `/loans/${r.loanId}/corrections`, status: 200 },
  'GET /loans/:id/corrections/date': { who: may.lend, path: (r) => `/loans/${r.loanId}/corrections/date`, status: 200 },
  'POST /loans/:id/corrections/date': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/date`,
    fields: (r) => ({
      line: r.lineId,
      which: 'lent',
      'right-day': '26',
      'right-month': '7',
      'right-year': '2026',
      reason: 'A slip',
      version: 1,
    }),
    status: 303,
  },
  'GET /loans/:id/corrections/item': { who: may.lend, path: (r) => `/loans/${r.loanId}/corrections/item`, status: 200 },
  'POST /loans/:id/corrections/item': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/item`,
    fields: (r) => ({ line: r.lineId, code: r.itemTag, reason: 'A slip', version: 1 }),
    status: 303,
  },
  'GET /loans/:id/corrections/return': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/return`,
    status: 200,
  },
  'POST /loans/:id/corrections/return': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/return`,
    first: async (visitor, r) => {
      await visitor.post(`/loans/${r.loanId}/return`, { line: r.lineId, version: 1 })
      return { version: 2 }
    },
    fields: (r) => ({ line: r.lineId, reason: 'A slip', version: 1 }),
    status: 303,
  },
  'GET /loans/:id/corrections/borrower': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/borrower?ward=${r.wardId}`,
    status: 200,
  },
  'POST /loans/:id/corrections/borrower': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/borrower`,
    fields: (r) => ({ line: r.lineId, ward: r.wardId, reason: 'A slip', version: 1 }),
    status: 303,
  },
  'POST /loans/:id/corrections/borrower/people': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/borrower/people`,
    fields: () => ({ search: 'Person' }),
    status: 303,
    writesNothing: true,
  },
  'GET /loans/:id/corrections/borrower/people': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/corrections/borrower/people`,
    first: async (visitor, r) => {
      await visitor.post(`/loans/${r.loanId}/corrections/borrower/people`, { search: 'Person' })
      return {}
    },
    status: 200,
  },

  'GET /models': { who: may.seeItems, path: () => '/models', status: 200 },
  'GET /models/new': { who: may.changeItems, path: () => '/models/new', status: 200 },
  'POST /models': {
    who: may.changeItems,
    path: () => '/models',
    fields: (r, fresh) => ({ ...modelFields(r, fresh), ...key() }),
    status: 303,
  },
  'GET /models/:id': { who: may.seeItems, path: (r) => `/models/${r.modelId}`, status: 200 },
  'GET /models/:id/edit': { who: may.changeItems, path: (r) => `/models/${r.modelId}/edit`, status: 200 },
  'POST /models/:id': {
    who: may.changeItems,
    path: (r) => `/models/${r.modelId}`,
    fields: (r, fresh) => ({ ...modelFields(r, fresh), version: 1 }),
    status: 303,
  },

  'GET /kits': { who: may.seeItems, path: () => '/kits', status: 200 },
  'GET /kits/new': { who: may.changeItems, path: () => '/kits/new', status: 200 },
  'POST /kits': {
    who: may.changeItems,
    path: () => '/kits',
    fields: (r, fresh) => ({ ...kitFields(r, fresh), ...key() }),
    status: 303,
  },
  'GET /kits/:id': { who: may.seeItems, path: (r) => `/kits/${r.kitId}`, status: 200 },
  'GET /kits/:id/edit': { who: may.changeItems, path: (r) => `/kits/${r.kitId}/edit`, status: 200 },
  'POST /kits/:id': {
    who: may.changeItems,
    path: (r) => `/kits/${r.kitId}`,
    fields: (r, fresh) => ({ ...kitFields(r, fresh), version: 1 }),
    status: 303,
  },
  'POST /kits/:id/items': {
    who: may.changeItems,
    path: (r) => `/kits/${r.kitId}/items`,
    fields: (r) => ({ item: r.itemId }),
    status: 303,
  },
  'POST /kits/:id/items/:itemId/remove': {
    who: may.changeItems,
    path: (r) => `/kits/${r.kitId}/items/${r.kitItemId}/remove`,
    fields: () => ({}),
    status: 303,
  },

  'GET /turnaround': { who: may.makeItemsReady, path: () => '/turnaround', status: 200 },
  'GET /turnaround/bench': {
    who: may.makeItemsReady,
    path: () => '/turnaround/bench?step=charged&step=sim-checked',
    status: 200,
  },
  'GET /turnaround/bench/cards': { who: may.makeItemsReady, path: () => '/turnaround/bench/cards', status: 200 },
  'POST /turnaround/bench': {
    who: may.makeItemsReady,
    path: () => '/turnaround/bench',
    fields: (r) => ({ step: ['charged', 'sim-checked'], method: '', code: r.returnedItemTag }),
    status: 303,
  },
  'GET /turnaround/:id': { who: may.makeItemsReady, path: (r) => `/turnaround/${r.returnedItemId}`, status: 200 },
  'POST /turnaround/:id': {
    who: may.makeItemsReady,
    path: (r) => `/turnaround/${r.returnedItemId}`,
    fields: (r) => ({ turnaround: r.turnaroundId, steps: ['charged', 'sim-checked'], 'wipe-method': '' }),
    status: 303,
  },
  'POST /turnaround/:id/steps/:step/undo': {
    who: may.makeItemsReady,
    path: (r) => `/turnaround/${r.returnedItemId}/steps/inspected/undo`,
    fields: (r) => ({ turnaround: r.turnaroundId }),
    status: 303,
  },

  // links in emails: what they open, when they open anything, is shown in test/staff
  'GET /invitation/:token': { who: may.anyone, path: () => '/invitation/nonsense', status: 404 },
  'POST /invitation/:token': {
    who: may.anyone,
    path: () => '/invitation/nonsense',
    fields: () => ({ password: 'four words that fit nowhere' }),
    status: 404,
    writesNothing: true,
  },
  'GET /how-is-it-going/:token': { who: may.anyone, path: () => '/how-is-it-going/nonsense', status: 404 },
  'POST /how-is-it-going/:token': {
    who: may.anyone,
    path: () => '/how-is-it-going/nonsense',
    fields: () => ({ answer: 'well' }),
    status: 404,
    writesNothing: true,
  },
  'GET /loans/:id/check-ins': { who: may.lend, path: (r) => `/loans/${r.loanId}/check-ins`, status: 200 },
  'POST /loans/:id/check-ins': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/check-ins`,
    fields: () => ({ 'may-ask': 'yes' }),
    status: 303,
  },
  'POST /loans/:id/check-ins/:checkIn': {
    who: may.lend,
    path: (r) => `/loans/${r.loanId}/check-ins/${r.checkInId}`,
    fields: () => ({}),
    status: 303,
  },
  'GET /reset-password': { who: may.anyone, path: () => '/reset-password', status: 200 },
  'POST /reset-password': {
    who: may.anyone,
    path: () => '/reset-password',
    fields: (_, fresh) => ({ email: `${fresh}@nowhere.example` }),
    status: 200,
    writesNothing: true,
  },
  'GET /reset-password/:token': { who: may.anyone, path: () => '/reset-password/nonsense', status: 404 },
  'POST /reset-password/:token': {
    who: may.anyone,
    path: () => '/reset-password/nonsense',
    fields: () => ({ password: 'four words that fit nowhere' }),
    status: 404,
    writesNothing: true,
  },
  'GET /account': { who: may.signedIn, path: () => '/account', status: 200 },
  'POST /account/sign-out-elsewhere': {
    who: may.signedIn,
    path: () => '/account/sign-out-elsewhere',
    fields: () => ({}),
    status: 303,
    writesNothing: true,
  },
  'GET /account/password': { who: may.signedIn, path: () => '/account/password', status: 200 },
  'POST /account/password': {
    who: may.signedIn,
    path: () => '/account/password',
    fields: () => ({ present: 'not the one they have', password: 'four words that fit nowhere' }),
    status: 422,
    writesNothing: true,
  },
  // what they do for somebody at an enrolled tablet is shown in test/tablets
  'GET /tablet': { who: may.anyone, path: () => '/tablet', status: 200 },
  'POST /tablet': {
    who: may.anyone,
    path: () => '/tablet',
    fields: () => ({ code: 'ABCDEFGHJKMN' }),
    status: 422,
    writesNothing: true,
  },
  'GET /sign-in/who': { who: may.anyone, path: () => '/sign-in/who', status: 303 },
  'GET /sign-in/pin': { who: may.anyone, path: () => '/sign-in/pin', status: 303 },
  'POST /sign-in/pin': {
    who: may.anyone,
    path: () => '/sign-in/pin',
    fields: () => ({ who: '1', pin: '7391' }),
    status: 303,
    writesNothing: true,
  },
  'POST /sign-in/badge': {
    who: may.anyone,
    path: () => '/sign-in/badge',
    fields: () => ({ code: 'ABCDEFGHJKMNPQRSTVWX' }),
    status: 303,
    writesNothing: true,
  },
  'GET /sign-in/done': { who: may.anyone, path: () => '/sign-in/done', status: 303 },
  // what they do for somebody who gives the right password is shown in test/pins
  'GET /account/pin': { who: may.haveAPin, path: () => '/account/pin', status: 200 },
  'POST /account/pin': {
    who: may.haveAPin,
    path: () => '/account/pin',
    fields: () => ({ pin: '7391', password: '' }),
    status: 422,
    writesNothing: true,
  },
  'POST /account/pin/removal': {
    who: may.haveAPin,
    path: () => '/account/pin/removal',
    fields: () => ({}),
    status: 409,
    writesNothing: true,
  },
  'GET /account/badge': { who: may.haveAPin, path: () => '/account/badge', status: 200 },
  'POST /account/badge': {
    who: may.haveAPin,
    path: () => '/account/badge',
    fields: () => ({ password: '' }),
    status: 422,
    writesNothing: true,
  },
  'GET /account/badge/card': { who: may.haveAPin, path: () => '/account/badge/card', status: 303 },
  'POST /account/badge/card': {
    who: may.haveAPin,
    path: () => '/account/badge/card',
    fields: () => ({}),
    status: 303,
    writesNothing: true,
  },
  'POST /account/badge/removal': {
    who: may.haveAPin,
    path: () => '/account/badge/removal',
    fields: () => ({}),
    status: 409,
    writesNothing: true,
  },
  'GET /admin/wards': { who: may.lookAfterWards, path: (r) => `/admin/wards?after=${r.wardId}`, status: 200 },
  'GET /admin/wards/export': {
    who: may.lookAfterWards,
    path: () => '/admin/wards/export?show=closed&format=csv',
    status: 200,
  },
  'GET /admin/wards/new': { who: may.lookAfterWards, path: (r) => `/admin/wards/new?site=${r.siteId}`, status: 200 },
  'POST /admin/wards': {
    who: may.lookAfterWards,
    path: () => '/admin/wards',
    fields: (r, fresh) => ({ ...wardFields(r, fresh), ...key() }),
    status: 303,
  },
  'GET /admin/wards/:id': { who: may.lookAfterWards, path: (r) => `/admin/wards/${r.wardId}`, status: 200 },
  'GET /admin/wards/:id/edit': { who: may.lookAfterWards, path: (r) => `/admin/wards/${r.wardId}/edit`, status: 200 },
  'POST /admin/wards/:id': {
    who: may.lookAfterWards,
    path: (r) => `/admin/wards/${r.emptyWardId}`,
    fields: (r, fresh) => ({ ...wardFields(r, fresh), version: 1 }),
    status: 303,
  },
  'POST /admin/wards/:id/closure': {
    who: may.lookAfterWards,
    path: (r) => `/admin/wards/${r.emptyWardId}/closure`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/wards/:id/opening': {
    who: may.lookAfterWards,
    path: (r) => `/admin/wards/${r.closedWardId}/opening`,
    fields: () => ({}),
    status: 303,
  },
  'GET /admin/sites': { who: may.lookAfterWards, path: (r) => `/admin/sites?after=${r.siteId}`, status: 200 },
  'GET /admin/sites/new': { who: may.lookAfterWards, path: () => '/admin/sites/new', status: 200 },
  'POST /admin/sites': {
    who: may.lookAfterWards,
    path: () => '/admin/sites',
    fields: (_r, fresh) => ({ name: `Site ${fresh}`, ...key() }),
    status: 303,
  },
  'GET /admin/sites/:id/edit': { who: may.lookAfterWards, path: (r) => `/admin/sites/${r.siteId}/edit`, status: 200 },
  'POST /admin/sites/:id': {
    who: may.lookAfterWards,
    path: (r) => `/admin/sites/${r.siteId}`,
    fields: (_r, fresh) => ({ name: `Site ${fresh}`, version: 1 }),
    status: 303,
  },
  'GET /admin/staff/export': { who: may.lookAfterStaff, path: () => '/admin/staff/export?format=csv', status: 200 },
  'GET /admin/tablets': { who: may.lookAfterTablets, path: (r) => `/admin/tablets?after=${r.tabletId}`, status: 200 },
  'GET /admin/tablets/new': { who: may.lookAfterTablets, path: () => '/admin/tablets/new', status: 200 },
  'POST /admin/tablets': {
    who: may.lookAfterTablets,
    path: () => '/admin/tablets',
    fields: (r, fresh) => ({ name: `Tablet ${fresh}`, ward: r.wardId, ...key() }),
    status: 303,
  },
  'GET /admin/tablets/:id': {
    who: may.lookAfterTablets,
    path: (r) => `/admin/tablets/${r.tabletId}`,
    status: 200,
  },
  'POST /admin/tablets/:id/code': {
    who: may.lookAfterTablets,
    path: (r) => `/admin/tablets/${r.waitingTabletId}/code`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/tablets/:id/revocation': {
    who: may.lookAfterTablets,
    path: (r) => `/admin/tablets/${r.tabletId}/revocation`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/staff/:id/badge-removal': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.withBadgeId}/badge-removal`,
    fields: () => ({}),
    status: 303,
  },
  // what they do for somebody whose password was right, or who proves who they are, is shown in test/second-step
  'GET /sign-in/code': { who: may.anyone, path: () => '/sign-in/code', status: 303 },
  'POST /sign-in/code': {
    who: may.anyone,
    path: () => '/sign-in/code',
    fields: () => ({ code: '123456', recovery: '' }),
    status: 303,
    writesNothing: true,
  },
  'GET /sign-in/set-up': { who: may.anyone, path: () => '/sign-in/set-up', status: 303 },
  'POST /sign-in/set-up': {
    who: may.anyone,
    path: () => '/sign-in/set-up',
    fields: () => ({ code: '123456' }),
    status: 303,
    writesNothing: true,
  },
  'GET /account/second-step': { who: may.signedIn, path: () => '/account/second-step', status: 200 },
  'GET /account/second-step/begin': { who: may.signedIn, path: () => '/account/second-step/begin', status: 200 },
  'POST /account/second-step/begin': {
    who: may.signedIn,
    path: () => '/account/second-step/begin',
    fields: () => ({ password: '' }),
    status: 422,
    writesNothing: true,
  },
  'GET /account/second-step/set-up': { who: may.signedIn, path: () => '/account/second-step/set-up', status: 303 },
  'POST /account/second-step/set-up': {
    who: may.signedIn,
    path: () => '/account/second-step/set-up',
    fields: () => ({ code: '123456' }),
    status: 303,
    writesNothing: true,
  },
  'GET /account/second-step/recovery-codes': {
    who: may.signedIn,
    path: () => '/account/second-step/recovery-codes',
    status: 303,
  },
  'POST /account/second-step/recovery-codes': {
    who: may.signedIn,
    path: () => '/account/second-step/recovery-codes',
    fields: () => ({ password: '', code: '' }),
    status: 303,
    writesNothing: true,
  },
  'GET /account/second-step/off': { who: may.signedIn, path: () => '/account/second-step/off', status: 303 },
  'POST /account/second-step/off': {
    who: may.signedIn,
    path: () => '/account/second-step/off',
    fields: () => ({ password: '', code: '' }),
    status: 303,
    writesNothing: true,
  },
  'GET /account/second-step/codes': { who: may.signedIn, path: () => '/account/second-step/codes', status: 303 },
  'POST /account/second-step/codes': {
    who: may.signedIn,
    path: () => '/account/second-step/codes',
    fields: () => ({}),
    status: 303,
    writesNothing: true,
  },
  'GET /wards': { who: may.book, path: () => '/wards', status: 200, seesOtherWards: true },
  'GET /wards/:code/timetable': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/timetable?on=2026-08-03&part=day`,
    status: 200,
    seesOtherWards: true,
  },
  'GET /wards/:code/week': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/week?item=${r.bookableItemId}&on=2026-08-03`,
    status: 200,
    seesOtherWards: true,
  },
  'GET /wards/:code/sheet': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/sheet?on=2026-08-03`,
    status: 200,
  },
  'GET /bookings/new': {
    who: may.book,
    path: (r) => `/bookings/new?ward=${r.wardCode}&item=${r.bookableItemId}&on=2026-08-03&from=14:00`,
    status: 200,
  },
  'POST /bookings': {
    who: may.book,
    path: () => '/bookings',
    fields: (r) => ({
      ward: r.wardCode,
      item: r.bookableItemId,
      on: '2026-08-03',
      from: '14:00',
      length: '30',
      until: '',
      for: 'initials',
      person: '',
      initials: 'JB',
      purpose: 'family',
      now: '',
      instead: '',
      ...key(),
    }),
    status: 303,
  },
  'GET /bookings/wanted': { who: may.book, path: (r) => `/bookings/wanted?ward=${r.wardCode}`, status: 200 },
  'POST /bookings/wanted': {
    who: may.book,
    path: () => '/bookings/wanted',
    fields: (r) => ({
      ward: r.wardCode,
      category: 'tablet',
      also: [],
      connector: '',
      'on-day': '3',
      'on-month': '8',
      'on-year': '2026',
      from: '16:00',
      length: '30',
      until: '',
      for: 'initials',
      person: '',
      initials: 'JB',
      purpose: 'family',
      instead: '',
      ...key(),
    }),
    status: 303,
  },
  'GET /wards/:code/waiting-list': { who: may.book, path: (r) => `/wards/${r.wardCode}/waiting-list`, status: 200 },
  'GET /wards/:code/waiting-list/new': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/waiting-list/new?item=${r.bookableItemId}`,
    status: 200,
  },
  'POST /wards/:code/waiting-list': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/waiting-list`,
    fields: (r) => ({
      thing: `item-${r.bookableItemId}`,
      item: '',
      category: '',
      also: [],
      connector: '',
      on: '',
      'on-day': '4',
      'on-month': '8',
      'on-year': '2026',
      from: '14:00',
      by: '16:00',
      length: '30',
      until: '',
      for: 'initials',
      person: '',
      initials: 'JB',
      purpose: 'family',
      now: '',
      ...key(),
    }),
    status: 303,
  },
  'POST /waiting-list/:id/booking': {
    who: may.book,
    path: (r) => `/waiting-list/${r.bookingWaitId}/booking`,
    fields: () => ({ from: '2026-08-05T13:00:00.000Z', ...key() }),
    status: 303,
  },
  'POST /waiting-list/:id/removal': {
    who: may.book,
    path: (r) => `/waiting-list/${r.bookingWaitId}/removal`,
    fields: () => ({}),
    status: 303,
  },
  'GET /bookings/:id': { who: may.book, path: (r) => `/bookings/${r.bookingId}`, status: 200 },
  'POST /bookings/:id/hand-out': {
    who: may.book,
    path: (r) => `/bookings/${r.bookingId}/hand-out`,
    fields: () => ({ there: 'yes', at: '10:30', version: 1 }),
    status: 303,
  },
  'POST /bookings/:id/take-back': {
    who: may.book,
    path: (r) => `/bookings/${r.outBookingId}/take-back`,
    fields: (r) => ({ hold: r.outHoldId, clean: 'yes', at: '10:30', version: 1 }),
    status: 303,
  },
  'POST /bookings/:id/end': {
    who: may.book,
    path: (r) => `/bookings/${r.outBookingId}/end`,
    fields: () => ({ end: '12:30', version: 1 }),
    status: 303,
  },
  'GET /bookings/:id/time': { who: may.book, path: (r) => `/bookings/${r.bookingId}/time`, status: 200 },
  'POST /bookings/:id/time': {
    who: may.book,
    path: (r) => `/bookings/${r.bookingId}/time`,
    fields: () => ({
      'on-day': '4',
      'on-month': '8',
      'on-year': '2026',
      from: '09:00',
      length: 'other',
      until: '09:45',
      version: 1,
    }),
    status: 303,
  },
  'GET /bookings/:id/repeats': { who: may.book, path: (r) => `/bookings/${r.bookingId}/repeats`, status: 200 },
  'POST /bookings/:id/repeats': {
    who: may.book,
    path: (r) => `/bookings/${r.bookingId}/repeats`,
    fields: () => ({ weeks: '2', 'leave-out': 'yes', ...key() }),
    status: 303,
  },
  'POST /bookings/:id/cancellation': {
    who: may.book,
    path: (r) => `/bookings/${r.bookingId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /wards/:code': { who: may.book, path: (r) => `/wards/${r.wardCode}`, status: 200 },
  'GET /wards/:code/shift-count': { who: may.checkStock, path: (r) => `/wards/${r.wardCode}/shift-count`, status: 200 },
  'POST /wards/:code/shift-count': {
    who: may.checkStock,
    path: (r) => `/wards/${r.wardCode}/shift-count`,
    fields: (r) => ({ check: '', before: '', code: '', counted: r.bookableItemId }),
    status: 303,
  },
  'GET /wards/:code/connectivity': { who: may.book, path: (r) => `/wards/${r.wardCode}/connectivity`, status: 200 },
  'POST /wards/:code/connectivity': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/connectivity`,
    fields: () => ({
      what: 'slow',
      place: 'Family room',
      megabits: '2.5',
      ...{ 'happened-day': '2', 'happened-month': '8', 'happened-year': '2026' },
      ...key(),
    }),
    status: 303,
  },
  'GET /wards/:code/cables': { who: may.book, path: (r) => `/wards/${r.wardCode}/cables`, status: 200 },
  'POST /wards/:code/cables': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/cables`,
    fields: (r) => ({
      item: r.bookableItemId,
      because: 'Used beside staff',
      length: 'today',
      signer: r.witnessId,
      pin: '4826',
      ...key(),
    }),
    status: 303,
  },
  'GET /wards/:code/leaving': { who: may.seeWhoLeaves, path: (r) => `/wards/${r.wardCode}/leaving`, status: 200 },
  'GET /wards/:code/leaving/:id': {
    who: may.seeWhoLeaves,
    path: (r) => `/wards/${r.wardCode}/leaving/${r.leaverId}`,
    status: 200,
  },
  'POST /wards/:code/leaving/:id/bookings': {
    who: may.seeWhoLeaves,
    path: (r) => `/wards/${r.wardCode}/leaving/${r.leaverId}/bookings`,
    fields: () => ({}),
    status: 303,
  },
  'GET /wards/:code/lockers': { who: may.book, path: (r) => `/wards/${r.wardCode}/lockers`, status: 200 },
  'GET /wards/:code/lockers/deposit': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/lockers/deposit?bay=${r.freeBayId}`,
    status: 200,
  },
  'POST /wards/:code/lockers': {
    who: may.book,
    path: (r) => `/wards/${r.wardCode}/lockers`,
    fields: (r) => ({
      bay: r.freeBayId,
      instead: '',
      whose: 'initials',
      person: '',
      initials: 'JB',
      description: 'Black phone',
      connector: 'usb-c',
      hours: '2',
      'key-with': 'staff',
      ...key(),
    }),
    status: 303,
  },
  'GET /lockers/:id': { who: may.book, path: (r) => `/lockers/${r.depositId}`, status: 200 },
  'GET /lockers/:id/slip': { who: may.book, path: (r) => `/lockers/${r.depositId}/slip`, status: 200 },
  'POST /lockers/:id/collection': {
    who: may.book,
    path: (r) => `/lockers/${r.depositId}/collection`,
    fields: () => ({}),
    status: 303,
  },
  'POST /lockers/:id/hand-over': {
    who: may.book,
    path: (r) => `/lockers/${r.depositId}/hand-over`,
    fields: () => ({ 'handed-to': 'Their sister', 'allowed-by': 'The owner' }),
    status: 303,
  },
  'POST /lockers/:id/opening': {
    who: may.book,
    path: (r) => `/lockers/${r.depositId}/opening`,
    fields: (r) => ({ witness: r.witnessId, because: 'It smells of smoke' }),
    status: 303,
  },

  'GET /admin/settings': { who: may.changeSettings, path: () => '/admin/settings', status: 200 },
  'GET /admin/settings/second-step': {
    who: may.changeSettings,
    path: () => '/admin/settings/second-step',
    status: 200,
  },
  'POST /admin/settings/second-step': {
    who: may.changeSettings,
    path: () => '/admin/settings/second-step',
    first: async (visitor) => {
      const { text } = await visitor.get('/admin/settings/second-step')
      const shown = /name="shown" value="([^"]*)"/.exec(text)?.[1] ?? ''
      // it begins with nobody, each time
      if (shown !== '') await visitor.post('/admin/settings/second-step', { shown, role: 'nobody' })
      return { shown: '', role: 'commissioner' }
    },
    fields: () => ({ shown: '', role: 'commissioner' }),
    status: 303,
  },
  'GET /admin/staff': { who: may.lookAfterStaff, path: () => '/admin/staff?show=closed', status: 200 },
  'GET /admin/staff/review': { who: may.lookAfterStaff, path: () => '/admin/staff/review', status: 200 },
  'GET /admin/staff/new': { who: may.lookAfterStaff, path: () => '/admin/staff/new', status: 200 },
  'POST /admin/staff': {
    who: may.lookAfterStaff,
    path: () => '/admin/staff',
    fields: (r, fresh) => ({
      name: `Alex ${fresh}`,
      email: `${fresh.toLowerCase()}@here.example`,
      role: 'ward-staff',
      ward: r.wardId,
      ...key(),
    }),
    status: 303,
  },
  'GET /admin/staff/:id': { who: may.lookAfterStaff, path: (r) => `/admin/staff/${r.colleagueId}`, status: 200 },
  'GET /admin/staff/:id/edit': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.colleagueId}/edit`,
    status: 200,
  },
  'POST /admin/staff/:id': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.colleagueId}`,
    fields: (r, fresh) => ({ name: `Alex ${fresh}`, role: 'ward-staff', ward: r.wardId, version: 1 }),
    status: 303,
  },
  'POST /admin/staff/:id/invitation': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.invitedId}/invitation`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/staff/:id/reset': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.colleagueId}/reset`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/staff/:id/second-step-reset': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.withPhoneId}/second-step-reset`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/staff/:id/closure': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.colleagueId}/closure`,
    fields: () => ({}),
    status: 303,
  },
  'POST /admin/staff/:id/opening': {
    who: may.lookAfterStaff,
    path: (r) => `/admin/staff/${r.closedStaffId}/opening`,
    fields: () => ({}),
    status: 303,
  },

  'GET /messages': { who: may.readMessages, path: () => '/messages?show=stuck', status: 200 },
  'GET /messages/:id': { who: may.readMessages, path: (r) => `/messages/${r.messageId}`, status: 200 },
  'POST /messages/:id/again': {
    who: may.readMessages,
    path: (r) => `/messages/${r.messageId}/again`,
    fields: () => ({}),
    status: 303,
  },

  'GET /repairs': { who: may.makeItemsReady, path: () => '/repairs?show=over', status: 200 },
  'GET /repairs/new': { who: may.makeItemsReady, path: (r) => `/repairs/new?item=${r.itemId}`, status: 200 },
  'POST /repairs': {
    who: may.makeItemsReady,
    path: () => '/repairs',
    fields: (r, fresh) => ({ item: r.itemId, ...repairFields(r, fresh), ...key() }),
    status: 303,
  },
  'GET /repairs/:id': { who: may.makeItemsReady, path: (r) => `/repairs/${r.repairId}`, status: 200 },
  'GET /repairs/:id/edit': { who: may.makeItemsReady, path: (r) => `/repairs/${r.repairId}/edit`, status: 200 },
  'POST /repairs/:id': {
    who: may.makeItemsReady,
    path: (r) => `/repairs/${r.repairId}`,
    fields: (r, fresh) => ({ ...repairFields(r, fresh), version: 1 }),
    status: 303,
  },
  'POST /repairs/:id/back': {
    who: may.makeItemsReady,
    path: (r) => `/repairs/${r.repairId}/back`,
    fields: () => ({}),
    status: 303,
  },
  'GET /items/:tag/retire': { who: may.changeItems, path: (r) => `/items/${r.itemTag}/retire`, status: 200 },
  'POST /items/:tag/retire': {
    who: may.changeItems,
    path: (r) => `/items/${r.brokenItemTag}/retire`,
    fields: (_, fresh) => ({
      how: 'recycled',
      'to-whom': fresh,
      wiped: 'factory-reset',
      'wiped-by': 'Sam Example',
      certificate: '7',
      note: 'A note',
      'disposed-on-day': '2',
      'disposed-on-month': '8',
      'disposed-on-year': '2026',
      ...key(),
    }),
    status: 303,
  },
  'POST /items/:tag/bring-back': {
    who: may.changeItems,
    path: (r) => `/items/${r.retiredItemTag}/bring-back`,
    fields: (r) => ({ disposal: r.disposalId }),
    status: 303,
  },

  'GET /incidents': { who: may.seeIncidents, path: () => '/incidents', status: 200 },
  'GET /incidents/new': {
    who: may.reportWhatHappened,
    path: (r) => `/incidents/new?line=${r.lineId}`,
    status: 200,
  },
  'POST /incidents': {
    who: may.reportWhatHappened,
    path: () => '/incidents',
    fields: (r) => ({
      item: r.lentItemId,
      line: r.lineId,
      also: r.lentChargerId,
      seen: 0,
      kind: 'stolen',
      'crime-reference': 'CAD 7',
      story: 'From a bag',
      'happened-day': '2',
      'happened-month': '8',
      'happened-year': '2026',
      ...key(),
    }),
    status: 303,
  },
  'GET /incidents/:id': { who: may.seeIncidents, path: (r) => `/incidents/${r.incidentId}`, status: 200 },
  'GET /incidents/:id/found': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/found`,
    status: 200,
  },
  'POST /incidents/:id/found': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/found`,
    fields: (r) => ({ item: r.stolenItemId }),
    status: 303,
  },
  'GET /incidents/:id/edit': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/edit`,
    status: 200,
  },
  'POST /incidents/:id/edit': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/edit`,
    fields: (_, fresh) => ({ story: fresh, 'crime-reference': fresh, version: 1 }),
    status: 303,
  },
  'GET /incidents/:id/tasks/:task': {
    who: may.seeIncidents,
    path: (r) => `/incidents/${r.incidentId}/tasks/${r.taskId}`,
    status: 200,
  },
  'POST /incidents/:id/tasks/:task': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/tasks/${r.taskId}`,
    fields: (_, fresh) => ({ note: fresh }),
    status: 303,
  },
  'POST /incidents/:id/tasks/:task/undo': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/tasks/${r.taskId}/undo`,
    fields: () => ({}),
    first: async (visitor, r) => {
      await visitor.post(`/incidents/${r.incidentId}/tasks/${r.taskId}`, { note: 'Too soon' })
      return {}
    },
    status: 303,
  },
  'POST /incidents/:id/tasks/:task/owner': {
    who: may.workOnIncidents,
    path: (r) => `/incidents/${r.incidentId}/tasks/${r.taskId}/owner`,
    fields: (r) => ({ owner: r.colleagueId, from: r.staffId }),
    status: 303,
  },

  'GET /stock-checks': { who: may.checkStock, path: () => '/stock-checks', status: 200 },
  'GET /stock-checks/export': { who: may.checkStock, path: () => '/stock-checks/export?format=csv', status: 200 },
  'GET /stock-checks/new': {
    who: may.checkStock,
    path: (r) => `/stock-checks/new?ward=${r.uncheckedWardId}`,
    status: 200,
  },
  'POST /stock-checks': {
    who: may.checkStock,
    path: () => '/stock-checks',
    fields: (r) => ({ ward: r.uncheckedWardId, ...key() }),
    status: 303,
  },
  'GET /stock-checks/:id': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}?list=unexpected`,
    status: 200,
  },
  'GET /stock-checks/:id/print': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/print`,
    status: 200,
  },
  'POST /stock-checks/:id/scans': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/scans`,
    fields: (r) => ({ code: r.expectedItemTag, item: r.expectedItemId }),
    status: 303,
  },
  'POST /stock-checks/:id/items/:itemId/undo': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/items/${r.unexpectedItemId}/undo`,
    fields: () => ({}),
    status: 303,
  },
  'POST /stock-checks/:id/codes/:codeId/undo': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/codes/${r.unknownCodeId}/undo`,
    fields: () => ({}),
    status: 303,
  },
  'GET /stock-checks/:id/finish': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/finish?ask=each`,
    status: 200,
  },
  'POST /stock-checks/:id/finish': {
    who: may.checkStock,
    path: (r) => `/stock-checks/${r.stockCheckId}/finish`,
    fields: (r) => ({ [`missing-${r.expectedItemId}`]: 'leave', [`unexpected-${r.unexpectedItemId}`]: 'leave' }),
    status: 303,
  },

  'GET /scan': { who: may.seeItems, path: (r) => `/scan?code=${r.wardItemTag}`, status: 303 },

  'GET /people': { who: may.seeTheirPeople, path: () => '/people', status: 200 },
  'GET /people/:id': { who: may.seeTheirPeople, path: (r) => `/people/${r.wardPersonId}`, status: 200 },
  'GET /service-users': { who: may.seePeople, path: () => '/service-users', status: 200 },
  'POST /service-users/search': {
    who: may.seePeople,
    path: () => '/service-users/search',
    fields: () => ({ search: 'Alex' }),
    status: 303,
    writesNothing: true,
  },
  'GET /service-users/search': {
    who: may.seePeople,
    path: () => '/service-users/search',
    first: async (visitor) => {
      await visitor.post('/service-users/search', { search: 'Alex' })
      return {}
    },
    status: 200,
  },
  'GET /service-users/new': { who: may.changePeople, path: () => '/service-users/new', status: 200 },
  'POST /service-users': {
    who: may.changePeople,
    path: () => '/service-users',
    fields: (r, fresh) => ({ ...personFields(r, fresh), confirmed: 'yes', ...key() }),
    status: 303,
  },
  'GET /service-users/:id': { who: may.seePeople, path: (r) => `/service-users/${r.serviceUserId}`, status: 200 },
  'GET /service-users/:id/edit': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/edit`,
    status: 200,
  },
  'POST /service-users/:id': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}`,
    fields: (r, fresh) => ({ ...personFields(r, fresh), version: 1 }),
    status: 303,
  },
  'GET /service-users/:id/print': {
    who: may.seePeople,
    path: (r) => `/service-users/${r.serviceUserId}/print?print=large`,
    status: 200,
  },
  'GET /service-users/:id/sections/:section': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/sections/where`,
    status: 200,
  },
  'POST /service-users/:id/sections/:section': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/sections/where`,
    fields: (r, fresh) => ({
      state: 'admitted',
      'state-on-day': '1',
      'state-on-month': '8',
      'state-on-year': '2026',
      ward: r.wardId,
      address: `${fresh} Road`,
      'has-no-address': 'yes',
      version: 1,
    }),
    status: 303,
  },
  'GET /service-users/:id/merge': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merge`,
    status: 200,
  },
  'POST /service-users/:id/merge/search': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merge/search`,
    fields: () => ({ search: 'Alex' }),
    status: 303,
    writesNothing: true,
  },
  'GET /service-users/:id/merge/:other': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merge/${r.otherServiceUserId}`,
    status: 200,
  },
  'POST /service-users/:id/merge/:other': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merge/${r.otherServiceUserId}`,
    first: async (visitor, r) => {
      const page = await visitor.get(`/service-users/${r.serviceUserId}/merge/${r.otherServiceUserId}`)
      return { version: /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '' }
    },
    fields: () => ({ 'choice-name': 'merged', version: 1 }),
    status: 303,
  },
  'GET /service-users/:id/merges/:merge': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merges/${r.mergeId}`,
    status: 200,
  },
  'POST /service-users/:id/merges/:merge/undo': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/merges/${r.mergeId}/undo`,
    fields: () => ({}),
    status: 303,
  },
  'GET /service-users/:id/supporters/new': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/supporters/new`,
    status: 200,
  },
  'POST /service-users/:id/supporters': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/supporters`,
    fields: (_, fresh) => ({ ...supporterFields(fresh), ...key() }),
    status: 303,
  },
  'GET /service-users/:id/supporters/:supporter': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/supporters/${r.supporterId}`,
    status: 200,
  },
  'POST /service-users/:id/supporters/:supporter': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/supporters/${r.supporterId}`,
    fields: (_, fresh) => ({ ...supporterFields(fresh), version: 1 }),
    status: 303,
  },
  'POST /service-users/:id/supporters/:supporter/end': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/supporters/${r.supporterId}/end`,
    fields: () => ({}),
    status: 303,
  },
  'GET /service-users/:id/history': {
    who: may.seePeople,
    path: (r) => `/service-users/${r.serviceUserId}/history`,
    status: 200,
  },

  'GET /open-record': { who: may.openARecord, path: () => '/open-record', status: 200, showsPeople: true },
  'POST /open-record/search': {
    who: may.openARecord,
    path: () => '/open-record/search',
    fields: (r) => personMeant(r),
    status: 303,
    writesNothing: true,
  },
  'GET /open-record/found': {
    who: may.openARecord,
    path: () => '/open-record/found',
    first: findOutside,
    status: 200,
    showsPeople: true,
  },
  'POST /open-record': {
    who: may.openARecord,
    path: () => '/open-record',
    fields: (r) => ({ person: r.serviceUserId, reason: 'They rang and were in distress', ...key() }),
    first: findOutside,
    alsoNeeds: ['nhsNumber'],
    status: 303,
  },
  'GET /service-users/:id/opened': {
    who: may.openARecord,
    path: (r) => `/service-users/${r.serviceUserId}/opened`,
    status: 200,
    showsPeople: true,
  },
  'POST /open-record/:id/close': {
    who: may.openARecord,
    path: (r) => `/open-record/${r.openingId}/close`,
    fields: () => ({}),
    // somebody else's: closing one's own is shown in test/openings
    status: 404,
  },
  'GET /openings': { who: may.reviewOpenings, path: () => '/openings?show=unseen', status: 200 },
  'GET /openings/:id': { who: may.reviewOpenings, path: (r) => `/openings/${r.openingId}`, status: 200 },
  'POST /openings/:id/seen': {
    who: may.reviewOpenings,
    path: (r) => `/openings/${r.openingId}/seen`,
    fields: (_, fresh) => ({ note: fresh }),
    status: 303,
  },
  'GET /retention': { who: may.lookAfterOwnData, path: () => '/retention', status: 200, showsPeople: true },
  'GET /retention/periods': { who: may.lookAfterOwnData, path: () => '/retention/periods', status: 200 },
  'POST /retention/periods': {
    who: may.lookAfterOwnData,
    path: () => '/retention/periods',
    first: async (visitor) => {
      const { text } = await visitor.get('/retention/periods')
      const shown = /name="shown" value="([^"]*)"/.exec(text)?.[1] ?? ''
      // it begins with the same years each time
      const begin = { person: '20', died: '10', messages: '8', 'subject-access': '3' }
      if (shown !== '20 10 8 3') await visitor.post('/retention/periods', { ...begin, shown })
      return {}
    },
    fields: () => ({ person: '21', died: '11', messages: '9', 'subject-access': '4', shown: '20 10 8 3' }),
    status: 303,
  },
  'GET /service-users/:id/legal-holds': {
    who: may.lookAfterOwnData,
    path: (r) => `/service-users/${r.wardPersonId}/legal-holds`,
    status: 200,
    showsPeople: true,
  },
  'POST /service-users/:id/legal-holds': {
    who: may.lookAfterOwnData,
    path: (r) => `/service-users/${r.wardPersonId}/legal-holds`,
    fields: (_, fresh) => ({ reason: `The coroner asks for it ${fresh}`, ...key() }),
    status: 303,
  },
  'POST /legal-holds/:id/lift': {
    who: may.lookAfterOwnData,
    path: (r) => `/legal-holds/${r.legalHoldId}/lift`,
    fields: (_, fresh) => ({ reason: `The inquest is over ${fresh}` }),
    status: 303,
  },

  'GET /subject-access': { who: may.lookAfterOwnData, path: () => '/subject-access', status: 200, showsPeople: true },
  'GET /service-users/:id/subject-access/new': {
    who: may.lookAfterOwnData,
    path: (r) => `/service-users/${r.serviceUserId}/subject-access/new`,
    status: 200,
    showsPeople: true,
  },
  'POST /service-users/:id/subject-access': {
    who: may.lookAfterOwnData,
    path: (r) => `/service-users/${r.serviceUserId}/subject-access`,
    fields: (_, fresh) => ({
      'asked-by': 'on-their-behalf',
      'asked-by-note': `Their solicitor ${fresh}`,
      'identity-check': 'authority',
      'identity-note': `A signed letter ${fresh}`,
      'received-on-day': '1',
      'received-on-month': '8',
      'received-on-year': '2026',
      ...key(),
    }),
    status: 303,
  },
  'GET /subject-access/:id': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}`,
    status: 200,
    showsPeople: true,
  },
  'GET /subject-access/:id/review': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}/review`,
    status: 200,
    showsPeople: true,
  },
  'POST /subject-access/:id/review': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}/review`,
    first: async (visitor, r) => {
      const { text } = await visitor.get(`/subject-access/${r.accessRequestId}/review`)
      const valueIn = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
      return { 'item-1': valueIn('item-1'), 'print-1': valueIn('print-1') }
    },
    fields: (_, fresh) => ({ 'decision-1': 'third-party', 'note-1': `About a neighbour ${fresh}` }),
    status: 303,
  },
  // not while something was not read: the copy itself is in test/subject-access
  'GET /subject-access/:id/copy': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}/copy`,
    status: 303,
  },
  'POST /subject-access/:id/extension': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}/extension`,
    fields: (_, fresh) => ({ reason: `Ten years of records ${fresh}`, version: '1' }),
    status: 303,
  },
  'POST /subject-access/:id/close': {
    who: may.lookAfterOwnData,
    path: (r) => `/subject-access/${r.accessRequestId}/close`,
    fields: (_, fresh) => ({ as: 'withdrawn', note: `They changed their mind ${fresh}`, version: '1' }),
    status: 303,
  },
  'GET /admin/settings/numbers': {
    who: may.changeSettings,
    path: () => '/admin/settings/numbers',
    status: 200,
  },
  'POST /admin/settings/numbers': {
    who: may.changeSettings,
    path: () => '/admin/settings/numbers',
    first: async (visitor) => {
      // it begins with the same line, each time
      const url = '/admin/settings/numbers'
      const begins = { 'crisis-line': 'Call 111', shown: hiddenIn((await visitor.get(url)).text, 'shown') }
      await visitor.post(url, begins)
      return { shown: hiddenIn((await visitor.get(url)).text, 'shown') }
    },
    fields: (_, fresh) => ({
      ...{ 'crisis-line': `Call 01632 960 000, ${fresh}`, 'help-line': '01632 960 100', shown: '' },
    }),
    status: 303,
  },
  'GET /admin/messages': { who: may.changeSettings, path: () => '/admin/messages', status: 200 },
  'GET /admin/messages/:kind': { who: may.changeSettings, path: () => '/admin/messages/loan-made', status: 200 },
  'POST /admin/messages/:kind/switch': {
    who: may.changeSettings,
    path: () => '/admin/messages/data-ending/switch',
    first: async (visitor) => {
      // it is on to begin with, each time
      const url = '/admin/messages/data-ending/switch'
      await visitor.post(url, { on: 'yes', version: await versionOfMessage(visitor, 'data-ending') })
      return { version: await versionOfMessage(visitor, 'data-ending') }
    },
    fields: () => ({ on: 'no', version: 0 }),
    status: 303,
  },
  'GET /admin/messages/:kind/letter/print': {
    who: may.changeSettings,
    path: () => '/admin/messages/loan-made/letter/print',
    status: 200,
  },
  'GET /admin/messages/:kind/:form': {
    who: may.changeSettings,
    path: () => '/admin/messages/loan-made/email',
    status: 200,
  },
  'POST /admin/messages/:kind/:form': {
    who: may.changeSettings,
    path: () => '/admin/messages/review-tomorrow/email',
    first: async (visitor) => {
      // it begins with our words, each time
      const url = '/admin/messages/review-tomorrow/email/ours'
      await visitor.post(url, { version: await versionOfMessage(visitor, 'review-tomorrow') })
      return { version: await versionOfMessage(visitor, 'review-tomorrow') }
    },
    fields: (_, fresh) => ({ subject: 'A word', body: `Hello {{name}}, it is about ${fresh}.`, version: 0 }),
    status: 303,
  },
  'POST /admin/messages/:kind/:form/preview': {
    who: may.changeSettings,
    path: () => '/admin/messages/loan-made/text/preview',
    fields: (_, fresh) => ({ text: `Hello {{name}}, it is about ${fresh}.`, version: 0 }),
    status: 200,
    writesNothing: true,
  },
  'POST /admin/messages/:kind/:form/ours': {
    who: may.changeSettings,
    path: () => '/admin/messages/overdue-first/email/ours',
    first: async (visitor) => ({ version: await versionOfMessage(visitor, 'overdue-first') }),
    fields: () => ({ version: 0 }),
    status: 303,
  },
  'GET /admin/settings/calls': { who: may.changeSettings, path: () => '/admin/settings/calls', status: 200 },
  'POST /admin/settings/calls': {
    who: may.changeSettings,
    path: () => '/admin/settings/calls',
    first: async (visitor) => {
      const url = '/admin/settings/calls'
      const shown = hiddenIn((await visitor.get(url)).text, 'shown')
      // it begins with the same numbers, each time
      const begin = { 'break-minutes': 15, 'trial-call-days': 2, 'interpreter-days': 3 }
      if (shown !== '15 2 3') await visitor.post(url, { ...begin, shown })
      return {}
    },
    fields: () => ({ 'break-minutes': 20, 'trial-call-days': 3, 'interpreter-days': 4, shown: '15 2 3' }),
    status: 303,
  },
  'GET /admin/settings/data': { who: may.changeSettings, path: () => '/admin/settings/data', status: 200 },
  'POST /admin/settings/data': {
    who: may.changeSettings,
    path: () => '/admin/settings/data',
    first: async (visitor) => {
      // it begins with the same figures, each time
      const url = '/admin/settings/data'
      const begins = { video: 10, phone: 0, text: 1, day: 250, source: '', 'suspend-after': '14' }
      await visitor.post(url, { ...begins, shown: hiddenIn((await visitor.get(url)).text, 'shown') })
      return { shown: hiddenIn((await visitor.get(url)).text, 'shown') }
    },
    fields: (_, fresh) => ({
      ...{ video: 12, phone: 0, text: 1, day: 200, source: `Measured ${fresh}` },
      'suspend-after': '20',
      shown: '',
    }),
    status: 303,
  },
  'GET /admin/settings/openings': { who: may.changeSettings, path: () => '/admin/settings/openings', status: 200 },
  'POST /admin/settings/openings': {
    who: may.changeSettings,
    path: () => '/admin/settings/openings',
    first: async (visitor) => {
      const { text } = await visitor.get('/admin/settings/openings')
      const shown = /name="shown" value="([^"]*)"/.exec(text)?.[1] ?? ''
      // it begins with an hour, each time
      if (shown !== '60') await visitor.post('/admin/settings/openings', { minutes: '60', shown })
      return {}
    },
    fields: () => ({ minutes: '45', shown: '60' }),
    status: 303,
  },

  'GET /appointments/today': { who: may.seeTheWardsDay, path: () => '/appointments/today', status: 200 },
  'GET /appointments/now': { who: may.meet, path: () => '/appointments/now', status: 200 },
  'GET /appointments/:id/now': { who: may.meet, path: (r) => `/appointments/${r.pastAppointmentId}/now`, status: 200 },
  'POST /appointments/:id/now': {
    who: may.meet,
    path: (r) => `/appointments/${r.pastAppointmentId}/now`,
    fields: () => ({ what: 'got-in', version: 1 }),
    status: 303,
  },
  'GET /appointments/:id/calendar': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/calendar`,
    status: 200,
  },
  'GET /appointments/:id/call-sheet': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/call-sheet`,
    status: 200,
  },
  'GET /appointments': { who: may.meet, path: () => '/appointments', status: 200 },
  'GET /service-users/:id/appointments': {
    who: may.meet,
    path: (r) => `/service-users/${r.wardPersonId}/appointments`,
    status: 200,
  },
  'GET /service-users/:id/appointments/new': {
    who: may.meet,
    path: (r) => `/service-users/${r.wardPersonId}/appointments/new`,
    status: 200,
  },
  'POST /service-users/:id/appointments': {
    who: may.meet,
    path: (r) => `/service-users/${r.wardPersonId}/appointments`,
    fields: (r) => ({ ...orderFields(r, r.wardPersonId), ...key() }),
    status: 303,
  },
  'GET /appointments/:id': { who: may.meet, path: (r) => `/appointments/${r.appointmentId}`, status: 200 },
  'GET /appointments/:id/edit': { who: may.meet, path: (r) => `/appointments/${r.appointmentId}/edit`, status: 200 },
  'POST /appointments/:id/edit': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/edit`,
    fields: (r) => ({ ...orderFields(r, r.appointmentId), version: 1 }),
    status: 303,
  },
  'GET /appointments/:id/details': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/details`,
    status: 200,
  },
  'POST /appointments/:id/details': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/details`,
    fields: (_, fresh) => ({ ...detailFields(fresh), version: 1 }),
    status: 303,
  },
  'POST /appointments/:id/way': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/way`,
    fields: () => ({ way: 'face-to-face', version: 1 }),
    status: 303,
  },
  'POST /appointments/:id/cancellation': {
    who: may.meet,
    path: (r) => `/appointments/${r.appointmentId}/cancellation`,
    fields: () => ({ by: 'person', version: 1 }),
    status: 303,
  },
  'GET /appointments/:id/outcome': {
    who: may.meet,
    path: (r) => `/appointments/${r.pastAppointmentId}/outcome`,
    status: 200,
  },
  'POST /appointments/:id/outcome': {
    who: may.meet,
    path: (r) => `/appointments/${r.pastAppointmentId}/outcome`,
    fields: (_, fresh) => ({
      ...{ outcome: 'attended', 'met-by': 'phone', disruption: 'back-up', version: 1 },
      ...{ 'persons-words': fresh, 'outcome-note': 'A note' },
    }),
    status: 303,
  },

  'GET /data-allowances/stock/import': {
    who: may.importLoans,
    path: () => '/data-allowances/stock/import',
    status: 200,
  },
  'POST /data-allowances/stock/import': {
    who: may.importLoans,
    path: () => '/data-allowances/stock/import',
    fields: () => key(),
    file: { field: 'file', text: stockCsv },
    status: 303,
  },
  'GET /data-allowances/stock/import/template.csv': {
    who: may.importLoans,
    path: () => '/data-allowances/stock/import/template.csv',
    status: 200,
  },
  'GET /data-allowances/stock/import/:id': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportId}`,
    status: 200,
  },
  'POST /data-allowances/stock/import/:id': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportId}`,
    fields: () => ({ 'column-0': 'what', 'column-1': 'simNumber', 'column-2': 'provider', 'column-3': 'amount' }),
    status: 303,
  },
  'GET /data-allowances/stock/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /data-allowances/stock/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /data-allowances/stock/import/:id/preview': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportId}/preview`,
    status: 200,
  },
  'GET /data-allowances/stock/import/:id/errors.csv': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.strangeStockImportId}/errors.csv`,
    status: 200,
  },
  'POST /data-allowances/stock/import/:id/apply': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/data-allowances/stock/import/${r.stockImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /data-allowances/stock/import/:id/discard': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /data-allowances/stock/import/:id/progress': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.stockImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /data-allowances/stock/import/:id/result': {
    who: may.importLoans,
    path: (r) => `/data-allowances/stock/import/${r.doneStockImportId}/result`,
    status: 200,
  },

  'GET /data-allowances/readings/import': {
    who: may.importLoans,
    path: () => '/data-allowances/readings/import',
    status: 200,
  },
  'POST /data-allowances/readings/import': {
    who: may.importLoans,
    path: () => '/data-allowances/readings/import',
    fields: () => key(),
    file: { field: 'file', text: readingCsv },
    status: 303,
  },
  'GET /data-allowances/readings/import/template.csv': {
    who: may.importLoans,
    path: () => '/data-allowances/readings/import/template.csv',
    status: 200,
  },
  'GET /data-allowances/readings/import/:id': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportId}`,
    status: 200,
  },
  'POST /data-allowances/readings/import/:id': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportId}`,
    fields: () => ({ 'column-0': 'simNumber', 'column-1': 'left', 'column-2': 'readAt' }),
    status: 303,
  },
  'GET /data-allowances/readings/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingWorkbookImportId}/sheet`,
    status: 200,
  },
  'POST /data-allowances/readings/import/:id/sheet': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingWorkbookImportId}/sheet`,
    fields: () => ({ sheet: '1' }),
    status: 303,
  },
  'GET /data-allowances/readings/import/:id/preview': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportId}/preview`,
    status: 200,
  },
  'GET /data-allowances/readings/import/:id/errors.csv': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.strangeReadingImportId}/errors.csv`,
    status: 200,
  },
  'POST /data-allowances/readings/import/:id/apply': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportId}/apply`,
    fields: () => ({ seen: 'not what anybody has seen' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/data-allowances/readings/import/${r.readingImportId}/preview`)
      return { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /data-allowances/readings/import/:id/discard': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportId}/discard`,
    fields: () => ({}),
    status: 303,
  },
  'GET /data-allowances/readings/import/:id/progress': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.readingImportUnderWayId}/progress`,
    status: 200,
  },
  'GET /data-allowances/readings/import/:id/result': {
    who: may.importLoans,
    path: (r) => `/data-allowances/readings/import/${r.doneReadingImportId}/result`,
    status: 200,
  },

  'GET /data-allowances/stock': { who: may.giveData, path: () => '/data-allowances/stock', status: 200 },
  'GET /data-allowances/from-stock': {
    who: may.giveData,
    path: (r) => `/data-allowances/from-stock?person=${r.wardPersonId}`,
    status: 200,
  },
  'POST /data-allowances/from-stock': {
    who: may.giveData,
    path: () => '/data-allowances/from-stock',
    fields: (r) => ({
      ...{ stock: r.dataStockId, person: r.wardPersonId, line: '', ward: '', staff: '' },
      ...{ 'starts-on-day': '', 'starts-on-month': '', 'starts-on-year': '' },
      ...{ 'ends-on-day': '2', 'ends-on-month': '2', 'ends-on-year': '2027' },
      ...{ adult: 'yes', 'low-income': 'no', 'little-access': '' },
    }),
    status: 303,
  },
  'POST /data-allowances/:id/code': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.voucherId}/code`,
    fields: (_, fresh) => ({ reason: fresh }),
    status: 303,
  },
  'GET /data-allowances/:id/code': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.voucherId}/code`,
    status: 200,
  },

  'GET /data-allowances': { who: may.giveData, path: () => '/data-allowances?sim=12', status: 200 },
  'GET /data-allowances/new': {
    who: may.giveData,
    path: (r) => `/data-allowances/new?person=${r.wardPersonId}`,
    status: 200,
  },
  'POST /data-allowances': {
    who: may.giveData,
    path: () => '/data-allowances',
    fields: (r, fresh) => ({
      ...{ kind: 'sim', provider: fresh, network: 'O2', amount: '20', 'amount-unit': 'gb', unlimited: '' },
      ...{ period: 'month', 'sim-number': '', funder: 'The charity', cost: '12.50', person: r.wardPersonId, line: '' },
      ...{ 'starts-on-day': '3', 'starts-on-month': '8', 'starts-on-year': '2026', ward: '', staff: '' },
      ...{ 'ends-on-day': '2', 'ends-on-month': '2', 'ends-on-year': '2027' },
      ...{ adult: 'yes', 'low-income': 'no', 'little-access': '' },
    }),
    status: 303,
  },
  'GET /data-allowances/:id': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}`,
    status: 200,
  },
  'POST /data-allowances/:id/readings': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/readings`,
    fields: () => ({
      ...{ left: '900', 'left-unit': 'mb', 'read-on-day': '', 'read-on-month': '', 'read-on-year': '' },
    }),
    status: 303,
  },
  'POST /data-allowances/:id/top-ups': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/top-ups`,
    fields: () => ({ added: '5', 'added-unit': 'gb' }),
    status: 303,
  },
  'POST /data-allowances/:id/end': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/end`,
    fields: () => ({ 'ends-on-day': '1', 'ends-on-month': '3', 'ends-on-year': '2027', version: 1 }),
    status: 303,
  },
  'POST /data-allowances/:id/sim': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/sim`,
    // one SIM is with one of them at a time
    fields: () => ({ 'sim-number': makeIccid(7_000 + sims++), version: 1 }),
    status: 303,
  },
  'POST /data-allowances/:id/suspension': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/suspension`,
    fields: () => ({ version: 1, why: 'lost' }),
    status: 303,
  },
  'POST /data-allowances/:id/warning': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.overdueDataId}/warning`,
    fields: () => ({ version: 1 }),
    status: 303,
  },
  'POST /data-allowances/:id/resumption': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.suspendedDataId}/resumption`,
    fields: () => ({ version: 1 }),
    status: 303,
  },
  'POST /data-allowances/:id/cancellation': {
    who: may.giveData,
    path: (r) => `/data-allowances/${r.dataAllowanceId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /diary': { who: may.keepADiary, path: () => '/diary', status: 200 },
  'GET /diary/new': { who: may.keepADiary, path: (r) => `/diary/new?person=${r.otherServiceUserId}`, status: 200 },
  'POST /diary/entries': {
    who: may.keepADiary,
    path: () => '/diary/entries',
    fields: (r, fresh) => ({
      ...{
        ...key(),
        kind: 'visit',
        way: 'home-visit',
        champion: r.slotChampionId,
        at: '10:00',
        length: 60,
        travel: 30,
      },
      ...{ 'on-day': 11, 'on-month': 8, 'on-year': 2026, note: fresh, person: r.otherServiceUserId, anyway: 'hours' },
    }),
    status: 303,
  },
  'GET /diary/entries/:id/move': {
    who: may.keepADiary,
    path: (r) => `/diary/entries/${r.diaryEntryId}/move`,
    status: 200,
  },
  'POST /diary/entries/:id/move': {
    who: may.keepADiary,
    path: (r) => `/diary/entries/${r.diaryEntryId}/move`,
    fields: (r) => ({
      ...{ champion: r.slotChampionId, at: '15:00', length: 30, travel: 0, anyway: 'hours', version: 1 },
      ...{ 'on-day': 12, 'on-month': 8, 'on-year': 2026 },
    }),
    status: 303,
  },
  'GET /diary/entries/:id/calendar': {
    who: may.keepADiary,
    path: (r) => `/diary/entries/${r.diaryEntryId}/calendar`,
    status: 200,
  },
  'GET /diary/hours/:id': { who: may.keepADiary, path: (r) => `/diary/hours/${r.diaryOwnerId}`, status: 200 },
  'POST /diary/hours/:id': {
    who: may.keepADiary,
    path: (r) => `/diary/hours/${r.diaryOwnerId}`,
    fields: () => ({ 'from-1': '09:00', 'until-1': '17:00' }),
    first: async (visitor, r) => {
      const path = `/diary/hours/${r.diaryOwnerId}`
      const page = await visitor.get(path)
      await visitor.post(path, { seen: /name="seen" value="([^"]*)"/.exec(page.text)?.[1] ?? '' })
      return { seen: '' }
    },
    status: 303,
  },
  'POST /diary/hours/:id/exceptions': {
    who: may.keepADiary,
    path: (r) => `/diary/hours/${r.diaryOwnerId}/exceptions`,
    fields: () => ({ ...key(), kind: 'leave', 'first-day': 24, 'first-month': 8, 'first-year': 2026, anyway: 'yes' }),
    status: 303,
  },
  'POST /diary/exceptions/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/diary/exceptions/${r.diaryExceptionId}/cancellation`,
    status: 303,
  },
  'GET /appointments/:id/times': {
    who: may.keepADiary,
    path: (r) => `/appointments/${r.freeAppointmentId}/times`,
    status: 200,
  },
  'POST /appointments/:id/times': {
    who: may.keepADiary,
    path: (r) => `/appointments/${r.freeAppointmentId}/times`,
    fields: (r) => ({
      ...{ ...key(), kind: 'trial-run-call', way: 'video', length: 30, travel: 0 },
      slot: `${r.slotChampionId} 2026-08-10T09:00:00.000Z`,
    }),
    status: 303,
  },
  'GET /diary/entries/:id': { who: may.keepADiary, path: (r) => `/diary/entries/${r.diaryEntryId}`, status: 200 },
  'POST /diary/entries/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/diary/entries/${r.diaryEntryId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /training': { who: may.keepADiary, path: () => '/training', status: 200 },
  'GET /training/staff': { who: may.keepADiary, path: () => '/training/staff', status: 200 },
  'POST /training/staff/wards/:id': {
    who: may.keepADiary,
    path: (r) => `/training/staff/wards/${r.wardId}`,
    fields: (r) => ({ topic: 'remote', ...trainedDay(r), came: [String(r.wardMemberId)], ...key() }),
    status: 303,
  },
  'POST /training/staff/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/training/staff/${r.staffTrainingId}/cancellation`,
    fields: () => ({}),
    status: 303,
  },
  'GET /training/groups/new': { who: may.keepADiary, path: () => '/training/groups/new', status: 200 },
  'POST /training/groups': {
    who: may.keepADiary,
    path: () => '/training/groups',
    fields: (r, fresh) => ({
      ...{
        ...trialFields(r),
        way: 'face-to-face',
        topic: 'join',
        place: fresh,
        materials: fresh,
        places: '4',
        ...key(),
      },
    }),
    status: 303,
  },
  'GET /training/groups/:id': { who: may.keepADiary, path: (r) => `/training/groups/${r.groupId}`, status: 200 },
  'GET /training/groups/:id/edit': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.groupId}/edit`,
    status: 200,
  },
  'POST /training/groups/:id': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.groupId}`,
    fields: (_, fresh) => ({ topic: 'join', place: fresh, materials: fresh, places: '9', version: 1 }),
    status: 303,
  },
  'POST /training/groups/:id/find': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.groupId}/find`,
    fields: (_, fresh) => ({ find: fresh }),
    status: 200,
  },
  'POST /training/groups/:id/people': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.groupId}/people`,
    fields: (r) => ({ person: String(r.toInviteId), ...key() }),
    status: 303,
  },
  'POST /training/groups/:id/attendance': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.begunGroupId}/attendance`,
    fields: (r) => ({ place: [String(r.placeId)], [`came-${r.placeId}`]: 'yes', [`agreed-${r.placeId}`]: 'yes' }),
    status: 303,
  },
  'POST /training/groups/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/training/groups/${r.groupId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },
  'GET /training/:id': { who: may.keepADiary, path: (r) => `/training/${r.trainingId}`, status: 200 },
  'GET /service-users/:id/training': {
    who: may.keepADiary,
    path: (r) => `/service-users/${r.wardPersonId}/training`,
    status: 200,
  },
  'POST /service-users/:id/training': {
    who: may.keepADiary,
    path: (r) => `/service-users/${r.wardPersonId}/training`,
    fields: (r) => ({ ...trialFields(r), way: 'phone', topic: 'join', ...key() }),
    status: 303,
  },
  'POST /training/:id/result': {
    who: may.keepADiary,
    path: (r) => `/training/${r.begunTrainingId}/result`,
    fields: (_, fresh) => ({ came: 'yes', before: '2', after: '4', more: 'yes', note: fresh, version: 1 }),
    status: 303,
  },
  'POST /training/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/training/${r.trainingId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /trial-calls': { who: may.keepADiary, path: () => '/trial-calls', status: 200 },
  'GET /trial-calls/:id': { who: may.keepADiary, path: (r) => `/trial-calls/${r.trialCallId}`, status: 200 },
  'GET /appointments/:id/trial-calls': {
    who: may.keepADiary,
    path: (r) => `/appointments/${r.appointmentId}/trial-calls`,
    status: 200,
  },
  'POST /appointments/:id/trial-calls': {
    who: may.keepADiary,
    path: (r) => `/appointments/${r.appointmentId}/trial-calls`,
    fields: (r) => ({ ...trialFields(r), instead: '', ...key() }),
    status: 303,
  },
  'POST /trial-calls/:id/result': {
    who: may.keepADiary,
    path: (r) => `/trial-calls/${r.begunTrialCallId}/result`,
    fields: (_, fresh) => ({
      ...{ got_in: 'yes', heard: 'yes', seen: 'yes', charged: 'yes', private_place: 'yes', light: 'with-help' },
      ...{ location: 'yes', back_up: 'not-tried', note: fresh, reached: '', version: 1 },
    }),
    status: 303,
  },
  'POST /trial-calls/:id/cancellation': {
    who: may.keepADiary,
    path: (r) => `/trial-calls/${r.trialCallId}/cancellation`,
    fields: () => ({ version: 1 }),
    status: 303,
  },

  'GET /referrals': { who: may.refer, path: () => '/referrals?show=open', status: 200 },
  'GET /referrals/new': { who: may.refer, path: (r) => `/referrals/new?person=${r.wardPersonId}`, status: 200 },
  'POST /referrals': { who: may.refer, path: () => '/referrals', fields: referralFields, status: 303 },
  'GET /referrals/:id': { who: may.refer, path: (r) => `/referrals/${r.referralId}`, status: 200 },
  'GET /referrals/:id/first-appointment': {
    who: may.refer,
    path: (r) => `/referrals/${r.referralId}/first-appointment`,
    status: 200,
  },
  'POST /referrals/:id/first-appointment': {
    who: may.refer,
    path: (r) => `/referrals/${r.referralId}/first-appointment`,
    fields: () => ({ version: 1, 'appointment-day': '2', 'appointment-month': '11', 'appointment-year': '2026' }),
    status: 303,
  },
  'POST /referrals/:id/asks/:ask': {
    who: may.decideOnReferrals,
    path: (r) => `/referrals/${r.referralId}/asks/talk`,
    fields: () => ({ met: 'yes' }),
    status: 303,
  },
  'GET /referrals/:id/decline': {
    who: may.decideOnReferrals,
    path: (r) => `/referrals/${r.referralId}/decline`,
    status: 200,
  },
  'POST /referrals/:id/decline': {
    who: may.decideOnReferrals,
    path: (r) => `/referrals/${r.referralId}/decline`,
    fields: (_, fresh) => ({ version: 1, why: 'has-own', words: fresh }),
    status: 303,
  },
  'GET /referrals/:id/withdraw': { who: may.refer, path: (r) => `/referrals/${r.referralId}/withdraw`, status: 200 },
  'POST /referrals/:id/withdraw': {
    who: may.refer,
    path: (r) => `/referrals/${r.referralId}/withdraw`,
    fields: (_, fresh) => ({ version: 1, why: 'not-wanted', words: fresh }),
    status: 303,
  },
  'POST /referrals/:id/reopening': {
    who: may.decideOnReferrals,
    path: (r) => `/referrals/${r.declinedReferralId}/reopening`,
    fields: () => ({}),
    status: 303,
  },

  'GET /service-users/:id/restrictions': {
    who: may.raiseConcerns,
    path: (r) => `/service-users/${r.restrictedId}/restrictions`,
    status: 200,
    showsPeople: true,
  },
  'POST /service-users/:id/restrictions': {
    who: may.raiseConcerns,
    path: (r) => `/service-users/${r.restrictedId}/restrictions`,
    fields: (_, fresh) => ({
      kind: ['accessory'],
      words: fresh,
      ...{ 'review-day': '1', 'review-month': '9', 'review-year': '2026' },
      ...key(),
    }),
    status: 303,
  },
  'POST /service-users/:id/restrictions/permits': {
    who: may.letThrough,
    path: (r) => `/service-users/${r.restrictedId}/restrictions/permits`,
    fields: (r, fresh) => ({
      ...{ tag: r.restrictedTag, why: fresh, length: 'today', signer: r.nurseId, pin: '4826' },
      ...key(),
    }),
    status: 303,
  },
  'GET /restrictions/:id': {
    who: may.raiseConcerns,
    path: (r) => `/restrictions/${r.restrictionId}`,
    status: 200,
    showsPeople: true,
  },
  'POST /restrictions/:id/review': {
    who: may.raiseConcerns,
    path: (r) => `/restrictions/${r.restrictionId}/review`,
    first: versionOfRestriction,
    fields: () => ({ 'next-day': '1', 'next-month': '10', 'next-year': '2026', version: 1 }),
    status: 303,
  },
  'POST /restrictions/:id/end': {
    who: may.raiseConcerns,
    path: (r) => `/restrictions/${r.restrictionId}/end`,
    first: versionOfRestriction,
    fields: (_, fresh) => ({ because: fresh, version: 1 }),
    status: 303,
  },
  'GET /concerns': { who: may.listConcerns, path: () => '/concerns?show=open', status: 200 },
  'GET /concerns/new': { who: may.raiseConcerns, path: (r) => `/concerns/new?person=${r.wardPersonId}`, status: 200 },
  'POST /concerns': {
    who: may.raiseConcerns,
    path: () => '/concerns',
    fields: (r, fresh) => ({
      person: r.wardPersonId,
      what: fresh,
      'is-told': 'yes',
      ...tellingFields(fresh),
      ...key(),
    }),
    status: 303,
  },
  'GET /concerns/:id': {
    who: may.readConcerns,
    path: (r) => `/concerns/${r.concernId}`,
    status: 200,
    showsPeople: true,
  },
  'POST /concerns/:id/follow-ups': {
    who: may.readConcerns,
    path: (r) => `/concerns/${r.concernId}/follow-ups`,
    fields: (_, fresh) => ({ ...tellingFields(fresh), ...key() }),
    status: 303,
  },
  'POST /concerns/:id/closing': {
    who: may.closeConcerns,
    path: (r) => `/concerns/${r.concernId}/closing`,
    fields: (_, fresh) => ({ done: fresh }),
    status: 303,
  },

  'GET /service-users/:id/quotations': {
    who: may.writeQuotations,
    path: (r) => `/service-users/${r.serviceUserId}/quotations`,
    status: 200,
    showsPeople: true,
  },
  'POST /service-users/:id/quotations': {
    who: may.writeQuotations,
    path: (r) => `/service-users/${r.serviceUserId}/quotations`,
    fields: (_, fresh) => ({
      words: fresh,
      speaker: 'person',
      how: 'said',
      ...{ 'agreed-day': '1', 'agreed-month': '8', 'agreed-year': '2026' },
      ...key(),
    }),
    status: 303,
  },
  'GET /quotations': { who: may.approveQuotations, path: () => '/quotations?show=waiting', status: 200 },
  'GET /quotations/:id': {
    who: may.readQuotations,
    path: (r) => `/quotations/${r.quotationId}`,
    status: 200,
    showsPeople: true,
  },
  'POST /quotations/:id/approval': {
    who: may.approveQuotations,
    path: (r) => `/quotations/${r.quotationId}/approval`,
    fields: () => key(),
    status: 303,
  },
  'POST /quotations/:id/refusal': {
    who: may.approveQuotations,
    path: (r) => `/quotations/${r.quotationId}/refusal`,
    fields: (_, fresh) => ({ because: fresh, ...key() }),
    status: 303,
  },
  'POST /quotations/:id/taking-back': {
    who: may.readQuotations,
    path: (r) => `/quotations/${r.quotationId}/taking-back`,
    fields: () => key(),
    status: 303,
  },
  'GET /wards/:code/report': { who: may.seeWardReports, path: (r) => `/wards/${r.wardCode}/report`, status: 200 },
  'GET /sites/:id/report': { who: may.seeSiteReports, path: (r) => `/sites/${r.siteId}/report`, status: 200 },
  'GET /reports/by-email': { who: may.compareOrganisations, path: () => '/reports/by-email', status: 200 },
  'POST /reports/by-email': {
    who: may.compareOrganisations,
    path: () => '/reports/by-email',
    first: async (visitor) => {
      // nothing is sent yet, each time: choosing the same once more changes nothing
      await visitor.post('/reports/by-email', { every: 'none' })
      return {}
    },
    fields: () => ({ every: 'quarter' }),
    status: 303,
  },
  'GET /reports/words': { who: may.seeReports, path: () => '/reports/words', status: 200 },

  'GET /service-users/:id/safe-contact': {
    who: may.seePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact`,
    status: 200,
  },
  'GET /service-users/:id/safe-contact/channels/:channel': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/channels/text`,
    status: 200,
  },
  'POST /service-users/:id/safe-contact/channels/:channel': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/channels/text`,
    fields: () => ({ answer: 'allowed', from: '10', until: '12', days: ['1', '2'], number: '', names: 'yes' }),
    // what was said before is what it is a change of
    first: async (visitor, r) => {
      const page = await visitor.get(`/service-users/${r.serviceUserId}/safe-contact/channels/text`)
      return { version: /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '0' }
    },
    status: 303,
  },
  'GET /service-users/:id/safe-contact/supporters/:supporter/channels/:channel': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/supporters/${r.supporterId}/channels/email`,
    status: 200,
  },
  'POST /service-users/:id/safe-contact/supporters/:supporter/channels/:channel': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/supporters/${r.supporterId}/channels/email`,
    fields: () => ({ answer: 'allowed', from: '10', until: '12', days: ['1', '2'], names: 'yes' }),
    first: async (visitor, r) => {
      const url = `/service-users/${r.serviceUserId}/safe-contact/supporters/${r.supporterId}/channels/email`
      return { version: /name="version" value="(\d+)"/.exec((await visitor.get(url)).text)?.[1] ?? '0' }
    },
    status: 303,
  },
  'POST /service-users/:id/safe-contact/addresses': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/addresses`,
    fields: () => ({ answer: 'safe' }),
    first: async (visitor, r) => {
      const page = await visitor.get(`/service-users/${r.serviceUserId}/safe-contact`)
      return { address: /name="address" value="([^"]+)"/.exec(page.text)?.[1] ?? '' }
    },
    status: 303,
  },
  'POST /service-users/:id/safe-contact/pause': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/pause`,
    fields: () => ({}),
    status: 303,
  },
  'POST /service-users/:id/safe-contact/tasks/:task/done': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/tasks/${r.contactTaskId}/done`,
    fields: () => ({}),
    status: 303,
  },
  'GET /service-users/:id/safe-contact/private': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/private`,
    status: 200,
  },
  'GET /service-users/:id/safe-contact/private/new': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/private/new`,
    status: 200,
  },
  'POST /service-users/:id/safe-contact/private': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/private`,
    fields: (_, fresh) => ({ note: `They said ${fresh}`, ...key() }),
    status: 303,
  },
  'POST /service-users/:id/safe-contact/private/:risk/cleared': {
    who: may.changePeople,
    path: (r) => `/service-users/${r.serviceUserId}/safe-contact/private/${r.contactRiskId}/cleared`,
    fields: (_, fresh) => ({ note: `They said ${fresh}` }),
    status: 303,
  },

  'GET /evidence': { who: may.signedIn, path: () => '/evidence', status: 200 },
  'GET /service-users/:id/conversation': { who: may.talk, path: (r) => talk(r), status: 200 },
  'POST /service-users/:id/conversation': {
    who: may.talk,
    path: (r) => talk(r),
    fields: () => ({ how: 'paper', 'held-on-day': '2', 'held-on-month': '8', 'held-on-year': '2026', ...key() }),
    status: 303,
  },
  'GET /service-users/:id/conversation/new': { who: may.talk, path: (r) => talk(r, '/new'), status: 200 },
  'GET /service-users/:id/conversation/finish': {
    who: may.talk,
    path: (r) => talk(r, '/finish'),
    first: openTalk,
    status: 200,
  },
  'POST /service-users/:id/conversation/finish': {
    who: may.talk,
    path: (r) => talk(r, '/finish'),
    first: openTalk,
    fields: () => ({ 'review-on-day': '1', 'review-on-month': '2', 'review-on-year': '2027' }),
    status: 303,
  },
  'GET /service-users/:id/conversation/parts/:part': {
    who: may.talk,
    path: (r) => talk(r, '/parts/opening'),
    first: openTalk,
    status: 200,
  },
  'POST /service-users/:id/conversation/parts/:part': {
    who: may.talk,
    path: (r) => talk(r, '/parts/opening'),
    first: async (visitor, r) => {
      await openTalk(visitor, r)
      const { text } = await visitor.get(talk(r, '/parts/opening'))
      return {
        conversation: hiddenIn(text, 'conversation') || r.openConversationId,
        version: hiddenIn(text, 'version'),
      }
    },
    fields: (_, fresh) => ({
      ...{ way: 'video', interest: 'unsure', device: 'old', connection: 'unstable', affordability: 'prefer-not' },
      ...{ confidence: 'not-sure', 'private-place': 'sometimes', 'private-place-because': `They said ${fresh}` },
      ...{ language: 'other', 'language-other': `Tongue of ${fresh}` },
    }),
    status: 303,
  },
  'POST /service-users/:id/conversation/suggestions/:step': {
    who: may.talk,
    path: (r) => talk(r, '/suggestions/no-pressure'),
    alsoNeeds: ['openConversationId'],
    first: async (visitor, r) => {
      const { text } = await visitor.get(talk(r))
      return { version: /no-pressure".*?name="version" value="(\d+)"/s.exec(text)?.[1] ?? '0' }
    },
    fields: () => ({ decision: 'deferred' }),
    status: 303,
  },
  'GET /service-users/:id/conversation/held/:conversation': {
    who: may.talk,
    path: (r) => talk(r, `/held/${r.conversationId}`),
    status: 200,
  },

  'GET /service-users/:id/conversation/paper': { who: may.talk, path: (r) => talk(r, '/paper'), status: 200 },
  'GET /service-users/:id/preferences': {
    who: may.talk,
    path: (r) => `/service-users/${r.serviceUserId}/preferences`,
    status: 200,
  },
  'GET /service-users/:id/preferences/:purpose': {
    who: may.talk,
    path: (r) => `/service-users/${r.serviceUserId}/preferences/therapy`,
    status: 200,
  },
  'POST /service-users/:id/preferences/:purpose': {
    who: may.talk,
    path: (r) => `/service-users/${r.serviceUserId}/preferences/therapy`,
    first: async (visitor, r) => {
      const { text } = await visitor.get(`/service-users/${r.serviceUserId}/preferences/therapy`)
      return { version: hiddenIn(text, 'version') }
    },
    fields: (r, fresh) => ({
      ...{ 'way-1': 'video', 'way-2': 'face-to-face', 'way-3': '', 'way-4': '', 'way-5': '', camera: 'off' },
      ...{ length: 'shorter', frequency: 'usual', times: ['morning'], platforms: [String(r.platformId)] },
      ...{ joins: `Sister ${fresh}`, notes: '', also: ['review'] },
      ...{ 'review-on-day': '4', 'review-on-month': '1', 'review-on-year': '2027' },
    }),
    status: 303,
  },
  'GET /service-users/:id/signposts': {
    who: may.talk,
    path: (r) => `/service-users/${r.serviceUserId}/signposts`,
    status: 200,
  },
  'GET /platforms': { who: may.seePlatforms, path: () => '/platforms', status: 200 },
  'GET /platforms/new': { who: may.changePlatforms, path: () => '/platforms/new', status: 200 },
  'POST /platforms': {
    who: may.changePlatforms,
    path: () => '/platforms',
    fields: (_, fresh) => ({ ...platformFields(fresh), ...key() }),
    status: 303,
  },
  'GET /platforms/:id': { who: may.seePlatforms, path: (r) => `/platforms/${r.platformId}`, status: 200 },
  'GET /platforms/:id/edit': { who: may.changePlatforms, path: (r) => `/platforms/${r.platformId}/edit`, status: 200 },
  'POST /platforms/:id': {
    who: may.changePlatforms,
    path: (r) => `/platforms/${r.platformId}`,
    first: async (visitor, r) => ({
      version: hiddenIn((await visitor.get(`/platforms/${r.platformId}/edit`)).text, 'version'),
    }),
    fields: (_, fresh) => platformFields(fresh),
    status: 303,
  },
  'POST /platforms/:id/risks': {
    who: may.changePlatforms,
    path: (r) => `/platforms/${r.platformId}/risks`,
    fields: (_, fresh) => ({ risk: `Known as ${fresh}`, ...key() }),
    status: 303,
  },
  'GET /guides': { who: may.seeGuides, path: () => '/guides', status: 200 },
  'GET /guides/new': { who: may.changeGuides, path: () => '/guides/new', status: 200 },
  'POST /guides': {
    who: may.changeGuides,
    path: () => '/guides',
    fields: (r, fresh) => ({ ...guideFields(r, fresh), ...key() }),
    status: 303,
  },
  'POST /guides/starters': {
    who: may.changeGuides,
    path: () => '/guides/starters',
    first: withANewZoom,
    fields: () => key(),
    status: 303,
  },
  'GET /read/:key': { who: may.anyone, path: () => `/read/${crypto.randomUUID()}`, status: 404 },
  'GET /guides/:id': { who: may.seeGuides, path: (r) => `/guides/${r.guideId}`, status: 200 },
  'GET /guides/:id/print': { who: may.seeGuides, path: (r) => `/guides/${r.guideId}/print`, status: 200 },
  'GET /guides/:id/edit': { who: may.changeGuides, path: (r) => `/guides/${r.draftGuideId}/edit`, status: 200 },
  'POST /guides/:id': {
    who: may.changeGuides,
    path: (r) => `/guides/${r.draftGuideId}`,
    first: async (visitor, r) => ({
      version: hiddenIn((await visitor.get(`/guides/${r.draftGuideId}/edit`)).text, 'version'),
    }),
    fields: (_, fresh) => guideWords(fresh),
    status: 303,
  },
  'GET /guides/:id/approval': {
    who: may.changeGuides,
    path: (r) => `/guides/${r.approvedGuideId}/approval`,
    status: 200,
  },
  'POST /guides/:id/approval': {
    who: may.changeGuides,
    path: (r) => `/guides/${r.approvedGuideId}/approval`,
    fields: () => ({ version: '1', 'review-on-day': '3', 'review-on-month': '5', 'review-on-year': '2027' }),
    status: 303,
  },
  'POST /guides/:id/versions': {
    who: may.changeGuides,
    path: (r) => `/guides/${r.guideId}/versions`,
    fields: () => key(),
    status: 303,
  },
  'POST /guides/:id/retirement': {
    who: may.changeGuides,
    path: (r) => `/guides/${r.retiredGuideId}/retirement`,
    fields: () => ({ version: '1' }),
    status: 303,
  },
  'POST /service-users/:id/guides': {
    who: ['champion'],
    path: (r) => `/service-users/${r.serviceUserId}/guides`,
    fields: (r) => ({ guide: [String(r.generalGuideId)], ...key() }),
    status: 303,
  },
  'GET /letters': { who: ['champion'], path: () => '/letters', status: 200 },
  'GET /letters/print': { who: ['champion'], path: () => '/letters/print?size=ordinary', status: 200 },
  'GET /letters/addresses': { who: ['champion'], path: () => '/letters/addresses', status: 200 },
  'POST /letters/posted': {
    who: ['champion'],
    path: () => '/letters/posted',
    fields: () => ({ letter: ['1'] }),
    status: 303,
  },
  'GET /appointments/:id/letter': {
    who: ['champion', 'care-team'],
    path: (r) => `/appointments/${r.appointmentId}/letter`,
    status: 200,
  },
  'GET /appointments/:id/told': {
    who: ['champion', 'care-team'],
    path: (r) => `/appointments/${r.appointmentId}/told`,
    status: 200,
  },
  'POST /appointments/:id/told': {
    who: ['champion', 'care-team'],
    path: (r) => `/appointments/${r.appointmentId}/told`,
    fields: () => ({ 'told-as': 'by-hand', format: 'easy-read', ...key() }),
    status: 303,
  },
  'GET /service-users/:id/guides': {
    who: ['champion'],
    path: (r) => `/service-users/${r.serviceUserId}/guides`,
    status: 200,
  },
  'GET /signposts': { who: may.seeSignposts, path: () => '/signposts', status: 200 },
  'GET /signposts/new': { who: may.changeSignposts, path: () => '/signposts/new', status: 200 },
  'POST /signposts': {
    who: may.changeSignposts,
    path: () => '/signposts',
    fields: (_, fresh) => ({ ...signpostFields(fresh), ...key() }),
    status: 303,
  },
  'GET /signposts/:id/edit': { who: may.changeSignposts, path: (r) => `/signposts/${r.signpostId}/edit`, status: 200 },
  'POST /signposts/:id': {
    who: may.changeSignposts,
    path: (r) => `/signposts/${r.signpostId}`,
    first: async (visitor, r) => ({
      version: hiddenIn((await visitor.get(`/signposts/${r.signpostId}/edit`)).text, 'version'),
    }),
    fields: (_, fresh) => signpostFields(fresh),
    status: 303,
  },
  'POST /signposts/:id/checked': {
    who: may.changeSignposts,
    path: (r) => `/signposts/${r.signpostId}/checked`,
    fields: () => ({}),
    status: 303,
  },
  'POST /signposts/:id/ended': {
    who: may.changeSignposts,
    path: (r) => `/signposts/${r.signpostId}/ended`,
    fields: () => ({}),
    status: 303,
  },

  'GET /caseloads': { who: may.handPeopleOver, path: () => '/caseloads', status: 200 },
  'GET /caseloads/:id': { who: may.handPeopleOver, path: (r) => `/caseloads/${r.secondChampionId}`, status: 200 },
  'POST /caseloads/:id': {
    who: may.handPeopleOver,
    path: (r) => `/caseloads/${r.secondChampionId}`,
    fields: (r) => ({ who: 'ticked', person: r.serviceUserId, to: r.colleagueId, ...key() }),
    first: async (visitor, r) => {
      const to = { from: 'nobody', to: r.secondChampionId }
      await visitor.post(`/service-users/${r.serviceUserId}/champion`, { ...to, ...key() })
      return {}
    },
    status: 303,
  },
  'GET /service-users/:id/champion': {
    who: may.handPeopleOver,
    path: (r) => `/service-users/${r.serviceUserId}/champion`,
    status: 200,
  },
  'POST /service-users/:id/champion': {
    who: may.handPeopleOver,
    path: (r) => `/service-users/${r.serviceUserId}/champion`,
    fields: (r) => ({ from: 'nobody', to: r.secondChampionId, ...key() }),
    status: 303,
  },

  'POST /audit/person': {
    who: may.readAudit,
    path: () => '/audit/person',
    fields: (r) => ({ 'nhs-number': r.nhsNumber, kind: 'loan' }),
    status: 303,
    writesNothing: true,
  },
  'GET /audit': {
    who: may.readAudit,
    path: (r) => `/audit?kind=session&staff=${r.staffId}&before=${r.auditEventId}`,
    status: 200,
  },
}

export const routeNames = Object.keys(routeTable)

export const postNames = routeNames.filter((name) => name.startsWith('POST '))
export const getNames = routeNames.filter((name) => name.startsWith('GET '))

export function exampleOf(name: string): Example {
  const example = routeTable[name]
  if (!example) throw new Error(`${name} is not in the table of routes`)
  return example
}

export function isFor(example: Example, role: Role): boolean {
  return example.who === 'everybody' || example.who.includes(role)
}

let last = 0
export function freshWord(): string {
  last += 1
  return `fresh-${last}`
}

/** Asks or sends as the route's own page would. `given` stands in place of fields of the form. */
export async function ask(
  visitor: Visitor,
  name: string,
  records: Records,
  given: { path?: string; fields?: Fields; fresh?: string } = {},
) {
  const { path, fields, file } = exampleOf(name)
  const fresh = given.fresh ?? freshWord()
  const to = given.path ?? path(records)
  if (name.startsWith('GET ')) return visitor.get(to)
  const sent = { ...fields?.(records, fresh), ...given.fields }
  if (!file) return visitor.post(to, sent)
  const texts = Object.fromEntries(Object.entries(sent).map(([field, value]) => [field, String(value)]))
  return visitor.postFile(to, file.field, Buffer.from(file.text(fresh)), 'items.csv', texts)
}

/** As {@link ask}, after what people do first; and what is said once at the top of the next page is read. */
export async function askProperly(visitor: Visitor, name: string, records: Records) {
  const { first } = exampleOf(name)
  const answer = await ask(visitor, name, records, { fields: first ? await first(visitor, records) : {} })
  if (answer.status === 303) await visitor.get('/help')
  return answer
}
