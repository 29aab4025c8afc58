import { type Insertable, sql } from 'kysely'
import {
  accessRequest,
  appointment,
  availableItem,
  badgeOf,
  booking,
  bookingWait,
  caseloadCounts,
  checkIn,
  closedWard,
  contactTask,
  conversation,
  dataAllowance,
  dataStock,
  deposit,
  diaryEntry,
  diaryException,
  diaryHours,
  draftGuide,
  endedReferral,
  enrolledTablet,
  exampleNow,
  groupSession,
  guide,
  insertOne,
  itemInRepair,
  itemInTurnaround,
  kit,
  legalHold,
  loanTo,
  type Model,
  ward as makeWard,
  meetingPreference,
  mergedRecord,
  model,
  onwardPlan,
  openConcern,
  openRescue,
  openStockCheck,
  organisation,
  overdueLoan,
  pinOf,
  placement,
  plannedLoan,
  platform,
  privateNote,
  quotation,
  recordOpening,
  recordOpenings,
  referralFor,
  refusedEmail,
  restriction,
  retiredItem,
  secondStep,
  serviceUser,
  signpost,
  site,
  staffMember,
  staffTraining,
  stolenOnLoan,
  suggest,
  supporter,
  trainingSession,
  trialCall,
  waitingTablet,
} from '../../seeds/factories.ts'
import { makeIccid } from '../../seeds/identifiers.ts'
import type { Database } from '../../src/database/connection.ts'
import type { Imports } from '../../src/database/schema.ts'
import type { ImportKind } from '../../src/imports/kinds-rules.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { makeWorkbook, textRows } from '../lib/workbooks.ts'

/**
 * One of everything a route can be about, all of one organisation and, where wards come in, of one ward. Ids and tags
 * only, so that one of them can be put in the place of another.
 */
export interface Records {
  wardId: number
  staffId: number
  modelId: number
  itemId: number
  itemTag: string
  chargerId: number
  kitId: number
  kitTag: string
  kitItemId: number
  serviceUserId: number
  /** Somebody else; and a record that became part of the service user's. */
  otherServiceUserId: number
  mergeId: number
  supporterId: number
  /** Somebody who is admitted to the ward. */
  wardPersonId: number
  /** To the service user: a tablet and a charger. */
  loanId: number
  lineId: number
  lentItemId: number
  lentChargerId: number
  /** To the ward. */
  wardLoanId: number
  wardItemTag: string
  /** What somebody took back by scanning. */
  returnBatchId: number
  returnedItemId: number
  returnedItemTag: string
  turnaroundId: number
  /** In repair; and one that was retired a moment ago. */
  repairId: number
  brokenItemTag: string
  retiredItemTag: string
  disposalId: number
  /** A phone that was stolen from the service user, with its SIM; its first task, and somebody else who could do that. */
  incidentId: number
  taskId: number
  stolenItemId: number
  colleagueId: number
  /** Somebody who has not joined yet, and somebody whose account is closed. */
  invitedId: number
  closedStaffId: number
  /** Somebody with a phone for the second step of signing in. */
  withPhoneId: number
  secondChampionId: number
  /** A ward's tablet, one that waits for its code, and somebody with a badge for them. */
  tabletId: number
  waitingTabletId: number
  withBadgeId: number
  /** A place whose stock is being checked, and one that nobody checks; what was scanned there, and what was not. */
  stockCheckId: number
  /** A loan whose borrower wants to keep what is on the device. */
  plannedLoanId: number
  /** A loan that is handed over at a visit. */
  visitLoanId: number
  visitLineId: number
  savedItemId: number
  rescueId: number
  uncheckedWardId: number
  /** A ward that nothing is kept at, a closed one, and the site of both. */
  emptyWardId: number
  /** A ward with something to book; a booking of another thing that may be handed out, and one that was. */
  wardCode: string
  bookableItemId: number
  bookingId: number
  bookingWaitId: number
  outBookingId: number
  outHoldId: number
  /** A bay of that ward with nothing in it; what charges in another, and who may be there when it is opened. */
  freeBayId: number
  depositId: number
  /** Somebody on that ward for whom something is booked. */
  leaverId: number
  witnessId: number
  closedWardId: number
  siteId: number
  expectedItemId: number
  expectedItemTag: string
  unexpectedItemId: number
  unknownCodeId: number
  /** A spreadsheet that can go in as it is; one with a word nobody knows; one that is in. */
  importId: number
  strangeImportId: number
  doneImportId: number
  importUnderWayId: number
  /** A workbook of items with several sheets. */
  workbookImportId: number
  /** The same of open loans. */
  loanImportId: number
  countImportId: number
  strangeCountImportId: number
  doneCountImportId: number
  countImportUnderWayId: number
  countWorkbookImportId: number
  /** A ward of which there are counts on 1 July 2026. */
  countedWardId: number
  appointmentImportId: number
  strangeAppointmentImportId: number
  doneAppointmentImportId: number
  appointmentImportUnderWayId: number
  appointmentWorkbookImportId: number
  stockImportId: number
  strangeStockImportId: number
  doneStockImportId: number
  stockImportUnderWayId: number
  stockWorkbookImportId: number
  readingImportId: number
  strangeReadingImportId: number
  doneReadingImportId: number
  readingImportUnderWayId: number
  readingWorkbookImportId: number
  dataStockId: number
  voucherId: number
  personImportId: number
  strangePersonImportId: number
  donePersonImportId: number
  personImportUnderWayId: number
  personWorkbookImportId: number
  strangeLoanImportId: number
  doneLoanImportId: number
  loanImportUnderWayId: number
  loanWorkbookImportId: number
  auditEventId: number
  /** A record that ward staff opened. */
  openingId: number
  /** The NHS number of the service user. */
  nhsNumber: string
  /** An email that the mail server would not take. */
  messageId: number
  /** A private note about the service user, and what could not be sent to them. */
  accessRequestId: number
  legalHoldId: number
  contactRiskId: number
  contactTaskId: number
  /** What was said to them, a while ago and now; the second is not finished. */
  conversationId: number
  openConversationId: number
  /** What people meet on, and an entry of the list of help. */
  platformId: number
  /** The one that is called Zoom, of which there may be one. */
  zoomId: number
  signpostId: number
  figureShareId: number
  guideId: number
  checkInId: number
  draftGuideId: number
  generalGuideId: number
  approvedGuideId: number
  retiredGuideId: number
  /** Of somebody on the ward, which asked for it; and one that was declined. */
  referralId: number
  declinedReferralId: number
  /** Raised by a champion about somebody on the ward. */
  concernId: number
  /** Words of the first person, which nobody has read yet. */
  quotationId: number
  /** Somebody on a ward from whom a care plan keeps a headset, the headset, and who may sign for it there. */
  restrictedId: number
  restrictionId: number
  restrictedTag: string
  nurseId: number
  /** Of somebody on the ward: to come, and over without a word about how it went. */
  appointmentId: number
  pastAppointmentId: number
  /** A call with somebody on the ward, to come. */
  diaryEntryId: number
  /** A trial-run call with somebody on the ward: one to come, and one that began. */
  trialCallId: number
  /** A training session with them: one to come, and one that began. */
  trainingId: number
  begunTrainingId: number
  /** A session of a group to come, and one that began with somebody in it; and somebody to invite. */
  groupId: number
  begunGroupId: number
  placeId: number
  toInviteId: number
  /** Somebody who works on the ward, and a training of theirs. */
  wardMemberId: number
  staffTrainingId: number
  begunTrialCallId: number
  /** A champion with nothing in the diary. */
  freeChampionId: number
  /** Whoever asks as a champion, who keeps their own hours; and leave of theirs. */
  diaryOwnerId: number
  diaryExceptionId: number
  /** An appointment before which nothing stands in the way of a call, and a champion who has time for it. */
  freeAppointmentId: number
  slotChampionId: number
  /** Data that somebody on the ward has, and that is suspended for another. */
  dataAllowanceId: number
  suspendedDataId: number
  overdueDataId: number
}

