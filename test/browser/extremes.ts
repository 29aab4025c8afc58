import {
  acceptedRisk,
  accessRequest,
  appointment,
  availableItem,
  availableItems,
  booking,
  bookingWait,
  checkIn,
  closedLoan,
  closedWard,
  contactAddress,
  contactAnswer,
  contactTask,
  conversation,
  dataAllowance,
  deposit,
  diaryEntry,
  diaryHours,
  draftGuide,
  emailTo,
  endedReferral,
  exampleNow,
  giftLoan,
  groupSession,
  guide,
  type Item,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  kit,
  legalHold,
  loanTo,
  type Model,
  meetingPreference,
  mergedRecord,
  model,
  onwardPlan,
  openConcern,
  openRescue,
  openStockCheck,
  openToContact,
  overdueLoan,
  partlyReturnedLoan,
  placement,
  plannedLoan,
  platform,
  privateNote,
  quotation,
  recordOpening,
  referralFor,
  refusedEmail,
  restriction,
  retiredItem,
  type ServiceUser,
  serviceUser,
  signpost,
  staffMember,
  stolenOnLoan,
  suggest,
  supporter,
  trainingSession,
  trialCall,
  unsupportedModel,
  ward,
} from '../../seeds/factories.ts'
import { makeLink } from '../../src/account/link-actions.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { giveItems, returnItems } from '../../src/loans/line-actions.ts'
import type { TestApp } from '../support/app.ts'

/** 200 characters: a word too long for a telephone, and the rest in several. */
export const longName =
  `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} ${'Featherstonehaugh-Cholmondeley '.repeat(5)}`.slice(0, 200)
export const rightToLeft = 'عبد الرحمن بن محمد الأنصاري'
export const emoji = '👩🏽‍🦽 Zoë 漢字 🏳️‍🌈'
/** The longest that a label may say, in one word. */
export const longTag = 'ASSET-TAG-OF-THE-GREATEST-LENGTH-THAT-ANY-LABEL-MAY-HAVE-6'

/** Ids and tags of what the pages are about. */
export interface Extremes {
  mergeId: number
  supporterId: number
  wardPersonId: number
  person: ServiceUser
  /** A conversation with them that is finished; another goes on. */
  conversationId: number
  platformId: number
  signpostId: number
  easyGuideId: number
  checkIn: string
  askedLoanId: number
  guideLink: string
  draftGuideId: number
  other: ServiceUser
  /** To whom 40 items are lent, all overdue. */
  fortyId: number
  fortyLineId: number
  closedId: number
  partId: number
  giftId: number
  wardLoanId: number
  modelId: number
  kitId: number
  emptyKitId: number
  takenItem: Item
  freeItem: Item
  returnedItem: Item
  /** The tag of what somebody is about to take back. */
  returningTag: string
  goneItem: Item
  repairId: number
  incidentId: number
  taskId: number
  stockCheckId: number
  emptyWardId: number
  /** With a long name and long tags, booked; and one of its things that is free. */
  bookingId: number
  outBookingId: number
  bookableId: number
  bayId: number
  depositId: number
  closedWardId: number
  siteId: number
  messageId: number
  plannedId: number
  staffId: number
  /** The path of a link that opens. */
  invitation: string
  visitId: number
  /** A copy that is asked for of everything there is, and how many things must be read for it. */
  requestId: number
  /** A record that ward staff opened, and the NHS number by which its person is found. */
  openingId: number
  /** To come, with everything in it; over, without a word about it; and cancelled. */
  appointmentId: number
  pastAppointmentId: number
  cancelledAppointmentId: number
  diaryEntryId: number
  dataAllowanceId: number
  trialCallId: number
  trainingId: number
  groupId: number
  championId: number
  /** The one appointment before which there is no time for a call. */
  cramped: number
  diaryOn: string
  referralId: number
  concernId: number
  quotationId: number
  quotedId: number
  restrictionId: number
  declinedReferralId: number
  nhsNumber: string
}

