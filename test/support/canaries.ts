import {
  appointment,
  bookingWait,
  checkIn,
  closedConcern,
  contactAddress,
  dataAllowance,
  deposit,
  diaryEntry,
  guide,
  guideGiven,
  insertOne,
  letterGiven,
  loanTo,
  quotation,
  referralFor,
  restriction,
  trainingSession,
  trialCall,
} from '../../seeds/factories.ts'
import { makeIccid, makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { columnsOf, personalTables } from '../../src/database/personal-data/declared.ts'
import type { Records } from '../security/records.ts'
import type { TestApp } from './app.ts'
import { declaredNames, pastTheRules } from './retention.ts'

/** What is no word of its own, and is found nowhere else. */
const special: Readonly<Record<string, string>> = {
  'service_user_details.nhs_number': makeTestNhsNumber(76_543),
  'service_user_details.date_of_birth': '1953-07-14',
  'service_users.state_on': '1961-02-03',
  'appointment_details.join_link': 'https://zz-join-link.example/1',
  'service_users.needs_review_on': '2061-02-03',
  'data_allowances.sim_number': makeIccid(765_431),
  'data_allowances.stock_id': '987654321',
}
/** One of a few words, which many rows have. */
const chosen: Readonly<Record<string, string>> = {
  'service_users.agrees': 'best-interests',
  'service_users.parent_contact': 'not-known',
}

/** Written when a record is emptied, and saying so. */
const toldByEmptying: ReadonlySet<string> = new Set(['is_emptied', 'taken_back_at'])

/** Columns that rows of one kind alone may fill. */
const onlyWhere: Readonly<Record<string, string>> = {
  // one piece of stock is with one of them
  'data_allowances.stock_id':
    ' and id = (select max(id) from data_allowances where service_user_id = any($2::bigint[]))',
  'data_allowance_changes.sim_number': ` and kind = 'sim-replaced'`,
  'incidents.crime_reference': ` and kind in ('lost', 'stolen')`,
  'incident_tasks.note': ' and done_at is not null',
  'quotations.refused_because': ` and decision = 'refused'`,
  'locker_deposits.handed_to': ` and ended_as = 'handed-over'`,
  'locker_deposits.allowed_by': ` and ended_as = 'handed-over'`,
  'locker_deposits.opened_because': ` and ended_as = 'opened'`,
}

/**
 * A record of which everything is over and that has a row in every table of people, with a value of its own in each column
 * that is to be emptied. Gives those values, by table and column.
 */
export async function fillRecord(app: TestApp, records: Records): Promise<Map<string, string>> {
  await addWhatIsMissing(app, records)
  await pastTheRules(app, everythingIsOver(records.serviceUserId))
  const people = [records.serviceUserId]
  const canaries = new Map<string, string>()
  const statements: [string, unknown[]][] = []
  for (const table of declaredNames) {
    for (const [column, { access, ...rest }] of columnsOf(table, ({ retention }) => retention !== 'kept')) {
      const name = `${table}.${column}`
      if (toldByEmptying.has(column)) continue
      const canary = special[name] ?? chosen[name] ?? `zz-${table}-${column}`.replaceAll('_', '-')
      if (!chosen[name]) canaries.set(name, canary)
      const isDetails = access !== 'withheld' && 'as' in rest && rest.as === 'details'
      const value = isDetails ? JSON.stringify({ old: { name: canary }, new: {} }) : canary
      const where = personalTables[table].where.replaceAll(':people', '$2::bigint[]')
      const only = onlyWhere[name] ?? ''
      statements.push([`update ${table} set ${column} = $1 where (${where})${only}`, [value, people]])
    }
  }
  await pastTheRules(app, statements)
  return canaries
}

/** What no page of the others makes for this person. */
async function addWhatIsMissing(app: TestApp, { serviceUserId: id }: Records): Promise<void> {
  const { organisationId: organisation_id, actors } = app.people
  const by = actors.champion.staffId
  const at = app.clock()
  const person = { id, organisation_id }
  await contactAddress(app.db, { person, address: '1 Example Street', isSafe: true })
  const message = await insertOne(app.db, 'messages', {
    ...{ organisation_id, service_user_id: id, cause: `test:canary-${id}`, kind: 'example', channel: 'email' },
    ...{ purpose: 'information', created_at: at, send_until: new Date(at.getTime() + 1_000) },
  })
  await insertOne(app.db, 'message_contents', {
    message_id: message.id,
    to_name: '',
    to_address: '',
    subject: '',
    body: '',
  })
  await referralFor(app.db, { person, by: { id: by } })
  await closedConcern(app.db, { person, by: { id: by } })
  await quotation(app.db, { person, by: { id: by }, decision: 'refused' })
  const keptFrom = await restriction(app.db, { person, by: { id: by }, categories: ['hotspot'] })
  const [item] = await app.db.selectFrom('items').select('id').where('organisation_id', '=', organisation_id).execute()
  await pastTheRules(app, [
    [
      `insert into restriction_permits (organisation_id, restriction_id, item_id, ward_id, because, signed_at, signed_by,
         asked_by, until) select $1, $2, $3, $4, 'x', $5, $6, $6, $5::timestamptz + interval '1 day'`,
      [organisation_id, keptFrom.id, item!.id, app.people.ward.id, at, by],
    ],
    [
      `update device_restrictions set ended_at = written_at, ended_by = written_by, ended_because = 'x' where id = $1`,
      [keptFrom.id],
    ],
  ])
  await checkIn(app.db, {
    loan: await loanTo(app.db, { serviceUser: person, lentBy: { id: by } }),
    by: { id: by },
    answer: 'well',
  })
  const told = await appointment(app.db, { person, by: { id: by }, from: at })
  const letter = await letterGiven(app.db, { appointment: told, by: { id: by } })
  const given = await guide(app.db, { organisation_id, written_by: by, purpose: 'charging', language: 'uk' })
  await guideGiven(app.db, { guide: given, person, by: { id: by }, letter_id: letter.id })
  const data = await dataAllowance(app.db, { organisation_id, by: { id: by }, person, readings: [{ at, left: 9 }] })
  await insertOne(app.db, 'data_allowance_changes', {
    ...{ organisation_id, data_allowance_id: data.id, kind: 'sim-replaced', at, made_by: by, megabytes: null },
  })
  await insertOne(app.db, 'data_code_views', { organisation_id, data_allowance_id: data.id, at, made_by: by })
  await diaryEntry(app.db, { champion: { id: by, organisation_id }, person, from: new Date(at.getTime() + 86_400_000) })
  const tried = { champion: { id: by, organisation_id }, person, from: new Date(at.getTime() + 2 * 86_400_000) }
  await trialCall(app.db, tried)
  await trainingSession(app.db, { ...tried, from: new Date(at.getTime() + 3 * 86_400_000) })
  const ward = { ...app.people.ward, organisation_id }
  const charging = { ward, by: { id: by }, at }
  const times = { earliest: at, latest: new Date(at.getTime() + 3_600_000) }
  const wait = await bookingWait(app.db, { ward, by: { id: by }, ...times })
  await pastTheRules(app, [[`update booking_waits set service_user_id = $1 where id = $2`, [id, wait.id]]])
  const over = { ended_at: at, ended_by: by }
  const handedOver = { ended_as: 'handed-over', handed_to: 'x', allowed_by: 'x' }
  const opened = { ended_as: 'opened', opened_because: 'x', witnessed_by: actors['ward-staff'].staffId }
  for (const ending of [handedOver, opened]) {
    const { id: depositId } = await deposit(app.db, charging)
    await pastTheRules(app, [
      [`update locker_deposits set service_user_id = $1, initials = '' where id = $2`, [id, depositId]],
    ])
    await app.db
      .updateTable('locker_deposits')
      .set({ ...over, ...ending })
      .where('id', '=', depositId)
      .execute()
  }
  const request = await insertOne(app.db, 'subject_access_requests', {
    ...{ organisation_id, service_user_id: id, asked_by: 'person', identity_check: 'known', identity_note: 'Known' },
    ...{ received_on: '2026-07-01', due_on: '2026-08-03', recorded_at: at, recorded_by: by },
  })
  await insertOne(app.db, 'subject_access_decisions', {
    ...{ organisation_id, request_id: request.id, table_name: 'loans', row_key: '1', column_name: 'notes', print: 'x' },
    ...{ decision: 'other', note: 'Why', decided_at: at, decided_by: by },
  })
  const closed = { closed_at: at, closed_by: by, closed_as: 'refused', closed_note: 'Why' }
  await app.db.updateTable('subject_access_requests').set(closed).where('id', '=', request.id).execute()
  const hold = await insertOne(app.db, 'legal_holds', {
    ...{ organisation_id, service_user_id: id, reason: 'A court asks', placed_at: at, placed_by: by },
  })
  const lifted = { lifted_at: at, lifted_by: by, lifted_reason: 'It is over' }
  await app.db.updateTable('legal_holds').set(lifted).where('id', '=', hold.id).execute()
}

function everythingIsOver(id: number): [string, unknown[]][] {
  const lines = 'loan_id in (select id from loans where service_user_id = $1)'
  return [
    [
      `update loan_lines set taken_at = coalesce(taken_at, from_at), cancelled_at = null, ended_as = 'returned',
         ended_at = coalesce(ended_at, taken_at, from_at) where ${lines}`,
      [id],
    ],
    [`update loan_lines set ended_as = 'given' where id = (select max(id) from loan_lines where ${lines})`, [id]],
    [
      `update subject_access_requests set closed_at = recorded_at, closed_by = recorded_by, closed_as = 'refused',
         closed_note = 'x' where service_user_id = $1`,
      [id],
    ],
    [
      `update legal_holds set lifted_at = placed_at, lifted_by = placed_by, lifted_reason = 'x'
       where service_user_id = $1`,
      [id],
    ],
    [
      `update onward_plans set agreed_with = 'somebody-for-them', agreed_who = 'x'
       where loan_id in (select id from loans where service_user_id = $1)`,
      [id],
    ],
    [
      `update incident_tasks set done_at = due_at, done_by = owned_by, dropped_at = null
       where incident_id in (select id from incidents where ${lines})`,
      [id],
    ],
    [
      `insert into loan_corrections (organisation_id, loan_id, kind, at, corrected_by)
       select organisation_id, id, 'lent', lent_at, lent_by from loans where service_user_id = $1 limit 1`,
      [id],
    ],
    [
      `insert into loan_correction_reasons (organisation_id, correction_id, reason)
       select organisation_id, id, 'x' from loan_corrections order by id desc limit 1`,
      [],
    ],
    [
      `insert into service_user_merge_values (merge_id, before, after)
       select id, '{}', '{}' from service_user_merges where kept_id = $1 on conflict do nothing`,
      [id],
    ],
    [
      `with event as (
         insert into audit_events (at, verb, service_user_id) values ('2026-08-03', 'service-user:updated', $1) returning id
       ) insert into audit_details (audit_event_id, details) select id, '{}' from event`,
      [id],
    ],
  ]
}