export type RecordName = keyof Records

export interface Whose {
  /** Who lends, uploads and has done something. */
  by: Actor
  ward: { id: number }
  /** Stands in every name and tag, so that whoever may not see these records can be shown not to. */
  mark: string
  /** What the items are copies of; made where none are given. */
  models?: Models
}

export interface Models {
  tablet: Model
  charger: Model
}

let last = 0

export async function makeModels(db: Database, by: Actor, mark: string): Promise<Models> {
  last += 1
  const { organisationId: organisation_id } = by
  return {
    tablet: await model(db, { organisation_id, name: `Tablet ${mark} ${last}` }),
    charger: await model(db, { organisation_id, category: 'charger', name: `Charger ${mark} ${last}` }),
  }
}

/**
 * Makes records: all of them, or those that are asked for by name, and what these stand on. Most requests need two or
 * three, and there are thousands of requests; what was not asked for is what nobody has.
 */
export async function makeRecords(db: Database, whose: Whose, names = allNames): Promise<Records> {
  const makers = recordMakers(db, whose)
  const made: [string, string | number][] = []
  for (const name of names) made.push([name, await makers[name]()])
  return { ...noRecords, ...Object.fromEntries(made) }
}

/** How each of the records is made: the first time it is asked for. */
function recordMakers(db: Database, { by, ward, mark, models }: Whose): RecordMakers {
  last += 1
  const at = last
  const organisation_id = by.organisationId
  const named = (what: string) => `${what} ${mark} ${at}`
  const tag = (what: string) => `${what}-${mark}-${at}`
  const here = { organisation_id, kept_at_ward_id: ward.id }
  const lender = { id: by.staffId }
  const reached = { email: `${mark}.${at}@post.example`, phone: '07700 900 000' }
  const colleagueNamed = (name: string, more: Parameters<typeof staffMember>[1] = {}) =>
    once(() => staffMember(db, { organisation_id, name: named(name), ...more }))

  const copiedFrom = once(async () => models ?? (await makeModels(db, by, mark)))
  const tablet = async () => (await copiedFrom()).tablet
  const aTablet = async (what: string, more: object = {}) =>
    availableItem(db, { ...here, model: await tablet(), tag: tag(what), ...more })
  const aCharger = async (what: string) =>
    availableItem(db, { ...here, model: (await copiedFrom()).charger, tag: tag(what) })

  const charger = once(() => aCharger('CHA'))
  const item = once(() => aTablet('TAB'))
  const inKit = once(() => aTablet('KTAB'))
  const box = once(async () =>
    kit(db, { organisation_id, tag: tag('KIT'), name: named('Kit'), items: [await inKit()] }),
  )
  const person = once(async () => {
    const made = await serviceUser(db, { organisation_id, name: named('Person'), ...reached })
    await openForThoseWhoMay(db, ward, organisation_id, made)
    return made
  })
  const other = once(() => serviceUser(db, { organisation_id, name: named('Other'), ...reached }))
  const admitted = once(() =>
    serviceUser(db, { organisation_id, name: named('Admitted'), state: 'admitted', ward_id: ward.id, ...reached }),
  )
  const sister = once(async () => supporter(db, { of: await person(), name: named('Sister'), phone: '07700 900 000' }))
  const merge = once(async () =>
    mergedRecord(db, { kept: await person(), by: lender, name: named('Twin'), ...reached }),
  )
  const loan = once(async () => {
    const items = [await aTablet('LTAB'), await aCharger('LCHA')]
    const serviceUser = await person()
    const made = await loanTo(db, { organisationId: organisation_id, serviceUser, items, lentBy: lender })
    await acceptAgreement(db, made.id, organisation_id)
    return { ...made, items }
  })
  const placed = once(() => aTablet('WTAB'))
  const wardLoan = once(async () =>
    placement(db, { ward: { ...ward, organisation_id }, items: [await placed()], lentBy: lender }),
  )
  const returned = once(async () => itemInTurnaround(db, { ...here, model: await tablet(), tag: tag('RTAB') }))
  const turnaround = once(async () => holdOf(db, await returned(), 'turnaround'))
  const broken = once(async () => itemInRepair(db, { ...here, model: await tablet(), tag: tag('BTAB'), by: lender }))
  const repair = once(async () => holdOf(db, await broken(), 'repair'))
  const retired = once(async () =>
    retiredItem(db, { ...here, model: await tablet(), tag: tag('GTAB'), left_at: exampleNow, by: lender }),
  )
  const disposal = once(async () => {
    const { id } = await retired()
    return db.selectFrom('disposals').select('id').where('item_id', '=', id).executeTakeFirstOrThrow()
  })
  const incident = once(async () =>
    stolenOnLoan(db, {
      organisationId: organisation_id,
      serviceUser: await person(),
      items: [
        await availableItem(db, { ...here, category: 'smartphone', tag: tag('SPHO') }),
        await availableItem(db, { ...here, category: 'sim', tag: tag('SSIM') }),
      ],
      lentBy: lender,
      story: named('Story'),
    }),
  )
  const colleague = colleagueNamed('Colleague')
  const invited = colleagueNamed('Invited', { password: null })
  const withPhone = once(async () => {
    const made = await staffMember(db, { organisation_id, name: named('Phone') })
    await secondStep(db, made, { key: 'any' })
    return made
  })
  const former = colleagueNamed('Former', { disabled_at: exampleNow })
  const batch = once(async () => {
    const { id: item_id, tag: code } = await returned()
    const made = await insertOne(db, 'return_batches', { organisation_id, made_by: by.staffId, made_at: exampleNow })
    const scan = { organisation_id, batch_id: made.id, place: 1, code, outcome: 'turnaround', item_id }
    await insertOne(db, 'return_scans', scan)
    return made
  })
  const uncheckedPlace = once(() => placeBeside(db, ward, organisation_id, named('Shelf')))
  const place = once(() => site(db, { organisation_id, name: named('Site') }))
  const emptyWard = once(async () =>
    makeWard(db, { organisation_id, site_id: (await place()).id, name: named('Empty ward') }),
  )
  const closed = once(async () =>
    closedWard(db, { organisation_id, site_id: (await place()).id, name: named('Closed ward'), by: lender }),
  )
  const check = once(async () => {
    const checkedPlace = await placeBeside(db, ward, organisation_id, named('Cupboard'))
    const expected = await aTablet('XTAB', { kept_at_ward_id: checkedPlace.id })
    const unexpected = await aTablet('UTAB')
    const made = await openStockCheck(db, {
      ward: checkedPlace,
      startedBy: lender,
      items: [{ item: expected }, { item: unexpected, isExpected: false, scannedAt: exampleNow }],
      unknownCodes: [tag('NOT-OURS')],
    })
    const unknownCode = await db
      .selectFrom('stock_check_unknown_codes')
      .select('id')
      .where('stock_check_id', '=', made.id)
      .executeTakeFirstOrThrow()
    return { id: made.id, expected, unexpected, unknownCode }
  })
  const bookedPlace = once(() => placeBeside(db, ward, organisation_id, named('Bookings'), tag('ward').toLowerCase()))
  const toBook = async (what: string) => aTablet(what, { kept_at_ward_id: (await bookedPlace()).id })
  const bookable = once(() => toBook('MTAB'))
  const slot = { from: exampleNow, until: new Date(exampleNow.getTime() + 30 * 60_000), by: lender }
  const toHandOut = once(async () => {
    const place = await bookedPlace()
    const onIt = { state: 'admitted', ward_id: place.id }
    const inpatient = await serviceUser(db, { organisation_id, name: named('Inpatient'), ...onIt })
    return booking(db, { ...slot, ward: place, items: [await toBook('NTAB')], for: { serviceUser: inpatient } })
  })
  const leaver = once(async () => {
    const place = await bookedPlace()
    const made = await serviceUser(db, {
      organisation_id,
      name: named('Leaver'),
      ...{ state: 'admitted', ward_id: place.id },
    })
    await booking(db, { ...slot, ward: place, items: [await toBook('LEAVETAB')], for: { serviceUser: made } })
    return made
  })
  const waitsFor = once(async () =>
    bookingWait(db, {
      ...{ ward: await bookedPlace(), by: lender, item: await toBook('WAITTAB'), for: { initials: mark.slice(0, 10) } },
      ...{ earliest: new Date('2026-08-05T13:00:00Z'), latest: new Date('2026-08-05T15:00:00Z') },
    }),
  )
  const handedOut = once(async () => {
    const whom = { initials: mark.slice(0, 10) }
    const items = [await toBook('OTAB')]
    return booking(db, { ...slot, ward: await bookedPlace(), items, takenAt: exampleNow, for: whom })
  })
  const aBay = async (what: string) =>
    availableItem(db, {
      organisation_id,
      category: 'locker-bay',
      tag: tag(what),
      kept_at_ward_id: (await bookedPlace()).id,
    })
  const freeBay = once(() => aBay('FBAY'))
  const charging = once(async () =>
    deposit(db, {
      ward: await bookedPlace(),
      bay: await aBay('DBAY'),
      by: lender,
      for: { initials: mark.slice(0, 10) },
      at: exampleNow,
    }),
  )
  const witness = once(async () => {
    const wards = [await bookedPlace()]
    const made = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Witness'), wards })
    await pinOf(db, made, '4826')
    return made
  })
  const restrictedPerson = once(() =>
    serviceUser(db, { organisation_id, name: named('Restricted'), state: 'admitted', ward_id: ward.id, ...reached }),
  )
  const restrictedFrom = once(async () =>
    restriction(db, {
      ...{ person: await restrictedPerson(), by: lender, categories: ['headset'], words: named('Beside staff') },
    }),
  )
  const headset = once(async () => {
    await restrictedFrom()
    return availableItem(db, { organisation_id, category: 'headset', tag: tag('HEAD'), kept_at_ward_id: ward.id })
  })
  const inCharge = once(async () => {
    const wards = [{ id: ward.id, organisation_id }]
    const made = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Nurse'), wards })
    await pinOf(db, made, '4826')
    return made
  })
  const visit = once(async () =>
    plannedLoan(db, {
      serviceUser: await person(),
      items: [await aTablet('VTAB')],
      plannedBy: lender,
      visitPlace: named('Street'),
    }),
  )
  const toSave = once(() => aTablet('STAB'))
  const planned = once(async () => {
    const made = await loanTo(db, {
      organisationId: organisation_id,
      serviceUser: await person(),
      items: [await toSave()],
      lentBy: lender,
      isWithoutCharger: true,
    })
    await onwardPlan(db, { loan: made, recordedBy: lender, notes: named('Notes'), toKeep: 'something' })
    return { ...made, rescue: await openRescue(db, { line: made.lines[0]!, askedBy: lender, what: named('Photos') }) }
  })
  const champion = colleagueNamed('Champion', { role: 'champion' })
  const wardMember = once(() => staffMember(db, { organisation_id, role: 'ward-staff', wards: [ward] }))
  const enroller = { id: by.staffId, organisation_id }
  const shared = once(() => enrolledTablet(db, { ward, by: enroller, name: named('Shared tablet') }))
  const code = once(async () => `${tag('CODE')} ${(await shared()).id}`)
  const waiting = once(async () =>
    waitingTablet(db, { ward, by: enroller, name: named('Waiting tablet'), code: await code() }),
  )
  const withBadge = once(async () => {
    const made = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Badge') })
    await badgeOf(db, made, await code())
    return made
  })
  const audited = once(() =>
    insertOne(db, 'audit_events', { at: exampleNow, organisation_id, staff_id: by.staffId, verb: 'session:signed-in' }),
  )
  const opening = once(async () => {
    const nurse = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Nurse') })
    return recordOpening(db, { organisationId: organisation_id, by: nurse, serviceUser: await person() })
  })
  const met = once(() => platform(db, { organisation_id, name: named('Platform') }))
  const help = once(() => signpost(db, { organisation_id, name: named('Hub'), checked_by: by.staffId }))
  /** Of a platform of its own, since there is one draft of each kind. */
  const guideOf = async (make: typeof guide, what: string) => {
    const on = await platform(db, { organisation_id, name: named(`Platform ${what}`) })
    return make(db, { organisation_id, title: named(what), platform_id: on.id, written_by: by.staffId })
  }
  const talk = once(async () => talkWith(db, await person(), lender, named('What they want')))
  const message = once(() => refusedEmail(db, { organisation_id, to_name: named('Newcomer') }))
  const note = named('Somebody at home may be a risk')
  const itemRows = (what: string, category: string) =>
    `Asset tag,Category,Model\n${tag(what)},${category},${named('Model')}\n`
  const appointmentRows = (name: string, born: string) =>
    `Full name,Date of birth,Day,Time,Way,First\n${name},${born},31/3/2027,14:30,Phone,No\n`
  const personRows = (born = `${1 + (newcomers++ % 28)}/${1 + (newcomers % 12)}/${1911 + (newcomers % 9)}`) =>
    `Full name,Date of birth\n${named('Newcomer')},${born}\n`
  const countRows = (where: string) => `Counted on,Ward,Breakdown,Group,People\n2/7/2026,${where},Age,18 to 24,340\n`
  const loanRows = async (where: string) => `${loanHeadings}${(await item()).tag},${where},1/7/2026,2/11/2026\n`

  const tried = once(async () =>
    appointment(db, { person: await admitted(), by: lender, from: new Date('2026-08-22T10:00:00Z') }),
  )
  const trainingAt = (from: Date) => async () => {
    const champion = await staffMember(db, { organisation_id, role: 'champion' })
    const about = { champion, person: await admitted(), from, note: named('Notes') }
    return (await trainingSession(db, about)).diary_entry_id
  }
  const groupAt = async (from: Date) =>
    groupSession(db, {
      champion: await staffMember(db, { organisation_id, role: 'champion', name: 'Grace Giver' }),
      from,
    })
  const begunGroup = once(async () => {
    const from = new Date('2026-08-03T06:00:00Z')
    const champion = await staffMember(db, { organisation_id, role: 'champion', name: 'Grace Giver' })
    const group = await groupSession(db, { champion, from })
    return { group, place: await trainingSession(db, { champion, person: await admitted(), from, group }) }
  })
  const trialAt = (from: Date) => async () => {
    const champion = await staffMember(db, { organisation_id, role: 'champion' })
    const about = { champion, person: await admitted(), appointment: await tried() }
    return (await trialCall(db, { ...about, from, note: named('Notes') })).diary_entry_id
  }
  return {
    wardId: async () => ward.id,
    staffId: async () => by.staffId,
    modelId: idOf(tablet),
    itemId: idOf(item),
    itemTag: tagOf(item),
    chargerId: idOf(charger),
    kitId: idOf(box),
    kitTag: tagOf(box),
    kitItemId: idOf(inKit),
    serviceUserId: idOf(person),
    otherServiceUserId: idOf(other),
    mergeId: idOf(merge),
    supporterId: idOf(sister),
    wardPersonId: idOf(admitted),
    loanId: idOf(loan),
    lineId: async () => (await loan()).lines[0]!.id,
    lentItemId: async () => (await loan()).items[0]!.id,
    lentChargerId: async () => (await loan()).items[1]!.id,
    wardLoanId: idOf(wardLoan),
    wardItemTag: async () => {
      await wardLoan()
      return (await placed()).tag
    },
    returnBatchId: idOf(batch),
    returnedItemId: idOf(returned),
    returnedItemTag: tagOf(returned),
    turnaroundId: idOf(turnaround),
    repairId: idOf(repair),
    brokenItemTag: tagOf(broken),
    retiredItemTag: tagOf(retired),
    disposalId: idOf(disposal),
    incidentId: idOf(incident),
    taskId: async () => (await incident()).tasks[0]!.id,
    stolenItemId: async () => (await incident()).items[0]!.id,
    colleagueId: idOf(colleague),
    invitedId: idOf(invited),
    closedStaffId: idOf(former),
    withPhoneId: idOf(withPhone),
    secondChampionId: idOf(champion),
    tabletId: idOf(shared),
    waitingTabletId: idOf(waiting),
    withBadgeId: idOf(withBadge),
    stockCheckId: idOf(check),
    plannedLoanId: idOf(planned),
    visitLoanId: idOf(visit),
    visitLineId: async () => (await visit()).lineIds[0]!,
    savedItemId: async () => {
      await planned()
      return (await toSave()).id
    },
    rescueId: async () => (await planned()).rescue.id,
    uncheckedWardId: idOf(uncheckedPlace),
    emptyWardId: idOf(emptyWard),
    wardCode: async () => {
      await Promise.all([bookable(), toHandOut(), handedOut(), waitsFor()])
      return (await bookedPlace()).code
    },
    bookableItemId: idOf(bookable),
    bookingId: idOf(toHandOut),
    bookingWaitId: idOf(waitsFor),
    outBookingId: idOf(handedOut),
    outHoldId: async () => (await handedOut()).holdIds[0]!,
    freeBayId: idOf(freeBay),
    depositId: idOf(charging),
    leaverId: idOf(leaver),
    witnessId: idOf(witness),
    closedWardId: idOf(closed),
    siteId: idOf(place),
    expectedItemId: async () => (await check()).expected.id,
    expectedItemTag: async () => (await check()).expected.tag,
    unexpectedItemId: async () => (await check()).unexpected.id,
    unknownCodeId: async () => (await check()).unknownCode.id,
    importId: () => stagedImport(db, by, itemRows('NEW', 'Tablet'), mark),
    strangeImportId: () => stagedImport(db, by, itemRows('ODD', 'Gizmo'), mark),
    doneImportId: () => doneImport(db, by, mark),
    importUnderWayId: () => importUnderWay(db, by, mark),
    workbookImportId: () => stagedWorkbook(db, by, 'items', mark),
    countImportId: async () => {
      // what an earlier one brought in is no news
      await db.deleteFrom('caseload_counts').where('counted_on', '=', '2026-07-02').execute()
      return await stagedImport(db, by, countRows(''), mark, 'counts')
    },
    strangeCountImportId: () => stagedImport(db, by, countRows(named('Nowhere')), mark, 'counts'),
    doneCountImportId: () => doneImport(db, by, mark, 'counts'),
    countImportUnderWayId: () => importUnderWay(db, by, mark, 'counts'),
    countWorkbookImportId: () => stagedWorkbook(db, by, 'counts', mark),
    countedWardId: async () => {
      const counted = await placeBeside(db, ward, organisation_id, named('Counted Ward'))
      await caseloadCounts(db, { organisation_id, by: lender, ward: counted })
      return counted.id
    },
    appointmentImportId: async () => {
      const met = await serviceUser(db, { organisation_id, name: named('Met'), date_of_birth: '1962-03-04' })
      return await stagedImport(db, by, appointmentRows(met.name ?? '', '4/3/1962'), mark, 'appointments')
    },
    strangeAppointmentImportId: () =>
      stagedImport(db, by, appointmentRows(named('Nobody'), 'yesterday'), mark, 'appointments'),
    doneAppointmentImportId: () => doneImport(db, by, mark, 'appointments'),
    appointmentImportUnderWayId: () => importUnderWay(db, by, mark, 'appointments'),
    appointmentWorkbookImportId: () => stagedWorkbook(db, by, 'appointments', mark),
    stockImportId: () => stagedImport(db, by, stockRows(), mark, 'data-stock'),
    strangeStockImportId: () => stagedImport(db, by, stockRows('Lots'), mark, 'data-stock'),
    doneStockImportId: () => doneImport(db, by, mark, 'data-stock'),
    stockImportUnderWayId: () => importUnderWay(db, by, mark, 'data-stock'),
    stockWorkbookImportId: () => stagedWorkbook(db, by, 'data-stock', mark),
    readingImportId: async () => {
      const sim_number = makeIccid(500_000 + newcomers++)
      await dataAllowance(db, { organisation_id, by: lender, ward_id: ward.id, sim_number })
      return await stagedImport(db, by, readingRows(sim_number), mark, 'data-readings')
    },
    strangeReadingImportId: () => stagedImport(db, by, readingRows('89'), mark, 'data-readings'),
    doneReadingImportId: () => doneImport(db, by, mark, 'data-readings'),
    readingImportUnderWayId: () => importUnderWay(db, by, mark, 'data-readings'),
    readingWorkbookImportId: () => stagedWorkbook(db, by, 'data-readings', mark),
    dataStockId: async () => (await dataStock(db, { organisation_id, by: lender })).id,
    voucherId: async () => {
      const { id: stock_id } = await dataStock(db, {
        organisation_id,
        by: lender,
        kind: 'voucher',
        key: 'only for tests',
      })
      const made = { organisation_id, by: lender, ward_id: ward.id, stock_id, kind: 'voucher' }
      return (await dataAllowance(db, { ...made, megabytes: 20_000, period: 'month' })).id
    },
    personImportId: () => stagedImport(db, by, personRows(), mark, 'people'),
    strangePersonImportId: () => stagedImport(db, by, personRows('yesterday'), mark, 'people'),
    donePersonImportId: () => doneImport(db, by, mark, 'people'),
    personImportUnderWayId: () => importUnderWay(db, by, mark, 'people'),
    personWorkbookImportId: () => stagedWorkbook(db, by, 'people', mark),
    loanImportId: async () => stagedImport(db, by, await loanRows('ash'), mark, 'loans'),
    strangeLoanImportId: async () => stagedImport(db, by, await loanRows('Nowhere'), mark, 'loans'),
    doneLoanImportId: () => doneImport(db, by, mark, 'loans'),
    loanImportUnderWayId: () => importUnderWay(db, by, mark, 'loans'),
    loanWorkbookImportId: () => stagedWorkbook(db, by, 'loans', mark),
    auditEventId: idOf(audited),
    openingId: idOf(opening),
    nhsNumber: async () => (await person()).nhs_number ?? '',
    messageId: idOf(message),
    contactRiskId: async () => privateNote(db, { person: await person(), by: lender, note }),
    accessRequestId: async () =>
      (await accessRequest(db, { person: await person(), by: lender, note: named('Identity') })).id,
    legalHoldId: async () => (await legalHold(db, { person: await person(), by: lender, reason: named('Inquiry') })).id,
    contactTaskId: async () => (await contactTask(db, { person: await person() })).id,
    conversationId: async () => (await talk()).conversationId,
    openConversationId: async () => (await talk()).openConversationId,
    platformId: idOf(met),
    zoomId: async () => {
      const there = db.selectFrom('platforms').select('id').where('name', '=', 'Zoom')
      const known = await there.where('organisation_id', '=', organisation_id).executeTakeFirst()
      return (known ?? (await platform(db, { organisation_id, name: 'Zoom' }))).id
    },
    signpostId: idOf(help),
    figureShareId: async () => {
      const other = await organisation(db)
      const share = {
        organisation_id,
        with_organisation_id: other.id,
        shared_at: exampleNow,
        shared_by: lender.id,
      }
      return (await insertOne(db, 'figure_shares', share)).id
    },
    checkInId: async () => (await checkIn(db, { loan: await loan(), by: lender, answer: 'some-trouble' })).id,
    guideId: async () => (await guideOf(guide, 'Guide')).id,
    /** Of no platform, so that it is the right one for everybody; there is one of it in an organisation. */
    generalGuideId: async () => {
      const inUse = await db
        .selectFrom('guides')
        .select('id')
        .where('organisation_id', '=', organisation_id)
        .where('purpose', '=', 'how-calls-work')
        .where('approved_at', 'is not', null)
        .executeTakeFirst()
      const leaflet = { organisation_id, purpose: 'how-calls-work', title: named('Leaflet'), written_by: by.staffId }
      return (inUse ?? (await guide(db, { ...leaflet, number: 2 }))).id
    },
    draftGuideId: async () => (await guideOf(draftGuide, 'Draft')).id,
    approvedGuideId: async () => (await guideOf(draftGuide, 'Draft to approve')).id,
    retiredGuideId: async () => (await guideOf(guide, 'Guide to retire')).id,
    referralId: async () => {
      const asked = { by: lender, team_id: ward.id, asks: ['device', 'talk'] }
      return (await referralFor(db, { person: await admitted(), ...asked })).id
    },
    restrictedId: idOf(restrictedPerson),
    restrictionId: idOf(restrictedFrom),
    restrictedTag: async () => (await headset()).tag,
    nurseId: idOf(inCharge),
    concernId: async () => (await openConcern(db, { person: await admitted(), by: lender, what: named('Story') })).id,
    quotationId: async () => (await quotation(db, { person: await person(), by: lender, words: named('Words') })).id,
    appointmentId: async () => {
      const booked = { by: lender, from: new Date('2026-08-20T10:00:00Z'), clinician: named('Clinician') }
      return (await appointment(db, { person: await admitted(), ...booked })).id
    },
    pastAppointmentId: async () => {
      const booked = { by: lender, from: new Date('2026-08-02T10:00:00Z'), outcome_note: named('Said') }
      return (await appointment(db, { person: await admitted(), ...booked })).id
    },
    dataAllowanceId: async () => {
      const given = { organisation_id, by: lender, provider: named('Provider') }
      return (await dataAllowance(db, { ...given, person: await admitted() })).id
    },
    overdueDataId: async () => {
      await db
        .updateTable('organisations')
        .set({ data_suspend_after_days: 14 })
        .where('id', '=', organisation_id)
        .execute()
      const lentTo = { organisationId: organisation_id, serviceUser: await admitted(), lentBy: lender }
      const loan = await overdueLoan(db, lentTo)
      const person = { id: loan.service_user_id as number }
      const given = { organisation_id, by: lender, provider: named('Provider'), person }
      return (await dataAllowance(db, { ...given, loan_line_id: loan.lines[0]?.id })).id
    },
    suspendedDataId: async () => {
      const given = { organisation_id, by: lender, suspended_at: exampleNow }
      return (await dataAllowance(db, { ...given, person: await admitted() })).id
    },
    diaryEntryId: async () => {
      const champion = await staffMember(db, { organisation_id, role: 'champion' })
      const call = { from: new Date('2026-08-21T10:00:00Z'), note: named('Story') }
      return (await diaryEntry(db, { champion, person: await admitted(), ...call })).id
    },
    trainingId: trainingAt(new Date('2026-08-20T15:00:00Z')),
    groupId: async () => (await groupAt(new Date('2026-08-18T09:00:00Z'))).diary_entry_id,
    begunGroupId: async () => (await begunGroup()).group.diary_entry_id,
    placeId: async () => (await begunGroup()).place.diary_entry_id,
    toInviteId: async () => (await serviceUser(db, { organisation_id, name: named('Person') })).id,
    wardMemberId: async () => (await wardMember()).id,
    staffTrainingId: async () =>
      (await staffTraining(db, { member: await wardMember(), by: lender, on: '2026-07-01' })).id,
    begunTrainingId: trainingAt(new Date('2026-08-03T07:00:00Z')),
    trialCallId: trialAt(new Date('2026-08-19T15:00:00Z')),
    freeChampionId: async () => (await staffMember(db, { organisation_id, role: 'champion' })).id,
    begunTrialCallId: trialAt(new Date('2026-08-03T09:00:00Z')),
    diaryOwnerId: async () => by.staffId,
    diaryExceptionId: async () =>
      (await diaryException(db, { champion: { id: by.staffId, organisation_id }, on: '2026-08-25' })).id,
    freeAppointmentId: async () => {
      const booked = { by: lender, from: new Date('2026-08-20T10:00:00Z'), clinician: named('Clinician') }
      return (await appointment(db, { person: await other(), ...booked })).id
    },
    slotChampionId: async () => {
      const champion = await staffMember(db, { organisation_id, role: 'champion', name: named('Champion') })
      await diaryHours(db, champion)
      return champion.id
    },
    declinedReferralId: async () =>
      (await endedReferral(db, { person: await admitted(), by: lender, team_id: ward.id })).id,
  }
}