/** Everything as long, as many and as strange as it may be, in the first organisation. The second stays empty. */
export async function makeExtremes(app: TestApp, champion: Actor): Promise<Extremes> {
  const { db, people } = app
  const here = { organisation_id: people.organisationId }
  await db.updateTable('staff').set({ name: longName }).where('id', '=', champion.staffId).execute()
  const emptyWard = await ward(db, { ...here, name: longName.slice(0, 120), code: 'long' })
  const shutWard = await closedWard(db, { ...here, name: `${emoji} ${rightToLeft}`, by: { id: champion.staffId } })
  const person = await serviceUser(db, { ...here, name: longName, email: `${'a.long.name.'.repeat(5)}@post.example` })
  const sister = await supporter(db, { of: person, name: longName })
  const onWard = { state: 'admitted', ward_id: people.ward.id, needs_asked: 'some', needs: ['large-print'] }
  const admitted = await serviceUser(db, {
    ...here,
    ...onWard,
    name: longName.slice(0, 150),
    parent_contact: 'not-safe',
  })
  const merge = await mergedRecord(db, { kept: person, by: { id: champion.staffId } })
  const governor = { id: people.actors['information-governance'].staffId }
  const request = await accessRequest(db, { person, by: governor, note: `${longName}\n${emoji}` })
  await legalHold(db, { person, by: governor, reason: `${longName}\n${emoji}` })
  await oldRecords(app)
  const opening = await recordOpening(db, {
    organisationId: people.organisationId,
    by: { id: people.actors['ward-staff'].staffId },
    serviceUser: person,
    reason: `${longName}\n${emoji}`,
  })
  const by = { id: champion.staffId }
  const words = { barrier_words: longName.repeat(3), contact_words: longName }
  const meeting = { person: admitted, by, clinician: longName.slice(0, 190), team_id: people.ward.id }
  const coming = await appointment(db, {
    ...{ ...meeting, from: new Date('2026-08-20T10:00:00Z'), is_first: true, extra_minutes: 15, minutes: 65 },
    ...{ join_link: `https://meet.example/${'a'.repeat(400)}`, number_shown: longName.slice(0, 90), back_up: 'phone' },
    ...{ back_up_number: '01632 960 101', adaptations: longName.repeat(3), others: longName, interpreter: 'to-book' },
  })
  const past = await appointment(db, { ...meeting, from: new Date('2026-08-02T10:00:00Z'), way: 'face-to-face' })
  const cancelled = await appointment(db, {
    ...{ ...meeting, from: new Date('2026-08-21T10:00:00Z'), way: 'home-visit' },
    ...{ cancelled_at: new Date('2026-08-03T08:00:00Z'), cancelled_by: 'team' },
  })
  const diary = { champion: { id: champion.staffId, organisation_id: people.organisationId }, person: admitted }
  await diaryHours(db, diary.champion)
  const cramped = await appointment(db, { ...meeting, from: new Date('2026-08-04T10:00:00Z') })
  const call = await diaryEntry(db, {
    ...{ ...diary, from: new Date('2026-08-21T09:00:00Z'), minutes: 60, note: longName.slice(0, 500) },
    ...{ kind: 'visit', travel_minutes: 45, appointment_id: coming.id },
  })
  const session = await trainingSession(db, {
    ...{ champion: diary.champion, person: admitted, from: new Date('2026-08-03T07:00:00Z') },
    ...{ supporter_joins: true, interpreter_joins: true, note: longName.slice(0, 1000) },
  })
  const together = new Date('2026-08-03T05:30:00Z')
  const group = await groupSession(db, {
    ...{ champion: diary.champion, from: together, place: longName.slice(0, 200) },
    materials: longName.slice(0, 500),
  })
  const inGroup = await serviceUser(db, { organisation_id: admitted.organisation_id, name: longName.slice(0, 200) })
  await trainingSession(db, { champion: diary.champion, person: inGroup, from: together, group })
  const trial = await trialCall(db, {
    ...{ champion: diary.champion, person: admitted, appointment: coming, from: new Date('2026-08-03T08:30:00Z') },
    ...{ supporter_joins: true, interpreter_joins: true, note: longName.slice(0, 1000) },
  })
  const data = await dataAllowance(db, {
    ...{
      organisation_id: people.organisationId,
      by,
      person: admitted,
      provider: longName.slice(0, 100),
      megabytes: 900,
    },
    ...{ network: longName.slice(0, 100), funder: longName.slice(0, 100), ends_on: '2026-08-09' },
    readings: [{ at: new Date('2026-08-03T08:00:00Z'), left: 400 }],
  })
  const referral = await referralFor(db, {
    person: admitted,
    by,
    team_id: people.ward.id,
    asks: ['device', 'data', 'charger', 'headset', 'skills', 'trial-call', 'private-place', 'talk'],
    barriers: ['no-device', 'no-data', 'cost', 'language'],
    contact_said: ['text-allowed', 'call-not-allowed'],
    first_appointment_on: '2026-08-06',
    words: { ...words, referrer: longName.slice(0, 190) },
  })
  const keptFrom = { person: admitted, by, words: longName.repeat(2) }
  const kept = await restriction(db, { ...keptFrom, categories: ['headset', 'sim'] })
  await restriction(db, { ...keptFrom, categories: ['hotspot'], endedAt: exampleNow })
  await restriction(db, { ...keptFrom, categories: ['laptop'], reviewOn: '2026-08-01', words: emoji })
  const concern = await openConcern(db, {
    person: admitted,
    by,
    what: longName.repeat(5),
    told: longName.slice(0, 190),
  })
  const quoted = await quotation(db, { person: admitted, by, words: `${longName.repeat(2)}\n${emoji}`.slice(0, 500) })
  await quotation(db, { person: admitted, by, words: rightToLeft, speaker: 'supporter', decision: 'approved' })
  await quotation(db, { person: admitted, by, words: 'W'.repeat(500), decision: 'approved' })
  await quotation(db, { person: admitted, by, words: emoji, decision: 'refused' })
  const declined = await endedReferral(db, {
    ...{ person: admitted, by, team_id: people.ward.id, words: { ended_words: longName.repeat(3) } },
  })
  await openToContact(db, { person, by })
  for (const needs of [[], ['large-print', 'easy-read']]) {
    const address = `${longName.slice(0, 60)}\n${rightToLeft}\n${emoji}\nEX1 1EX`
    const who = { ...here, name: longName, address, needs, needs_asked: needs.length > 0 ? 'some' : 'none' }
    const byPost = await serviceUser(db, who)
    await contactAnswer(db, { person: byPost, by, channel: 'post' })
    await appointment(db, { ...meeting, person: byPost, from: new Date('2026-08-22T10:00:00Z') })
  }
  await contactAnswer(db, {
    person,
    by,
    channel: 'call',
    from_hour: 9,
    until_hour: 17,
    days: [1, 3, 5],
    number_shown: 'withheld',
  })
  await privateNote(db, { person, by, note: longName.repeat(10) })
  await contactAddress(db, { person, by, address: person.phone, isSafe: false })
  await contactTask(db, { person })
  const everything = {
    device: 'none',
    connection: 'none',
    'private-place': 'no',
    senses: ['seeing', 'hearing', 'hands'],
  }
  const said = { ...everything, 'skill-join': 'not-yet', 'own-words': longName, way: 'video', interest: 'no' }
  const conversationId = await conversation(db, { person, by, reviewOn: '2026-08-01', answers: said })
  await conversation(db, { person, by, heldOn: '2026-08-02', answers: { device: 'shared', 'skill-join': 'alone' } })
  await suggest(db, person, '2026-08-02T10:00:00Z')
  const chatter = await platform(db, {
    ...here,
    name: longName.slice(0, 100),
    approval: 'not-approved',
    guidance: longName,
  })
  await acceptedRisk(db, { platform: chatter, by, risk: longName.repeat(4) })
  await meetingPreference(db, { person, by, platforms: [chatter], joins: longName, review_on: '2026-08-01' })
  const helps = ['connection', 'device', 'senses']
  const hub = { ...here, kind: 'hub', name: longName, about: longName, address: longName, helps, checked_by: by.id }
  const entry = await signpost(db, {
    ...hub,
    website: `https://hub.example/${'long/'.repeat(60)}`,
    checked_on: '2024-01-01',
  })
  const other = await serviceUser(db, { ...here, name: rightToLeft, phone: '', email: '' })
  const third = await serviceUser(db, { ...here, name: emoji, date_of_birth: null, nhs_number: null })
  const long = await model(db, {
    ...here,
    category: 'accessory',
    maker: longName.slice(0, 70),
    name: longName.slice(0, 100),
  })
  const old = await unsupportedModel(db, { ...here, maker: emoji, name: rightToLeft, support_ends_on: '2026-09-01' })
  const ours = { ...here, lentBy: { id: champion.staffId } }

  const many = await availableItems(
    db,
    Array.from({ length: 40 }, (_, n) => ({ model: n % 8 === 2 ? old : long, tag: `${longTag.slice(0, 56)}${n}` })),
  )
  const forty = await overdueLoan(db, { ...ours, serviceUser: person, items: many, notes: longName.repeat(10) })
  await itemBookedLater(db, { item: many[0] as Item })
  const part = await partlyReturnedLoan(db, { ...ours, serviceUser: other })
  const closed = await closedLoan(db, { ...ours, serviceUser: third })
  const gift = await giftLoan(db, { ...ours, serviceUser: third })
  const wardLoan = await placement(db, { ...ours, ward: { id: people.ward.id, ...here }, dueOn: '2026-07-31' })
  await loanTo(db, { ...ours, staff: { id: champion.staffId, ...here }, dueOn: '2026-08-07' })
  const [inKit] = await availableItems(db, [{ ...here, model: long }])
  const box = await kit(db, { ...here, tag: longTag, name: longName, items: [inKit as Item, ...many.slice(1, 40)] })
  const bag = await kit(db, { ...here, name: rightToLeft, items: [] })
  const free = await availableItem(db, { model: long, tag: longTag, notes: longName, kept_at_ward_id: people.ward.id })
  await availableItem(db, { ...here, tag: `${rightToLeft} 漢字`, serial: 'TWIN' })
  await availableItem(db, { ...here, tag: 'TWIN-2', serial: 'TWIN', category: 'accessory' })
  const outcomes = [...Array.from({ length: 12 }, () => ['trying', 'failed']).flat(), 'trying', 'gave-up']
  const message = await emailTo(db, { ...here, to_name: longName, subject: longName, body: longName, outcomes })
  const invited = await staffMember(db, { ...here, name: longName, email: 'long@here.example', password: null })
  const link = await app.changeAs('administrator', async (change) => {
    change.audit({ verb: 'staff:invited' })
    const until = new Date(app.clock().getTime() + 86_400_000)
    return makeLink(change, { staffId: invited.id, purpose: 'invitation', madeBy: null, until })
  })
  await refusedEmail(db, { ...here, to_name: rightToLeft })
  const returned = await itemInTurnaround(db, { ...here, tag: 'RETURNED-1' })
  const incident = await stolenOnLoan(db, {
    ...ours,
    organisationId: people.organisationId,
    serviceUser: person,
    story: longName,
    reportedBy: champion.staffId,
  })
  const returning = await availableItem(db, { model: long, tag: `${longTag.slice(0, 52)}-BACK` })
  await loanTo(db, { ...ours, serviceUser: person, items: [returning] })
  const toVisit = await availableItems(
    db,
    Array.from({ length: 12 }, (_, n) => ({ ...here, model: long, tag: `${longTag.slice(0, 52)}-VIS${n}` })),
  )
  const visitPlace = longName
  const visit = await plannedLoan(db, {
    serviceUser: person,
    items: toVisit,
    plannedBy: { id: champion.staffId },
    visitPlace,
  })
  const toKeep = await availableItem(db, { ...here, tag: `${longTag.slice(0, 52)}-KEEP` })
  const planned = await loanTo(db, { ...ours, serviceUser: person, items: [toKeep], isWithoutCharger: true })
  const asked = await checkIn(db, { loan: planned, by })
  await db
    .insertInto('check_ins')
    .values({
      ...{ organisation_id: planned.organisation_id, loan_id: planned.id, service_user_id: person.id, week: 6 },
      ...{
        token_hash: 'x',
        asked_at: exampleNow,
        expires_at: exampleNow,
        answer: 'not-working',
        answered_at: exampleNow,
      },
    })
    .execute()
  const recordedBy = { id: champion.staffId }
  await onwardPlan(db, {
    loan: planned,
    recordedBy,
    choices: ['extend', 'give', 'own-device', 'social-tariff', 'device-bank'],
    notes: longName.repeat(5),
    toKeep: 'something',
  })
  await openRescue(db, { line: planned.lines[0]!, askedBy: recordedBy, what: longName.repeat(2) })
  const check = await openStockCheck(db, {
    ward: { id: people.ward.id, ...here },
    startedBy: { id: champion.staffId },
    items: [{ item: free }, { item: many[0] as Item, isExpected: false, scannedAt: app.clock() }],
    unknownCodes: [longName],
  })
  const bookable = await availableItems(
    db,
    Array.from({ length: 5 }, (_, n) => ({
      model: long,
      tag: `${longTag.slice(0, 52)}-BOOK${n}`,
      kept_at_ward_id: people.ward.id,
    })),
  )
  const ownWard = { id: people.ward.id, ...here }
  const minutes = (count: number) => new Date(app.clock().getTime() + count * 60_000)
  const slot = { ward: ownWard, from: app.clock(), until: minutes(30), by }
  const toCome = await booking(db, {
    ...slot,
    items: bookable.slice(0, 2),
    for: { serviceUser: admitted },
    purpose: 'tribunal',
  })
  const late = {
    ...slot,
    from: minutes(-90),
    until: minutes(-30),
    takenAt: minutes(-90),
    for: { initials: longName.slice(0, 10) },
  }
  const out = await booking(db, { ...late, items: bookable.slice(2, 4) })
  await booking(db, { ...slot, items: bookable.slice(2, 3) })
  const waiting = { ward: ownWard, by, earliest: app.clock(), latest: minutes(180), categories: [long.category] }
  await bookingWait(db, { ...waiting, for: { serviceUser: admitted }, purpose: 'tribunal' })
  await bookingWait(db, {
    ...waiting,
    item: bookable[2]!,
    minutes: 720,
    latest: minutes(12 * 60),
    for: { initials: 'WWWWWWWWWW' },
  })
  const [bay, usedBay] = await availableItems(
    db,
    ['FREE', 'USED'].map((word) => ({
      category: 'locker-bay' as const,
      organisation_id: here.organisation_id,
      tag: `${longTag.slice(0, 52)}-${word}`,
      kept_at_ward_id: people.ward.id,
    })),
  )
  const charging = await deposit(db, {
    ward: ownWard,
    bay: usedBay!,
    by,
    for: { serviceUser: admitted },
    at: minutes(-400),
  })
  await lendAndTakeBack(app, champion, other)
  return {
    conversationId,
    platformId: chatter.id,
    signpostId: entry.id,
    checkIn: `/how-is-it-going/${asked.token}`,
    askedLoanId: planned.id,
    ...(await guidesAtTheirLongest(db, here, chatter)),
    ...(await makeParted(app, champion, long)),
    person,
    other,
    mergeId: merge.id,
    supporterId: sister.id,
    wardPersonId: admitted.id,
    fortyId: forty.id,
    fortyLineId: forty.lines[0]?.id ?? 0,
    closedId: closed.id,
    partId: part.id,
    giftId: gift.id,
    wardLoanId: wardLoan.id,
    modelId: long.id,
    kitId: box.id,
    emptyKitId: bag.id,
    takenItem: many[2] as Item,
    freeItem: free,
    returnedItem: returned,
    returningTag: returning.tag,
    incidentId: incident.id,
    taskId: incident.tasks[0]?.id ?? 0,
    stockCheckId: check.id,
    emptyWardId: emptyWard.id,
    bookingId: toCome.id,
    outBookingId: out.id,
    bookableId: bookable[4]!.id,
    bayId: bay!.id,
    depositId: charging.id,
    closedWardId: shutWard.id,
    siteId: emptyWard.site_id,
    messageId: message.id,
    plannedId: planned.id,
    staffId: champion.staffId,
    invitation: `/invitation/${link.token}`,
    visitId: visit.id,
    requestId: request.id,
    openingId: opening.id,
    appointmentId: coming.id,
    pastAppointmentId: past.id,
    cancelledAppointmentId: cancelled.id,
    diaryEntryId: call.id,
    dataAllowanceId: data.id,
    trialCallId: trial.diary_entry_id,
    trainingId: session.diary_entry_id,
    groupId: group.diary_entry_id,
    championId: champion.staffId,
    cramped: cramped.id,
    diaryOn: '2026-08-21',
    referralId: referral.id,
    concernId: concern.id,
    quotationId: quoted.id,
    quotedId: admitted.id,
    restrictionId: kept.id,
    declinedReferralId: declined.id,
    nhsNumber: person.nhs_number ?? '',
  }
}

