import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  acceptedRisk,
  accessRequest,
  appointment,
  availableItems,
  booking,
  bookingWait,
  caseloadCounts,
  checkIn,
  closedLoan,
  contactAnswer,
  contactTask,
  conversation,
  dataAllowance,
  deposit,
  diaryEntry,
  draftGuide,
  emailTo,
  enrolledTablet,
  exampleNow,
  groupSession,
  guide,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  kit,
  legalHold,
  loanTo,
  ward as makeWard,
  meetingPreference,
  mergedRecord,
  model,
  openConcern,
  openStockCheck,
  overdueLoan,
  placement,
  plannedLoan,
  platform,
  privateNote,
  quotation,
  recordOpening,
  referralFor,
  refusedEmail,
  restriction,
  serviceUser,
  serviceUsers,
  signpost,
  staffMember,
  stolenOnLoan,
  suggest,
  supporter,
  trainingSession,
  trialCall,
} from '../../seeds/factories.ts'
import { writeAudit } from '../../src/database/change.ts'
import { features } from '../../src/features.ts'
import type { Actor, Role } from '../../src/lib/actor.ts'
import { addDays } from '../../src/lib/dates.ts'
import { dateFields, type Fields, lendFields, loanIdIn, storedLines } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { type Listener, listenTo, questionsAmong, type Statement } from '../support/queries.ts'
import { atTablet } from '../tablets/stories.ts'

const MANY = 60
const MOST_IN_A_LOAN = 40
const DAY = 24 * 60 * 60 * 1000

/** One of everything in the first organisation, many in the second. */
let app: TestApp
let small: World
let large: World
let listener: Listener

interface World {
  visitor: Visitor
  itemTag: string
  itemId: number
  modelId: number
  kitId: number
  loanId: number
  lineId: number
  returnBatchId: number
  personId: number
  conversationId: number
  platformId: number
  signpostId: number
  guideId: number
  draftGuideId: number
  otherPersonId: number
  mergeId: number
  supporterId: number
  wardPersonId: number
  wardStaff: Visitor
  waitingItemId: number
  repairId: number
  incidentId: number
  taskId: number
  stockCheckId: number
  wardId: number
  siteId: number
  visitId: number
  messageId: number
  staffId: number
  wardCode: string
  bookingId: number
  bookableId: number
  bayId: number
  depositId: number
  openingId: number
  referralId: number
  concernId: number
  quotationId: number
  restrictionId: number
  appointmentId: number
  pastAppointmentId: number
  diaryEntryId: number
  dataAllowanceId: number
  trialCallId: number
  trainingId: number
  groupId: number
  championId: number
  care: Visitor
  requestId: number
  nhsNumber: string
  administrator: Visitor
  importId: number
  /** On the shelf, to be lent together. */
  freeIds: number[]
  freeTag: string
  importer: Visitor
  auditor: Visitor
  commissioner: Visitor
  nurse: Visitor
  nurseId: number
  tabletId: number
  /** A ward's tablet, at which nobody is signed in. */
  tablet: Visitor
}

beforeAll(async () => {
  app = await startApp()
  small = await fill(app.people.actors, app.people.ward.id, 1)
  large = await fill(app.people.foreignActors, app.people.foreignWard.id, MANY)
  listener = listenTo(app.pool)
})
afterAll(() => app.close())

