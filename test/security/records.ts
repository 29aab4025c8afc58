import { type Insertable, sql } from 'kysely'
import {
  availableItem,
  badgeOf,
  closedWard,
  contactTask,
  enrolledTablet,
  exampleNow,
  insertOne,
  itemInRepair,
  itemInTurnaround,
  kit,
  loanTo,
  type Model,
  ward as makeWard,
  mergedRecord,
  model,
  onwardPlan,
  openRescue,
  openStockCheck,
  placement,
  plannedLoan,
  privateNote,
  recordOpening,
  refusedEmail,
  retiredItem,
  secondStep,
  serviceUser,
  site,
  staffMember,
  stolenOnLoan,
  supporter,
  waitingTablet,
} from '../../seeds/factories.ts'
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
  contactRiskId: number
  contactTaskId: number
}

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

export async function makeRecords(db: Database, { by, ward, mark, models }: Whose): Promise<Records> {
  last += 1
  const organisation_id = by.organisationId
  const named = (what: string) => `${what} ${mark} ${last}`
  const tag = (what: string) => `${what}-${mark}-${last}`
  const here = { organisation_id, kept_at_ward_id: ward.id }
  const { tablet, charger: chargers } = models ?? (await makeModels(db, by, mark))
  const charger = await availableItem(db, { ...here, model: chargers, tag: tag('CHA') })
  const item = await availableItem(db, { ...here, model: tablet, tag: tag('TAB') })
  const inKit = await availableItem(db, { ...here, model: tablet, tag: tag('KTAB') })
  const box = await kit(db, { organisation_id, tag: tag('KIT'), name: named('Kit'), items: [inKit] })
  const person = await serviceUser(db, {
    organisation_id,
    name: named('Person'),
    email: `${mark}.${last}@post.example`,
    phone: '07700 900 000',
  })
  const lender = { id: by.staffId }
  const reached = { email: `${mark}.${last}@post.example`, phone: '07700 900 000' }
  const other = await serviceUser(db, { organisation_id, name: named('Other'), ...reached })
  const onWard = { state: 'admitted', ward_id: ward.id, ...reached }
  const admitted = await serviceUser(db, { organisation_id, name: named('Admitted'), ...onWard })
  const sister = await supporter(db, { of: person, name: named('Sister'), phone: '07700 900 000' })
  const merge = await mergedRecord(db, { kept: person, by: lender, name: named('Twin'), ...reached })
  const lent = [
    await availableItem(db, { ...here, model: tablet, tag: tag('LTAB') }),
    await availableItem(db, { ...here, model: chargers, tag: tag('LCHA') }),
  ]
  const loan = await loanTo(db, { organisationId: organisation_id, serviceUser: person, items: lent, lentBy: lender })
  await acceptAgreement(db, loan.id, organisation_id)
  const placed = await availableItem(db, { ...here, model: tablet, tag: tag('WTAB') })
  const wardLoan = await placement(db, { ward: { ...ward, organisation_id }, items: [placed], lentBy: lender })
  const returned = await itemInTurnaround(db, { ...here, model: tablet, tag: tag('RTAB') })
  const hold = await db
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', returned.id)
    .where('kind', '=', 'turnaround')
    .executeTakeFirstOrThrow()
  const broken = await itemInRepair(db, { ...here, model: tablet, tag: tag('BTAB'), by: lender })
  const repair = await db
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', broken.id)
    .where('kind', '=', 'repair')
    .executeTakeFirstOrThrow()
  const retired = await retiredItem(db, { ...here, model: tablet, tag: tag('GTAB'), left_at: exampleNow, by: lender })
  const disposal = await db
    .selectFrom('disposals')
    .select('id')
    .where('item_id', '=', retired.id)
    .executeTakeFirstOrThrow()
  const incident = await stolenOnLoan(db, {
    organisationId: organisation_id,
    serviceUser: person,
    items: [
      await availableItem(db, { ...here, category: 'smartphone', tag: tag('SPHO') }),
      await availableItem(db, { ...here, category: 'sim', tag: tag('SSIM') }),
    ],
    lentBy: lender,
    story: named('Story'),
  })
  const colleague = await staffMember(db, { organisation_id, name: named('Colleague') })
  const invited = await staffMember(db, { organisation_id, name: named('Invited'), password: null })
  const withPhone = await staffMember(db, { organisation_id, name: named('Phone') })
  await secondStep(db, withPhone, { key: 'any' })
  const former = await staffMember(db, { organisation_id, name: named('Former'), disabled_at: exampleNow })
  const batch = await insertOne(db, 'return_batches', { organisation_id, made_by: by.staffId, made_at: exampleNow })
  await insertOne(db, 'return_scans', {
    organisation_id,
    batch_id: batch.id,
    place: 1,
    code: returned.tag,
    outcome: 'turnaround',
    item_id: returned.id,
  })
  const checkedPlace = await placeBeside(db, ward, organisation_id, named('Cupboard'))
  const uncheckedPlace = await placeBeside(db, ward, organisation_id, named('Shelf'))
  const { id: siteId } = await site(db, { organisation_id, name: named('Site') })
  const beside = { organisation_id, site_id: siteId }
  const emptyWard = await makeWard(db, { ...beside, name: named('Empty ward') })
  const closed = await closedWard(db, { ...beside, name: named('Closed ward'), by: { id: by.staffId } })
  const there = { ...here, model: tablet, kept_at_ward_id: checkedPlace.id }
  const expected = await availableItem(db, { ...there, tag: tag('XTAB') })
  const unexpected = await availableItem(db, { ...there, kept_at_ward_id: ward.id, tag: tag('UTAB') })
  const check = await openStockCheck(db, {
    ward: checkedPlace,
    startedBy: lender,
    items: [{ item: expected }, { item: unexpected, isExpected: false, scannedAt: exampleNow }],
    unknownCodes: [tag('NOT-OURS')],
  })
  const unknownCode = await db
    .selectFrom('stock_check_unknown_codes')
    .select('id')
    .where('stock_check_id', '=', check.id)
    .executeTakeFirstOrThrow()
  const toVisit = await availableItem(db, { ...here, model: tablet, tag: tag('VTAB') })
  const visit = await plannedLoan(db, {
    serviceUser: person,
    items: [toVisit],
    plannedBy: lender,
    visitPlace: named('Street'),
  })
  const toSave = await availableItem(db, { ...here, model: tablet, tag: tag('STAB') })
  const planned = await loanTo(db, {
    organisationId: organisation_id,
    serviceUser: person,
    items: [toSave],
    lentBy: lender,
    isWithoutCharger: true,
  })
  await onwardPlan(db, { loan: planned, recordedBy: lender, notes: named('Notes'), toKeep: 'something' })
  const rescue = await openRescue(db, { line: planned.lines[0]!, askedBy: lender, what: named('Photos') })
  const champion = await staffMember(db, { organisation_id, role: 'champion', name: named('Champion') })
  const enroller = { id: by.staffId, organisation_id }
  const shared = await enrolledTablet(db, { ward, by: enroller, name: named('Shared tablet') })
  const code = `${tag('CODE')} ${shared.id}`
  const waiting = await waitingTablet(db, { ward, by: enroller, name: named('Waiting tablet'), code })
  const withBadge = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Badge') })
  await badgeOf(db, withBadge, code)
  const event = { at: exampleNow, organisation_id, staff_id: by.staffId, verb: 'session:signed-in' }
  const audited = await insertOne(db, 'audit_events', event)
  const nurse = await staffMember(db, { organisation_id, role: 'ward-staff', name: named('Nurse') })
  const opening = await recordOpening(db, { organisationId: organisation_id, by: nurse, serviceUser: person })
  await openForThoseWhoMay(db, ward, organisation_id, person)
  const message = await refusedEmail(db, { organisation_id, to_name: named('Newcomer') })
  return {
    wardId: ward.id,
    staffId: by.staffId,
    modelId: tablet.id,
    itemId: item.id,
    itemTag: item.tag,
    chargerId: charger.id,
    kitId: box.id,
    kitTag: box.tag,
    kitItemId: inKit.id,
    serviceUserId: person.id,
    otherServiceUserId: other.id,
    mergeId: merge.id,
    supporterId: sister.id,
    wardPersonId: admitted.id,
    loanId: loan.id,
    lineId: loan.lines[0]!.id,
    lentItemId: lent[0]!.id,
    lentChargerId: lent[1]!.id,
    wardLoanId: wardLoan.id,
    wardItemTag: placed.tag,
    returnBatchId: batch.id,
    returnedItemId: returned.id,
    returnedItemTag: returned.tag,
    turnaroundId: hold.id,
    repairId: repair.id,
    brokenItemTag: broken.tag,
    retiredItemTag: retired.tag,
    disposalId: disposal.id,
    incidentId: incident.id,
    taskId: incident.tasks[0]!.id,
    stolenItemId: incident.items[0]!.id,
    colleagueId: colleague.id,
    invitedId: invited.id,
    closedStaffId: former.id,
    withPhoneId: withPhone.id,
    secondChampionId: champion.id,
    tabletId: shared.id,
    waitingTabletId: waiting.id,
    withBadgeId: withBadge.id,
    stockCheckId: check.id,
    plannedLoanId: planned.id,
    visitLoanId: visit.id,
    visitLineId: visit.lineIds[0]!,
    savedItemId: toSave.id,
    rescueId: rescue.id,
    uncheckedWardId: uncheckedPlace.id,
    emptyWardId: emptyWard.id,
    closedWardId: closed.id,
    siteId,
    expectedItemId: expected.id,
    expectedItemTag: expected.tag,
    unexpectedItemId: unexpected.id,
    unknownCodeId: unknownCode.id,
    importId: await stagedImport(db, by, `Asset tag,Category,Model\n${tag('NEW')},Tablet,${named('Model')}\n`, mark),
    strangeImportId: await stagedImport(db, by, `Asset tag,Category,Model\n${tag('ODD')},Gizmo,${mark}\n`, mark),
    doneImportId: await doneImport(db, by, mark),
    importUnderWayId: await importUnderWay(db, by, mark),
    workbookImportId: await stagedWorkbook(db, by, 'items', mark),
    loanImportId: await stagedImport(db, by, `${loanHeadings}${item.tag},ash,1/7/2026,2/11/2026\n`, mark, 'loans'),
    strangeLoanImportId: await stagedImport(
      db,
      by,
      `${loanHeadings}${item.tag},Nowhere,1/7/2026,2/11/2026\n`,
      mark,
      'loans',
    ),
    doneLoanImportId: await doneImport(db, by, mark, 'loans'),
    loanImportUnderWayId: await importUnderWay(db, by, mark, 'loans'),
    loanWorkbookImportId: await stagedWorkbook(db, by, 'loans', mark),
    auditEventId: audited.id,
    openingId: opening.id,
    nhsNumber: person.nhs_number ?? '',
    messageId: message.id,
    contactRiskId: await privateNote(db, {
      person,
      by: { id: by.staffId },
      note: named('Somebody at home may be a risk'),
    }),
    contactTaskId: (await contactTask(db, { person })).id,
  }
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
  otherServiceUserId: 900_070,
  mergeId: 900_071,
  supporterId: 900_072,
  wardPersonId: 900_073,
  loanId: 900_009,
  lineId: 900_010,
  lentItemId: 900_022,
  lentChargerId: 900_023,
  wardLoanId: 900_011,
  wardItemTag: 'WTAB-nobodys-1',
  returnBatchId: 900_041,
  returnedItemId: 900_012,
  returnedItemTag: 'RTAB-nobodys-1',
  turnaroundId: 900_013,
  repairId: 900_031,
  brokenItemTag: 'BTAB-nobodys-1',
  retiredItemTag: 'GTAB-nobodys-1',
  disposalId: 900_032,
  incidentId: 900_018,
  taskId: 900_019,
  stolenItemId: 900_020,
  colleagueId: 900_021,
  invitedId: 900_051,
  closedStaffId: 900_052,
  withPhoneId: 900_059,
  secondChampionId: 900_042,
  tabletId: 900_070,
  waitingTabletId: 900_071,
  withBadgeId: 900_072,
  stockCheckId: 900_041,
  plannedLoanId: 900_051,
  visitLoanId: 900_054,
  visitLineId: 900_055,
  savedItemId: 900_052,
  rescueId: 900_053,
  uncheckedWardId: 900_042,
  emptyWardId: 900_080,
  closedWardId: 900_081,
  siteId: 900_082,
  expectedItemId: 900_043,
  expectedItemTag: 'XTAB-nobodys-1',
  unexpectedItemId: 900_044,
  unknownCodeId: 900_045,
  importId: 900_014,
  strangeImportId: 900_015,
  doneImportId: 900_016,
  importUnderWayId: 900_316,
  workbookImportId: 900_060,
  loanImportId: 900_061,
  strangeLoanImportId: 900_062,
  doneLoanImportId: 900_063,
  loanImportUnderWayId: 900_363,
  loanWorkbookImportId: 900_064,
  auditEventId: 900_017,
  openingId: 900_070,
  nhsNumber: '9990000018',
  messageId: 900_050,
  contactRiskId: 900_081,
  contactTaskId: 900_082,
}

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
  for (const by of rows) await recordOpening(db, { organisationId, by, serviceUser })
}

/** A place that is looked after by the same people: a ward's stock is only checked once at a time. */
async function placeBeside(db: Database, ward: { id: number }, organisation_id: number, name: string) {
  const made = await makeWard(db, { organisation_id, name })
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

async function stagedWorkbook(db: Database, by: Actor, kind: ImportKind, mark: string): Promise<number> {
  const heading = kind === 'items' ? ['Asset tag'] : loanHeadings.trim().split(',')
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