type RecordMakers = { [Name in keyof Records]: () => Promise<Records[Name]> }

/** What makes one thing, however often it is asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const idOf = (find: () => Promise<{ id: number }>) => async () => (await find()).id
const tagOf = (find: () => Promise<{ tag: string }>) => async () => (await find()).tag

function holdOf(db: Database, { id }: { id: number }, kind: string): Promise<{ id: number }> {
  return db
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', id)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
}

/** Records that nobody has: well formed, and leading nowhere. */
export const noRecords: Records = {
  wardId: 900_001,
  staffId: 900_002,
  modelId: 900_003,
  itemId: 900_004,
  itemTag: 'TAB-nobodys-1',
  chargerId: 900_005,
  kitId: 900_006,
  kitTag: 'KIT-nobodys-1',
  kitItemId: 900_007,
  serviceUserId: 900_008,
  otherServiceUserId: 900_009,
  mergeId: 900_010,
  supporterId: 900_011,
  wardPersonId: 900_012,
  loanId: 900_013,
  lineId: 900_014,
  lentItemId: 900_015,
  lentChargerId: 900_016,
  wardLoanId: 900_017,
  wardItemTag: 'WTAB-nobodys-1',
  returnBatchId: 900_018,
  returnedItemId: 900_019,
  returnedItemTag: 'RTAB-nobodys-1',
  turnaroundId: 900_020,
  repairId: 900_021,
  brokenItemTag: 'BTAB-nobodys-1',
  retiredItemTag: 'GTAB-nobodys-1',
  disposalId: 900_022,
  incidentId: 900_023,
  taskId: 900_024,
  stolenItemId: 900_025,
  colleagueId: 900_026,
  invitedId: 900_027,
  closedStaffId: 900_028,
  withPhoneId: 900_029,
  secondChampionId: 900_030,
  tabletId: 900_031,
  waitingTabletId: 900_032,
  withBadgeId: 900_033,
  stockCheckId: 900_034,
  plannedLoanId: 900_035,
  visitLoanId: 900_036,
  visitLineId: 900_037,
  savedItemId: 900_038,
  rescueId: 900_039,
  uncheckedWardId: 900_040,
  emptyWardId: 900_041,
  wardCode: 'nobodys-ward',
  bookableItemId: 900_042,
  bookingId: 900_043,
  bookingWaitId: 900_143,
  outBookingId: 900_044,
  outHoldId: 900_045,
  freeBayId: 900_046,
  depositId: 900_047,
  leaverId: 900_048,
  witnessId: 900_049,
  closedWardId: 900_050,
  siteId: 900_051,
  expectedItemId: 900_052,
  expectedItemTag: 'XTAB-nobodys-1',
  unexpectedItemId: 900_053,
  unknownCodeId: 900_054,
  importId: 900_055,
  strangeImportId: 900_056,
  doneImportId: 900_057,
  importUnderWayId: 900_058,
  workbookImportId: 900_059,
  loanImportId: 900_060,
  countImportId: 900_061,
  strangeCountImportId: 900_062,
  doneCountImportId: 900_063,
  countImportUnderWayId: 900_064,
  countWorkbookImportId: 900_065,
  countedWardId: 900_066,
  appointmentImportId: 900_067,
  strangeAppointmentImportId: 900_068,
  doneAppointmentImportId: 900_069,
  appointmentImportUnderWayId: 900_070,
  appointmentWorkbookImportId: 900_071,
  stockImportId: 900_072,
  strangeStockImportId: 900_073,
  doneStockImportId: 900_074,
  stockImportUnderWayId: 900_075,
  stockWorkbookImportId: 900_076,
  readingImportId: 900_077,
  strangeReadingImportId: 900_078,
  doneReadingImportId: 900_079,
  readingImportUnderWayId: 900_080,
  readingWorkbookImportId: 900_081,
  dataStockId: 900_082,
  voucherId: 900_083,
  personImportId: 900_084,
  strangePersonImportId: 900_085,
  donePersonImportId: 900_086,
  personImportUnderWayId: 900_087,
  personWorkbookImportId: 900_088,
  strangeLoanImportId: 900_089,
  doneLoanImportId: 900_090,
  loanImportUnderWayId: 900_091,
  loanWorkbookImportId: 900_092,
  auditEventId: 900_093,
  openingId: 900_094,
  nhsNumber: '9990000018',
  messageId: 900_095,
  accessRequestId: 900_096,
  legalHoldId: 900_097,
  contactRiskId: 900_098,
  contactTaskId: 900_099,
  conversationId: 900_100,
  openConversationId: 900_101,
  platformId: 900_102,
  zoomId: 900_103,
  signpostId: 900_104,
  figureShareId: 900_304,
  guideId: 900_105,
  checkInId: 900_106,
  draftGuideId: 900_107,
  generalGuideId: 900_108,
  approvedGuideId: 900_109,
  retiredGuideId: 900_110,
  referralId: 900_111,
  declinedReferralId: 900_112,
  concernId: 900_113,
  quotationId: 900_314,
  restrictedId: 900_311,
  restrictionId: 900_312,
  restrictedTag: 'NO-SUCH-TAG',
  nurseId: 900_313,
  appointmentId: 900_114,
  pastAppointmentId: 900_115,
  diaryEntryId: 900_116,
  trialCallId: 900_117,
  trainingId: 900_118,
  begunTrainingId: 900_119,
  groupId: 900_120,
  begunGroupId: 900_121,
  placeId: 900_122,
  toInviteId: 900_123,
  wardMemberId: 900_124,
  staffTrainingId: 900_125,
  begunTrialCallId: 900_126,
  freeChampionId: 900_127,
  diaryOwnerId: 900_128,
  diaryExceptionId: 900_129,
  freeAppointmentId: 900_130,
  slotChampionId: 900_131,
  dataAllowanceId: 900_132,
  suspendedDataId: 900_133,
  overdueDataId: 900_134,
}