/** As much of everything as `count` says, and one of each that has as much behind it. */
async function fill(actors: Record<Role, Actor>, wardId: number, count: number): Promise<World> {
  const { db } = app
  const { champion } = actors
  const organisation_id = champion.organisationId
  const by = { id: champion.staffId }
  const ward = { id: wardId, organisation_id }
  const tablet = await model(db, { organisation_id, support_ends_on: '2027-01-31' })
  const tablets = (number: number) =>
    availableItems(
      db,
      Array.from({ length: number }, () => ({ model: tablet })),
    )
  const times = Array.from({ length: count }, (_, at) => at)

  const [item] = await tablets(count)
  for (const at of times) {
    const now = new Date(startOfTest.getTime() - (count - at) * 30 * DAY)
    await closedLoan(db, { items: [item!], now, lentAt: new Date(now.getTime() - 21 * DAY), lentBy: by })
  }
  const person = await serviceUser(db, { organisation_id })
  const other = await serviceUser(db, { organisation_id })
  const [sister] = await Promise.all(times.map(() => supporter(db, { of: person })))
  const [admitted] = await serviceUsers(
    db,
    times.map(() => ({ organisation_id, state: 'admitted', ward_id: wardId })),
  )
  const merge = await mergedRecord(db, { kept: person, by })
  await serviceUsers(
    db,
    times.map(() => ({ organisation_id, name: 'Alex Lookalike' })),
  )
  for (const one of await tablets(count)) await loanTo(db, { serviceUser: person, items: [one], lentBy: by })
  const kept = await kit(db, { organisation_id, items: await tablets(count) })
  for (const _ of times.slice(1)) await kit(db, { organisation_id, items: [] })
  const inKit = kept.items.slice(0, MOST_IN_A_LOAN)
  const loan = await loanTo(db, { serviceUser: person, items: inKit, lentBy: by, isWithoutCharger: true })
  await checkIn(db, { loan, by, answer: 'not-working' })
  for (const one of await tablets(count)) {
    await overdueLoan(db, { serviceUser: person, items: [one], lentBy: by })
    await itemBookedLater(db, { item: one })
  }
  await placement(db, { ward, items: (await tablets(count)).slice(0, MOST_IN_A_LOAN), lentBy: by })
  for (const _ of times.slice(1)) await itemInTurnaround(db, { organisation_id, model: tablet })
  const waiting = await itemInTurnaround(db, { organisation_id, model: tablet })
  for (const _ of times) await itemInRepair(db, { organisation_id, model: tablet, by })
  const [repair] = await db
    .selectFrom('repairs')
    .select('hold_id')
    .where('organisation_id', '=', organisation_id)
    .execute()
  for (const _ of times.slice(1)) await stolenOnLoan(db, { serviceUser: person, lentBy: by })
  const incident = await stolenOnLoan(db, {
    serviceUser: person,
    items: (await tablets(count)).slice(0, MOST_IN_A_LOAN),
    lentBy: by,
  })
  const visit = await plannedLoan(db, {
    serviceUser: person,
    items: (await tablets(count)).slice(0, MOST_IN_A_LOAN),
    plannedBy: by,
  })
  const bookedPlace = await makeWard(db, { organisation_id })
  const bookable = await availableItems(
    db,
    times.map(() => ({ model: tablet, kept_at_ward_id: bookedPlace.id })),
  )
  const slots = { ward: bookedPlace, from: startOfTest, until: new Date(startOfTest.getTime() + 1_800_000), by }
  const booked = await booking(db, { ...slots, items: bookable, for: { serviceUser: admitted! } })
  const queued = { ward: bookedPlace, by, earliest: startOfTest, latest: new Date(startOfTest.getTime() + 36_000_000) }
  for (const [at] of times.entries()) await bookingWait(db, { ...queued, for: { initials: `W${at}` } })
  const bays = await availableItems(
    db,
    times.map(() => ({ category: 'locker-bay' as const, organisation_id, kept_at_ward_id: bookedPlace.id })),
  )
  for (const bay of bays.slice(1)) await deposit(db, { ward: bookedPlace, bay, by, at: startOfTest })
  const owner = await serviceUser(db, { organisation_id, state: 'admitted', ward_id: bookedPlace.id })
  const charging = await deposit(db, { ward: bookedPlace, by, for: { serviceUser: owner }, at: startOfTest })
  const missing = await tablets(count)
  const check = await openStockCheck(db, {
    ward,
    startedBy: by,
    items: [
      ...missing.map((one) => ({ item: one })),
      ...(await tablets(count)).map((one) => ({ item: one, scannedAt: startOfTest })),
    ],
  })
  for (const _ of times.slice(1)) await model(db, { organisation_id })
  const subjects = [
    ['loan', loan.id, 'loan:extended'],
    ['item', item!.id, 'item:updated'],
    ['service-user', person.id, 'service-user:updated'],
  ] as const
  for (const [type, id, verb] of subjects) {
    const entries = times.map(() => ({ verb, subject: [type, id] as [typeof type, number], serviceUserId: person.id }))
    await writeAudit(db, { at: startOfTest, by: champion }, entries)
  }
  let conversationId = 0
  for (const _ of times) {
    await contactAnswer(db, { person, by })
    await privateNote(db, { person, by })
    await contactTask(db, { person })
    await conversation(db, { person, by, reviewOn: '2027-01-04', answers: { device: 'none', 'skill-join': 'not-yet' } })
    conversationId = await conversation(db, {
      person,
      by,
      heldOn: '2026-08-03',
      answers: { device: 'own', senses: ['seeing'] },
    })
    await suggest(db, person, exampleNow)
  }
  const platforms: { id: number; organisation_id: number }[] = []
  const signposts: { id: number }[] = []
  const guides: { id: number }[] = []
  const drafts: { id: number }[] = []
  for (const _ of times) {
    const one = await platform(db, { organisation_id, approval: 'not-approved' })
    platforms.push(one)
    await acceptedRisk(db, { platform: one, by })
    signposts.push(await signpost(db, { organisation_id, checked_by: by.id }))
    guides.push(await guide(db, { organisation_id, written_by: by.id, platform_id: one.id }))
    drafts.push(await draftGuide(db, { organisation_id, written_by: by.id, platform_id: one.id, form: 'easy-read' }))
    await meetingPreference(db, { person, by, platforms })
  }
  const places = []
  for (const _ of times) places.push(await makeWard(db, { organisation_id }))
  for (const _ of times.slice(1)) await refusedEmail(db, { organisation_id })
  const nurse = { id: actors['ward-staff'].staffId }
  const openings = []
  for (const _ of times) {
    openings.push(await recordOpening(db, { organisationId: organisation_id, by: nurse, serviceUser: person }))
  }
  const opening = openings[0]!
  const [keptFrom] = await Promise.all(times.map(() => restriction(db, { person, by, categories: ['headset'] })))
  const [concern] = await Promise.all(times.map(() => openConcern(db, { person, by })))
  const quotations = await Promise.all(times.map(() => quotation(db, { person, by })))
  await Promise.all(
    times.map(() =>
      quotation(db, { person, by, decision: 'approved', decidedBy: { id: actors['information-governance'].staffId } }),
    ),
  )
  const hour = (from: string, at: number) => new Date(Date.parse(from) + at * 3_600_000)
  const coming = []
  const over = []
  for (const at of times.keys()) {
    coming.push(await appointment(db, { person, by, from: hour('2026-08-20T10:00:00Z', at) }))
    over.push(await appointment(db, { person, by, from: hour('2026-07-20T10:00:00Z', at) }))
    const byPost = await serviceUser(db, { organisation_id, address: '1 Example Street' })
    await contactAnswer(db, { person: byPost, by, channel: 'post' })
    await appointment(db, { person: byPost, by, from: hour('2026-08-19T10:00:00Z', at) })
  }
  const calls = []
  for (const at of times.keys()) {
    const champion = { id: actors.champion.staffId, organisation_id: person.organisation_id }
    calls.push(await diaryEntry(db, { champion, person, from: hour('2026-08-24T10:00:00Z', at) }))
  }
  const sessions = []
  for (const at of times.keys()) {
    const champion = { id: actors.champion.staffId, organisation_id: person.organisation_id }
    sessions.push(await trainingSession(db, { champion, person, from: hour('2026-09-12T10:00:00Z', at) }))
  }
  const groupAt = new Date('2026-10-05T06:00:00Z')
  const gives = { id: actors.champion.staffId, organisation_id: person.organisation_id }
  const group = await groupSession(db, { champion: gives, from: groupAt, places: 30 })
  for (const _ of times.slice(0, group.places)) {
    const { id } = await serviceUser(db, { organisation_id: person.organisation_id })
    await trainingSession(db, { champion: gives, person: { id }, from: groupAt, group })
  }
  const trials = []
  for (const at of times.keys()) {
    const champion = { id: actors.champion.staffId, organisation_id: person.organisation_id }
    const from = hour('2026-08-12T10:00:00Z', at)
    trials.push(await trialCall(db, { champion, person, appointment: coming[0]!, from }))
  }
  const allowances = []
  for (const _ of times) {
    const given = { organisation_id: person.organisation_id, by, person }
    allowances.push(
      await dataAllowance(db, { ...given, readings: [{ at: new Date('2026-08-02T09:00:00Z'), left: 9_000 }] }),
    )
  }
  const referrals = []
  for (const _ of times) {
    referrals.push(await referralFor(db, { person, by, asks: ['device', 'talk'], team_id: wardId }))
  }
  const requests = []
  for (const _ of times) {
    requests.push(await accessRequest(db, { person, by }))
    await legalHold(db, { person, by })
  }
  const message = await emailTo(db, { organisation_id, outcomes: times.map(() => 'failed') })
  const free = await tablets(Math.min(count, MOST_IN_A_LOAN))
  for (const at of times) {
    await caseloadCounts(db, { organisation_id, by, countedOn: addDays('2026-07-01', -at) })
  }
  const importer = await app.signedInAs(actors.administrator)
  const csv = ['Tag,Category,Model', ...times.map((at) => `NEW-${at},Tablet,Tab ${at}`)].join('\n')
  const uploaded = await importer.postFile('/items/import', 'file', Buffer.from(csv), 'devices.csv', {
    key: crypto.randomUUID(),
  })
  const visitor = await app.signedInAs(actors.champion)
  const returning = await tablets(count)
  for (const one of returning) await loanTo(db, { serviceUser: person, items: [one], lentBy: by })
  const codes = returning.map(({ tag }) => tag).join('\n')
  const scanned = await visitor.post('/loans/returns', { key: crypto.randomUUID(), codes })
  const shared = []
  for (const _ of times) shared.push(await enrolledTablet(db, { ward, by: { ...by, organisation_id } }))
  const nurses = []
  for (const _ of times) nurses.push(await staffMember(db, { organisation_id, role: 'ward-staff', wards: [ward] }))
  const who = atTablet(app, shared[0]!.token)
  // its session begins with the first page
  await who.get('/sign-in/who')
  return {
    nurse: await app.signedInAs(actors['ward-staff']),
    nurseId: nurses[0]!.id,
    tabletId: shared[0]!.id,
    tablet: who,
    visitor,
    returnBatchId: Number(/\d+$/.exec(scanned.headers.location ?? '')?.[0]),
    itemTag: item!.tag,
    itemId: item!.id,
    modelId: tablet.id,
    kitId: kept.id,
    loanId: loan.id,
    lineId: loan.lines[0]!.id,
    personId: person.id,
    conversationId,
    platformId: platforms[0]!.id,
    signpostId: signposts[0]!.id,
    guideId: guides[0]!.id,
    draftGuideId: drafts[0]!.id,
    otherPersonId: other.id,
    mergeId: merge.id,
    supporterId: sister!.id,
    wardPersonId: admitted!.id,
    wardStaff: await app.signedInAs(actors['ward-staff']),
    waitingItemId: waiting.id,
    repairId: repair!.hold_id,
    incidentId: incident.id,
    taskId: incident.tasks[0]!.id,
    stockCheckId: check.id,
    wardId,
    siteId: places[0]!.site_id,
    visitId: visit.id,
    messageId: message.id,
    staffId: champion.staffId,
    wardCode: bookedPlace.code,
    bookingId: booked.id,
    bookableId: bookable[0]!.id,
    bayId: bays[0]!.id,
    depositId: charging.id,
    openingId: opening.id,
    referralId: referrals[0]!.id,
    concernId: concern!.id,
    quotationId: quotations[0]!.id,
    restrictionId: keptFrom!.id,
    appointmentId: coming[0]!.id,
    pastAppointmentId: over[0]!.id,
    diaryEntryId: calls[0]!.id,
    dataAllowanceId: allowances[0]!.id,
    trialCallId: trials[0]!.diary_entry_id,
    trainingId: sessions[0]!.diary_entry_id,
    groupId: group.diary_entry_id,
    championId: actors.champion.staffId,
    care: await app.signedInAs(actors['care-team']),
    requestId: requests[0]!.id,
    nhsNumber: person.nhs_number ?? '',
    administrator: importer,
    importId: Number(/\d+$/.exec(uploaded.headers.location ?? '')?.[0]),
    freeIds: free.map(({ id }) => id),
    freeTag: free[0]!.tag,
    importer,
    auditor: await app.signedInAs(actors['information-governance']),
    commissioner: await app.signedInAs(actors.commissioner),
  }
}