/** Records of long ago: one to be emptied tonight, and one that is held. */
async function oldRecords({ db, people }: TestApp): Promise<void> {
  const old = { organisation_id: people.organisationId, created_at: '2001-05-05T09:00:00Z' }
  await serviceUser(db, { ...old, name: longName })
  const held = await serviceUser(db, { ...old, state: 'died', state_on: '2003-03-03', name: rightToLeft })
  await legalHold(db, { person: held, by: { id: people.actors.champion.staffId }, reason: longName })
}

/** A history written by the app itself, for the audit and the timelines. */
async function lendAndTakeBack({ db, people, changeAs }: TestApp, champion: Actor, to: ServiceUser): Promise<void> {
  const here = { organisation_id: people.organisationId }
  const [tablet, charger] = [await availableItem(db, here), await availableItem(db, { ...here, category: 'charger' })]
  const order = {
    borrower: { serviceUserId: to.id },
    itemIds: [tablet.id, charger.id],
    dueOn: '2026-10-26',
    agreement: null,
    withoutCharger: false,
    unsupportedReason: null,
    notes: emoji,
  }
  const { id } = await changeAs(champion, (change) => lendItems(change, order))
  const lines = await db.selectFrom('loan_lines').select('id').where('loan_id', '=', id).orderBy('id').execute()
  const [first, second] = lines.map((line) => line.id)
  await changeAs(champion, (change) => returnItems(change, id, { lineIds: [first ?? 0], returnedOn: null, version: 1 }))
  await changeAs(champion, (change) => giveItems(change, id, { lineIds: [second ?? 0], version: 2 }))
}