/** Two conversations with a person, of which the second goes on, and what they suggest. */
async function talkWith(
  db: Database,
  person: { id: number; organisation_id: number },
  by: { id: number },
  words: string,
) {
  const held = { person, by, reviewOn: '2026-07-31', answers: { device: 'none', 'own-words': words } }
  const conversationId = await conversation(db, held)
  const openConversationId = await conversation(db, {
    person,
    by,
    heldOn: '2026-08-01',
    answers: { interest: 'unsure' },
  })
  await suggest(db, person, exampleNow)
  await meetingPreference(db, { person, by, joins: words })
  return { conversationId, openConversationId }
}

export const allNames = Object.keys(noRecords) as RecordName[]

/** The record of a person is open to information governance, and to those who work on this very ward. */
async function openForThoseWhoMay(
  db: Database,
  ward: { id: number },
  organisationId: number,
  serviceUser: { id: number },
) {
  const { rows } = await sql<{ id: number }>`
    select id from staff
    where organisation_id = ${organisationId} and password_hash is not null and disabled_at is null
      and (role = 'information-governance' or role = 'ward-staff' and exists (
        select from staff_wards where staff_id = staff.id and ward_id = ${ward.id}
      ))`.execute(db)
  await recordOpenings(db, { organisationId, by: rows, serviceUser })
}