interface ListedPage {
  /** The route, as its feature has it. */
  route: string
  path: (world: World) => string
  /** What has to be sent first: a search waits in the session for its page. */
  first?: (world: World) => PromiseLike<unknown>
  asks?: (world: World) => Visitor
  /** How many questions it may ask, where three are not enough. */
  most?: number
}

const meant = {
  'date-of-birth-day': '29',
  'date-of-birth-month': '2',
  'date-of-birth-year': '1984',
}

const pages: ListedPage[] = [
  // overdue, due, worries, and what is urgent
  { route: '/', path: () => '/', most: 4 },
  { route: '/items', path: () => '/items' },
  { route: '/items', path: () => '/items?state=overdue&category=tablet' },
  { route: '/items/:tag', path: ({ itemTag }) => `/items/${itemTag}` },
  { route: '/items/new', path: ({ modelId }) => `/items/new?model=${modelId}` },
  { route: '/items/:tag/edit', path: ({ itemTag }) => `/items/${itemTag}/edit` },
  { route: '/items/:tag/model', path: ({ itemTag }) => `/items/${itemTag}/model` },
  { route: '/items/:tag/retire', path: ({ freeTag }) => `/items/${freeTag}/retire` },
  { route: '/items/labels', path: () => '/items/labels' },
  { route: '/items/import', path: () => '/items/import', asks: ({ importer }) => importer },
  { route: '/items/import/:id', path: ({ importId }) => `/items/import/${importId}`, asks: ({ importer }) => importer },
  { route: '/loans/import', path: () => '/loans/import' },
  { route: '/service-users/import', path: () => '/service-users/import' },
  { route: '/appointments/import', path: () => '/appointments/import' },
  { route: '/caseload-counts/import', path: () => '/caseload-counts/import' },
  { route: '/caseload-counts', path: () => '/caseload-counts' },
  { route: '/reports', path: () => '/reports' },
  { route: '/reports/methods', path: () => '/reports/methods' },
  { route: '/reports/:name', path: () => '/reports/reach' },
  { route: '/reports/:name', path: () => '/reports/equity' },
  { route: '/reports/:name', path: () => '/reports/first-appointments' },
  { route: '/reports/:name', path: () => '/reports/referral-to-device' },
  { route: '/reports/:name', path: () => '/reports/never-referred', most: 4 },
  { route: '/reports/:name', path: () => '/reports/barriers' },
  { route: '/reports/:name', path: () => '/reports/choice' },
  { route: '/reports/:name', path: () => '/reports/data' },
  { route: '/reports/:name', path: () => '/reports/training' },
  { route: '/reports/:name', path: () => '/reports/wards' },
  { route: '/reports/:name', path: () => '/reports/stock' },
  { route: '/reports/:name', path: () => '/reports/money' },
  { route: '/reports/:name.csv', path: () => '/reports/reach.csv' },
  { route: '/reports/:name.xlsx', path: () => '/reports/choice.xlsx' },
  { route: '/reports/:name.svg', path: () => '/reports/stock.svg' },
  { route: '/reports/:name/print', path: () => '/reports/money/print' },
  {
    route: '/admin/settings/disclosure',
    path: () => '/admin/settings/disclosure',
    asks: ({ administrator }) => administrator,
  },
  { route: '/reports/side-by-side', path: () => '/reports/side-by-side', asks: ({ commissioner }) => commissioner },
  {
    route: '/admin/settings/sharing',
    path: () => '/admin/settings/sharing',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/settings/targets',
    path: () => '/admin/settings/targets',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/settings/targets/:year/:figure',
    path: () => '/admin/settings/targets/year-2026/people',
    asks: ({ administrator }) => administrator,
  },
  { route: '/caseload-counts/days/:day/:ward', path: () => '/caseload-counts/days/2026-07-01/all' },
  { route: '/loans', path: () => '/loans' },
  { route: '/loans', path: () => '/loans?show=overdue' },
  { route: '/loans/:id', path: ({ loanId }) => `/loans/${loanId}` },
  { route: '/loans/:id/agreement', path: ({ loanId }) => `/loans/${loanId}/agreement` },
  { route: '/loans/:id/extension', path: ({ loanId }) => `/loans/${loanId}/extension` },
  { route: '/loans/:id/return', path: ({ loanId }) => `/loans/${loanId}/return` },
  { route: '/packing-list', path: () => '/packing-list' },
  { route: '/loans/:id/hand-over', path: ({ visitId }) => `/loans/${visitId}/hand-over` },
  { route: '/loans/:id/check-ins', path: ({ loanId }) => `/loans/${loanId}/check-ins` },
  { route: '/loans/:id/onward-plan', path: ({ loanId }) => `/loans/${loanId}/onward-plan` },
  { route: '/loans/:id/gift', path: ({ loanId }) => `/loans/${loanId}/gift` },
  // the loan, its lines, what the code means, that item, and what else is free
  {
    route: '/loans/:id/lines/:line/swap',
    path: ({ loanId, lineId }) => `/loans/${loanId}/lines/${lineId}/swap`,
  },
  // the loan, its lines, the borrower, and the agreement
  {
    route: '/loans/:id/transfer',
    path: ({ loanId, personId }) => `/loans/${loanId}/transfer?service-user=${personId}`,
    most: 4,
  },
  {
    route: '/loans/:id/transfer/people',
    path: ({ loanId }) => `/loans/${loanId}/transfer/people`,
    first: ({ visitor, loanId }) => visitor.post(`/loans/${loanId}/transfer/people`, { search: 'Alex' }),
    most: 5,
  },
  { route: '/loans/handovers', path: ({ loanId }) => `/loans/handovers?loan=${loanId}` },
  { route: '/loans/extensions', path: () => '/loans/extensions' },
  { route: '/loans/returns', path: () => '/loans/returns' },
  {
    route: '/loans/returns/:id',
    path: ({ returnBatchId }) => `/loans/returns/${returnBatchId}`,
  },
  { route: '/loans/:id/corrections', path: ({ loanId }) => `/loans/${loanId}/corrections` },
  { route: '/loans/:id/corrections/date', path: ({ loanId }) => `/loans/${loanId}/corrections/date` },
  { route: '/loans/:id/corrections/item', path: ({ loanId }) => `/loans/${loanId}/corrections/item` },
  { route: '/loans/:id/corrections/return', path: ({ loanId }) => `/loans/${loanId}/corrections/return` },
  { route: '/loans/:id/corrections/borrower', path: ({ loanId }) => `/loans/${loanId}/corrections/borrower` },
  {
    route: '/loans/:id/corrections/borrower',
    path: ({ loanId, personId }) => `/loans/${loanId}/corrections/borrower?service-user=${personId}`,
  },
  {
    route: '/loans/:id/corrections/borrower/people',
    path: ({ loanId }) => `/loans/${loanId}/corrections/borrower/people`,
    first: ({ visitor, loanId }) => visitor.post(`/loans/${loanId}/corrections/borrower/people`, { search: 'Alex' }),
  },
  { route: '/loans/new', path: () => '/loans/new' },
  // the kit, the borrower, the items, the agreement, the lengths, who has what, and what else is free
  { route: '/loans/new', path: ({ personId, kitId }) => `/loans/new?service-user=${personId}&kit=${kitId}`, most: 7 },
  {
    route: '/loans/new/people',
    path: () => '/loans/new/people',
    first: ({ visitor }) => visitor.post('/loans/new/people', { search: 'Alex' }),
  },
  { route: '/models', path: () => '/models' },
  { route: '/models/new', path: () => '/models/new' },
  { route: '/models/:id', path: ({ modelId }) => `/models/${modelId}` },
  { route: '/models/:id/edit', path: ({ modelId }) => `/models/${modelId}/edit` },
  { route: '/kits', path: () => '/kits' },
  { route: '/kits/new', path: () => '/kits/new' },
  { route: '/kits/:id', path: ({ kitId }) => `/kits/${kitId}` },
  { route: '/kits/:id/edit', path: ({ kitId }) => `/kits/${kitId}/edit` },
  { route: '/service-users', path: () => '/service-users' },
  {
    route: '/service-users/search',
    path: () => '/service-users/search',
    first: ({ visitor }) => visitor.post('/service-users/search', { search: 'Alex' }),
  },
  { route: '/service-users/new', path: () => '/service-users/new' },
  { route: '/service-users/:id', path: ({ personId }) => `/service-users/${personId}` },
  { route: '/service-users/:id/edit', path: ({ personId }) => `/service-users/${personId}/edit` },
  { route: '/service-users/:id/merge', path: ({ personId }) => `/service-users/${personId}/merge` },
  {
    route: '/service-users/:id/merge/:other',
    path: ({ personId, otherPersonId }) => `/service-users/${personId}/merge/${otherPersonId}`,
  },
  {
    route: '/service-users/:id/merges/:merge',
    path: ({ personId, mergeId }) => `/service-users/${personId}/merges/${mergeId}`,
  },
  { route: '/service-users/:id/supporters/new', path: ({ personId }) => `/service-users/${personId}/supporters/new` },
  {
    route: '/service-users/:id/supporters/:supporter',
    path: ({ personId, supporterId }) => `/service-users/${personId}/supporters/${supporterId}`,
  },
  { route: '/people', path: () => '/people', asks: ({ wardStaff }) => wardStaff },
  {
    route: '/people/:id',
    path: ({ wardPersonId }) => `/people/${wardPersonId}`,
    asks: ({ wardStaff }) => wardStaff,
  },
  { route: '/service-users/:id/print', path: ({ personId }) => `/service-users/${personId}/print` },
  {
    route: '/service-users/:id/sections/:section',
    path: ({ personId }) => `/service-users/${personId}/sections/where`,
  },
  { route: '/appointments/today', path: () => '/appointments/today', asks: ({ wardStaff }) => wardStaff },
  { route: '/appointments/now', path: () => '/appointments/now', asks: ({ care }) => care },
  { route: '/appointments/:id/now', path: ({ appointmentId }) => `/appointments/${appointmentId}/now` },
  { route: '/appointments/:id/calendar', path: ({ appointmentId }) => `/appointments/${appointmentId}/calendar` },
  { route: '/appointments/:id/call-sheet', path: ({ appointmentId }) => `/appointments/${appointmentId}/call-sheet` },
  { route: '/appointments', path: () => '/appointments' },
  { route: '/appointments', path: () => '/appointments?show=waiting', asks: ({ care }) => care },
  { route: '/service-users/:id/appointments', path: ({ personId }) => `/service-users/${personId}/appointments` },
  {
    route: '/service-users/:id/appointments/new',
    path: ({ personId }) => `/service-users/${personId}/appointments/new`,
  },
  { route: '/appointments/:id', path: ({ appointmentId }) => `/appointments/${appointmentId}` },
  { route: '/appointments/:id/edit', path: ({ appointmentId }) => `/appointments/${appointmentId}/edit` },
  { route: '/appointments/:id/details', path: ({ appointmentId }) => `/appointments/${appointmentId}/details` },
  { route: '/appointments/:id/outcome', path: ({ pastAppointmentId }) => `/appointments/${pastAppointmentId}/outcome` },
  { route: '/training', path: () => '/training' },
  { route: '/training/groups/new', path: () => '/training/groups/new' },
  { route: '/training/groups/:id', path: ({ groupId }) => `/training/groups/${groupId}` },
  { route: '/training/groups/:id/edit', path: ({ groupId }) => `/training/groups/${groupId}/edit` },
  { route: '/training/staff', path: () => '/training/staff' },
  { route: '/training/:id', path: ({ trainingId }) => `/training/${trainingId}` },
  { route: '/service-users/:id/training', path: ({ personId }) => `/service-users/${personId}/training` },
  { route: '/trial-calls', path: () => '/trial-calls' },
  { route: '/trial-calls/:id', path: ({ trialCallId }) => `/trial-calls/${trialCallId}` },
  {
    route: '/appointments/:id/trial-calls',
    path: ({ appointmentId }) => `/appointments/${appointmentId}/trial-calls`,
  },
  { route: '/diary', path: () => '/diary?show=week&on=2026-08-24' },
  { route: '/diary', path: () => '/diary?show=team&on=2026-08-24' },
  { route: '/diary/hours/:id', path: ({ championId }) => `/diary/hours/${championId}` },
  { route: '/appointments/:id/times', path: ({ appointmentId }) => `/appointments/${appointmentId}/times` },
  { route: '/diary/new', path: ({ personId }) => `/diary/new?person=${personId}` },
  { route: '/diary/entries/:id/move', path: ({ diaryEntryId }) => `/diary/entries/${diaryEntryId}/move` },
  { route: '/diary/entries/:id/calendar', path: ({ diaryEntryId }) => `/diary/entries/${diaryEntryId}/calendar` },
  { route: '/diary/entries/:id', path: ({ diaryEntryId }) => `/diary/entries/${diaryEntryId}` },
  { route: '/data-allowances', path: () => '/data-allowances' },
  { route: '/data-allowances/stock', path: () => '/data-allowances/stock' },
  { route: '/data-allowances/stock/import', path: () => '/data-allowances/stock/import' },
  { route: '/data-allowances/readings/import', path: () => '/data-allowances/readings/import' },
  {
    route: '/data-allowances/from-stock',
    path: ({ personId }) => `/data-allowances/from-stock?person=${personId}`,
  },
  { route: '/data-allowances/:id/code', path: ({ dataAllowanceId }) => `/data-allowances/${dataAllowanceId}/code` },
  { route: '/data-allowances/new', path: ({ personId }) => `/data-allowances/new?person=${personId}` },
  { route: '/data-allowances/:id', path: ({ dataAllowanceId }) => `/data-allowances/${dataAllowanceId}` },
  { route: '/referrals', path: () => '/referrals' },
  { route: '/referrals', path: () => '/referrals', asks: ({ care }) => care },
  { route: '/referrals/new', path: () => '/referrals/new' },
  { route: '/referrals/new', path: ({ personId }) => `/referrals/new?person=${personId}` },
  { route: '/referrals/:id', path: ({ referralId }) => `/referrals/${referralId}` },
  { route: '/referrals/:id', path: ({ referralId }) => `/referrals/${referralId}`, asks: ({ care }) => care },
  {
    route: '/referrals/:id/first-appointment',
    path: ({ referralId }) => `/referrals/${referralId}/first-appointment`,
  },
  { route: '/referrals/:id/decline', path: ({ referralId }) => `/referrals/${referralId}/decline` },
  { route: '/referrals/:id/withdraw', path: ({ referralId }) => `/referrals/${referralId}/withdraw` },
  {
    // the borrower, the agreement, the lengths, the referral, and the kits that suit
    route: '/loans/new',
    path: ({ personId, referralId }) => `/loans/new?service-user=${personId}&referral=${referralId}`,
    most: 5,
  },
  { route: '/service-users/:id/restrictions', path: ({ personId }) => `/service-users/${personId}/restrictions` },
  { route: '/restrictions/:id', path: ({ restrictionId }) => `/restrictions/${restrictionId}` },
  { route: '/concerns', path: () => '/concerns' },
  { route: '/concerns', path: () => '/concerns', asks: ({ auditor }) => auditor },
  { route: '/concerns/new', path: ({ personId }) => `/concerns/new?person=${personId}` },
  { route: '/concerns/:id', path: ({ concernId }) => `/concerns/${concernId}`, asks: ({ auditor }) => auditor },
  { route: '/service-users/:id/quotations', path: ({ personId }) => `/service-users/${personId}/quotations` },
  { route: '/quotations', path: () => '/quotations', asks: ({ auditor }) => auditor },
  { route: '/quotations/:id', path: ({ quotationId }) => `/quotations/${quotationId}` },
  { route: '/wards/:code/report', path: ({ wardCode }) => `/wards/${wardCode}/report` },
  { route: '/sites/:id/report', path: ({ siteId }) => `/sites/${siteId}/report` },
  { route: '/reports/by-email', path: () => '/reports/by-email', asks: ({ commissioner }) => commissioner },
  { route: '/reports/words', path: () => '/reports/words' },
  { route: '/service-users/:id/safe-contact', path: ({ personId }) => `/service-users/${personId}/safe-contact` },
  {
    route: '/service-users/:id/safe-contact/channels/:channel',
    path: ({ personId }) => `/service-users/${personId}/safe-contact/channels/text`,
  },
  {
    route: '/service-users/:id/safe-contact/supporters/:supporter/channels/:channel',
    path: ({ personId, supporterId }) =>
      `/service-users/${personId}/safe-contact/supporters/${supporterId}/channels/email`,
  },
  {
    route: '/service-users/:id/safe-contact/private',
    path: ({ personId }) => `/service-users/${personId}/safe-contact/private`,
  },
  {
    route: '/service-users/:id/safe-contact/private/new',
    path: ({ personId }) => `/service-users/${personId}/safe-contact/private/new`,
  },
  {
    route: '/service-users/:id/conversation/paper',
    path: ({ personId }) => `/service-users/${personId}/conversation/paper`,
  },
  { route: '/service-users/:id/preferences', path: ({ personId }) => `/service-users/${personId}/preferences` },
  {
    route: '/service-users/:id/preferences/:purpose',
    path: ({ personId }) => `/service-users/${personId}/preferences/first-meeting`,
  },
  { route: '/service-users/:id/signposts', path: ({ personId }) => `/service-users/${personId}/signposts` },
  { route: '/platforms', path: () => '/platforms' },
  { route: '/platforms/new', path: () => '/platforms/new', asks: ({ administrator }) => administrator },
  { route: '/platforms/:id', path: ({ platformId }) => `/platforms/${platformId}` },
  {
    route: '/platforms/:id/edit',
    path: ({ platformId }) => `/platforms/${platformId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/guides', path: () => '/guides', asks: ({ administrator }) => administrator },
  { route: '/guides/new', path: () => '/guides/new', asks: ({ administrator }) => administrator },
  { route: '/guides/:id', path: ({ guideId }) => `/guides/${guideId}` },
  { route: '/guides/:id/print', path: ({ guideId }) => `/guides/${guideId}/print` },
  {
    route: '/guides/:id/edit',
    path: ({ draftGuideId }) => `/guides/${draftGuideId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/guides/:id/approval',
    path: ({ draftGuideId }) => `/guides/${draftGuideId}/approval`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/letters', path: () => '/letters' },
  { route: '/letters/print', path: () => '/letters/print' },
  { route: '/letters/addresses', path: () => '/letters/addresses' },
  { route: '/appointments/:id/letter', path: ({ appointmentId }) => `/appointments/${appointmentId}/letter` },
  { route: '/appointments/:id/told', path: ({ appointmentId }) => `/appointments/${appointmentId}/told` },
  { route: '/service-users/:id/guides', path: ({ personId }) => `/service-users/${personId}/guides` },
  { route: '/signposts', path: () => '/signposts' },
  { route: '/signposts/new', path: () => '/signposts/new', asks: ({ administrator }) => administrator },
  {
    route: '/signposts/:id/edit',
    path: ({ signpostId }) => `/signposts/${signpostId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/evidence', path: () => '/evidence' },
  { route: '/service-users/:id/conversation', path: ({ personId }) => `/service-users/${personId}/conversation` },
  {
    route: '/service-users/:id/conversation/new',
    path: ({ personId }) => `/service-users/${personId}/conversation/new`,
  },
  {
    route: '/service-users/:id/conversation/finish',
    path: ({ personId }) => `/service-users/${personId}/conversation/finish`,
  },
  {
    route: '/service-users/:id/conversation/parts/:part',
    path: ({ personId }) => `/service-users/${personId}/conversation/parts/opening`,
  },
  {
    route: '/service-users/:id/conversation/held/:conversation',
    path: ({ personId, conversationId }) => `/service-users/${personId}/conversation/held/${conversationId}`,
  },
  { route: '/service-users/:id/history', path: ({ personId }) => `/service-users/${personId}/history` },
  { route: '/retention', path: () => '/retention', asks: ({ auditor }) => auditor },
  { route: '/retention/periods', path: () => '/retention/periods', asks: ({ auditor }) => auditor },
  {
    route: '/service-users/:id/legal-holds',
    path: ({ personId }) => `/service-users/${personId}/legal-holds`,
    asks: ({ auditor }) => auditor,
  },
  { route: '/subject-access', path: () => '/subject-access', asks: ({ auditor }) => auditor },
  {
    route: '/subject-access/:id',
    path: ({ requestId }) => `/subject-access/${requestId}`,
    asks: ({ auditor }) => auditor,
  },
  {
    route: '/subject-access/:id/review',
    path: ({ requestId }) => `/subject-access/${requestId}/review`,
    asks: ({ auditor }) => auditor,
  },
  { route: '/open-record', path: () => '/open-record', asks: ({ auditor }) => auditor },
  { route: '/openings', path: () => '/openings', asks: ({ auditor }) => auditor },
  { route: '/openings/:id', path: ({ openingId }) => `/openings/${openingId}`, asks: ({ auditor }) => auditor },
  {
    route: '/open-record/found',
    path: () => '/open-record/found',
    first: ({ auditor, nhsNumber }) => auditor.post('/open-record/search', { ...meant, 'nhs-number': nhsNumber }),
    asks: ({ auditor }) => auditor,
  },
  {
    route: '/service-users/:id/opened',
    path: ({ personId }) => `/service-users/${personId}/opened`,
    first: async ({ auditor, personId, nhsNumber }) => {
      await auditor.post('/open-record/search', { ...meant, 'nhs-number': nhsNumber })
      await auditor.post('/open-record', {
        person: personId,
        reason: 'They rang and need help',
        key: crypto.randomUUID(),
      })
    },
    asks: ({ auditor }) => auditor,
  },
  {
    route: '/admin/settings/numbers',
    path: () => '/admin/settings/numbers',
    asks: ({ administrator }) => administrator,
  },
  { route: '/admin/messages', path: () => '/admin/messages', asks: ({ administrator }) => administrator },
  {
    route: '/admin/messages/:kind',
    path: () => '/admin/messages/loan-made',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/messages/:kind/letter/print',
    path: () => '/admin/messages/loan-made/letter/print',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/messages/:kind/:form',
    path: () => '/admin/messages/loan-made/email',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/settings/calls',
    path: () => '/admin/settings/calls',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/settings/data',
    path: () => '/admin/settings/data',
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/settings/openings',
    path: () => '/admin/settings/openings',
    asks: ({ administrator }) => administrator,
  },
  { route: '/caseloads', path: () => '/caseloads' },
  { route: '/caseloads/:id', path: () => '/caseloads/nobody' },
  { route: '/service-users/:id/champion', path: ({ personId }) => `/service-users/${personId}/champion` },
  { route: '/turnaround', path: () => '/turnaround' },
  { route: '/turnaround/bench', path: () => '/turnaround/bench' },
  { route: '/turnaround/bench/cards', path: () => '/turnaround/bench/cards' },
  { route: '/turnaround/:id', path: ({ waitingItemId }) => `/turnaround/${waitingItemId}` },
  { route: '/repairs', path: () => '/repairs' },
  { route: '/repairs/new', path: ({ waitingItemId }) => `/repairs/new?item=${waitingItemId}` },
  { route: '/repairs/:id', path: ({ repairId }) => `/repairs/${repairId}` },
  { route: '/repairs/:id/edit', path: ({ repairId }) => `/repairs/${repairId}/edit` },
  { route: '/incidents', path: () => '/incidents' },
  { route: '/incidents/new', path: ({ itemId }) => `/incidents/new?item=${itemId}` },
  // the incident, its items, its tasks, its history, whose plans it spoils, and what to lend instead
  { route: '/incidents/:id', path: ({ incidentId }) => `/incidents/${incidentId}`, most: 6 },
  { route: '/incidents/:id/found', path: ({ incidentId }) => `/incidents/${incidentId}/found` },
  { route: '/incidents/:id/edit', path: ({ incidentId }) => `/incidents/${incidentId}/edit` },
  // the incident, its items, its tasks, and who may own them
  {
    route: '/incidents/:id/tasks/:task',
    path: ({ incidentId, taskId }) => `/incidents/${incidentId}/tasks/${taskId}`,
    most: 4,
  },
  { route: '/admin/wards', path: () => '/admin/wards', asks: ({ administrator }) => administrator },
  { route: '/admin/wards/new', path: () => '/admin/wards/new', asks: ({ administrator }) => administrator },
  {
    route: '/admin/wards/:id',
    path: ({ wardId }) => `/admin/wards/${wardId}`,
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/wards/:id/edit',
    path: ({ wardId }) => `/admin/wards/${wardId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/admin/sites', path: () => '/admin/sites', asks: ({ administrator }) => administrator },
  { route: '/admin/sites/new', path: () => '/admin/sites/new', asks: ({ administrator }) => administrator },
  {
    route: '/admin/sites/:id/edit',
    path: ({ siteId }) => `/admin/sites/${siteId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/stock-checks', path: () => '/stock-checks' },
  { route: '/stock-checks/new', path: () => '/stock-checks/new' },
  // the check, how many stand how, one list of it, and the latest scans
  { route: '/stock-checks/:id', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}`, most: 4 },
  { route: '/stock-checks/:id/finish', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}/finish`, most: 4 },
  // the check, how many stand how, each list, and what is not ours
  { route: '/stock-checks/:id/print', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}/print`, most: 7 },
  { route: '/wards', path: () => '/wards' },
  { route: '/wards/:code/timetable', path: ({ wardCode }) => `/wards/${wardCode}/timetable` },
  {
    route: '/wards/:code/week',
    path: ({ wardCode, bookableId }) => `/wards/${wardCode}/week?item=${bookableId}&on=2026-08-03`,
  },
  { route: '/wards/:code/sheet', path: ({ wardCode }) => `/wards/${wardCode}/sheet` },
  {
    route: '/bookings/new',
    path: ({ wardCode, bookableId }) => `/bookings/new?ward=${wardCode}&item=${bookableId}&on=2026-08-03&from=14:00`,
  },
  { route: '/bookings/wanted', path: ({ wardCode }) => `/bookings/wanted?ward=${wardCode}` },
  { route: '/wards/:code/waiting-list', path: ({ wardCode }) => `/wards/${wardCode}/waiting-list` },
  { route: '/wards/:code/waiting-list/new', path: ({ wardCode }) => `/wards/${wardCode}/waiting-list/new` },
  { route: '/bookings/:id', path: ({ bookingId }) => `/bookings/${bookingId}` },
  { route: '/bookings/:id/repeats', path: ({ bookingId }) => `/bookings/${bookingId}/repeats` },
  { route: '/bookings/:id/time', path: ({ bookingId }) => `/bookings/${bookingId}/time` },
  { route: '/wards/:code', path: ({ wardCode }) => `/wards/${wardCode}` },
  { route: '/wards/:code/shift-count', path: ({ wardCode }) => `/wards/${wardCode}/shift-count` },
  { route: '/wards/:code/connectivity', path: ({ wardCode }) => `/wards/${wardCode}/connectivity` },
  { route: '/wards/:code/cables', path: ({ wardCode }) => `/wards/${wardCode}/cables` },
  { route: '/wards/:code/leaving', path: ({ wardCode }) => `/wards/${wardCode}/leaving` },
  {
    route: '/wards/:code/leaving/:id',
    path: ({ wardCode, wardPersonId }) => `/wards/${wardCode}/leaving/${wardPersonId}`,
  },
  { route: '/wards/:code/lockers', path: ({ wardCode }) => `/wards/${wardCode}/lockers` },
  {
    route: '/wards/:code/lockers/deposit',
    path: ({ wardCode, bayId }) => `/wards/${wardCode}/lockers/deposit?bay=${bayId}`,
  },
  { route: '/lockers/:id', path: ({ depositId }) => `/lockers/${depositId}` },
  { route: '/lockers/:id/slip', path: ({ depositId }) => `/lockers/${depositId}/slip` },
  { route: '/scan', path: ({ itemTag }) => `/scan?code=${itemTag}` },
  { route: '/account', path: () => '/account' },
  { route: '/account/pin', path: () => '/account/pin', asks: ({ nurse }) => nurse },
  { route: '/account/badge', path: () => '/account/badge', asks: ({ nurse }) => nurse },
  { route: '/sign-in/who', path: () => '/sign-in/who', asks: ({ tablet }) => tablet },
  { route: '/sign-in/pin', path: ({ nurseId }) => `/sign-in/pin?who=${nurseId}`, asks: ({ tablet }) => tablet },
  { route: '/admin/tablets', path: () => '/admin/tablets', asks: ({ administrator }) => administrator },
  { route: '/admin/tablets/new', path: () => '/admin/tablets/new', asks: ({ administrator }) => administrator },
  {
    route: '/admin/tablets/:id',
    path: ({ tabletId }) => `/admin/tablets/${tabletId}`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/account/second-step', path: () => '/account/second-step' },
  { route: '/account/second-step/begin', path: () => '/account/second-step/begin' },
  { route: '/admin/settings', path: () => '/admin/settings', asks: ({ administrator }) => administrator },
  {
    route: '/admin/settings/second-step',
    path: () => '/admin/settings/second-step',
    asks: ({ administrator }) => administrator,
  },
  { route: '/admin/staff', path: () => '/admin/staff', asks: ({ administrator }) => administrator },
  { route: '/admin/staff/review', path: () => '/admin/staff/review', asks: ({ administrator }) => administrator },
  { route: '/admin/staff/new', path: () => '/admin/staff/new', asks: ({ administrator }) => administrator },
  {
    route: '/admin/staff/:id',
    path: ({ staffId }) => `/admin/staff/${staffId}`,
    asks: ({ administrator }) => administrator,
  },
  {
    route: '/admin/staff/:id/edit',
    path: ({ staffId }) => `/admin/staff/${staffId}/edit`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/messages', path: () => '/messages', asks: ({ administrator }) => administrator },
  {
    route: '/messages/:id',
    path: ({ messageId }) => `/messages/${messageId}`,
    asks: ({ administrator }) => administrator,
  },
  { route: '/audit', path: () => '/audit', asks: ({ auditor }) => auditor },
]

/** Pages with nothing on them that there could be many of. */
const withoutRows = new Set([
  '/sign-in',
  '/invitation/:token',
  '/how-is-it-going/:token',
  '/read/:key',
  '/reset-password',
  '/reset-password/:token',
  '/account/password',
  '/sign-in/code',
  '/sign-in/done',
  '/tablet',
  '/account/badge/card',
  '/sign-in/set-up',
  '/account/second-step/set-up',
  '/account/second-step/recovery-codes',
  '/account/second-step/off',
  '/account/second-step/codes',
  '/waiting-form',
  '/help',
  // of a record that was opened with a reason
  '/service-users/:id/subject-access/new',
  // everything about one person, in the statement that the request’s own page has
  '/subject-access/:id/copy',
  '/items/import/template.csv',
  // the rows of a file are in the file
  '/items/import/:id/sheet',
  '/items/import/:id/words',
  '/items/import/:id/preview',
  '/items/import/:id/errors.csv',
  '/items/import/:id/progress',
  '/items/import/:id/result',
  '/appointments/import/template.csv',
  '/appointments/import/:id',
  '/appointments/import/:id/sheet',
  '/appointments/import/:id/preview',
  '/appointments/import/:id/errors.csv',
  '/appointments/import/:id/progress',
  '/appointments/import/:id/result',
  '/data-allowances/readings/import/template.csv',
  '/data-allowances/readings/import/:id',
  '/data-allowances/readings/import/:id/sheet',
  '/data-allowances/readings/import/:id/preview',
  '/data-allowances/readings/import/:id/errors.csv',
  '/data-allowances/readings/import/:id/progress',
  '/data-allowances/readings/import/:id/result',
  '/data-allowances/stock/import/template.csv',
  '/data-allowances/stock/import/:id',
  '/data-allowances/stock/import/:id/sheet',
  '/data-allowances/stock/import/:id/preview',
  '/data-allowances/stock/import/:id/errors.csv',
  '/data-allowances/stock/import/:id/progress',
  '/data-allowances/stock/import/:id/result',
  '/caseload-counts/import/template.csv',
  '/caseload-counts/import/:id',
  '/caseload-counts/import/:id/sheet',
  '/caseload-counts/import/:id/words',
  '/caseload-counts/import/:id/preview',
  '/caseload-counts/import/:id/errors.csv',
  '/caseload-counts/import/:id/progress',
  '/caseload-counts/import/:id/result',
  '/service-users/import/template.csv',
  '/service-users/import/:id',
  '/service-users/import/:id/sheet',
  '/service-users/import/:id/preview',
  '/service-users/import/:id/errors.csv',
  '/service-users/import/:id/progress',
  '/service-users/import/:id/result',
  '/loans/import/template.csv',
  '/loans/import/:id',
  '/loans/import/:id/sheet',
  '/loans/import/:id/words',
  '/loans/import/:id/preview',
  '/loans/import/:id/errors.csv',
  '/loans/import/:id/progress',
  '/loans/import/:id/result',
  // a whole list as a file is read some hundred rows at a time
  '/items/export',
  '/models/export',
  '/kits/export',
  '/loans/export',
  '/service-users/export',
  '/incidents/export',
  '/turnaround/export',
  '/repairs/export',
  '/audit/export',
  '/stock-checks/export',
  '/admin/staff/export',
  '/admin/wards/export',
])

async function questionsOf(world: World, { path, first, asks = ({ visitor }) => visitor }: ListedPage) {
  await first?.(world)
  let status = 0
  const heard = await listener.during(async () => {
    const answer = await asks(world).get(path(world))
    status = answer.status
  })
  return { status, questions: questionsAmong(heard) }
}

/** Without how many values a list holds: one statement for 40 rows is one statement. */
const textsOf = (statements: Statement[]) => {
  const list = /\(\$\d+(?:, \$\d+)*\)(?:, \(\$\d+(?:, \$\d+)*\))*/g
  return statements.map(({ text }) => text.replace(list, '(…)')).sort()
}

describe('a page', () => {
  it.each(pages)('$route asks the same few questions, with one row to show and with many', async (page) => {
    const few = await questionsOf(small, page)
    const many = await questionsOf(large, page)
    expect([few.status, many.status]).toEqual(page.route === '/scan' ? [303, 303] : [200, 200])
    expect(textsOf(many.questions)).toEqual(textsOf(few.questions))
    expect(many.questions.length).toBeLessThanOrEqual(page.most ?? 3)
  })

  it('that was added stands in one of the two lists above', () => {
    const routes = features.flatMap((feature) => feature.routes).filter(({ method }) => method === 'get')
    const listed = new Set([...pages.map(({ route }) => route), ...withoutRows])
    expect(routes.map(({ path }) => path).filter((path) => !listed.has(path))).toEqual([])
  })
})

describe('a change to many items', () => {
  const statementsOf = async (world: World, path: string, fields: Fields) => {
    let answer = { status: 0, headers: {} as Record<string, string> }
    const heard = await listener.during(async () => {
      answer = await world.visitor.post(path, fields)
    })
    expect(answer.status).toBe(303)
    return { texts: textsOf(heard), location: answer.headers.location ?? '' }
  }

  const lend = ({ personId, freeIds }: World) => ({
    ...lendFields(freeIds, { 'without-charger': 'yes' }),
    'service-user': personId,
  })

  it('takes as many statements as to one: lending, extending and taking back', async () => {
    const [few, many] = [
      await statementsOf(small, '/loans', lend(small)),
      await statementsOf(large, '/loans', lend(large)),
    ]
    expect(many.texts).toEqual(few.texts)
    for (const [what, fields] of [
      ['extension', dateFields('due', '2026-11-30')],
      ['return', dateFields('returned', '')],
    ] as const) {
      const version = what === 'extension' ? 1 : 2
      const form = async (location: string) => {
        const lines = await storedLines(app, loanIdIn(location))
        return { line: lines.map(({ id }) => String(id)), version, ...fields }
      }
      const one = await statementsOf(small, `${few.location}/${what}`, await form(few.location))
      const all = await statementsOf(large, `${many.location}/${what}`, await form(many.location))
      expect(all.texts).toEqual(one.texts)
    }
  })
})

describe('the listening', () => {
  it('hears a page that asks once a row', async () => {
    const heard = await listener.during(async () => {
      for (const id of [1, 2, 3]) {
        await app.db.selectFrom('items').select('tag').where('id', '=', id).execute()
      }
    })
    expect(heard.length).toBe(3)
    expect(heard[2]).toEqual({ text: 'select "tag" from "items" where "id" = $1', values: [3] })
  })
})