/** What went to repair and what was retired, with all that can be said about either. */
async function makeParted({ db, clock }: TestApp, champion: Actor, model: Model) {
  const by = { id: champion.staffId }
  const disposal = { to_whom: longName, wiped_by: longName, certificate: longTag, note: `${longName}\n${emoji}` }
  const tag = longTag.slice(0, 52)
  const goneItem = await retiredItem(db, { model, tag: `${tag}-GONE`, left_at: clock(), by, disposal })
  const repair = {
    reason: `${longName}\n${emoji}`,
    place: longName,
    cost_pence: 123_456,
    expected_back_on: '2026-07-01',
  }
  const broken = await itemInRepair(db, { model, tag: `${tag}-BROKEN`, by, repair })
  const { id: repairId } = await db
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', broken.id)
    .where('kind', '=', 'repair')
    .executeTakeFirstOrThrow()
  return { goneItem, repairId }
}

/** Words without a space, in each kind of piece. */
async function guidesAtTheirLongest(
  db: TestApp['db'],
  here: { organisation_id: number },
  on: { id: number },
): Promise<{ easyGuideId: number; draftGuideId: number; guideLink: string }> {
  const title = longName.slice(0, 150)
  const blocks = [
    { kind: 'heading', text: longName },
    { kind: 'step', lines: [longName, 'Then wait.'], picture: 'wait' },
    { kind: 'text', lines: [longName] },
  ] as never
  const easy = await guide(db, { ...here, title, blocks, form: 'easy-read', purpose: 'charging' })
  await guide(db, { ...here, title, blocks })
  const draft = await draftGuide(db, { ...here, title, blocks, platform_id: on.id, form: 'easy-read' })
  return { easyGuideId: easy.id, draftGuideId: draft.id, guideLink: `/read/${easy.reading_key}?print=large` }
}