/** A place that is looked after by the same people: a ward's stock is only checked once at a time. */
async function placeBeside(db: Database, ward: { id: number }, organisation_id: number, name: string, code?: string) {
  const made = await makeWard(db, { organisation_id, name, ...(code && { code }) })
  const people = await db.selectFrom('staff_wards').select('staff_id').where('ward_id', '=', ward.id).execute()
  const links = people.map(({ staff_id }) => ({ organisation_id, staff_id, ward_id: made.id }))
  if (links.length > 0) await db.insertInto('staff_wards').values(links).execute()
  return made
}

async function acceptAgreement(db: Database, loanId: number, organisationId: number): Promise<void> {
  const version = await db
    .selectFrom('agreement_versions')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('loans')
    .set({ agreement_version_id: version.id, agreement_how: 'paper' })
    .where('id', '=', loanId)
    .execute()
}

const loanHeadings = 'Asset tag,Ward,Lent on,Review date\n'

async function stagedImport(
  db: Database,
  by: Actor,
  text: string,
  mark: string,
  kind: ImportKind = 'items',
): Promise<number> {
  return await insertImport(db, by, { kind, file_name: `${mark}.csv`, bytes: Buffer.from(text) })
}

/** Nobody who comes in is born on the day of somebody else with a name like theirs. */
let newcomers = 0

