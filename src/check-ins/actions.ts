import { hash, randomBytes } from 'node:crypto'
import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { queueEmailToPerson } from '../messages/actions.ts'
import { writeMessage } from '../messages/occasion-words-rules.ts'
import { knownWordings } from '../messages/wording-known-rules.ts'
import { listWordings } from '../messages/wording-queries.ts'
import type { Known } from '../messages/wording-rules.ts'
import { findLoanForCheckIns, findOpenCheckIn, listDueCheckIns } from './queries.ts'
import { type Answer, DAYS_LATE, DAYS_TO_ANSWER, weeks } from './rules.ts'

const DAY = 86_400_000
const MOST_AT_ONCE = 200

export const hashOf = (token: string) => hash('sha256', token, 'hex')

/** Somebody said whether they may be asked how it is going. It can be said anew at any time. */
export async function saveWish(change: Change, loanId: number, mayAsk: boolean): Promise<void> {
  const { trx, by } = change
  const loan = await findLoanForCheckIns(trx, by, loanId)
  if (!loan) throw new NotFound()
  const wish = { may_ask: mayAsk, at: change.now(), by: by.staffId }
  await trx
    .insertInto('check_in_wishes')
    .values({ ...wish, loan_id: loanId, organisation_id: by.organisationId })
    .onConflict((conflict) => conflict.column('loan_id').doUpdateSet(wish))
    .execute()
  const { service_user_id: serviceUserId } = loan
  change.audit({
    verb: 'check-in:wish-saved',
    subject: ['loan', loanId],
    serviceUserId,
    details: { new: { may_ask: mayAsk } },
  })
}

/** Somebody followed up an answer. Refuses (RuleBroken) what somebody has followed up already. */
export async function followUp(change: Change, loanId: number, id: number): Promise<void> {
  const { trx, by } = change
  const loan = await findLoanForCheckIns(trx, by, loanId)
  const one = loan?.check_ins.find((checkIn) => checkIn.id === id)
  if (!loan || !one) throw new NotFound()
  const done = await trx
    .updateTable('check_ins')
    .set({ seen_at: change.now(), seen_by: by.staffId })
    .where('id', '=', id)
    .where('answer', 'is not', null)
    .where('seen_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!done) throw new RuleBroken('There is nothing to follow up, or somebody has done it already.')
  change.audit({ verb: 'check-in:followed-up', subject: ['loan', loanId], serviceUserId: loan.service_user_id })
}

/**
 * Answers through a link, once. Nobody is signed in: the organisation itself writes it down. Refuses (NotFound) a link that was used, is
 * too old or never was; all look alike.
 */
export async function answerThroughLink(
  { db, clock, requestId }: { db: Database; clock: () => Date; requestId?: string },
  token: string,
  answer: Answer,
): Promise<void> {
  const open = await openCheckIn(db, token, clock())
  if (!open) throw new NotFound()
  const by: Author = { organisationId: open.organisation_id, staffId: null }
  await makeChange({ db, by, clock, requestId }, (change) => answerCheckIn(change, hashOf(token), answer))
}

async function answerCheckIn(change: Change<Author>, tokenHash: string, answer: Answer): Promise<void> {
  const now = change.now()
  const answered = await change.trx
    .updateTable('check_ins')
    .set({ answer, answered_at: now })
    .where('token_hash', '=', tokenHash)
    .where('answer', 'is', null)
    .where('expires_at', '>', now.toISOString())
    .returning(['loan_id', 'service_user_id'])
    .executeTakeFirst()
  if (!answered) throw new NotFound()
  const { loan_id, service_user_id: serviceUserId } = answered
  change.audit({ verb: 'check-in:answered', subject: ['loan', loan_id], serviceUserId, details: { new: { answer } } })
}

export const openCheckIn = (db: Database, token: string, now: Date) => findOpenCheckIn(db, hashOf(token), now)

interface AskedWith {
  db: Database
  clock: () => Date
  publicUrl: string
}

/** Asks everybody who is to be asked today, in every organisation. What may not be sent becomes a task, as with every message. */
export async function askWhoIsDue({ db, clock, publicUrl }: AskedWith): Promise<number> {
  const organisations = await db
    .selectFrom('check_in_wishes')
    .select('organisation_id as id')
    .distinct()
    .where('may_ask', '=', true)
    .orderBy('id')
    .execute()
  let asked = 0
  for (const { id } of organisations) asked += await askOfOne({ db, clock, publicUrl }, id)
  return asked
}

async function askOfOne({ db, clock, publicUrl }: AskedWith, organisationId: number): Promise<number> {
  const by: Author = { organisationId, staffId: null }
  return await makeChange({ db, by, clock }, async (change) => {
    const now = change.now()
    const before = (days: number) => new Date(now.getTime() - days * DAY)
    const known = knownWordings(await listWordings(change.trx, [organisationId])).get(`${organisationId} check-in`)
    let count = 0
    for (const week of weeks) {
      const between = { from: before(week * 7 + DAYS_LATE), until: before(week * 7), most: MOST_AT_ONCE }
      for (const due of await listDueCheckIns(change.trx, by, { week, ...between })) {
        await ask(change, due, { publicUrl, known })
        count += 1
      }
    }
    change.audit({ verb: 'check-in:asked', details: { new: { people: count } } })
    return count
  })
}

async function ask(
  change: Change<Author>,
  { loan_id, service_user_id, week }: { loan_id: number; service_user_id: number; week: number },
  { publicUrl, known }: { publicUrl: string; known: Known | undefined },
): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const now = change.now()
  const expires_at = new Date(now.getTime() + DAYS_TO_ANSWER * DAY)
  await change.trx
    .insertInto('check_ins')
    .values({
      ...{ organisation_id: change.by.organisationId, loan_id, service_user_id, week },
      ...{ token_hash: hashOf(token), asked_at: now, expires_at },
    })
    .execute()
  await queueEmailToPerson(change, {
    ...{ cause: `check-in:${loan_id}:${week}`, kind: 'check-in', purpose: 'information', sendUntil: expires_at },
    isSecret: true,
    to: { serviceUserId: service_user_id, supporterId: null },
    write: (how) => {
      const to = { toName: '', sender: null, organisation: '' }
      const values = { link: `${publicUrl}/how-is-it-going/${token}` }
      return writeMessage({ kind: 'check-in', known, values, to, how }, 'email')
    },
  })
}