function stockRows(amount = '20 GB'): string {
  const number = makeIccid(500_000 + newcomers++)
  return `What it is,SIM number,Provider,Data\nSIM,${number},National Databank,${amount}\n`
}

function readingRows(number: string): string {
  return `SIM number,Left,Read on\n${number},1.5 GB,2/8/2026\n`
}

async function stagedWorkbook(db: Database, by: Actor, kind: ImportKind, mark: string): Promise<number> {
  const headings = {
    items: ['Asset tag'],
    loans: loanHeadings.trim().split(','),
    people: ['Full name', 'Date of birth'],
    appointments: ['Full name', 'Date of birth', 'Day', 'Time', 'Way', 'First'],
    counts: ['Counted on', 'Breakdown', 'People'],
    'data-stock': ['What it is', 'SIM number', 'Provider', 'Data'],
    'data-readings': ['SIM number', 'Left', 'Read on'],
  }
  const heading = headings[kind]
  const sheet = textRows([heading, ['X-1']])
  const bytes = await makeWorkbook({ sheets: { [mark]: sheet, Other: sheet } })
  return await insertImport(db, by, { kind, file_name: `${mark}.xlsx`, bytes, format: 'workbook' })
}

async function doneImport(db: Database, by: Actor, mark: string, kind: ImportKind = 'items'): Promise<number> {
  const result = JSON.stringify({ created: 1, updated: 0, unchanged: 0, errors: 0, newModels: 0, completedModels: 0 })
  return await insertImport(db, by, { kind, file_name: `${mark}.csv`, applied_at: exampleNow, result })
}

async function importUnderWay(db: Database, by: Actor, mark: string, kind: ImportKind = 'items'): Promise<number> {
  const id = await stagedImport(db, by, 'Asset tag\nX-1\n', mark, kind)
  const run = { import_id: id, asked_by: by.staffId, asked_at: exampleNow, row_count: 1, seen: '', seen_rows: '{}' }
  await db
    .insertInto('import_runs')
    .values({ organisation_id: by.organisationId, ...run })
    .execute()
  return id
}

type NewImport = Pick<Insertable<Imports>, 'kind' | 'file_name' | 'bytes' | 'format' | 'applied_at' | 'result'>

async function insertImport(db: Database, by: Actor, row: NewImport): Promise<number> {
  const { id } = await db
    .insertInto('imports')
    .values({ organisation_id: by.organisationId, staff_id: by.staffId, created_at: exampleNow, ...row })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
